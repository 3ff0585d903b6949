import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Imports, Organisation } from '../../src/organisation/index.ts';
import { isRefusal, type Actor } from '../../src/platform/index.ts';
import { Staffing } from '../../src/organisation/staffing/staffing.service.ts';
import { Grants } from '../../src/responsibility/grant/grants.service.ts';
import { Rescues } from '../../src/responsibility/grant/rescues.service.ts';
import { setOffice, succeeded, type Office } from './support.ts';

// Whoever holds HR or ADMIN gives the others their rights: the last of them never goes, by whichever way.
const files = {
  'units.csv': `code;name;parentCode;level;kind;tags;validFrom
TOP;Spitze;;L0;SPI;;2020-01-01
HR;Personalamt;TOP;L2;PUB;;2020-01-01`,
  'posts.csv': `postNo;unitCode;function;isManagement;validFrom
HR-1;HR;Leitung;ja;2020-01-01
HR-2;HR;Sachbearbeitung;nein;2020-01-01
HR-3;HR;Sachbearbeitung;nein;2020-01-01`,
  'holders.csv': `postNo;personKey;displayName;type;from;to
HR-1;hanna;Hanna Haupt;holder;2020-01-01;
HR-1;dora;Dora Dienst;deputy;2020-01-01;
HR-2;paul;Paul Post;holder;2020-01-01;
HR-3;zoe;Zoe Zwei;holder;2020-01-01;`,
};
let office: Office;
let grants: Grants;
beforeEach(async () => {
  office = await setOffice(files);
  grants = office.get(Grants);
}, 60_000);
afterEach(() => office?.close());

const idOf = async (name: string, fn: string) =>
  (await grants.list(await office.db(), { fn, after: null, limit: 100 })).find(
    (one) => one.personId === null || one.personId === name,
  )!.grantId;
const giveHr = async (name: string) => {
  await office.give(name, 'HR');
  return idOf(await office.personId(name), 'HR');
};
const end = async (by: string, grantId: string, day: string | null = null) =>
  grants.end(await office.as(by), { ...office.command(), grantId, on: day });
const holds = async (name: string) => (await office.as(name)).functionsAt({}).has('HR');

describe('an end of HR', () => {
  test('waits for a second person, and counts until then', async () => {
    const pauls = await giveHr('paul');
    await giveHr('zoe');
    await giveHr('hanna');
    expect(await end('zoe', pauls)).toEqual({ grantId: pauls, awaitsSecond: true, fewLeft: null });
    expect(await holds('paul')).toBe(true);
    expect(await end('zoe', pauls)).toMatchObject({ __typename: 'FourEyesNeeded' });
    expect(await holds('paul')).toBe(true);
    expect(await end('hanna', pauls)).toEqual({ grantId: pauls, awaitsSecond: false, fewLeft: null });
    expect(await holds('paul')).toBe(false);
  });

  test('on another day is another proposal', async () => {
    const pauls = await giveHr('paul');
    await giveHr('zoe');
    expect(await end('paul', pauls, '2199-01-01')).toMatchObject({ awaitsSecond: true, fewLeft: 'HR' });
    expect(await end('zoe', pauls, '2199-02-01')).toMatchObject({ awaitsSecond: true });
    expect(await end('paul', pauls)).toMatchObject({ awaitsSecond: false });
    const [grant] = await grants.byId(await office.db(), pauls);
    expect(grant).toMatchObject({ validUntil: '2199-02-01', endOn: null, endBy: null });
  });

  test('never takes the last one, not by two at once either', async () => {
    const pauls = await giveHr('paul');
    const zoes = await giveHr('zoe');
    expect(await end('paul', zoes)).toMatchObject({ awaitsSecond: true, fewLeft: 'HR' });
    expect(await end('zoe', pauls)).toMatchObject({ awaitsSecond: true, fewLeft: 'HR' });
    const both = await Promise.all([end('zoe', zoes), end('paul', pauls)]);
    expect(both.filter(isRefusal)).toMatchObject([
      { __typename: 'NotPossibleNow', message: { de: expect.stringMatching(/^Danach stünde niemand mehr/) } },
    ]);
    expect([await holds('paul'), await holds('zoe')].filter(Boolean)).toHaveLength(1);
  });
});

describe('HR that hangs on a post', () => {
  let hanna: Actor;
  beforeEach(async () => {
    const grant = {
      postId: await office.post('HR-1'),
      fn: 'HR',
      scope: 'TENANT' as const,
      from: '2020-01-01',
    };
    await office.run(office.system, (tx) => office.responsibility.grant(tx, [grant]));
    hanna = await office.as('hanna');
  });
  const staffing = () => office.get(Staffing);
  const lasts = { de: expect.stringMatching(/^Danach stünde niemand mehr/), en: expect.any(String) };

  test('stays with somebody when people change by hand', async () => {
    const postId = await office.post('HR-1');
    const [paul, hannaId] = [await office.personId('paul'), await office.personId('hanna')];
    const refused = { __typename: 'InvalidInput', faults: [{ message: lasts }] };
    expect(await staffing().vacatePost(hanna, { ...office.command(), postId })).toMatchObject(refused);
    const forAWhile = { postId, personId: paul, as: 'HOLDER' as const, until: '2199-01-01' };
    const withoutDeputy = { ...office.command(), postId, personId: await office.personId('dora') };
    succeeded(await staffing().vacatePost(hanna, withoutDeputy));
    expect(await staffing().appointHolder(hanna, { ...office.command(), ...forAWhile })).toMatchObject(
      refused,
    );
    const leaves = { ...office.command(), postId, personId: hannaId };
    expect(await staffing().vacatePost(hanna, leaves)).toMatchObject(refused);
    const follows = { ...office.command(), postId, personId: paul, as: 'HOLDER' as const };
    succeeded(await staffing().appointHolder(hanna, follows));
    expect(await holds('paul')).toBe(true);
  });

  test('stays with somebody when a file leaves the last one out, or gives an end', async () => {
    const rest = files['holders.csv'].split('\n').filter((line) => !line.startsWith('HR-1'));
    const ended = files['holders.csv'].replace(/^(HR-1.*2020-01-01;)$/gm, '$12199-01-01');
    for (const text of [rest.join('\n'), ended]) {
      const request = await office.load({ 'holders.csv': text });
      expect(await office.get(Imports).apply(office.system, { ...request, missing: 'END' })).toMatchObject({
        __typename: 'ImportRefused',
        faults: expect.arrayContaining([expect.objectContaining({ message: lasts })]),
      });
    }
    const posts = await office
      .get(Organisation)
      .posts(await office.db(), { ids: [await office.post('HR-1')] });
    expect(posts[0]!.holders.every(({ until }) => until === null)).toBe(true);
  });
});

describe('the rescue by the operator', () => {
  const rescue = (personKey: string) =>
    office.get(Rescues).rescue(office.tenant, {
      personKey,
      displayName: 'Neue Person',
      fn: 'HR',
      reason: 'Alle Zuständigen sind ausgeschieden.',
    });

  test('is refused while two people can grant', async () => {
    await giveHr('paul');
    await giveHr('zoe');
    expect(await rescue('hanna')).toMatchObject({ __typename: 'NotPossibleNow' });
  });

  test('gives the right back, to new people too, and everybody sees it', async () => {
    succeeded(await rescue('paul'));
    succeeded(await rescue('p-neu'));
    expect(await holds('paul')).toBe(true);
    expect(await holds('p-neu')).toBe(true);
    expect(await rescue('zoe')).toMatchObject({ __typename: 'NotPossibleNow' });
    const notes = await office.get(Rescues).list(await office.db());
    expect(notes).toMatchObject([
      { function: 'HR', reason: 'Alle Zuständigen sind ausgeschieden.' },
      { personId: await office.personId('paul') },
    ]);
  });
});

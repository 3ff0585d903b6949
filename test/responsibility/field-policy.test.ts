import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Access, type AccessPlace, type Actor } from '../../src/platform/index.ts';
import { setOffice, type Office } from './support.ts';

const files = {
  'units.csv': `code;name;parentCode;level;kind;tags;validFrom
TOP;Spitze;;L0;SPI;;2020-01-01
D1;Dezernat I;TOP;L1;DEZ;;2020-01-01
A1;Amt 1;D1;L2;PUB;;2020-01-01
A1.1;Abteilung 1.1;A1;L3;PUB;;2020-01-01
A2;Amt 2;D1;L2;PUB;;2020-01-01`,
  'posts.csv': `postNo;unitCode;function;isManagement;validFrom
TOP-1;TOP;Landrätin;ja;2020-01-01
D1-1;D1;Dezernentin;ja;2020-01-01
A1-1;A1;Amtsleitung;ja;2020-01-01
A1.1-1;A1.1;Abteilungsleitung;ja;2020-01-01
A2-1;A2;Amtsleitung;ja;2020-01-01
A2-2;A2;Sachbearbeitung;nein;2020-01-01`,
  'holders.csv': `postNo;personKey;displayName;type;from
TOP-1;lara;Lara Land;holder;2020-01-01
D1-1;dora;Dora Dez;holder;2020-01-01
A1-1;anna;Anna Amt;holder;2020-01-01
A1.1-1;abel;Abel Abt;holder;2020-01-01
A2-1;ines;Ines Intern;holder;2020-01-01
A2-2;hans;Hans Haar;holder;2020-01-01`,
};
const seriesId = '01900000-0000-7000-8000-000000000001';
const processId = '01900000-0000-7000-8000-000000000002';
const written = ['editable'];
const handedIn = ['underReview', 'ratingsClosed'];
const atWork = [...handedIn, 'auditable'];
const released = ['ratingsClosed', 'released'];

let office: Office;
const people = new Map<string, Actor>();

beforeAll(async () => {
  office = await setOffice(files);
  await office.give('hans', 'HR');
  const auditor = {
    personId: await office.personId('ines'),
    fn: 'AUDLEAD',
    scope: 'SERIES' as const,
    scopeId: seriesId,
  };
  const owner = {
    personId: await office.personId('hans'),
    fn: 'OWNER',
    scope: 'PROCESS' as const,
    scopeId: processId,
  };
  await office.run(office.system, (tx) =>
    office.responsibility.grant(
      tx,
      [auditor, owner].map((one) => ({ ...one, from: '2020-01-01' })),
    ),
  );
  for (const name of ['lara', 'dora', 'anna', 'abel', 'ines', 'hans'])
    people.set(name, await office.as(name));
});
afterAll(() => office?.close());

const decide = (name: string, action: string, source: object, at: AccessPlace = 'PLACE') =>
  office.get(Access).rules.get(action)!(source as never, people.get(name)!, at);
const rating = async (unit: string, processTags: readonly string[], over: object = {}) => ({
  unitId: await office.unit(unit),
  seriesId,
  processTags,
  ...over,
});

describe('who sees a self-rating of the section A1.1', () => {
  test.each([
    ['abel', written, true],
    ['anna', written, true], // heads the office above
    ['dora', written, false], // the directorate, once it is handed in
    ['dora', handedIn, true],
    ['lara', written, false],
    ['lara', handedIn, true],
    ['ines', written, false], // leads the audit of this round
    ['ines', handedIn, true],
    ['hans', handedIn, false], // HR sees assignments, not ratings
    ['hans', released, false],
  ] as const)('%s at %j: %s', async (name, tags, allowed) => {
    expect(decide(name, 'selfRating.read', await rating('A1.1', tags))).toBe(allowed);
  });

  test('an owner only in the process granted', async () => {
    expect(decide('hans', 'selfRating.read', await rating('A1.1', written, { processId }))).toBe(true);
    expect(decide('hans', 'selfRating.read', await rating('A1.1', written, { processId: seriesId }))).toBe(
      false,
    );
  });

  test('the audit lead only in her own round', async () => {
    expect(decide('ines', 'selfRating.read', await rating('A1.1', handedIn, { seriesId: processId }))).toBe(
      false,
    );
  });
});

describe('who sees what auditors write', () => {
  test.each([
    ['ines', atWork, true],
    ['abel', atWork, false],
    ['abel', released, true],
    ['dora', atWork, false],
    ['dora', released, true],
    ['hans', released, false],
  ] as const)('%s at %j: %s', async (name, tags, allowed) => {
    expect(decide(name, 'auditRating.read', await rating('A1.1', tags))).toBe(allowed);
  });
});

describe('what an object does not say is not guessed', () => {
  test('without tags only what holds in every state is allowed', async () => {
    const source = { unitId: await office.unit('A1.1'), seriesId };
    expect(decide('abel', 'selfRating.read', source)).toBe(true);
    expect(decide('dora', 'selfRating.read', source)).toBe(false);
  });

  test('without a place it is asked who may at all; the list behind it is filtered', () => {
    expect(decide('dora', 'selfRating.read', {}, 'ANYWHERE')).toBe(true);
    expect(decide('hans', 'assignmentRule.read', {}, 'ANYWHERE')).toBe(true);
    expect(decide('dora', 'assignmentRule.read', {}, 'ANYWHERE')).toBe(false);
  });

  test('what says where it belongs is decided there, even where anywhere would do', async () => {
    const here = { unitId: await office.unit('A2'), processTags: handedIn };
    expect(decide('anna', 'selfRating.read', {}, 'ANYWHERE')).toBe(true);
    expect(decide('anna', 'selfRating.read', here, 'ANYWHERE')).toBe(false);
    expect(decide('dora', 'selfRating.read', here, 'ANYWHERE')).toBe(true);
  });

  test('the engine’s own row is about its scope', async () => {
    const scopeId = await office.unit('A2');
    expect(decide('hans', 'selfRating.read', { id: processId, scopeId })).toBe(true);
    expect(decide('anna', 'selfRating.read', { id: processId, scopeId })).toBe(false);
  });

  test('who is at the very post sees what is assigned to it, elsewhere nothing', async () => {
    const [unitId, postId] = [await office.unit('A1'), await office.post('A2-1')];
    expect(decide('ines', 'assignment.read', { unitId, postId })).toBe(true);
    expect(decide('ines', 'assignment.read', { unitId })).toBe(false);
  });

  test('a mutation is decided by its command, an unknown action is nobody’s', () => {
    expect(decide('dora', 'assignmentRule.apply', {}, 'COMMAND')).toBe(true);
    expect(office.get(Access).rules.get('constructor')).toBeUndefined();
  });
});

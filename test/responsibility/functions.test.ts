import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Catalogue } from '../../src/catalogue/index.ts';
import { EngineRegistry } from '../../src/engine/index.ts';
import { Organisation } from '../../src/organisation/index.ts';
import { Grants } from '../../src/responsibility/grant/grants.service.ts';
import { setOffice, succeeded, type Office } from './support.ts';

const files = {
  'units.csv': `code;name;parentCode;level;kind;tags;validFrom
TOP;Spitze;;L0;SPI;;2020-01-01
D1;Dezernat I;TOP;L1;DEZ;;2020-01-01
A1;Amt 1;D1;L2;PUB;;2020-01-01
A1.1;Abteilung 1.1;A1;L3;PUB;;2020-01-01
A1.1.1;Team 1.1.1;A1.1;L4;PUB;;2020-01-01
KI;Integrationszentrum;D1;L2;PUB;;2020-01-01`,
  'posts.csv': `postNo;unitCode;function;isManagement;validFrom
TOP-1;TOP;Landrätin;ja;2020-01-01
D1-1;D1;Dezernent;ja;2020-01-01
A1-1;A1;Amtsleitung;ja;2020-01-01
A1-2;A1;Sachbearbeitung;nein;2020-01-01
A1.1-1;A1.1;Abteilungsleitung;ja;2020-01-01
A1.1.1-1;A1.1.1;Teamleitung;ja;2020-01-01
KI-1;KI;Leitung;ja;2020-01-01
KI-2;KI;Koordination;nein;2020-01-01`,
  'holders.csv': `postNo;personKey;displayName;type;from;to
TOP-1;lara;Lara Land;holder;2020-01-01;
D1-1;dora;Dora Dez;holder;2020-01-01;
A1-1;anna;Anna Amt;holder;2020-01-01;
A1-1;vera;Vera Vertretung;deputy;2020-01-01;2026-05-31
A1-2;sven;Sven Sach;holder;2020-01-01;2026-03-31
A1.1-1;anna;Anna Amt;interim;2020-01-01;
A1.1.1-1;tina;Tina Team;holder;2020-01-01;
KI-1;kira;Kira Koord;holder;2020-01-01;
KI-2;karl;Karl Koord;holder;2020-01-01;
KI-2;kim;Kim Koord;deputy;2020-01-01;`,
};

let office: Office;
let grants: Grants;
beforeAll(async () => {
  office = await setOffice(files);
  grants = office.get(Grants);
  await office.give('anna', 'HR');
  await office.give('dora', 'ADMIN');
});
afterAll(() => office?.close());

const on = <T>(day: string, work: () => Promise<T>) => office.clock.at(new Date(`${day}T10:00:00Z`), work);
const functionsOf = async (name: string, unit: string) =>
  [...(await office.as(name)).functionsAt({ unitId: await office.unit(unit) })].toSorted();
const holdersOf = async (fn: string, unit: string, more: object = {}) => {
  const { authority } = office.get(EngineRegistry);
  const holders = await authority.holders(await office.db(), fn, {
    unitId: await office.unit(unit),
    ...more,
  });
  return holders.map(({ name, as }) => `${name} ${as}`);
};

describe('functions follow posts', () => {
  test('a deputy holds what the holder holds until the last day, with no job run', async () => {
    expect(await on('2026-05-31', () => functionsOf('vera', 'A1'))).toEqual(['HEAD']);
    expect(await on('2026-06-01', () => functionsOf('vera', 'A1'))).toEqual([]);
  });

  test('whom a deputy stands in for is known', async () => {
    const anna = await office.personId('anna');
    const place = { unitId: await office.unit('A1') };
    const { authority } = office.get(EngineRegistry);
    await on('2026-05-01', async () => {
      const db = await office.db();
      const asked = [
        { function: 'HEAD', place },
        { function: 'HR', place: {} },
      ];
      expect(await authority.onBehalfOf!(db, await office.as('vera'), asked)).toEqual([anna, null]);
      expect(await authority.onBehalfOf!(db, await office.as('anna'), asked)).toEqual([null, null]);
    });
  });

  test('who could take a step', async () => {
    expect(await on('2026-05-01', () => holdersOf('HEAD', 'A1'))).toEqual([
      'Anna Amt HOLDER',
      'Vera Vertretung DEPUTY',
    ]);
    expect(await holdersOf('DEZ', 'A1.1')).toEqual(['Dora Dez HOLDER']);
    expect(await holdersOf('LEAD', 'A1.1')).toEqual(['Lara Land HOLDER']);
    expect(await holdersOf('NEXT_ABOVE', 'A1')).toEqual(['Dora Dez HOLDER']);
  });

  test('nobody approves their own: past the same natural person', async () => {
    // Anna heads A1 and, ad interim, A1.1: for A1.1 the directorate approves.
    expect(await holdersOf('NEXT_ABOVE', 'A1.1')).toEqual(['Dora Dez HOLDER']);
    const { authority } = office.get(EngineRegistry);
    const place = { unitId: await office.unit('A1.1') };
    const held = async (name: string) =>
      (await authority.functionsAt(await office.db(), await office.as(name), [place]))[0]!.has('NEXT_ABOVE');
    expect([await held('anna'), await held('dora')]).toEqual([false, true]);
  });

  test('above the top the board of the round decides, without the head', async () => {
    const seriesId = '01900000-0000-7000-8000-000000000001';
    const given = async (name: string) => ({
      personId: await office.personId(name),
      fn: 'BOARD',
      scope: 'SERIES' as const,
      scopeId: seriesId,
      from: '2026-01-01',
    });
    const members = [await given('lara'), await given('tina')];
    await office.run(office.system, (tx) => office.responsibility.grant(tx, members));
    expect(await holdersOf('NEXT_ABOVE', 'TOP', { seriesId })).toEqual(['Tina Team HOLDER']);
    await office.run(office.system, (tx) =>
      office.responsibility.endGrants(tx, [{ scopeId: seriesId, fn: 'BOARD' }]),
    );
    expect(await holdersOf('BOARD', 'TOP', { seriesId })).toEqual([]);
  });
});

describe('a standing function', () => {
  const hr = async (over: object = {}) => ({
    ...office.command(),
    personId: await office.personId('tina'),
    fn: 'HR',
    scope: 'SUBTREE' as const,
    scopeId: await office.unit('A1'),
    levels: ['L3'],
    from: null,
    ...over,
  });

  test('counts once a second person has confirmed it, who gains nothing', async () => {
    const { grantId } = succeeded(await grants.propose(await office.as('anna'), await hr()));
    expect(await functionsOf('tina', 'A1.1')).toEqual([]);
    const confirm = async (name: string) =>
      grants.confirm(await office.as(name), { ...office.command(), grantId });
    expect(await confirm('tina')).toMatchObject({ __typename: 'NotAllowed' });
    expect(await confirm('anna')).toMatchObject({ __typename: 'FourEyesNeeded' });
    expect(await confirm('dora')).toEqual({ grantId });
    expect(await functionsOf('tina', 'A1.1')).toEqual(['HR']);
    expect(await functionsOf('tina', 'A1.1.1')).toEqual(['HEAD']); // another level
    expect(await confirm('dora')).toMatchObject({ __typename: 'NotPossibleNow' });
    succeeded(await grants.end(await office.as('dora'), { ...office.command(), grantId }));
    expect(await functionsOf('tina', 'A1.1')).toEqual([]);
  });

  test('of a round is not ended by hand', async () => {
    const ofRound = {
      personId: await office.personId('tina'),
      fn: 'STEERING',
      scope: 'SERIES' as const,
      scopeId: '01900000-0000-7000-8000-000000000002',
      from: '2026-01-01',
    };
    const { grantId } = succeeded(
      await office.run(office.system, async (tx) => ({
        grantId: (await office.responsibility.grant(tx, [ofRound]))[0]!,
      })),
    );
    const ended = await grants.end(await office.as('dora'), { ...office.command(), grantId });
    expect(ended).toMatchObject({
      __typename: 'NotPossibleNow',
      message: { de: 'Diese Funktion gehört zu einer Runde oder einem Öffnungsprozess und endet nur dort.' },
    });
    const [kept] = await grants.byId(await office.db(), grantId);
    expect(kept).toMatchObject({ validUntil: null });
  });

  test('reaches no further than the one who gives it', async () => {
    await office.give('sven', 'HR', 'SUBTREE', await office.unit('A1.1'));
    await on('2026-03-01', async () => {
      const sven = await office.as('sven');
      expect(await grants.propose(sven, await hr())).toMatchObject({ __typename: 'NotAllowed' });
      expect(await grants.propose(sven, await hr({ scopeId: await office.unit('A1.1') }))).toHaveProperty(
        'grantId',
      );
    });
  });

  test('what makes no sense is refused with every fault', async () => {
    expect(
      await grants.propose(await office.as('anna'), await hr({ fn: 'HEAD', scopeId: null })),
    ).toMatchObject({
      __typename: 'InvalidInput',
      faults: [{ path: 'function' }, { path: 'unitId' }],
    });
  });

  test('hangs on the post when it was given to the post', async () => {
    const post = {
      postId: await office.post('KI-2'),
      fn: 'OPENING_COORD',
      scope: 'TENANT' as const,
      from: '2020-01-01',
    };
    await office.run(office.system, (tx) => office.responsibility.grant(tx, [post]));
    expect(await functionsOf('karl', 'A1')).toEqual(['OPENING_COORD']);
    expect(await functionsOf('kim', 'A1')).toEqual(['OPENING_COORD']);
    // Never the case of the own unit; the head of KI is not co-ordinator at all.
    expect(await functionsOf('karl', 'KI')).toEqual([]);
    expect(await functionsOf('kira', 'KI')).toEqual(['HEAD']);
    expect(await holdersOf('OPENING_COORD', 'A1')).toEqual(['Karl Koord HOLDER', 'Kim Koord DEPUTY']);
    expect(await holdersOf('OPENING_COORD', 'KI')).toEqual([]);
  });
});

describe('a vacant post', () => {
  test('is seen with its first day, and falls to the head after a working day', async () => {
    const [post, unit] = [await office.post('A1-2'), await office.unit('A1')];
    await office.run(office.system, (tx) =>
      tx.call(
        `insert into responsibility.assignment (id, assignment_id, kind, unit_id, catalogue, subjects, slots, post_id, stage,
           valid_from, accepted_by) values (gen_random_uuid(), gen_random_uuid(), 'COMPETENT', $1, 'administration', '{LEI-01}',
           '{1}', $2, 'CONFIRMED', '2025-01-01', gen_random_uuid())`,
        [unit, post],
      ),
    );
    const since = await office.get(Organisation).vacantSince(await office.db(), [post], { on: '2026-06-01' });
    expect(since.get(post)).toBe('2026-04-01');
    // 1 April 2026 is a Wednesday; Thursday is the first day on which a working day without holder has passed.
    expect(await on('2026-03-31', () => functionsOf('sven', 'A1'))).toContain('CONTRIB');
    expect(await on('2026-04-01', () => functionsOf('sven', 'A1'))).toEqual([]);
    expect(await on('2026-04-01', () => functionsOf('anna', 'A1'))).not.toContain('CONTRIB');
    expect(await on('2026-04-02', () => functionsOf('anna', 'A1'))).toContain('CONTRIB');
    // After 60 working days without holder (six public holidays in between) it counts as nobody.
    const editionId = (await office.get(Catalogue).newest(await office.db(), 'administration'))!.id;
    const competent = async () =>
      (await office.responsibility.coverage(await office.db(), { unitIds: [unit], editionId })).get(unit)!
        .competent;
    expect(await on('2026-07-01', competent)).toBe(1);
    expect(await on('2026-07-02', competent)).toBe(0);
    expect(await on('2026-04-02', () => holdersOf('CONTRIB', 'A1'))).toEqual([
      'Anna Amt INTERIM',
      'Vera Vertretung INTERIM',
    ]);
  });
});

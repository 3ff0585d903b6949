import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { bootApp, type TestApp } from '../support/app.ts';
import { plant, publishShipped, type Planted } from '../support/planted.ts';
import { today } from '../support/days.ts';

// What can go wrong before a round runs, as Wanda of the integration centre meets it.
let planted: Planted;
let walk: TestApp;
let good: Record<string, unknown>;
let draft: { id: string; version: number };
const id = (name: string) => planted.persons.get(name)!;

beforeAll(async () => {
  planted = await plant(
    [
      { code: 'T', level: 'L0', kind: 'SPI', head: 'lars' },
      { code: 'A', parent: 'T', level: 'L2', kind: 'PUB', head: 'lea' },
    ],
    ['wanda', 'hanno', 'jana', 'zoe', 'vera'],
  );
  await planted.grant('wanda', 'OPENING_COORD');
  await planted.grant('hanno', 'HR');
  walk = await bootApp(planted.database, 'probe');
  await publishShipped((type) => walk.app.get(type, { strict: false }), planted.tenant);
  const { catalogues, processDefinitions } = await walk.see(
    'wanda',
    '{ catalogues { key editions { id } } processDefinitions { id key } }',
  );
  good = {
    name: { de: 'Runde', en: 'Round' },
    editionId: catalogues.find(({ key }: { key: string }) => key === 'administration').editions[0].id,
    definitionId: processDefinitions.find(({ key }: { key: string }) => key === 'opening').id,
    opensOn: '2026-01-01',
    closesOn: '2099-12-31',
    mandate: { title: 'Auftrag', reference: '1', decidedOn: '2025-01-01', body: 'Kreistag' },
    scope: { subtrees: [planted.units.get('T')] },
  };
  draft = (await walk.does('wanda', 'openRound', good, 'round { id version }'))['round'];
}, 60_000);
afterAll(async () => {
  await walk?.close();
  await planted?.superuser.end();
  await planted?.database.drop();
});

describe('opening', () => {
  test.each<[string, object, string[]]>([
    ['dates that run backwards', { closesOn: '2025-12-31' }, ['closesOn']],
    ['a scope that takes out and adds nothing', { scope: {} }, ['scope']],
    [
      'a mandate of the future, and nobody taking part',
      { mandate: { title: 'x', reference: '1', decidedOn: '2098-01-01', body: 'x' }, scope: { except: [] } },
      ['mandate.decidedOn', 'scope'],
    ],
  ])('%s is refused with each fault', async (_, wrong, paths) => {
    const outcome = await walk.act('wanda', 'openRound', { ...good, ...wrong });
    expect([outcome.__typename, outcome['faults'].map(({ path }: { path: string }) => path)]).toEqual([
      'InvalidInput',
      paths,
    ]);
  });

  test.each([['editionId'], ['definitionId']])('an unknown %s is not found', async (field) =>
    expect(await code('openRound', { ...good, [field]: v7() })).toBe('NOT_FOUND'),
  );

  test('an unknown unit is not found, a wrong id and a day that does not exist are bad input', async () => {
    expect(await code('openRound', { ...good, scope: { units: [v7()] } })).toBe('NOT_FOUND');
    expect(await code('openRound', { ...good, scope: { units: ['T'] } })).toBe('BAD_INPUT');
    expect(await code('openRound', { ...good, opensOn: '2026-02-30' })).toBe('BAD_INPUT');
  });

  test.each(['hanno', 'lars', 'lea', 'jana'])('%s may not', async (name) =>
    expect((await walk.act(name, 'openRound', good)).__typename).toBe('NotAllowed'),
  );

  test('the same command opens one round, the same id with another name none', async () => {
    const commandId = v7();
    const open = (more: object) =>
      walk.act('wanda', 'openRound', { ...good, commandId, ...more }, 'round { id }');
    const [one, two] = [await open({}), await open({})];
    expect(one['round'].id).toBe(two['round'].id);
    expect((await open({ name: { de: 'Andere', en: 'Other' } })).__typename).toBe('CommandIdReused');
    const { rounds } = await walk.see('wanda', '{ rounds { id } }');
    expect(rounds).toHaveLength(2);
  });
});

describe('naming people', () => {
  const name = (people: object[], more: object = {}) =>
    walk.act('wanda', 'nameRoundPeople', { roundId: draft.id, people, ...more });

  test.each<[string, object]>([
    ['neither person nor post', {}],
    ['both', { personId: v7(), postId: v7() }],
  ])('%s is refused', async (_, who) =>
    expect((await name([{ function: 'AUD', ...who }])).__typename).toBe('InvalidInput'),
  );

  test('two chairs, and a chair of no body, are refused', async () => {
    const chair = (fn: string, who: string) => ({ function: fn, personId: id(who), chair: true });
    expect((await name([chair('BOARD', 'vera'), chair('BOARD', 'zoe')])).__typename).toBe('InvalidInput');
    expect((await name([chair('AUD', 'vera')])).__typename).toBe('InvalidInput');
  });

  test('an unknown person and an entry of another round are not found', async () => {
    expect(
      await code('nameRoundPeople', { roundId: draft.id, people: [{ function: 'AUD', personId: v7() }] }),
    ).toBe('NOT_FOUND');
    expect(await code('nameRoundPeople', { roundId: draft.id, release: [v7()] })).toBe('NOT_FOUND');
    expect(await code('nameRoundPeople', { roundId: v7(), people: [] })).toBe('NOT_FOUND');
  });

  test('a post is named once for whoever holds it, and released again with its rights', async () => {
    const { rows } = await planted.superuser.query(`select id from organisation.post where post_no = 'A-01'`);
    const named = await walk.does(
      'wanda',
      'nameRoundPeople',
      { roundId: draft.id, people: [0, 1].map(() => ({ function: 'STEERING', postId: rows[0].id })) },
      'round { people { id function person { id } post { postNo } } }',
    );
    const [entry] = named['round'].people;
    expect(entry).toMatchObject({ function: 'STEERING', person: null, post: { postNo: 'A-01' } });
    const grants = async () =>
      (
        await planted.superuser.query(
          `select count(*)::int n from responsibility.function_grant
           where function = 'STEERING' and retracted_at is null and (valid_until is null or valid_until > $1)`,
          [today()],
        )
      ).rows[0].n;
    expect(await grants()).toBe(1);
    await walk.does('wanda', 'nameRoundPeople', { roundId: draft.id, release: [entry.id] });
    expect(await grants()).toBe(0);
    const { round } = await walk.see('wanda', `{ round(id: "${draft.id}") { people { id } } }`);
    expect(round.people).toEqual([]);
  });
});

describe('starting', () => {
  test('a unit leaves with a reason that says something', async () => {
    const leave = { roundId: draft.id, unitId: planted.units.get('A'), reason: ' ' };
    expect(await walk.act('wanda', 'leaveRound', leave)).toMatchObject({
      __typename: 'InvalidInput',
      faults: [{ path: 'reason' }],
    });
  });

  test('what blocks is told in the check and refuses the start', async () => {
    const { checkRound } = await walk.see(
      'wanda',
      `{ checkRound(roundId: "${draft.id}") { canStart findings { kind severity } } }`,
    );
    expect(checkRound.canStart).toBe(false);
    const { round } = await walk.see('wanda', `{ round(id: "${draft.id}") { version phase } }`);
    const outcome = (
      await walk.see(
        'wanda',
        'mutation ($input: StartRoundInput!) { startRound(input: $input) { __typename ... on RoundNotReady { findings { kind message whatToDo } } } }',
        { input: { commandId: v7(), roundId: draft.id, expectedVersion: round.version } },
      )
    )['startRound'];
    expect(outcome.__typename).toBe('RoundNotReady');
    const blocking = checkRound.findings.filter(
      ({ severity }: { severity: string }) => severity === 'BLOCKS',
    );
    expect(outcome.findings.map(({ kind }: { kind: string }) => kind)).toEqual(
      blocking.map(({ kind }: { kind: string }) => kind),
    );
  });

  test('Hanno of HR, Lea and Lars see that there is a round; somebody without any function does not', async () => {
    for (const who of ['hanno', 'lea', 'lars'])
      expect((await walk.see(who, '{ rounds { name phase } }'))['rounds']).toHaveLength(2);
    expect((await walk.ask('jana', '{ rounds { name } }')).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

async function code(mutation: string, input: object): Promise<string | undefined> {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename } }`;
  const { errors } = await walk.ask('wanda', query, { input: { commandId: v7(), ...input } });
  return errors?.[0]?.extensions.code;
}

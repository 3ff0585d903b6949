import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { bootApp, type Outcome, type TestApp } from '../support/app.ts';
import { plant, publishShipped, type Planted } from '../support/planted.ts';

// Wanda coordinates. Lea heads the office of 25 criteria; Anna and Bora carry its process. Hanno works in HR.
let planted: Planted;
let walk: TestApp;
let roundId: string;
let processId: string;
let items: Item[];

interface Item {
  readonly criterion: { readonly id: string; readonly code: string };
  readonly core: boolean;
  readonly version: number;
}
const id = (name: string) => planted.persons.get(name)!;
const unit = (code: string) => planted.units.get(code)!;
const step = (who: string, name: string, payload?: object) =>
  walk.act(who, 'takeStep', { processId, step: name, payload }, 'process { stage }');
const list = async (who: string) =>
  (
    await walk.see(
      who,
      `{ checklist(processId: "${processId}") {
    editable frozen contentHash
    items { criterion { id code } core version mayRate selfRating { level by { displayName } } history { level version } }
  } }`,
    )
  )['checklist'] as { items: Item[]; contentHash: string; editable: boolean };

beforeAll(async () => {
  planted = await plant(
    [
      { code: 'T', level: 'L0', kind: 'SPI', head: 'lars' },
      { code: 'A', parent: 'T', level: 'L2', kind: 'FAC', head: 'lea' },
      { code: 'A1', parent: 'A', level: 'L4', kind: 'FAC', headcount: 3, head: 'tom' },
    ],
    ['wanda', 'anna', 'bora', 'hanno', 'jana', 'zoe', 'vera', 'max', 'sina', 'paul', 'greta'],
  );
  await planted.grant('wanda', 'OPENING_COORD');
  await planted.grant('hanno', 'HR');
  walk = await bootApp(planted.database, 'probe');
  await publishShipped((type) => walk.app.get(type, { strict: false }), planted.tenant);
}, 60_000);
afterAll(async () => {
  await walk?.close();
  await planted?.superuser.end();
  await planted?.database.drop();
});

test('Wanda opens a round, names its people, looks at the check, and starts it', async () => {
  const { catalogues, processDefinitions } = await walk.see(
    'wanda',
    '{ catalogues { key editions { id } } processDefinitions { id key } }',
  );
  const edition = catalogues.find(({ key }: { key: string }) => key === 'administration').editions[0].id;
  const opened = await walk.does(
    'wanda',
    'openRound',
    {
      name: { de: 'Öffnung der Verwaltung', en: 'Opening of the administration' },
      editionId: edition,
      definitionId: processDefinitions[0].id,
      opensOn: '2026-01-01',
      closesOn: '2099-12-31',
      mandate: { title: 'Auftrag', reference: '2025/42', decidedOn: '2025-01-01', body: 'Kreistag' },
      scope: { subtrees: [unit('A')] },
    },
    'round { id phase name mandate { reference } scope { kind unit { code } } }',
  );
  roundId = opened['round'].id;
  expect(opened['round']).toMatchObject({
    phase: 'DRAFT',
    name: 'Öffnung der Verwaltung',
    scope: [{ unit: { code: 'A' } }],
  });

  const people = [
    ...[
      ['AUDLEAD', 'jana'],
      ['AUD', 'jana'],
      ['AUD2', 'zoe'],
      ['APPEAL', 'sina'],
      ['PR', 'paul'],
      ['GB', 'greta'],
    ],
    ...[
      ['BOARD', 'vera'],
      ['BOARD', 'max'],
    ],
  ].map(([fn, name]) => ({ function: fn, personId: id(name!), chair: name === 'vera' }));
  const conflict = await walk.act('wanda', 'nameRoundPeople', {
    roundId,
    people: [...people, { function: 'APPEAL', personId: id('vera') }],
  });
  expect(conflict.__typename).toBe('NotIndependent');
  await walk.does('wanda', 'nameRoundPeople', { roundId, people, boardQuorum: 2 });

  const { checkRound } = await walk.see(
    'wanda',
    `{ checkRound(roundId: "${roundId}") {
    canStart processes ratedWithin counts { kind count } findings { kind severity unit { code } message whatToDo } } }`,
  );
  expect(checkRound).toMatchObject({ canStart: true, processes: 1, ratedWithin: 1 });
  expect(checkRound.findings.map(({ kind }: { kind: string }) => kind)).toEqual(
    ['COMPETENT_MISSING', 'AUDITOR_MISSING', 'SMALL_TEAM_WITHIN_SUPERIOR'].flatMap((kind) =>
      kind === 'COMPETENT_MISSING' ? ['ACCOUNTABLE_MISSING', kind] : [kind],
    ),
  );
  const { round } = await walk.see(
    'wanda',
    `{ round(id: "${roundId}") { version people { id function chair person { displayName } } } }`,
  );
  const entry = (fn: string) => round.people.find((one: { function: string }) => one.function === fn).id;
  const assigned = await walk.does(
    'wanda',
    'assignAuditors',
    {
      roundId,
      assignments: ['AUD', 'AUD2'].map((fn) => ({ roundPersonId: entry(fn), unitIds: [unit('A')] })),
    },
    'assigned round { version auditors { unit { code } function person { displayName } } }',
  );
  expect(assigned).toMatchObject({ assigned: 2 });
  const started = await walk.does(
    'wanda',
    'startRound',
    { roundId, expectedVersion: assigned['round'].version },
    'started ratedWithin round { phase openingProcesses { nodes { id ratesAlso { code } completion { applicable open } process { stage } } } }',
  );
  expect(started).toMatchObject({ started: 1, ratedWithin: 1, round: { phase: 'RUNNING' } });
  const [process] = started['round'].openingProcesses.nodes;
  expect(process).toMatchObject({
    ratesAlso: [{ code: 'A1' }],
    completion: { applicable: 25, open: 25 },
    process: { stage: 'preparation.commissioned' },
  });
  processId = process.id;
});

test('Lea names the team, Wanda confirms the scope, Anna opens the self-assessment', async () => {
  expect((await step('lea', 'NAME_TEAM', { ownerId: id('anna'), deputyId: id('bora') })).__typename).toBe(
    'TakeStepSuccess',
  );
  expect((await step('wanda', 'CONFIRM_SCOPE', { representationsInformedOn: '2026-01-20' })).__typename).toBe(
    'TakeStepSuccess',
  );
  expect((await step('anna', 'OPEN_SELF_ASSESSMENT')).__typename).toBe('TakeStepSuccess');
  const seen = await list('anna');
  expect(seen).toMatchObject({ editable: true, frozen: true });
  items = seen.items;
  expect([items.length, items.filter(({ core }) => core).length]).toEqual([25, 7]);
});

test('Anna sees her open work; Hanno of HR, Lars above and Jana the auditor see no list yet', async () => {
  const { myOpenWork } = await walk.see(
    'anna',
    '{ myOpenWork { kind dueOn criteria { code } steps { step } openingProcess { unit { code } } } }',
  );
  expect(myOpenWork[0]).toMatchObject({ kind: 'RATE', openingProcess: { unit: { code: 'A' } } });
  expect(myOpenWork[0].criteria).toHaveLength(25);
  expect(myOpenWork[0].dueOn).toMatch(/^\d{4}-\d\d-\d\d$/);
  for (const who of ['hanno', 'lars', 'jana', 'wanda']) {
    const { errors } = await walk.ask(who, `{ checklist(processId: "${processId}") { contentHash } }`);
    expect([who, errors?.[0]?.extensions.code]).toEqual([who, expect.stringMatching(/NOT_FOUND|FORBIDDEN/)]);
  }
  const { data, errors } = await walk.ask(
    'hanno',
    `{ openingProcess(id: "${processId}") { maturity { percent } } }`,
  );
  expect([data?.['openingProcess']?.maturity ?? null, errors?.[0]?.extensions.code]).toEqual([
    null,
    'FORBIDDEN',
  ]);
});

test('bad input is refused whole, with each fault at its place', async () => {
  const [first, second] = items;
  const rate = (ratings: object[]) => walk.act('anna', 'rateCriteria', { processId, ratings });
  const refused = await rate([
    { criterionId: first!.criterion.id, level: 0, expectedRatingVersion: 0 },
    { criterionId: second!.criterion.id, level: 3, statement: 'x', expectedRatingVersion: 0 },
  ]);
  expect(refused).toMatchObject({ __typename: 'InvalidInput' });
  expect(refused['faults']).toHaveLength(3);
  expect((await list('anna')).items.every(({ version }) => version === 0)).toBe(true);
  const code = async (rating: object) =>
    (
      await walk.ask(
        'anna',
        'mutation ($input: RateCriteriaInput!) { rateCriteria(input: $input) { __typename } }',
        {
          input: { commandId: v7(), processId, ratings: [{ level: 0, expectedRatingVersion: 0, ...rating }] },
        },
      )
    ).errors?.[0]?.extensions.code;
  expect(await code({ criterionId: v7() })).toBe('NOT_FOUND');
  expect(await code({ criterionId: 'x' })).toBe('BAD_INPUT');
  expect(await code({ criterionId: first!.criterion.id, statement: 'a\u0000b' })).toBe('BAD_INPUT');
  expect(await code({ criterionId: first!.criterion.id, statement: 'x'.repeat(4001) })).toBe('BAD_INPUT');
});

describe('a race', () => {
  test('of 50 writers on 20 criteria: each is answered, at least one is refused, no rating is lost', async () => {
    const sent = Array.from({ length: 50 }, (_, n) => ({
      criterionId: items[n % 20]!.criterion.id,
      level: 0,
    }));
    const outcomes = await Promise.all(
      sent.map(({ criterionId, level }, n) =>
        walk.act(
          n % 2 ? 'anna' : 'bora',
          'rateCriteria',
          {
            processId,
            ratings: [{ criterionId, level, statement: `Nummer ${n}`, expectedRatingVersion: 0 }],
          },
          'items { criterion { id } version history { statement } }',
        ),
      ),
    );
    const count = (name: string) => outcomes.filter(({ __typename }) => __typename === name).length;
    const acknowledged = count('RateCriteriaSuccess');
    expect(acknowledged + count('RatedMeanwhile') + count('Busy')).toBe(50);
    expect(count('RatedMeanwhile')).toBeGreaterThanOrEqual(1);
    expect(acknowledged).toBeGreaterThanOrEqual(20 - count('Busy'));

    const { checklist } = await walk.see(
      'anna',
      `{ checklist(processId: "${processId}") { items {
      criterion { id } history { statement level } } } }`,
    );
    const standing = new Map<string, string[]>(
      checklist.items.map((item: { criterion: { id: string }; history: { statement: string }[] }) => [
        item.criterion.id,
        item.history.map(({ statement }) => statement),
      ]),
    );
    outcomes.forEach(({ __typename }, n) => {
      const stands = standing.get(sent[n]!.criterionId)!.includes(`Nummer ${n}`);
      expect([n, stands]).toEqual([n, __typename === 'RateCriteriaSuccess']);
    });
    const { openingProcess } = await walk.see(
      'anna',
      `{ openingProcess(id: "${processId}") { completion { rated open } } }`,
    );
    expect(openingProcess.completion).toEqual({ rated: acknowledged, open: 25 - acknowledged });
  });

  test('a colleague’s newer rating is shown beside the own one', async () => {
    const [first] = items;
    const outcome: Outcome = (
      await walk.see(
        'bora',
        `mutation ($input: RateCriteriaInput!) { rateCriteria(input: $input) { __typename
        ... on RatedMeanwhile { message conflicts { criterion { id } yourLevel yourStatement theirs { level by { displayName } at version } } } } }`,
        {
          input: {
            commandId: v7(),
            processId,
            ratings: [
              { criterionId: first!.criterion.id, level: 1, statement: 'Meine', expectedRatingVersion: 0 },
            ],
          },
        },
      )
    )['rateCriteria'];
    expect(outcome).toMatchObject({
      __typename: 'RatedMeanwhile',
      conflicts: [{ yourLevel: 1, yourStatement: 'Meine', theirs: { level: 0, version: 1 } }],
    });
  });
});

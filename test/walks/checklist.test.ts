import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { v7 } from 'uuid';
import { cluster } from '../support/database.ts';
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
const people = () =>
  Object.entries({
    AUDLEAD: 'jana',
    AUD: 'jana',
    AUD2: 'zoe',
    APPEAL: 'sina',
    PR: 'paul',
    GB: 'greta',
    BOARD: 'vera max',
  }).flatMap(([fn, names]) =>
    names.split(' ').map((name) => ({ function: fn, personId: id(name), chair: name === 'vera' })),
  );
const openRound = async (): Promise<Outcome> => {
  const { catalogues, processDefinitions } = await walk.see(
    'wanda',
    '{ catalogues { key editions { id } } processDefinitions { id key } }',
  );
  const input = {
    name: { de: 'Öffnung der Verwaltung', en: 'Opening of the administration' },
    editionId: catalogues.find(({ key }: { key: string }) => key === 'administration').editions[0].id,
    definitionId: processDefinitions.find(({ key }: { key: string }) => key === 'opening').id,
    opensOn: '2026-01-01',
    closesOn: '2099-12-31',
    mandate: { title: 'Auftrag', reference: '2025/42', decidedOn: '2025-01-01', body: 'Kreistag' },
    scope: { subtrees: [unit('A')] },
  };
  return walk.does(
    'wanda',
    'openRound',
    input,
    'round { id version phase name scope { kind unit { code } } }',
  );
};
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
  const opened = await openRound();
  roundId = opened['round'].id;
  expect(opened['round']).toMatchObject({
    phase: 'DRAFT',
    name: 'Öffnung der Verwaltung',
    scope: [{ unit: { code: 'A' } }],
  });

  const conflict = await walk.act('wanda', 'nameRoundPeople', {
    roundId,
    people: [...people(), { function: 'APPEAL', personId: id('vera') }],
  });
  expect(conflict.__typename).toBe('NotIndependent');
  await walk.does('wanda', 'nameRoundPeople', { roundId, people: people(), boardQuorum: 2 });

  const { checkRound } = await walk.see(
    'wanda',
    `{ checkRound(roundId: "${roundId}") {
    canStart processes ratedWithin counts { kind count } findings { kind severity unit { code } message whatToDo } } }`,
  );
  expect(checkRound).toMatchObject({ canStart: true, processes: 1, ratedWithin: 1 });
  expect(checkRound.findings.map(({ kind }: { kind: string }) => kind)).toEqual(
    ['COMPETENT_MISSING', 'AUDITOR_MISSING', 'NO_SUCCESSION', 'SMALL_TEAM_WITHIN_SUPERIOR'].flatMap((kind) =>
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

test('the checklist is completed by two people, a difference is settled, and Lea signs what she read', async () => {
  const rate = async (who: string, mutation: string, which: (item: Item) => boolean, level: number) => {
    const ratings = (await list('anna')).items.filter(which).map(({ criterion, version }) => ({
      criterionId: criterion.id,
      level,
      statement: 'Beschlossen',
      expectedRatingVersion: version,
    }));
    return walk.does(who, mutation, { processId, ratings }, 'completion { open coreConfirmed differences }');
  };
  await rate('anna', 'rateCriteria', ({ core, version }) => core || version === 0, 1);
  const [difficult, ...others] = (await list('anna')).items
    .filter(({ core }) => core)
    .map(({ criterion }) => criterion.id);
  await rate('bora', 'confirmRatings', ({ criterion }) => others.includes(criterion.id), 1);
  const evidence = ['2026-01-05', '2026-02-05'].map((proofOn) => {
    return {
      kind: 'NOTE',
      evidenceType: 'MINUTES',
      note: 'Protokoll',
      proofOn,
      containsNoPersonalData: true,
    };
  });
  const current = async () =>
    (await list('anna')).items.find(({ criterion }) => criterion.id === difficult)!.version;
  const seconded = await walk.does(
    'bora',
    'confirmRatings',
    {
      processId,
      ratings: [
        {
          criterionId: difficult,
          level: 3,
          statement: 'Läuft',
          checkNote: 'Ausgewertet',
          newEvidence: evidence,
          expectedRatingVersion: await current(),
        },
      ],
    },
    'items { confirmed mustBeResolved secondRating { by { displayName } evidence { proofOn } } } completion { open coreConfirmed differences }',
  );
  expect(seconded['completion']).toEqual({ open: 0, coreConfirmed: 7, differences: 1 });
  expect(seconded['items']).toMatchObject([
    {
      confirmed: true,
      mustBeResolved: true,
      secondRating: { by: { displayName: 'Bora' }, evidence: [{}, {}] },
    },
  ]);
  const settled = await walk.does(
    'anna',
    'resolveDifference',
    {
      processId,
      criterionId: difficult,
      level: 2,
      comment: 'Gemeinsam',
      expectedRatingVersion: await current(),
    },
    'items { agreement { level reason } counting { kind } } completion { differences }',
  );
  expect(settled).toMatchObject({
    items: [{ agreement: { level: 2, reason: 'Gemeinsam' }, counting: { kind: 'CONSENSUS' } }],
    completion: { differences: 0 },
  });
  expect((await step('anna', 'CLOSE_RATINGS')).__typename).toBe('TakeStepSuccess');
  const { myOpenWork } = await walk.see('lea', '{ myOpenWork { kind dueOn steps { step } } }');
  expect(myOpenWork).toMatchObject([{ kind: 'STEP', steps: [{ step: 'SIGN_OFF' }] }]);
  const { contentHash } = await list('lea');
  expect((await step('lea', 'SIGN_OFF', { contentHash })).__typename).toBe('TakeStepSuccess');
  const { openingProcess } = await walk.see(
    'lars',
    `{ openingProcess(id: "${processId}") { signatures { step contentHash person { displayName } capacity }
       maturity { percent n closed fields { field n applicable } } team { role person { displayName } } } }`,
  );
  expect(openingProcess).toMatchObject({
    signatures: [{ step: 'SIGN_OFF', contentHash, person: { displayName: 'Lea' }, capacity: 'HOLDER' }],
    maturity: { n: 25, closed: true },
    team: [{ role: 'OWNER' }, { role: 'DEPUTY' }],
  });
});

test('Jana returns it with a reason, and it stands at the criterion', async () => {
  const [first] = items;
  const criteria = [{ criterionId: first!.criterion.id, reason: 'Beleg fehlt' }];
  expect((await step('jana', 'RETURN_INCOMPLETE', { criteria })).__typename).toBe('TakeStepSuccess');
  const { openingProcess } = await walk.see(
    'anna',
    `{ openingProcess(id: "${processId}") { returnReasons { criterion { id } reason returnNo } } }`,
  );
  expect(openingProcess.returnReasons).toEqual([
    { criterion: { id: first!.criterion.id }, reason: 'Beleg fehlt', returnNo: 1 },
  ]);
});

test('the unit leaves with a reason, and the round ends', async () => {
  const version = async () =>
    (await walk.see('wanda', `{ round(id: "${roundId}") { version } }`))['round'].version;
  const end = async () => ({ roundId, expectedVersion: await version() });
  expect(await walk.act('wanda', 'endRound', await end())).toMatchObject({ __typename: 'RoundStillRunning' });
  const leave = { roundId, unitId: unit('A'), reason: 'Neuer Zuschnitt' };
  const left = await walk.does('wanda', 'leaveRound', leave, 'round { scope { kind reason } }');
  expect(left['round'].scope).toEqual([{ kind: 'EXCEPT', reason: 'Neuer Zuschnitt' }]);
  expect((await walk.does('wanda', 'endRound', await end(), 'round { phase }'))['round'].phase).toBe('ENDED');
  const join = { roundId, unitIds: [unit('A')] };
  expect(await walk.act('wanda', 'joinRound', join)).toMatchObject({
    __typename: 'NotPossibleNow',
    state: 'ENDED',
  });
});

test('the next round proposes the ratings of this one; they count once they are confirmed', async () => {
  roundId = (await openRound())['round'].id;
  await walk.does('wanda', 'nameRoundPeople', { roundId, people: people(), boardQuorum: 2 });
  await walk.does('wanda', 'startRound', { roundId, expectedVersion: 2 });
  const { openingProcesses } = await walk.see(
    'wanda',
    `{ openingProcesses(roundId: "${roundId}") { nodes { id } } }`,
  );
  processId = openingProcesses.nodes[0].id;
  await step('lea', 'NAME_TEAM', { ownerId: id('bora'), deputyId: id('anna') });
  await step('wanda', 'CONFIRM_SCOPE', { representationsInformedOn: '2026-01-20' });
  await step('bora', 'OPEN_SELF_ASSESSMENT');
  const taken = await walk.does(
    'anna',
    'takeOverRatings',
    { processId },
    'takenOver items { proposal { level } counting { level } }',
  );
  expect(taken).toMatchObject({ takenOver: 25 });
  expect(taken['items'].every(({ counting }: { counting: unknown }) => counting === null)).toBe(true);
  const criterionIds = items.slice(0, 3).map(({ criterion }) => criterion.id);
  const confirmed = await walk.does(
    'anna',
    'confirmTakenOver',
    { processId, criterionIds },
    'items { proposal { level } selfRating { takenOver by { displayName } } } completion { rated }',
  );
  expect(confirmed['completion']).toEqual({ rated: 3 });
  expect(confirmed['items'][0]).toMatchObject({
    proposal: null,
    selfRating: { takenOver: true, by: { displayName: 'Anna' } },
  });
  expect(await walk.act('anna', 'confirmTakenOver', { processId, criterionIds })).toMatchObject({
    __typename: 'NotPossibleNow',
  });
});

test('what people type into a rating stands in no log, neither when it is kept nor when the database refuses it', async () => {
  const marks = ['kept', 'refused'].map((end) => `Merksatz-${v7()}-${end}`);
  const item = (await list('anna')).items.findLast(({ version }) => version === 0)!;
  const rate = (statement: string, expectedRatingVersion: number) =>
    walk.ask('anna', `mutation ($input: RateCriteriaInput!) { rateCriteria(input: $input) { __typename } }`, {
      input: {
        commandId: v7(),
        processId,
        ratings: [{ criterionId: item.criterion.id, level: 1, statement, expectedRatingVersion }],
      },
    });
  const spoken: string[] = [];
  const log = jest.spyOn(process.stderr, 'write').mockImplementation((text) => spoken.push(String(text)) > 0);
  try {
    expect((await rate(marks[0]!, item.version)).data!['rateCriteria'].__typename).toBe(
      'RateCriteriaSuccess',
    );
    await planted.superuser.query(
      `alter table audit.rating add constraint planted_fault check (statement not like '%-refused') not valid`,
    );
    const { errors } = await rate(
      marks[1]!,
      (await list('anna')).items.find((i) => i.criterion.id === item.criterion.id)!.version,
    );
    expect(errors!.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL']);
  } finally {
    log.mockRestore();
    await planted.superuser.query('alter table audit.rating drop constraint if exists planted_fault');
  }
  const written = readFileSync(cluster().logFile, 'utf8') + spoken.join('');
  expect(written).toContain('planted_fault');
  for (const mark of marks) expect(written.includes(mark)).toBe(false);
});

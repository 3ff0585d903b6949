import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Verifier } from '../../src/engine/index.ts';
import type { Fields } from '../support/app.ts';
import { Subject } from './subject.ts';

// Tom heads a team, Cara is at the post that carries out its measures. Lea heads the office above, Dora the
// directorate, Greta is the equal opportunities officer. Two measures were agreed on in May 2026, due at the end of
// June 2027.
let team: Subject;
let first: string;
let second: string;

beforeAll(async () => {
  team = await Subject.begin({
    definition: 'opening-light',
    catalogue: 'administration',
    closesOn: '2029-12-31',
    units: [
      { code: 'T', level: 'L0', kind: 'SPI', head: 'lars' },
      { code: 'D', parent: 'T', level: 'L1', kind: 'DEZ', head: 'dora' },
      { code: 'A', parent: 'D', level: 'L2', kind: 'FAC', head: 'lea' },
      { code: 'A1', parent: 'A', level: 'L4', kind: 'FAC', headcount: 7, head: 'tom' },
    ],
    others: ['cara', 'nora'],
    of: 'A1',
    head: 'tom',
    owner: 'anna',
    deputy: 'bora',
  });
  await team.takes('tom', 'NAME_TEAM', { ownerId: team.person('anna'), deputyId: team.person('bora') });
  await team.takes('wanda', 'CONFIRM_SCOPE', { representationsInformedOn: '2026-03-02' });
  await team.rates(2);
  await team.takes('anna', 'CLOSE_RATINGS');
  await team.signsOff();
  await team.takes('jana', 'ACCEPT_SUBMISSION');
  await team.audits(2);
  await team.reports('Zwei Kriterien sollen besser werden.');
  await team.takes('jana', 'SEND_DRAFT');
  await team.takes('tom', 'ACCEPT_DRAFT');
  await team.takes('wanda', 'PUBLISH_REPORT');
  const competentPostId = await team.planted.seat('cara', 'A1-02', 'A1');
  first = await team.undertakes('STE-01', { competentPostId });
  second = await team.undertakes('PEN-01');
  await team.takes('tom', 'SUBMIT_TARGETS');
}, 60_000);
afterAll(() => team?.close());

const course = (who: string, measureId: string, fields: string) => team.process(who, measureId, fields);
const stage = async (measureId: string) => (await course('tom', measureId, 'stage'))['stage'];
const standing = async (measureId: string) => {
  const { measures } = await team.see(
    'tom',
    'measures { id status history { status note } process { stage } }',
  );
  return measures.find(({ id }: { id: string }) => id === measureId);
};
const takes = (who: string, measureId: string, step: string, payload?: object) =>
  team.takes(who, step, payload, measureId);

test('with the approval each measure is decided and due on its own day, in the hands of its post', async () => {
  team.on('2026-05-04');
  const { targetAgreement } = await team.see('dora', 'targetAgreement { contentHash }');
  const signature = { processId: team.id, as: 'DEZ', contentHash: targetAgreement.contentHash };
  await team.does('dora', 'coSignTargets', signature);
  expect(await team.takes('lea', 'APPROVE_TARGETS')).toBe('implementation');
  const process = await course(
    'tom',
    first,
    'stage history { step } deadlines { name dueOn } possibleSteps { step candidates { name } }',
  );
  expect(process).toMatchObject({
    stage: 'open.decided',
    history: [{ step: '$start' }, { step: 'ADOPT' }],
    deadlines: [
      { name: 'quarterly', dueOn: '2026-08-04' },
      { name: 'due', dueOn: '2027-06-30' },
    ],
  });
  const begin = process['possibleSteps'].find(({ step }: { step: string }) => step === 'BEGIN');
  expect(begin.candidates.map(({ name }: { name: string }) => name).sort()).toEqual([
    'Anna',
    'Bora',
    'Cara',
    'Tom',
  ]);
  expect(await standing(first)).toMatchObject({ status: 'AGREED' });
});

test('whoever is at the post finds it among the open work', async () => {
  const query =
    '{ myOpenWork { kind dueOn steps { step } measure { id unit { code } } openingProcess { unit { code } } } }';
  const work = async (who: string) =>
    (await team.asks(who, query))['myOpenWork'].filter((one: Fields) => one['measure']) as Fields[];
  expect(await work('cara')).toEqual([
    {
      kind: 'STEP',
      dueOn: '2026-08-04',
      steps: expect.arrayContaining([{ step: 'BEGIN' }]),
      measure: { id: first, unit: { code: 'A1' } },
      openingProcess: null,
    },
  ]);
  const annas = await work('anna');
  expect(new Set(annas.map((one) => one['measure'].id))).toEqual(new Set([first, second]));
  expect(annas[0]!['openingProcess']).toEqual({ unit: { code: 'A1' } });
  expect([await work('jana'), await work('dora')]).toEqual([[], []]);
});

test('within a week of the notice the equal opportunities officer may hold its execution, and then nothing is done', async () => {
  expect(
    await takes('greta', first, 'HOLD_EXECUTION', { reason: 'Gleichstellungsplan nicht beachtet.' }),
  ).toBe('open.decided');
  expect(await takes('cara', first, 'REPORT_DONE')).toMatchObject({
    reasons: ['Die Ausführung ist bis zu einer neuen Entscheidung gehemmt.'],
  });
  expect(await takes('cara', first, 'BEGIN')).toMatchObject({ __typename: 'NotPossibleNow' });
  const anew = { outcome: 'DISMISSED', reason: 'Der Plan ist beachtet.' };
  expect(await takes('greta', first, 'DECIDE_ANEW', anew)).toMatchObject({ __typename: 'NotAllowed' });
  expect(await takes('lea', first, 'DECIDE_ANEW', anew)).toBe('open.decided');
});

test('a step moves the measure, a report takes the step: there is one truth', async () => {
  expect(await takes('lea', first, 'BEGIN')).toMatchObject({ __typename: 'NotAllowed' });
  expect(await takes('cara', first, 'BEGIN', { note: 'Entwurf liegt vor.' })).toBe('open.inProgress');
  expect(await standing(first)).toMatchObject({ status: 'IN_PROGRESS' });
  const reports = [{ measureId: second, status: 'DELAYED', note: 'Die Stelle ist unbesetzt.' }];
  await team.does('tom', 'reportOnMeasures', { processId: team.id, reports });
  expect([await stage(second), (await standing(second)).history.at(-1)]).toEqual([
    'open.delayed',
    { status: 'DELAYED', note: 'Die Stelle ist unbesetzt.' },
  ]);
});

test('every quarter its status is asked for, and silence is shown', async () => {
  team.on('2026-08-05');
  expect(await takes('greta', second, 'HOLD_EXECUTION', { reason: 'Zu spät.' })).toMatchObject({
    reasons: ['Widerspruch ist binnen einer Woche nach der Unterrichtung einzulegen (§ 19 LGG NRW).'],
  });
  expect(await team.passes()).toContain('STATUS_DUE');
  expect((await course('cara', first, 'tags'))['tags']).toContain('reportDue');
  team.on('2026-08-21');
  expect(await team.passes()).toContain('STATUS_MISSED');
  expect((await course('tom', first, 'tasks { name function }'))['tasks']).toContainEqual({
    name: 'reportMissed',
    function: 'HEAD',
  });
  expect(await takes('cara', first, 'REPORT_PROGRESS', { effect: '2 von 4' })).toBe('open.inProgress');
  expect((await course('cara', first, 'tags'))['tags']).not.toContain('reportDue');
});

test('it rests until the day it was postponed to', async () => {
  const until = { until: '2026-08-20', note: 'Umbau.' };
  expect(await takes('cara', first, 'POSTPONE', until)).toMatchObject({
    __typename: 'InvalidInput',
    faults: [{ path: 'payload.until' }],
  });
  expect(await takes('cara', first, 'POSTPONE', { ...until, until: '2026-12-01' })).toBe('postponed');
  expect((await course('cara', first, 'deadlines { name dueOn }'))['deadlines']).toEqual([
    { name: 'resumption', dueOn: '2026-12-01' },
  ]);
  team.on('2026-12-02');
  expect(await team.passes()).toContain('RESUMPTION_DUE');
  expect([await stage(first), (await standing(first)).status]).toEqual(['postponed', 'POSTPONED']);
  expect(await takes('cara', first, 'REPORT_PROGRESS')).toBe('open.inProgress');
});

test('its day is reminded of twenty working days before, and escalates when it passes', async () => {
  team.on('2027-06-02');
  expect(await team.passes()).toContain('REMIND');
  team.on('2027-08-20');
  expect(await team.passes()).toEqual(
    expect.arrayContaining(['MARK_OVERDUE', 'NOTIFY_HEAD', 'ESCALATE', 'ESCALATE_TOP']),
  );
  expect((await course('lars', first, 'tags'))['tags']).toEqual(
    expect.arrayContaining(['overdue', 'escalated']),
  );
});

test('it is done only when somebody else has confirmed its effect', async () => {
  expect(await takes('tom', first, 'REPORT_DONE', { effect: '4 von 4', cost: 1200 })).toBe(
    'delivered.reportedDone',
  );
  const effect = { effect: '4 von 4' };
  expect((await takes('tom', first, 'CONFIRM_EFFECT', effect)) as object).toMatchObject({
    __typename: 'NotAllowed',
  });
  expect((await team.act('tom', 'confirmEffect', { measureId: first, ...effect })).__typename).toBe(
    'FourEyesNeeded',
  );
  expect(await takes('lea', first, 'DEMAND_REWORK', { reason: 'Ein Bereich fehlt.' })).toBe('open.rework');
  expect(await standing(first)).toMatchObject({ status: 'IN_PROGRESS' });
  expect(await takes('tom', first, 'REPORT_DONE', effect)).toBe('delivered.reportedDone');
  team.on('2027-11-24'); // three months later
  expect(await team.passes()).toContain('EFFECT_CHECK_DUE');
  expect(await stage(first)).toBe('delivered.effectCheck');
  const confirmed = await team.does(
    'lea',
    'confirmEffect',
    { measureId: first, ...effect },
    'measure { status }',
  );
  expect(confirmed['measure']).toEqual({ status: 'EFFECT_CONFIRMED' });
  expect(await course('lea', first, 'status stage')).toEqual({ status: 'FINISHED', stage: 'closed' });
});

test('it outlives its unit: where the team goes on, the measure does', async () => {
  team.on('2027-12-01');
  const units = `code;name;parentCode;level;kind;headcount;validFrom;validTo;predecessorCodes
A1;Team Eins;A;L4;FAC;7;2020-01-01;2027-11-30;
A9;Team Neun;A;L4;FAC;9;2027-12-01;;A1`;
  const posts = `postNo;unitCode;function;isManagement;validFrom;validTo
A1-01;A1;Teamleitung;ja;2020-01-01;2027-11-30
A9-01;A9;Teamleitung;ja;2027-12-01;
A1-02;A9;Sachbearbeitung;nein;2027-12-01;`;
  const holders = `postNo;personKey;displayName;type;from;to
A1-01;tom;Tom;holder;2020-01-01;2027-11-30
A9-01;nora;Nora;holder;2027-12-01;`;
  const importIds = await team.uploads('hanno', {
    'units.csv': units,
    'posts.csv': posts,
    'holders.csv': holders,
  });
  await team.does('hanno', 'applyImport', { importIds, missing: 'KEEP' });
  expect(await takes('nora', second, 'REPORT_PROGRESS')).toMatchObject({ __typename: 'NotAllowed' });
  const proposal = { unitId: team.unit('A1'), reason: 'Organisationsverfügung 12.' };
  const { succession } = await team.does('hanno', 'proposeSuccession', proposal, 'succession { id }');
  await team.does('wanda', 'confirmSuccession', { successionId: succession.id });
  expect(await takes('nora', second, 'REPORT_PROGRESS', { effect: '3 von 4' })).toBe('open.inProgress');
  const { measure } = await team.asks(
    'nora',
    `{ measure(id: "${second}") { status unit { code } process { stage } } }`,
  );
  expect(measure).toEqual({
    status: 'IN_PROGRESS',
    unit: { code: 'A9' },
    process: { stage: 'open.inProgress' },
  });
  const { history } = await course('nora', second, 'history { step label person { displayName } }');
  expect(history.slice(-2)).toEqual([
    { step: '$handOver', label: 'An einen Nachfolger übergegangen', person: { displayName: 'Wanda' } },
    expect.objectContaining({ step: 'REPORT_PROGRESS' }),
  ]);
});

test('what was logged leads to what stands', async () => {
  const report = await team.walk.app.get(Verifier, { strict: false }).run();
  expect(report.differences).toEqual([]);
});

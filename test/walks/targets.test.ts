import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startedRound, type Opening } from '../audit/opening.ts';
import type { Stage } from '../audit/support.ts';
import { processRows } from '../../src/status/status.sql.ts';
import { bootApp, type TestApp } from '../support/app.ts';
import { inDays } from '../support/days.ts';

// The report on the team of `teamleiter` is released: all at level 2 but one core criterion at 1. `dezernent`,
// `kaemmerei` and others co-sign, `amtsleiterin` approves, `vorsitz` and `mitglied` are the board.
let stage: Stage;
let team: Opening;
let roundId: string;
let walk: TestApp;
let core: string[];
let headPost: string;

interface Slot {
  readonly function: string;
  readonly isSigned: boolean;
}
interface Work {
  readonly kind: string;
  readonly openingProcess: { readonly unit: { readonly code: string } };
  readonly steps: readonly { readonly step: string }[];
}
interface Group {
  readonly state: string;
  readonly waitingFor: readonly { readonly function: string; readonly functionName: string }[];
}
interface Waiting {
  readonly unit: { readonly code: string };
  readonly waitingFor: readonly string[];
  readonly waitingForNames: readonly string[];
}
const step = (who: string, name: string, payload?: object) =>
  walk.act(who, 'takeStep', { processId: team.id, step: name, payload }, 'process { stage }');
const takes = async (who: string, name: string, payload?: object) =>
  (await walk.does(who, 'takeStep', { processId: team.id, step: name, payload }, 'process { stage }'))[
    'process'
  ].stage;
const of = async (who: string, fields: string) =>
  (await walk.see(who, `{ openingProcess(id: "${team.id}") { ${fields} } }`))['openingProcess'];

const terms = (over: object = {}) => ({
  criterionId: core[0],
  title: 'Zuständigkeit im Geschäftsverteilungsplan nennen',
  competentPostId: headPost,
  dueOn: '2027-09-30',
  indicator: 'Kriterien mit benannter Stelle',
  baseline: '4 von 9',
  budgetKind: 'NONE',
  ...over,
});
const shown = `id number title description dueOn indicator baseline budgetKind budgetLine touches lacking status
  statusSince version unit { code } criterion { id } competentPost { postNo } history { status note effect
  postponedUntil at by { displayName } }`;
const agreement = `targetAgreement { version contentHash submittedAt submittedBy { displayName }
  coSignatures { function isSigned at by { displayName } represents { displayName } holders { displayName } }
  outcomes { kind reason at by { displayName } } }`;
const coSign = async (who: string, as: string) => {
  const { contentHash } = (await of('teamleiter', agreement)).targetAgreement;
  const selection = `openingProcess { process { stage } ${agreement} }`;
  return walk.act(who, 'coSignTargets', { processId: team.id, as, contentHash }, selection);
};
/** What waits for somebody: kind, unit and steps. */
const work = async (who: string) =>
  (await walk.see(who, '{ myOpenWork { kind openingProcess { unit { code } } steps { step } } }'))[
    'myOpenWork'
  ]
    .filter(({ openingProcess }: Work) => openingProcess.unit.code === 'T1')
    .map(({ kind, steps }: Work) => [kind, 'T1', steps.map(({ step: name }) => name)]);
/** Whose turn it is, as the status tells leadership: in the list of units and by state. */
const turn = async () => {
  const { process } = await of('teamleiter', 'process { stage }');
  const { status } = await walk.see(
    'landraetin',
    `{ status { states { states { state waitingFor { function functionName } }
       units(state: "${process.stage}") { nodes { unit { code } waitingFor waitingForNames } } } } }`,
  );
  const group = status.states.states.find(({ state }: Group) => state === process.stage) as Group;
  const unit = status.states.units.nodes.find(({ unit: { code } }: Waiting) => code === 'T1') as Waiting;
  expect(group.waitingFor.map((entry) => entry.function).sort()).toEqual(unit.waitingFor);
  const names = new Map(group.waitingFor.map((entry) => [entry.function, entry.functionName]));
  expect(unit.waitingForNames).toEqual(unit.waitingFor.map((code) => names.get(code)));
  return unit.waitingFor;
};

beforeAll(async () => {
  ({ stage, team, roundId } = await startedRound());
  await team.toDesk(2);
  ({ core } = await team.criteria());
  await team.toTargets(2, { [core[0]!]: 1 });
  const unit = stage.units.get('T1')!;
  headPost = (await stage.read((db) => stage.organisation.headPost(db, [unit]))).get(unit)!.id;
  walk = await bootApp(stage.database, 'probe');
}, 60_000);
afterAll(async () => {
  await walk?.close();
  await stage?.close();
});

test('the weak core criterion asks for a measure, and the measure for all that is agreed on', async () => {
  expect(await step('teamleiter', 'SUBMIT_TARGETS')).toMatchObject({ __typename: 'NotPossibleNow' });
  const measures = [{ criterionId: core[0], title: 'Zuständigkeit nennen' }];
  const drafted = await walk.does(
    'anna',
    'proposeMeasures',
    { processId: team.id, measures },
    `measures { ${shown} }`,
  );
  const [draft] = drafted['measures'];
  expect(draft).toMatchObject({
    number: 1,
    status: 'DRAFT',
    version: 1,
    unit: { code: 'T1' },
    lacking: ['zuständige Stelle', 'Termin', 'Wirkungskennzahl', 'Ausgangswert', 'Mittel oder „keine“'],
  });
  expect(await step('teamleiter', 'SUBMIT_TARGETS')).toMatchObject({ __typename: 'NotPossibleNow' });
  const revision = { measureId: draft.id, expectedVersion: 1, terms: terms() };
  const revised = await walk.does('anna', 'reviseMeasure', revision, `measure { ${shown} }`);
  expect(revised['measure']).toMatchObject({ version: 2, lacking: [], competentPost: { postNo: 'T1-01' } });
  expect(await walk.act('anna', 'reviseMeasure', revision)).toMatchObject({ __typename: 'ChangedMeanwhile' });
  const foreign = { processId: team.id, measures: [terms()] };
  for (const who of ['dezernent', 'auditorin', 'personalamt'])
    expect(await walk.act(who, 'proposeMeasures', foreign)).toMatchObject({ __typename: 'NotAllowed' });
});

test('a budget line without its name is told with its place', async () => {
  const measures = [terms(), terms({ budgetKind: 'LINE' })];
  expect(await walk.act('anna', 'proposeMeasures', { processId: team.id, measures })).toMatchObject({
    __typename: 'InvalidInput',
    faults: [{ path: 'measures.1.budgetLine' }],
  });
  const superfluous = [terms({ title: 'Überflüssig' })];
  const added = await walk.does(
    'anna',
    'proposeMeasures',
    { processId: team.id, measures: superfluous },
    'measures { id }',
  );
  const drop = { measureId: added['measures'][0].id, reason: 'Doppelt.' };
  const dropped = await walk.does(
    'teamleiter',
    'dropMeasure',
    drop,
    `measure { status history { status note } }`,
  );
  expect(dropped['measure']).toMatchObject({
    status: 'REJECTED',
    history: [{ status: 'DRAFT' }, { note: 'Doppelt.' }],
  });
});

test('who must sign is listed with who is missing; the last signature brings the approval', async () => {
  const paid = terms({
    title: 'Schulung',
    budgetKind: 'LINE',
    budgetLine: '946200/543990',
    touches: ['STAFFING'],
  });
  await walk.does('teamleiter', 'proposeMeasures', { processId: team.id, measures: [paid] });
  expect(await takes('teamleiter', 'SUBMIT_TARGETS')).toBe('targets.coSign');
  const submitted = (await of('personalamt', agreement)).targetAgreement;
  expect(submitted.coSignatures.map((slot: Slot) => [slot.function, slot.isSigned])).toEqual(
    ['DEZ', 'FIN', 'GB', 'HR', 'PR'].map((fn) => [fn, false]),
  );
  for (const who of ['dezernent', 'personalamt', 'kaemmerei', 'gleichstellung', 'personalrat'])
    expect([who, await work(who)]).toEqual([who, [['SIGN', 'T1', ['OBJECT_TARGETS']]]]);
  for (const who of ['teamleiter', 'amtsleiterin', 'auditorin'])
    expect([who, await work(who)]).toEqual([who, []]);
  expect(await turn()).toEqual(['DEZ', 'FIN', 'GB', 'HR', 'PR']);
  expect(await coSign('dezernent', 'HR')).toMatchObject({ __typename: 'NotAllowed' });
  expect((await coSign('personalrat', 'PR'))['openingProcess'].process.stage).toBe('targets.coSign');
  expect(await coSign('personalrat', 'PR')).toMatchObject({ __typename: 'NotPossibleNow' });
  expect([await work('personalrat'), await turn()]).toEqual([[], ['DEZ', 'FIN', 'GB', 'HR']]);
  expect((await coSign('dezernent', 'DEZ')).__typename).toBe('CoSignTargetsSuccess');
  expect([await work('dezernent'), await turn()]).toEqual([[], ['FIN', 'GB', 'HR']]);
  // The others sign at the same moment: each finds its place, and the last one brings the approval, once.
  const signed = await Promise.all([
    coSign('personalamt', 'HR'),
    coSign('gleichstellung', 'GB'),
    coSign('kaemmerei', 'FIN'),
  ]);
  expect(signed.map(({ __typename }) => __typename)).toEqual(
    Array.from(signed, () => 'CoSignTargetsSuccess'),
  );
  expect([await work('kaemmerei'), await turn()]).toEqual([[], ['NEXT_ABOVE']]);
  const { process, targetAgreement } = await of(
    'teamleiter',
    `process { stage history { step } } ${agreement}`,
  );
  expect(process.stage).toBe('targets.approval');
  expect(process.history.filter(({ step: name }: { step: string }) => name === 'ALL_SIGNED')).toHaveLength(1);
  expect(targetAgreement.coSignatures.every(({ isSigned }: Slot) => isSigned)).toBe(true);
});

test('whose turn it was while signatures came in can be asked later', async () => {
  const { coSignatures } = (await of('teamleiter', agreement)).targetAgreement;
  const signedAt = new Date(coSignatures.find((slot: Slot) => slot.function === 'DEZ').at);
  const was = async (cutoff: Date) => {
    const day = { day: '2026-11-24', cutoff };
    const units = [stage.units.get('T1')!];
    const [row] = await stage.read((db) => processRows(db, roundId, day, units));
    return row!.waitingFor;
  };
  expect(await was(signedAt)).toEqual(['DEZ', 'FIN', 'GB', 'HR']);
  expect(await was(new Date(signedAt.getTime() + 1))).toEqual(['FIN', 'GB', 'HR']);
});

test('only the next higher management approves', async () => {
  for (const who of ['teamleiter', 'dezernent', 'koordination'])
    expect([who, (await step(who, 'APPROVE_TARGETS')).__typename]).toEqual([who, 'NotAllowed']);
  expect(await takes('amtsleiterin', 'APPROVE_TARGETS')).toBe('implementation.running');
  expect(await of('amtsleiterin', `measures { status } ${agreement}`)).toMatchObject({
    measures: [{ status: 'AGREED' }, { status: 'REJECTED' }, { status: 'AGREED' }],
    targetAgreement: { outcomes: [{ kind: 'APPROVED', by: { displayName: 'Amtsleiterin' } }] },
  });
});

test('measures are reported on, confirmed by somebody else, and open the final review', async () => {
  const [first, , last] = (await of('teamleiter', 'measures { id }')).measures;
  const report = (who: string, reports: object[]) =>
    walk.act(who, 'reportOnMeasures', { processId: team.id, reports }, `measures { ${shown} }`);
  const silent = [{ measureId: first.id, status: 'POSTPONED', note: 'Umbau.' }];
  expect(await report('teamleiter', silent)).toMatchObject({ __typename: 'ReportIncomplete' });
  expect(await report('dezernent', silent)).toMatchObject({ __typename: 'NotAllowed' });
  const done = [first, last].map(({ id }) => ({ measureId: id, status: 'REPORTED_DONE', effect: '9 von 9' }));
  expect(await report('teamleiter', done)).toMatchObject({ measures: [{ status: 'REPORTED_DONE' }, {}] });
  expect(await step('teamleiter', 'REQUEST_FINAL_REVIEW')).toMatchObject({
    reasons: [expect.stringContaining('0'), expect.any(String)],
  });
  const confirm = (who: string, measureId: string) =>
    walk.act(who, 'confirmEffect', { measureId, effect: '9 von 9' }, `measure { ${shown} }`);
  expect(await confirm('teamleiter', first.id)).toMatchObject({ __typename: 'FourEyesNeeded' });
  for (const { id } of [first, last])
    expect((await confirm('amtsleiterin', id))['measure']).toMatchObject({ status: 'EFFECT_CONFIRMED' });
  const { measure } = await walk.see('amtsleiterin', `{ measure(id: "${first.id}") { ${shown} } }`);
  expect(measure.history).toHaveLength(4);
  expect((await walk.see('personalamt', `{ measure(id: "${first.id}") { id } }`))['measure']).toBeNull();
  expect(await takes('teamleiter', 'REQUEST_FINAL_REVIEW')).toBe('finalReview');
});

test('the board votes within the thresholds and the result is computed', async () => {
  await walk.does('auditorin', 'rateAsAuditor', {
    processId: team.id,
    ratings: [{ criterionId: core[0], level: 1, explanation: 'Noch nicht für alle Kriterien.' }],
  });
  const advice = { recommendation: 'RECOGNISE_WITH_CONDITIONS', reason: 'Eine Auflage genügt.' };
  expect(await takes('auditleitung', 'RECOMMEND', advice)).toBe('decision.pending');
  const ballot = `ballot { quorum isQuorate forFull forConditions forRefusal abstentions result ownChoice
    missing { displayName } excluded { displayName } } recommendations { recommended reason at by { displayName } }`;
  const { contentHash } = (await of('vorsitz', 'ballot { contentHash }')).ballot;
  const vote = (who: string, choice: string, read = contentHash) =>
    walk.act(
      who,
      'castVote',
      { processId: team.id, choice, contentHash: read, rationale: 'Nach dem Bericht.' },
      `openingProcess { ${ballot} }`,
    );
  expect(await vote('anna', 'FOR_CONDITIONS')).toMatchObject({ __typename: 'NotAllowed' });
  expect(await vote('vorsitz', 'FOR_CONDITIONS', 'f'.repeat(64))).toMatchObject({
    __typename: 'ChangedMeanwhile',
    message: 'Die Bewertungen wurden seit dem Lesen geändert. Bitte neu lesen und dann abstimmen.',
  });
  expect(await vote('vorsitz', 'FOR_FULL')).toMatchObject({
    __typename: 'BeyondThresholds',
    message: 'Die Bewertungen erlauben höchstens „mit Auflagen anerkannt“.',
  });
  await vote('vorsitz', 'FOR_CONDITIONS');
  expect(await of('vorsitz', ballot)).toMatchObject({
    ballot: {
      isQuorate: false,
      result: null,
      ownChoice: 'FOR_CONDITIONS',
      missing: [{ displayName: 'Mitglied' }],
    },
    recommendations: [{ recommended: 'CONDITIONAL', reason: 'Eine Auflage genügt.' }],
  });
  expect(await vote('mitglied', 'FOR_REFUSAL')).toMatchObject({
    openingProcess: { ballot: { result: 'CONDITIONAL' } },
  });
  expect(await step('vorsitz', 'RECOGNISE_WITH_CONDITIONS', { reason: 'Nach Beratung.' })).toMatchObject({
    reasons: ['Es ist noch keine Auflage benannt.'],
  });
});

test('conditions are named, decided, shown, assessed and met', async () => {
  const shownConditions = `conditions { id demand dueOn state criterion { id } entries { state note at by { displayName }
    evidence { reference } } }`;
  const wanted = [{ criterionId: core[0], demand: 'Stufe 2 zeigen.', dueOn: '2099-01-01' }];
  const input = { processId: team.id, conditions: [...wanted, { demand: 'Zu viel.', dueOn: '2099-02-01' }] };
  const proposed = await walk.does(
    'auditleitung',
    'proposeConditions',
    input,
    `openingProcess { ${shownConditions} }`,
  );
  const [condition, tooMuch] = proposed['openingProcess'].conditions;
  await walk.does('auditleitung', 'dropCondition', { conditionId: tooMuch.id });
  const reason = { reason: 'Nach Beratung.' };
  expect(await takes('vorsitz', 'RECOGNISE_WITH_CONDITIONS', reason)).toBe('recognised.conditional');
  expect(await work('teamleiter')).toEqual([['SHOW', 'T1', []]]);
  const assess = (isMet: boolean) =>
    walk.act('auditorin', 'assessCondition', { conditionId: condition.id, isMet, note: 'Gesehen.' });
  expect(await assess(true)).toMatchObject({ __typename: 'NotPossibleNow' });
  const proof = {
    kind: 'FILE_REFERENCE',
    evidenceType: 'RULE',
    reference: 'GVP 2027',
    proofOn: '2026-10-01',
    containsNoPersonalData: true,
  };
  await walk.does('anna', 'showCondition', {
    conditionId: condition.id,
    note: 'Alle benannt.',
    newEvidence: [proof],
  });
  expect(await work('teamleiter')).toEqual([]);
  expect(await assess(true)).toMatchObject({ __typename: 'AssessConditionSuccess' });
  expect((await of('teamleiter', shownConditions)).conditions).toMatchObject([
    { state: 'MET', entries: [{ state: 'SHOWN', evidence: [{ reference: 'GVP 2027' }] }, { state: 'MET' }] },
  ]);
  expect(await takes('auditleitung', 'CONDITIONS_MET')).toBe('recognised.full');
});

test('recognised, the head keeps it up yearly; the board may take it back after a hearing', async () => {
  const statements = core.map((criterionId) => ({ criterionId, upheld: true, statement: 'Unverändert.' }));
  const stated = await walk.does(
    'teamleiter',
    'reconfirmCoreCriteria',
    { processId: team.id, statements },
    'openingProcess { surveillance { upheld statement at by { displayName } criterion { id } } }',
  );
  expect(stated['openingProcess'].surveillance).toHaveLength(3);
  await takes('teamleiter', 'SURVEILLANCE', { statement: 'Alle Kernkriterien bestehen fort.' });
  const withdraw = (hearingHeldOn: string) =>
    step('vorsitz', 'WITHDRAW', { hearingHeldOn, reason: 'Nicht fortgeführt.' });
  expect(await withdraw('2099-01-01')).toMatchObject({ __typename: 'InvalidInput' });
  expect(await withdraw(inDays(-1))).toMatchObject({ process: { stage: 'withdrawn' } });
  const decisions = `decisions { outcome allowed exemplary percent forFull forConditions forRefusal abstentions excluded
    reason at by { displayName } }`;
  expect((await of('dezernent', decisions)).decisions).toMatchObject([
    { outcome: 'WITHDRAWN', reason: 'Nicht fortgeführt.', by: { displayName: 'Vorsitz' } },
    { outcome: 'FULL', forFull: 0 },
    {
      outcome: 'CONDITIONAL',
      allowed: 'CONDITIONAL',
      forConditions: 1,
      forRefusal: 1,
      reason: 'Nach Beratung.',
    },
  ]);
});

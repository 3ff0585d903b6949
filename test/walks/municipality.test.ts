import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Subject } from './subject.ts';

// A member municipality, headed by `buergermeister`; Anna coordinates its case management, Bora is her deputy. Wanda
// coordinates for the region, Jana leads the check, Vera chairs the region's steering group. The agreed day is the last
// one of 2027.
let town: Subject;

beforeAll(async () => {
  town = await Subject.begin({
    definition: 'case-management',
    catalogue: 'case-management',
    closesOn: '2027-12-31',
    units: [
      { code: 'T', level: 'L0', kind: 'SPI', head: 'lars' },
      { code: 'ROE', level: 'L2', kind: 'KOMM', head: 'buergermeister' },
    ],
    of: 'ROE',
    head: 'buergermeister',
    owner: 'anna',
    deputy: 'bora',
  });
}, 60_000);
afterAll(() => town?.close());

const stage = async () => (await town.see('wanda', 'process { stage }'))['process'].stage;
const decided = { decidedOn: '2026-05-01', minutes: 'Protokoll 3, TOP 2', reason: 'Nach Beratung.' };
const core = ['KIM-01', 'KIM-02', 'KIM-03', 'KIM-05', 'KIM-11'];
const all = (codes: readonly string[], level: number) =>
  Object.fromEntries(codes.map((code) => [code, level]));

test('the municipality agrees, takes stock, is looked at from outside and has its plan decided', async () => {
  await town.takes('buergermeister', 'NAME_TEAM', {
    ownerId: town.person('anna'),
    deputyId: town.person('bora'),
  });
  const agreement = { agreedOn: '2026-03-02', agreement: 'Vereinbarung 46/2026' };
  expect(await town.takes('wanda', 'CONFIRM_SCOPE', agreement)).toBe('inventory.selfAssessment');
  expect((await town.see('anna', 'completion { applicable }'))['completion'].applicable).toBe(15);
  await town.rates(1, { 'KIM-01': 2 });
  await town.takes('anna', 'CLOSE_RATINGS');
  expect(await town.signsOff()).toBe('review.submitted');
  await town.takes('jana', 'ACCEPT_SUBMISSION');
  await town.audits(1, { 'KIM-01': 2 });
  await town.reports('Der Beschluss liegt vor, die Stellen sind noch nicht besetzt.');
  await town.takes('jana', 'SEND_DRAFT');
  await town.takes('buergermeister', 'ACCEPT_DRAFT');
  expect(await town.takes('wanda', 'PUBLISH_REPORT')).toBe('plan.drafting');
  for (const code of core.slice(1)) await town.undertakes(code);
  expect(await town.takes('buergermeister', 'SUBMIT_TARGETS')).toBe('plan.agreeing');
  expect(await town.takes('wanda', 'APPROVE_TARGETS', decided)).toMatchObject({ __typename: 'NotAllowed' });
  const { reason: _, ...paper } = decided;
  expect(await town.takes('vera', 'APPROVE_TARGETS', paper)).toBe('buildUp.running');
});

test('the day agreed on is its deadline, and half-yearly reports are asked for on the way', async () => {
  const { process } = await town.see('anna', 'process { deadlines { name dueOn } }');
  expect(process.deadlines).toContainEqual({ name: 'target', dueOn: '2027-12-31' });
  town.on('2026-09-10');
  expect(await town.passes()).toContain('INTERIM_DUE');
  const report = { report: 'Zwei von vier Stellen sind besetzt.' };
  expect(await town.takes('anna', 'SUBMIT_INTERIM', report)).toMatchObject({
    reasons: ['Maßnahmen ohne gemeldeten Stand: 4.'],
  });
  const { measures } = await town.see('anna', 'measures { id }');
  const reports = measures.map(({ id }: { id: string }) => ({ measureId: id, status: 'IN_PROGRESS' }));
  await town.does('anna', 'reportOnMeasures', { processId: town.id, reports });
  expect(await town.takes('anna', 'SUBMIT_INTERIM', report)).toBe('buildUp.running');
});

test('on that day it is checked; 59 % are not 60, and the build-up goes on', async () => {
  town.on('2028-01-03');
  expect(await town.passes()).toContain('TARGET_DATE_REACHED');
  expect(await stage()).toBe('finalReview');
  // 50 % with everything at 2; the five core criteria at 3 make 59.6.
  await town.audits(2, all(core, 3));
  const advice = { recommendation: 'CONTINUE_BUILD_UP', reason: 'Ein Netzwerk fehlt.' };
  expect(await town.takes('jana', 'RECOMMEND', advice)).toBe('decision');
  expect(await town.takes('vera', 'DECLARE_ESTABLISHED', decided)).toMatchObject({
    __typename: 'NotPossibleNow',
    reasons: ['Erreicht sind 59 %; etabliert ist das Case Management ab 60 %.'],
  });
  expect(await town.takes('vera', 'CONTINUE_BUILD_UP', decided)).toBe('buildUp.running');
  const { process } = await town.see('anna', 'process { deadlines { name dueOn } }');
  expect(process.deadlines).toContainEqual({ name: 'target', dueOn: '2029-01-03' });
});

test('above 60 % a single core criterion below 2 keeps it from being established', async () => {
  town.on('2028-06-01');
  expect(await town.takes('buergermeister', 'REQUEST_FINAL_REVIEW')).toBe('finalReview');
  await town.audits(3, { 'KIM-11': 1 });
  const advice = { recommendation: 'ESTABLISHED', reason: 'Fast alles steht.' };
  await town.takes('jana', 'RECOMMEND', advice);
  expect(await town.takes('vera', 'DECLARE_ESTABLISHED', decided)).toMatchObject({
    reasons: ['Kernkriterien unter Stufe 2: 1.'],
  });
  await town.takes('vera', 'CONTINUE_BUILD_UP', decided);
});

test('at 60 % with every core criterion at 2 it is established, and nothing else can be decided', async () => {
  town.on('2028-09-01');
  await town.takes('buergermeister', 'REQUEST_FINAL_REVIEW');
  await town.audits(2, { ...all(core, 3), 'KIM-09': 3 });
  await town.takes('jana', 'RECOMMEND', { recommendation: 'ESTABLISHED', reason: 'Das Netzwerk arbeitet.' });
  expect(await town.takes('vera', 'CONTINUE_BUILD_UP', decided)).toMatchObject({
    reasons: ['Mit 60 % und allen Kernkriterien auf Stufe 2 ist das Case Management etabliert.'],
  });
  expect(await town.takes('jana', 'DECLARE_ESTABLISHED', decided)).toMatchObject({
    __typename: 'NotAllowed',
  });
  expect(await town.takes('max', 'DECLARE_ESTABLISHED', decided)).toBe('established');
  const { process } = await town.see('buergermeister', 'process { stageLabel tags }');
  expect(process).toMatchObject({ stageLabel: 'Etabliert', tags: expect.arrayContaining(['established']) });
});

test('every year its head evaluates', async () => {
  town.on('2029-09-03');
  expect(
    await town.takes('buergermeister', 'CONFIRM_YEARLY', { statement: 'Vier Stellen, dauerhaft.' }),
  ).toBe('established');
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Subject } from './subject.ts';

// A primary school outside the administration's chart, headed by `rektorin`; Anna and Bora lead its steering group.
// Wanda of the integration centre accompanies it, Jana and Ali look from outside, Vera chairs the body of centre and
// school authority.
let school: Subject;

beforeAll(async () => {
  school = await Subject.begin({
    definition: 'education',
    catalogue: 'education',
    closesOn: '2028-12-31',
    units: [
      { code: 'T', level: 'L0', kind: 'SPI', head: 'lars' },
      { code: 'A46', parent: 'T', level: 'L2', kind: 'PUB', head: 'lea' },
      { code: 'GS1', level: 'L2', kind: 'GS', head: 'rektorin' },
    ],
    of: 'GS1',
    head: 'rektorin',
    owner: 'anna',
    deputy: 'bora',
  });
}, 60_000);
afterAll(() => school?.close());

const stage = async () => (await school.see('rektorin', 'process { stage stageLabel }'))['process'].stage;
/** The field, or the code of the error that came instead. */
const may = async (who: string, field: string) => {
  const { data, errors } = await school.ask(who, field);
  return errors?.[0]?.extensions.code ?? (data?.['openingProcess'] ? 'OK' : 'NONE');
};

test('the school is invited, agrees, and takes stock by its own criteria', async () => {
  expect(await stage()).toBe('preparation.invited');
  const team = { ownerId: school.person('anna'), deputyId: school.person('bora') };
  expect(await school.takes('lars', 'NAME_TEAM', team)).toMatchObject({ __typename: 'NotAllowed' });
  expect(await school.takes('rektorin', 'NAME_TEAM', team)).toBe('preparation.teamNamed');
  expect(await school.takes('wanda', 'CONFIRM_SCOPE', { supportRequested: ['ADVICE', 'TRAINING'] })).toBe(
    'inventory.selfAssessment',
  );
  const { completion } = await school.see('anna', 'completion { applicable }');
  expect(completion.applicable).toBe(20);
});

test('it asks for more time, once, and the centre grants it', async () => {
  const request = {
    deadline: 'selfAssessment',
    until: '2026-06-20',
    reason: 'Zwei Lehrkräfte sind ausgefallen.',
  };
  expect(await school.takes('rektorin', 'REQUEST_EXTENSION', request)).toBe('inventory.selfAssessment');
  expect(await school.takes('rektorin', 'GRANT_EXTENSION', { deadline: 'selfAssessment' })).toMatchObject({
    __typename: 'NotAllowed',
  });
  await school.takes('wanda', 'GRANT_EXTENSION', { deadline: 'selfAssessment' });
  const { process } = await school.see('anna', 'process { deadlines { name dueOn firstDueOn } }');
  // Twelve weeks ended on Whit Monday, so on the day after; the day wished for is a Saturday.
  expect(process.deadlines).toEqual([
    { name: 'selfAssessment', dueOn: '2026-06-22', firstDueOn: '2026-05-26' },
  ]);
});

test('a deadline passes: steering group, head and coordination are told, nobody above the school', async () => {
  school.on('2026-08-10'); // more than thirty working days after 22 June
  expect(await school.passes()).toEqual(
    expect.arrayContaining(['REMIND', 'MARK_OVERDUE', 'NOTIFY_HEAD', 'ESCALATE_COORD', 'ESCALATE_BOARD']),
  );
  const { process } = await school.see('wanda', 'process { tags tasks { name function } }');
  expect(process.tags).toEqual(expect.arrayContaining(['overdue', 'escalated']));
  expect(process.tasks).toContainEqual({ name: 'clearDelayBoard', function: 'BOARD' });
});

test('what it finds is its own until its head releases it', async () => {
  await school.rates(2, { 'EDU-02': 1, 'EDU-16': 1 });
  expect(await school.takes('anna', 'CLOSE_RATINGS')).toBe('inventory.consensus');
  expect(await school.takes('anna', 'SIGN_OFF', { contentHash: '0'.repeat(64) })).toMatchObject({
    __typename: 'NotAllowed',
  });
  expect(await school.signsOff()).toBe('inventory.signed');
  for (const who of ['wanda', 'jana', 'vera'])
    expect([who, await may(who, 'maturity { percent }')]).toEqual([who, 'FORBIDDEN']);
  // The head of the administration heads no school.
  expect(await may('lars', 'maturity { percent }')).toBe('NONE');
  expect(await school.takes('wanda', 'RELEASE')).toMatchObject({ __typename: 'NotAllowed' });
  expect(await school.takes('rektorin', 'RELEASE')).toBe('outsideLook.received');
  expect(await may('wanda', 'maturity { percent }')).toBe('OK');
});

test('others look from outside, and what they say is signed by two and commented on', async () => {
  expect(await school.takes('jana', 'ACCEPT_SUBMISSION')).toBe('outsideLook.desk');
  await school.audits(2, { 'EDU-02': 1, 'EDU-16': 1 });
  await school.takes('jana', 'SCHEDULE_VISIT', { plannedOn: '2026-08-20', plan: 'Rundgang und Gespräche.' });
  school.on('2026-08-21');
  const talks = { openingTalkOn: '2026-08-20', closingTalkOn: '2026-08-20' };
  expect(await school.takes('jana', 'VISIT_DONE', talks)).toBe('outsideLook.draftReport');
  expect(await school.takes('jana', 'SEND_DRAFT')).toMatchObject({ __typename: 'NotPossibleNow' });
  await school.reports('Die Schule hat ein starkes Team und noch kein Verfahren bei Diskriminierung.');
  expect(await school.takes('jana', 'SEND_DRAFT')).toBe('outsideLook.commentPeriod');
  school.on('2026-09-15'); // fifteen working days later
  expect(await school.passes()).toContain('COMMENT_TIMEOUT');
  expect(await school.takes('jana', 'PUBLISH_REPORT')).toMatchObject({ __typename: 'NotAllowed' });
  expect(await school.takes('wanda', 'PUBLISH_REPORT')).toBe('goals.drafting');
});

test('goals are agreed between the school and the centre, and support is recorded', async () => {
  expect(await school.takes('rektorin', 'SUBMIT_TARGETS')).toMatchObject({
    reasons: ['Kernkriterien unter Stufe 2 ohne Maßnahme: 2.'],
  });
  for (const code of ['EDU-02', 'EDU-16']) await school.undertakes(code);
  expect(await school.takes('rektorin', 'SUBMIT_TARGETS', { supportRequested: ['ADVICE'] })).toBe(
    'goals.agreeing',
  );
  expect(await school.takes('vera', 'APPROVE_TARGETS')).toMatchObject({ __typename: 'NotAllowed' });
  expect(await school.takes('wanda', 'APPROVE_TARGETS')).toBe('support.running');
  const used = { supportUsed: ['TRAINING'], reactivatedOffer: true, heldOn: '2026-11-05' };
  expect(await school.takes('wanda', 'RECORD_SUPPORT', used)).toBe('support.running');
});

test('it rests while nobody heads it; its clocks stop, and it goes on by itself', async () => {
  school.on('2027-01-11');
  const rest = { until: '2027-03-31', reason: 'CHANGE_OF_HEAD' };
  expect(await school.takes('wanda', 'SUSPEND', rest)).toBe('support.running');
  expect(
    await school.takes('wanda', 'RECORD_SUPPORT', { supportUsed: ['ADVICE'], heldOn: '2027-01-11' }),
  ).toMatchObject({ __typename: 'NotPossibleNow' });
  school.on('2027-04-01');
  expect(await school.passes()).toContain('RESUME'); // measures are asked for on the way: they go on
});

test('after a year there is a talk, after two a common look back', async () => {
  school.on('2027-12-20'); // the year and the pause of eleven weeks
  expect(await school.passes()).toContain('INTERIM_DUE');
  const talk = { heldOn: '2027-12-20', supportUsed: ['ADVICE'] };
  expect(await school.takes('wanda', 'CONFIRM', talk)).toMatchObject({
    reasons: ['Maßnahmen ohne gemeldeten Stand: 2.'],
  });
  const { measures } = await school.see('rektorin', 'measures { id }');
  const reports = measures.map(({ id }: { id: string }) => ({ measureId: id, status: 'IN_PROGRESS' }));
  await school.does('rektorin', 'reportOnMeasures', { processId: school.id, reports });
  expect(await school.takes('wanda', 'CONFIRM', talk)).toBe('support.running');
  school.on('2028-12-18');
  expect(await school.passes()).toContain('REFLECTION_DUE');
  expect(await stage()).toBe('reflection');
});

test('nobody refuses a school: it ends in "continue with support"', async () => {
  school.on('2029-01-15');
  await school.audits(2, { 'EDU-16': 1 });
  const advice = {
    recommendation: 'CONTINUE_WITH_SUPPORT',
    reason: 'Das Verfahren ist noch nicht eingeführt.',
  };
  expect(await school.takes('jana', 'RECOMMEND', advice)).toBe('decision');
  const decided = { decidedOn: '2029-01-12', minutes: 'Protokoll 1/2029, TOP 3', reason: 'Wie empfohlen.' };
  const { process } = await school.see('vera', 'process { possibleSteps { step mayI } }');
  const steps = process.possibleSteps.filter(({ mayI }: { mayI: boolean }) => mayI);
  expect(steps.map(({ step }: { step: string }) => step).sort()).toEqual([
    'COMPLETE_SUPPORT',
    'CONTINUE_WITH_SUPPORT',
  ]);
  const why = async (who: string) =>
    (await school.see(who, 'process { possibleSteps { step reasons { text } } }'))[
      'process'
    ].possibleSteps.find(({ step }: { step: string }) => step === 'COMPLETE_SUPPORT').reasons;
  const number = { text: 'Kernkriterien noch unter Stufe 2: 1; die Begleitung geht weiter.' };
  expect([await why('vera'), await why('wanda')]).toEqual([[number], [number]]);
  // The condition is everybody's to know, the ratings are not.
  const hidden = { text: expect.stringMatching(/^Nach den Bewertungen/) };
  expect(await why('hanno')).toEqual([hidden]);
  const preview = `{ stepPreview(processId: "${school.id}", step: "COMPLETE_SUPPORT") { possible reasons { text } } }`;
  expect((await school.asks('hanno', preview))['stepPreview']).toEqual({
    possible: false,
    reasons: [hidden],
  });
  // No board recognises a school, so nothing is said of what its ratings would allow.
  expect((await school.see('wanda', 'recognition { allowed }'))['recognition']).toBeNull();
  expect(await school.takes('vera', 'COMPLETE_SUPPORT', decided)).toMatchObject({
    reasons: ['Kernkriterien noch unter Stufe 2: 1; die Begleitung geht weiter.'],
  });
  expect(await school.takes('jana', 'CONTINUE_WITH_SUPPORT', decided)).toMatchObject({
    __typename: 'NotAllowed',
  });
  expect(await school.takes('vera', 'CONTINUE_WITH_SUPPORT', { ...decided, support: ['ADVICE'] })).toBe(
    'continued',
  );
  expect((await school.see('rektorin', 'process { stageLabel }'))['process'].stageLabel).toBe(
    'Weiter mit Unterstützung',
  );
});

test('its round ends, and the figures of the administration know nothing of it', async () => {
  const { round } = await school.walk.see('wanda', `{ round(id: "${school.roundId}") { version } }`);
  const ended = { roundId: school.roundId, expectedVersion: round.version };
  expect((await school.act('wanda', 'endRound', ended)).__typename).toBe('EndRoundSuccess');
  const { errors } = await school.walk.ask('lars', '{ status { anchoring { n } } }');
  expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND'); // no round has looked at the administration yet
});

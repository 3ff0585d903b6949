import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DueSteps } from '../../src/engine/index.ts';
import { Clock } from '../../src/platform/index.ts';
import { startedRound, type Opening } from '../audit/opening.ts';
import type { Stage } from '../audit/support.ts';
import { bootApp, type Fields, type TestApp } from '../support/app.ts';

// The report on the team of `teamleiter` is public: all at level 2 but one core criterion at 1. `schiedsfrau` is the
// appeal body, `ausschuss` a committee that reads what is published, `personalrat` the staff council.
let stage: Stage;
let team: Opening;
let walk: TestApp;
let weak: string;

const step = (who: string, name: string, payload?: object) =>
  walk.act(who, 'takeStep', { processId: team.id, step: name, payload }, 'process { stage tags }');
const takes = async (who: string, name: string, payload?: object): Promise<string> =>
  (await walk.does(who, 'takeStep', { processId: team.id, step: name, payload }, 'process { stage }'))[
    'process'
  ].stage;
const of = async (who: string, fields: string): Promise<Fields> =>
  (await walk.see(who, `{ openingProcess(id: "${team.id}") { ${fields} } }`))['openingProcess'];
const shown = `objections { number against reason isOpen criteria { id } by { displayName }
  entries { kind reason by { displayName } } }`;
/** What the committee can read of the report. */
const published = async () =>
  (await walk.see('ausschuss', `{ openingProcess(id: "${team.id}") { report { publicSummary } } }`))[
    'openingProcess'
  ];
const later = <T>(days: number, work: () => Promise<T>): Promise<T> =>
  walk.app.get(Clock).at(new Date(Date.now() + days * 86_400_000), work);
const objection = (against: string, criteria?: string[]) => ({
  against,
  ...(criteria && { criteria }),
  reason: 'Die Zuständigkeit steht seit März im Geschäftsverteilungsplan.',
});

beforeAll(async () => {
  ({ stage, team } = await startedRound());
  await stage.grant('ausschuss', 'COMMITTEE');
  await team.toDesk(2);
  const { core } = await team.criteria();
  weak = core[0]!;
  await team.toTargets(2, { [weak]: 1 });
  walk = await bootApp(stage.database, 'probe');
}, 60_000);
afterAll(async () => {
  await walk?.close();
  await stage?.close();
});

test('only the head objects, within four weeks, to something there is', async () => {
  expect(await published()).not.toBeNull();
  expect((await step('anna', 'FILE_OBJECTION', objection('FINAL_RATING', [weak]))).__typename).toBe(
    'NotAllowed',
  );
  const late = await later(30, () => step('teamleiter', 'FILE_OBJECTION', objection('FINAL_RATING', [weak])));
  expect(late['reasons']).toEqual([expect.stringContaining('binnen vier Wochen')]);
  expect(await step('teamleiter', 'FILE_OBJECTION', objection('DECISION'))).toMatchObject({
    __typename: 'NotPossibleNow',
  });
  const nothingNamed = await step('teamleiter', 'FILE_OBJECTION', objection('FINAL_RATING'));
  expect(nothingNamed['faults']).toEqual([
    { path: 'payload.criteria', message: 'Bitte die angegriffenen Kriterien nennen.' },
  ]);
  const notRefused = await step('teamleiter', 'FILE_OBJECTION', objection('REFUSED_EXCLUSION', [weak]));
  expect(notRefused['faults']).toEqual([
    { path: 'payload.criteria[0]', message: 'Hier wurde keine Ausnahme abgelehnt.' },
  ]);
});

test('while it is open the report is not public, and work on the measures goes on', async () => {
  expect(await takes('teamleiter', 'FILE_OBJECTION', objection('FINAL_RATING', [weak]))).toBe(
    'targets.drafting',
  );
  expect(await published()).toBeNull();
  expect(
    await of('teamleiter', `${shown} process { tags deadlines { name dueOn } tasks { name function } }`),
  ).toMatchObject({
    objections: [{ number: 1, against: 'FINAL_RATING', isOpen: true, criteria: [{ id: weak }], entries: [] }],
    process: {
      tags: expect.arrayContaining(['objected', 'publicationHeld']),
      deadlines: expect.arrayContaining([expect.objectContaining({ name: 'objectionReceipt' })]),
      tasks: expect.arrayContaining([{ name: 'acknowledgeObjection', function: 'APPEAL' }]),
    },
  });
  const measures = [{ criterionId: weak, title: 'Zuständigkeit nennen' }];
  const [{ id: measureId }] = (
    await walk.does('anna', 'proposeMeasures', { processId: team.id, measures }, 'measures { id }')
  )['measures'];
  await walk.does('anna', 'dropMeasure', { measureId, reason: 'Doch nicht nötig.' });
});

test('an appeal body that keeps silent is reminded, and then reported', async () => {
  await later(12, () => walk.app.get(DueSteps).run());
  const { rows } = await stage.superuser.query(
    `select kind, body -> 'to' as to from engine.outbox where process_id = $1 and kind like 'objection%' order by seq`,
    [team.id],
  );
  expect(rows.slice(-2)).toEqual([
    { kind: 'objectionReminder', to: ['APPEAL'] },
    { kind: 'objectionOverdue', to: ['APPEAL', 'OPENING_COORD', 'LEAD'] },
  ]);
  expect((await of('teamleiter', 'process { tags }')).process.tags).not.toContain('overdue');
});

test('the appeal body finds it on its desk, confirms that it arrived, and upholds it with a corrected rating', async () => {
  const work = await walk.see('schiedsfrau', '{ myOpenWork { kind steps { step } } }');
  expect(work['myOpenWork']).toEqual([{ kind: 'STEP', steps: [{ step: 'ACKNOWLEDGE_OBJECTION' }] }]);
  expect((await step('auditleitung', 'ACKNOWLEDGE_OBJECTION')).__typename).toBe('NotAllowed');
  await takes('schiedsfrau', 'ACKNOWLEDGE_OBJECTION');
  const uphold = (corrections: object[]) =>
    step('schiedsfrau', 'UPHOLD_OBJECTION', { reason: 'Der Plan liegt vor.', corrections });
  expect((await uphold([]))['faults']).toEqual([expect.objectContaining({ path: 'payload.corrections' })]);
  const correction = { criterionId: weak, level: 2, reason: 'Der Plan war übersehen worden.' };
  expect(await uphold([correction])).toMatchObject({ process: { stage: 'targets.drafting' } });
  expect(await of('teamleiter', shown)).toMatchObject({
    objections: [
      {
        isOpen: false,
        entries: [{ kind: 'ACKNOWLEDGED' }, { kind: 'UPHELD', reason: 'Der Plan liegt vor.' }],
      },
    ],
  });
  const { lines } = await team.sheet();
  expect(lines.get(weak)!.ratings.FINAL).toMatchObject({
    level: 2,
    reason: 'Der Plan war übersehen worden.',
  });
  const { rows } = await stage.superuser.query(
    `select level from audit.rating where process_id = $1 and criterion_id = $2 and kind = 'FINAL' order by version`,
    [team.id, weak],
  );
  expect(rows.map(({ level }) => level)).toEqual([1, 2]);
  expect(await published()).not.toBeNull();
});

test('a matter of co-determination holds the approval until the staff council consents; its silence does not', async () => {
  const matter = { body: 'PR', matter: 'Neue Dienstpläne', coDetermined: true };
  await takes('koordination', 'REQUEST_PARTICIPATION', matter);
  expect(await takes('teamleiter', 'SUBMIT_TARGETS')).toBe('targets.coSign');
  const { contentHash } = (await of('teamleiter', 'targetAgreement { contentHash }')).targetAgreement;
  await walk.does('dezernent', 'coSignTargets', { processId: team.id, as: 'DEZ', contentHash });
  const held = await later(60, () => step('amtsleiterin', 'APPROVE_TARGETS'));
  expect(held['reasons']).toEqual(['Die Mitbestimmung ist noch nicht abgeschlossen.']);
  expect((await step('gleichstellung', 'ANSWER_PARTICIPATION', { answer: 'CONSENT' }))['reasons']).toEqual([
    'Um Stellungnahme gebeten ist eine andere Vertretung.',
  ]);
  await takes('personalrat', 'ANSWER_PARTICIPATION', { answer: 'REFUSAL', text: 'So nicht.' });
  expect((await step('amtsleiterin', 'APPROVE_TARGETS')).__typename).toBe('NotPossibleNow');
  await takes('personalrat', 'ANSWER_PARTICIPATION', { answer: 'CONSENT' });
  expect(await takes('amtsleiterin', 'APPROVE_TARGETS')).toBe('implementation.running');
  expect(
    await of('personalrat', 'participations { body coDetermined answers { kind text by { displayName } } }'),
  ).toEqual({
    participations: [
      {
        body: 'PR',
        coDetermined: true,
        answers: [
          { kind: 'REFUSAL', text: 'So nicht.', by: { displayName: 'Personalrat' } },
          { kind: 'CONSENT', text: null, by: { displayName: 'Personalrat' } },
        ],
      },
    ],
  });
});

test('an upheld objection to a decision brings it back before the board, which votes anew', async () => {
  expect(await takes('teamleiter', 'REQUEST_FINAL_REVIEW')).toBe('finalReview');
  const advice = { recommendation: 'RECOGNISE', reason: 'Alles erfüllt.' };
  expect(await takes('auditleitung', 'RECOMMEND', advice)).toBe('decision.pending');
  const vote = async (choice: string) => {
    for (const who of ['vorsitz', 'mitglied']) {
      const { contentHash } = (await of(who, 'ballot { contentHash }')).ballot;
      await walk.does(who, 'castVote', { processId: team.id, choice, contentHash });
    }
  };
  await vote('FOR_REFUSAL');
  expect(await takes('vorsitz', 'REFUSE', { reason: 'Zu früh.' })).toBe('refused');
  expect(await takes('teamleiter', 'FILE_OBJECTION', objection('DECISION'))).toBe('refused');
  await takes('schiedsfrau', 'ACKNOWLEDGE_OBJECTION');
  const partly = { reason: 'Teils.', corrections: [{ criterionId: weak, level: 3, reason: 'Höher.' }] };
  expect((await step('schiedsfrau', 'PARTLY_UPHOLD_OBJECTION', partly))['reasons']).toEqual([
    'Eine Entscheidung wird ganz aufgehoben oder gar nicht.',
  ]);
  expect(await takes('schiedsfrau', 'UPHOLD_OBJECTION', { reason: 'Ohne Begründung entschieden.' })).toBe(
    'decision.pending',
  );
  expect((await of('vorsitz', 'ballot { forRefusal missing { displayName } }')).ballot).toMatchObject({
    forRefusal: 0,
    missing: [{}, {}],
  });
  await vote('FOR_FULL');
  expect(await takes('vorsitz', 'RECOGNISE', { reason: 'Nach neuer Beratung.' })).toBe('recognised.full');
  expect((await of('teamleiter', 'decisions { outcome }')).decisions).toMatchObject([
    { outcome: 'FULL' },
    { outcome: 'REFUSED' },
  ]);
});

test('who had a part in the matter does not decide about it, whatever function they hold', async () => {
  await takes('teamleiter', 'FILE_OBJECTION', objection('DECISION'));
  await stage.grant('mitglied', 'APPEAL', 'PROCESS', team.id);
  expect((await step('mitglied', 'ACKNOWLEDGE_OBJECTION'))['reasons']).toEqual([
    'Über eine Einwendung entscheidet, wer an der Sache bisher nicht beteiligt war.',
  ]);
  await takes('teamleiter', 'RETRACT_OBJECTION');
  expect((await of('teamleiter', shown)).objections[0]).toMatchObject({
    isOpen: false,
    entries: [{ kind: 'RETRACTED' }],
  });
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startedRound, type Opening } from '../audit/opening.ts';
import type { Stage } from '../audit/support.ts';
import { bootApp, type TestApp } from '../support/app.ts';

// The team of `teamleiter` has handed in its checklist (everything at level 2, by anna and bora). `auditleitung` leads
// the audit, `auditorin` audits, `zweitauditor` lends the second pair of eyes, `koordination` releases.
let stage: Stage;
let team: Opening;
let walk: TestApp;
let core: string[];

const step = (who: string, name: string, payload?: object) =>
  walk.act(who, 'takeStep', { processId: team.id, step: name, payload }, 'process { stage }');
const takes = (who: string, name: string, payload?: object) =>
  walk.does(who, 'takeStep', { processId: team.id, step: name, payload }, 'process { stage }');
const of = async (who: string, fields: string) =>
  (await walk.see(who, `{ openingProcess(id: "${team.id}") { ${fields} } }`))['openingProcess'];
/** The field, or the code of the error that came instead. */
const may = async (who: string, field: string) => {
  const { data, errors } = await walk.ask(who, `{ openingProcess(id: "${team.id}") { ${field} } }`);
  return errors?.[0]?.extensions.code ?? (data?.['openingProcess'] ? 'OK' : 'NONE');
};
const rates = (who: string, ratings: object[], selection = '') =>
  walk.act(who, 'rateAsAuditor', { processId: team.id, ratings }, selection);

beforeAll(async () => {
  ({ stage, team } = await startedRound());
  await team.toDesk(2);
  ({ core } = await team.criteria());
  await stage.grant('ausschuss', 'COMMITTEE');
  walk = await bootApp(stage.database, 'probe');
}, 60_000);
afterAll(async () => {
  await walk?.close();
  await stage?.close();
});

test('the auditor rates beside the unit and explains where she departs from it', async () => {
  const review = `review { unrated deviations unexplained lines {
    criterion { id code } ownRating { level by { displayName } } auditRating { level statement version }
    finalRating { level } deviates } }`;
  const own = (await of('auditorin', review)).review;
  expect(own).toMatchObject({ unrated: 9, deviations: 0 });
  const ids = own.lines.map(({ criterion }: { criterion: { id: string } }) => criterion.id);

  const silent = ids.map((criterionId: string) => ({ criterionId, level: criterionId === core[0] ? 1 : 2 }));
  expect(await rates('auditorin', silent)).toMatchObject({
    __typename: 'InvalidInput',
    faults: [{ message: 'Die Einheit sieht hier „Stufe 2“, Sie „Stufe 1“. Bitte begründen.' }],
  });
  expect(await rates('auditorin', [{ criterionId: core[0] }])).toMatchObject({
    __typename: 'InvalidInput',
    faults: [{ path: 'ratings.0', message: 'Die Stufen reichen von 0 bis 4.' }],
  });
  expect(await rates('anna', silent)).toMatchObject({ __typename: 'NotAllowed' });
  const explained = silent.map((one: object) => ({ ...one, explanation: 'Nur ein Entwurf liegt vor.' }));
  const rated = await rates('auditorin', explained, `openingProcess { ${review} }`);
  expect(rated).toMatchObject({
    __typename: 'RateAsAuditorSuccess',
    openingProcess: { review: { unrated: 0, deviations: 1, unexplained: 0 } },
  });
});

test('what auditors find is theirs until the draft leaves their desk', async () => {
  for (const [who, code] of [
    ['auditorin', 'OK'],
    ['koordination', 'OK'],
    ['teamleiter', 'FORBIDDEN'],
    ['dezernent', 'FORBIDDEN'],
    ['personalamt', 'FORBIDDEN'],
    ['vorsitz', 'FORBIDDEN'],
  ] as const)
    expect([who, await may(who, 'review { unrated }')]).toEqual([who, code]);
  expect(await may('teamleiter', 'visitNotes { note }')).toBe('FORBIDDEN');
  expect(await may('ausschuss', 'process { stage }')).toBe('NONE');
});

test('evidence is asked for, brought, and judged', async () => {
  await takes('auditorin', 'REQUEST_EVIDENCE', {
    items: [{ criterionId: core[0], text: 'Bitte die Verfügung nachreichen.' }],
  });
  const requests = `evidenceRequests { id requestNo wanted state askedAt askedBy { displayName } criterion { code }
    answers { note at by { displayName } evidence { reference } } }`;
  const [request] = (await of('anna', requests)).evidenceRequests;
  expect(request).toMatchObject({
    requestNo: 1,
    state: 'OPEN',
    askedBy: { displayName: 'Auditorin' },
    answers: [],
  });
  const answers = [
    {
      requestId: request.id,
      note: 'Liegt vor.',
      newEvidence: [
        {
          kind: 'FILE_REFERENCE',
          evidenceType: 'RULE',
          reference: 'Az. 10-1/7',
          proofOn: '2026-04-01',
          containsNoPersonalData: true,
        },
      ],
    },
  ];
  const provide = (who: string) =>
    walk.act(who, 'provideEvidence', { processId: team.id, answers }, `openingProcess { ${requests} }`);
  expect(await provide('auditorin')).toMatchObject({ __typename: 'NotAllowed' });
  expect(await provide('anna')).toMatchObject({
    openingProcess: {
      evidenceRequests: [{ state: 'ANSWERED', answers: [{ evidence: [{ reference: 'Az. 10-1/7' }] }] }],
    },
  });
  await takes('anna', 'EVIDENCE_PROVIDED');
  expect(await provide('anna')).toMatchObject({ __typename: 'NotPossibleNow' });
});

test('the visit is planned, noted by criterion and concluded', async () => {
  await takes('auditleitung', 'SCHEDULE_VISIT', { plannedOn: '2026-06-01', plan: 'Gespräche und Rundgang.' });
  const noted = await walk.does(
    'auditorin',
    'noteVisit',
    {
      processId: team.id,
      notes: [{ criterionId: core[0], note: 'Aushang gesehen.' }, { note: 'Offene Gespräche.' }],
    },
    'openingProcess { visitNotes { note at by { displayName } criterion { id } } }',
  );
  expect(noted['openingProcess'].visitNotes).toMatchObject([
    { note: 'Aushang gesehen.', criterion: { id: core[0] } },
    { note: 'Offene Gespräche.', criterion: null },
  ]);
  expect(
    (await takes('auditleitung', 'VISIT_DONE', { openingTalkOn: '2026-06-01', closingTalkOn: '2026-06-02' }))[
      'process'
    ],
  ).toMatchObject({ stage: 'review.draftReport' });
});

const report = `report { version summary publicSummary contentHash isSigned writtenAt writtenBy { displayName }
  signatures { isValid at by { displayName } }
  comments { id comment at by { displayName } criterion { id } replies { reply at by { displayName } } }
  releases { kind visibility contentHash at by { displayName } } }`;
/** What kinds of work wait for somebody at the team. */
const work = async (who: string): Promise<string[]> =>
  (await walk.see(who, '{ myOpenWork { kind openingProcess { id } } }'))['myOpenWork']
    .filter(({ openingProcess }: { openingProcess: { id: string } }) => openingProcess.id === team.id)
    .map(({ kind }: { kind: string }) => kind);
const sign = (who: string, contentHash: string) =>
  walk.act(who, 'signReport', { processId: team.id, contentHash }, `openingProcess { ${report} }`);

test('the report is written, signed by a second person, and sent', async () => {
  const closed = await step('auditleitung', 'SEND_DRAFT');
  expect(closed).toMatchObject({ reasons: ['Die Unterschrift der zweiten prüfenden Person fehlt.'] });
  const words = {
    processId: team.id,
    summary: 'Die Einheit ist auf dem Weg.',
    publicSummary: 'Auf dem Weg.',
  };
  expect(await work('zweitauditor')).toEqual([]);
  const written = await walk.does('auditleitung', 'writeReport', words, `openingProcess { ${report} }`);
  const { contentHash } = written['openingProcess'].report;
  expect(await sign('auditorin', contentHash)).toMatchObject({ __typename: 'NotAllowed' });
  expect(await sign('zweitauditor', 'f'.repeat(64))).toMatchObject({ __typename: 'ChangedMeanwhile' });
  expect(await work('zweitauditor')).toEqual(['SIGN']);
  expect([await work('auditorin'), await work('auditleitung')]).toEqual([[], ['STEP']]);
  const signed = await sign('zweitauditor', contentHash);
  expect(signed['openingProcess'].report).toMatchObject({ isSigned: true, signatures: [{ isValid: true }] });
  expect([await work('zweitauditor'), await work('auditleitung')]).toEqual([[], ['STEP']]);
  await takes('auditleitung', 'SEND_DRAFT');
  expect(await may('teamleiter', 'report { summary }')).toBe('OK');
  expect(await may('dezernent', 'report { summary }')).toBe('FORBIDDEN');
});

test('the unit comments, the audit replies, corrects and releases', async () => {
  const comments = [{ criterionId: core[0], comment: 'Die Verfügung vom Mai fehlt.' }];
  const said = await walk.does(
    'teamleiter',
    'commentOnReport',
    { processId: team.id, comments },
    `openingProcess { ${report} }`,
  );
  const commentId = said['openingProcess'].report.comments[0].id;
  await takes('teamleiter', 'COMMENT', { text: 'Im Übrigen einverstanden.' });
  await walk.does('auditorin', 'replyToComment', {
    processId: team.id,
    commentId,
    reply: 'Danke, berücksichtigt.',
  });
  await rates('auditorin', [{ criterionId: core[0], level: 2 }]);
  expect(await step('koordination', 'PUBLISH_REPORT')).toMatchObject({ __typename: 'NotPossibleNow' });
  const { contentHash } = (await of('zweitauditor', report)).report;
  await sign('zweitauditor', contentHash);
  expect(await step('auditleitung', 'PUBLISH_REPORT')).toMatchObject({ __typename: 'NotAllowed' });
  await takes('koordination', 'PUBLISH_REPORT', { visibility: 'PUBLIC' });

  const released = await of(
    'teamleiter',
    `${report} review { lines { finalRating { level kind } } } recognition {
    allowed exemplary points pointsOf percent shortfalls }`,
  );
  expect(released.report).toMatchObject({
    comments: [{ replies: [{ reply: 'Danke, berücksichtigt.' }] }, { comment: 'Im Übrigen einverstanden.' }],
    releases: [
      { kind: 'DRAFT', visibility: null },
      { kind: 'FINAL', visibility: 'PUBLIC', by: { displayName: 'Koordination' } },
    ],
  });
  expect(
    released.review.lines.map((line: { finalRating: { level: number } }) => line.finalRating.level),
  ).toEqual(Array.from({ length: 9 }, () => 2));
  expect(released.recognition).toEqual({
    allowed: 'FULL',
    exemplary: false,
    points: 40,
    pointsOf: 80,
    percent: 50,
    shortfalls: [],
  });
});

test('each word reaches its readers: the line, the board and the representations, never HR', async () => {
  for (const who of ['teamleiter', 'amtsleiterin', 'dezernent', 'landraetin', 'vorsitz', 'personalrat'])
    expect([who, await may(who, 'report { summary }')]).toEqual([who, 'OK']);
  for (const who of ['personalamt', 'kaemmerei'])
    expect([who, await may(who, 'report { summary }')]).toEqual([who, 'FORBIDDEN']);
});

test('a committee sees what was released for the public, and it alone', async () => {
  const shown = await of(
    'ausschuss',
    'process { stage } report { publicSummary } review { lines { finalRating { level } } }',
  );
  expect(shown).toMatchObject({
    process: { stage: 'targets.drafting' },
    report: { publicSummary: 'Auf dem Weg.' },
  });
  const { openingProcesses } = await walk.see('ausschuss', '{ openingProcesses { nodes { id } } }');
  expect(openingProcesses.nodes).toEqual([{ id: team.id }]);
  for (const inside of [
    'visitNotes { note }',
    'report { summary }',
    'report { comments { comment } }',
    'review { lines { ownRating { statement } } }',
    'review { lines { auditRating { statement } } }',
    // Nor who did what at which second, nor who could do what next.
    'process { history { at person { displayName } } }',
    'process { possibleSteps { candidates { name } } }',
    'process { tasks { openedAt } }',
    'process { standstill { turns { holders { name } } } }',
    'process { deadlineChanges { at } }',
    'team { person { displayName } }',
    'signatures { person { displayName } }',
    'report { writtenBy { displayName } }',
    'report { signatures { by { displayName } } }',
    'report { releases { by { displayName } } }',
    'recommendations { by { displayName } }',
    'surveillance { by { displayName } }',
    'targetAgreement { submittedBy { displayName } }',
  ])
    expect([inside, await may('ausschuss', inside)]).toEqual([inside, 'FORBIDDEN']);
  expect(await of('ausschuss', 'review { lines { finalRating { statement } } }')).toMatchObject({
    review: { lines: Array.from({ length: 9 }, () => ({ finalRating: { statement: null } })) },
  });
});

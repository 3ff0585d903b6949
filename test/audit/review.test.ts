import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { OpeningProcesses } from '../../src/audit/opening/opening-processes.service.ts';
import { Reports } from '../../src/audit/review/reports.service.ts';
import { ReportViews } from '../../src/audit/review/report-views.service.ts';
import { Reviews } from '../../src/audit/review/reviews.service.ts';
import { ReviewViews } from '../../src/audit/review/review-views.service.ts';
import { startedRound, type Opening } from './opening.ts';
import { succeeded, type Stage } from './support.ts';

let stage: Stage;
let team: Opening;
let core: string[];
const command = () => ({ commandId: v7(), processId: team.id });
const see = <T>(work: (opening: Awaited<ReturnType<OpeningProcesses['one']>>, db: never) => Promise<T>) =>
  stage.read(async (db) => work(await stage.get(OpeningProcesses).one(db, team.id), db as never));

beforeAll(async () => {
  ({ stage, team } = await startedRound());
  await team.toDesk(2);
  ({ core } = await team.criteria());
}, 60_000);
afterAll(() => stage?.close());

describe('auditors rate beside the unit', () => {
  const rate = (name: string, ratings: Parameters<Reviews['rate']>[1]['ratings']) =>
    stage.get(Reviews).rate(stage.as(name), { ...command(), ratings });

  test('only those assigned', async () => {
    for (const name of ['zweitauditor', 'teamleiter', 'anna', 'vorsitz', 'koordination', 'dezernent'])
      expect({ name, no: await rate(name, [{ criterionId: core[0]!, level: 2 }]) }).toMatchObject({
        no: { __typename: 'NotAllowed' },
      });
    expect(await rate('auditorin', [{ criterionId: core[0]!, level: 2 }])).toEqual({ processId: team.id });
  });

  test('nobody who has come into the unit’s line since', async () => {
    const { superuser, tenant, persons } = stage;
    const posts = await stage.read((db) => stage.organisation.headPost(db, [stage.units.get('A1')!]));
    const values = [tenant, v7(), posts.get(stage.units.get('A1')!)!.id, persons.get('auditorin')];
    await superuser.query(
      `insert into organisation.holder (tenant_id, id, post_id, person_id, capacity, valid_from)
       values ($1, $2, $3, $4, 'DEPUTY', '2020-01-01')`,
      values,
    );
    expect(await rate('auditorin', [{ criterionId: core[0]!, level: 2 }])).toMatchObject({
      __typename: 'NotAllowed',
      message: { de: expect.stringContaining('Linie') },
    });
    await superuser.query('delete from organisation.holder where id = $1', [values[1]]);
  });

  test('all or none: every deviation without a word is named, and nothing is written', async () => {
    const outcome = await rate('auditorin', [
      { criterionId: core[1]!, level: 2 },
      { criterionId: core[2]!, level: 1 },
      { criterionId: core[0]!, level: null },
    ]);
    expect(outcome).toMatchObject({
      __typename: 'InvalidInput',
      faults: [{ path: 'ratings.1' }, { path: 'ratings.2' }],
    });
    const { lines } = await team.sheet();
    expect(core.map((id) => lines.get(id)!.ratings.AUDIT?.level)).toEqual([2, undefined, undefined]);
  });

  test('another auditor’s newer rating is not passed over', async () => {
    const version = (await team.sheet()).lines.get(core[0]!)!.ratings.AUDIT!.version;
    const again = (expectedAuditVersion: number) =>
      rate('auditorin', [{ criterionId: core[0]!, level: 2, expectedAuditVersion }]);
    expect(await again(0)).toMatchObject({ __typename: 'ChangedMeanwhile', currentVersion: version });
    expect(await again(version)).toEqual({ processId: team.id });
  });

  test('a criterion of nowhere is not found', async () => {
    await expect(rate('auditorin', [{ criterionId: v7(), level: 2 }])).rejects.toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });
  });

  test('they move no counter before the report is released', async () => {
    const before = await see(async (opening) => opening.points);
    succeeded(await team.audit(1));
    expect(await see(async (opening) => opening.points)).toBe(before);
    const review = await see((opening, db) => stage.get(ReviewViews).review(db, opening));
    expect(review).toMatchObject({ unrated: 0, deviations: 9, unexplained: 0 });
  });
});

describe('evidence is asked for and brought', () => {
  const requests = () => see((opening, db) => stage.get(ReviewViews).requests(db, opening));
  const provide = (name: string, requestId: string, more: object = {}) =>
    stage.get(Reviews).provideEvidence(stage.as(name), { ...command(), answers: [{ requestId, ...more }] });
  const file = {
    kind: 'FILE_REFERENCE' as const,
    evidenceType: 'MINUTES' as const,
    reference: 'Az. 10-2',
    proofOn: '2026-03-01',
    containsNoPersonalData: true,
  };

  test('nothing can be brought before it is asked for', async () => {
    expect(await provide('anna', v7())).toMatchObject({ __typename: 'NotPossibleNow' });
  });

  test('a request for a criterion that does not apply is refused whole', async () => {
    const items = [{ criterionId: v7(), text: 'Bitte nachreichen.' }];
    await expect(team.try('auditorin', 'REQUEST_EVIDENCE', { items })).rejects.toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });
    expect(await team.stageNow()).toBe('review.desk');
  });

  test('the unit answers with proofs; what stays open counts as not shown', async () => {
    const items = core
      .slice(0, 2)
      .map((criterionId) => ({ criterionId, text: 'Bitte die Niederschrift nachreichen.' }));
    await team.take('auditorin', 'REQUEST_EVIDENCE', { items });
    const [first, second] = await requests();
    expect([first!.state, second!.state]).toEqual(['OPEN', 'OPEN']);
    expect(await provide('auditorin', first!.id)).toMatchObject({ __typename: 'NotAllowed' });
    const future = await provide('anna', first!.id, { newEvidence: [{ ...file, proofOn: '2099-01-01' }] });
    expect(future).toMatchObject({
      __typename: 'InvalidInput',
      faults: [{ path: 'answers.0.newEvidence.0.proofOn' }],
    });
    succeeded(await provide('anna', first!.id, { note: 'Liegt bei.', newEvidence: [file] }));
    await team.take('anna', 'EVIDENCE_PROVIDED');
    expect(await requests()).toMatchObject([
      { state: 'ANSWERED', answers: [{ note: 'Liegt bei.', evidence: [{ reference: 'Az. 10-2' }] }] },
      { state: 'NOT_SHOWN', answers: [] },
    ]);
  });
});

describe('the report', () => {
  const report = () => see((opening, db) => stage.get(ReportViews).report(db, opening));

  test('a visit is skipped only where the core stands', async () => {
    expect(await team.try('auditleitung', 'SKIP_VISIT', { reason: 'Klarer Fall.' })).toMatchObject({
      __typename: 'NotPossibleNow',
    });
    succeeded(await team.audit(2, { [core[0]!]: 1 }));
    expect(await team.try('auditleitung', 'SKIP_VISIT', { reason: 'Klarer Fall.' })).toMatchObject({
      __typename: 'NotPossibleNow',
    });
    succeeded(await team.audit(2));
    await team.take('auditleitung', 'SKIP_VISIT', { reason: 'Die Unterlagen genügen.' });
    succeeded(await team.audit(2, { [core[0]!]: 1 }));
  });

  test('needs a second person’s name, and loses it with any change', async () => {
    await team.write('Die Einheit ist auf dem Weg.');
    expect(await team.try('auditleitung', 'SEND_DRAFT')).toMatchObject({ __typename: 'NotPossibleNow' });
    expect(await team.sign('auditorin')).toMatchObject({ __typename: 'NotAllowed' });
    const stale = { ...command(), contentHash: '0'.repeat(64) };
    expect(await stage.get(Reports).sign(stage.as('zweitauditor'), stale)).toMatchObject({
      __typename: 'ChangedMeanwhile',
    });
    succeeded(await team.sign());
    expect(await report()).toMatchObject({ isSigned: true });
    await team.write('Die Einheit ist weit auf dem Weg.');
    expect(await report()).toMatchObject({ isSigned: false, signatures: [{ isValid: false }] });
    expect(await team.try('auditleitung', 'SEND_DRAFT')).toMatchObject({ __typename: 'NotPossibleNow' });
    succeeded(await team.sign());
    succeeded(await team.audit(2, { [core[0]!]: 0 }));
    expect(await report()).toMatchObject({ isSigned: false });
    succeeded(await team.sign());
    await team.take('auditleitung', 'SEND_DRAFT');
  });

  test('the unit comments, the audit replies and corrects, and has it signed anew', async () => {
    const comment = (name: string) =>
      stage.get(Reports).comment(stage.as(name), {
        ...command(),
        comments: [{ criterionId: core[0]!, comment: 'Der Vermerk vom Mai fehlt.' }],
      });
    expect(await comment('auditorin')).toMatchObject({ __typename: 'NotAllowed' });
    succeeded(await comment('teamleiter'));
    await team.take('teamleiter', 'COMMENT', { text: 'Im Übrigen einverstanden.' });
    expect(await comment('teamleiter')).toMatchObject({ __typename: 'NotPossibleNow' });
    const { comments } = (await report())!;
    const reply = { ...command(), commentId: comments[0]!.id, reply: 'Danke; die Stufe ist angepasst.' };
    succeeded(await stage.get(Reports).reply(stage.as('auditleitung'), reply));
    succeeded(await team.audit(2, { [core[0]!]: 1, [core[1]!]: 1 }));
    expect(await team.try('koordination', 'PUBLISH_REPORT')).toMatchObject({ __typename: 'NotPossibleNow' });
    succeeded(await team.sign());
    expect(await report()).toMatchObject({
      comments: [
        { criterion: { id: core[0] }, replies: [{ reply: 'Danke; die Stufe ist angepasst.' }] },
        { criterion: null },
      ],
    });
  });

  test('released, what was found is final and counts', async () => {
    expect(await team.try('auditleitung', 'PUBLISH_REPORT')).toMatchObject({ __typename: 'NotAllowed' });
    await team.take('koordination', 'PUBLISH_REPORT', { visibility: 'PUBLIC' });
    expect(await team.stageNow()).toBe('targets.drafting');
    const { lines } = await team.sheet();
    expect([...lines.values()].map(({ ratings }) => ratings.FINAL?.level)).toHaveLength(9);
    expect(lines.get(core[0]!)!.ratings.FINAL).toMatchObject({
      level: 1,
      carriedFrom: lines.get(core[0]!)!.ratings.AUDIT!.id,
    });
    expect(
      await see(async ({ core_weak, core_failed, rated }) => ({ core_weak, core_failed, rated })),
    ).toEqual({
      core_weak: 2,
      core_failed: 0,
      rated: 9,
    });
    expect((await report())!.releases.map(({ kind, visibility }) => [kind, visibility])).toEqual([
      ['DRAFT', null],
      ['FINAL', 'PUBLIC'],
    ]);
    expect(await team.audit(3)).toMatchObject({ __typename: 'NotPossibleNow' });
  });
});

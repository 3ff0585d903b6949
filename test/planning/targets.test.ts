import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { v7 } from 'uuid';
import { Findings, OpeningProcesses } from '../../src/audit/index.ts';
import { MeasureProgress } from '../../src/planning/measure-progress.service.ts';
import { measuresOf } from '../../src/planning/measure.sql.ts';
import { MeasureViews } from '../../src/planning/measure-views.service.ts';
import { Measures } from '../../src/planning/measures.service.ts';
import { coSigners, type CoSigner } from '../../src/planning/target.rules.ts';
import { Targets } from '../../src/planning/targets.service.ts';
import { Opening, startedRound } from '../audit/opening.ts';
import { succeeded, type Stage } from '../audit/support.ts';

let stage: Stage;
let team: Opening;
let weak: string;
let head: string;
const command = () => ({ commandId: v7(), processId: team.id });
const measures = () => stage.read((db) => measuresOf(db, [team.id]));
const agreement = () =>
  stage.read(async (db) => {
    const opening = await stage.get(OpeningProcesses).one(db, team.id);
    return (await stage.get(MeasureViews).agreement(db, opening))!;
  });
const propose = (name: string, ...terms: Parameters<Measures['propose']>[1]['measures']) =>
  stage.get(Measures).propose(stage.as(name), { ...command(), measures: terms });
const coSign = async (name: string, as: CoSigner, contentHash?: string) =>
  stage.get(Targets).coSign(stage.as(name), {
    ...command(),
    as,
    contentHash: contentHash ?? (await agreement()).contentHash,
  });
const reasons = (outcome: unknown) => (outcome as { reasons: { de: string }[] }).reasons.map(({ de }) => de);
const whole = () => ({
  criterionId: weak,
  title: 'Zuständigkeit im Geschäftsverteilungsplan nennen',
  competentPostId: head,
  dueOn: '2027-09-30',
  indicator: 'Kriterien mit benannter Stelle',
  baseline: '4 von 9',
  budgetKind: 'NONE' as const,
});

/** Makes somebody the deputy of a unit's head. */
async function deputise(name: string, code: string): Promise<void> {
  const unit = stage.units.get(code)!;
  const post = (await stage.read((db) => stage.organisation.headPost(db, [unit]))).get(unit)!;
  await stage.superuser.query(
    `insert into organisation.holder (tenant_id, id, post_id, person_id, capacity, valid_from)
     values ($1, $2, $3, $4, 'DEPUTY', '2020-01-01')`,
    [stage.tenant, v7(), post.id, stage.persons.get(name)],
  );
}

beforeAll(async () => {
  ({ stage, team } = await startedRound());
  await team.toDesk(2);
  const { core } = await team.criteria();
  weak = core[0]!;
  await team.toTargets(2, { [weak]: 1 });
  const posts = await stage.read((db) => stage.organisation.headPost(db, [stage.units.get('T1')!]));
  head = posts.get(stage.units.get('T1')!)!.id;
}, 60_000);
afterAll(() => stage?.close());

describe('writing down', () => {
  test('the audit says which core criteria need a measure', async () => {
    const found = await stage.read((db) => stage.get(Findings).of(db, [team.id]));
    expect(found.get(team.id)!.weakCore).toEqual([weak]);
  });

  test('without a measure for it, or with an incomplete one, nothing is submitted', async () => {
    expect(reasons(await team.try('teamleiter', 'SUBMIT_TARGETS'))).toHaveLength(1);
    for (const name of ['amtsleiterin', 'auditorin', 'koordination', 'personalamt'])
      expect(await propose(name, { title: 'x' })).toMatchObject({ __typename: 'NotAllowed' });
    succeeded(await propose('anna', { criterionId: weak, title: 'Zuständigkeit nennen' }));
    const no = await team.try('teamleiter', 'SUBMIT_TARGETS');
    expect(no).toMatchObject({ __typename: 'NotPossibleNow' });
    expect(reasons(no)).toHaveLength(1);
  });

  test('a stale revision is refused, unknown posts and criteria are not found', async () => {
    const [measure] = await measures();
    const revise = (expectedVersion: number, terms: object = {}) =>
      stage.get(Measures).revise(stage.as('anna'), {
        commandId: v7(),
        measureId: measure!.id,
        expectedVersion,
        terms: { ...whole(), ...terms },
      });
    succeeded(await revise(1));
    expect(await revise(1)).toMatchObject({ __typename: 'ChangedMeanwhile', currentVersion: 2 });
    for (const terms of [{ competentPostId: v7() }, { criterionId: v7() }])
      await expect(revise(2, terms)).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });
  });

  test('what was written before stands as it was written', async () => {
    const before = await stage.read((db) => measuresOf(db, [team.id], '2020-01-01'));
    expect(before).toEqual([]);
    const today = await stage.read((db) => measuresOf(db, [team.id], db.today));
    expect(today).toEqual(await measures());
  });
});

describe('agreeing', () => {
  test('who must sign follows from what the measures touch, and holders are named', async () => {
    succeeded(
      await propose('teamleiter', {
        ...whole(),
        title: 'Sprachmittlung bezahlen',
        budgetKind: 'LINE',
        budgetLine: '946200/543990',
        touches: ['STAFFING'],
      }),
    );
    await team.take('teamleiter', 'SUBMIT_TARGETS');
    expect(
      (await agreement()).coSignatures.map((slot) => [
        slot.function,
        slot.isSigned,
        slot.holders[0]?.displayName,
      ]),
    ).toEqual([
      ['DEZ', false, 'Dezernent'],
      ['FIN', false, 'Kaemmerei'],
      ['GB', false, 'Gleichstellung'],
      ['HR', false, 'Personalamt'],
      ['PR', false, 'Personalrat'],
    ]);
  });

  test('nobody signs for another function, under other words, or twice', async () => {
    expect(await coSign('dezernent', 'FIN')).toMatchObject({ __typename: 'NotAllowed' });
    expect(await coSign('teamleiter', 'DEZ')).toMatchObject({ __typename: 'NotAllowed' });
    expect(await coSign('dezernent', 'DEZ', '0'.repeat(64))).toMatchObject({
      __typename: 'ChangedMeanwhile',
    });
    succeeded(await coSign('dezernent', 'DEZ'));
    expect(await coSign('dezernent', 'DEZ')).toMatchObject({ __typename: 'NotPossibleNow' });
    expect(await team.stageNow()).toBe('targets.coSign');
  });

  test('an objection sends everything back; a new agreement starts without signatures', async () => {
    await team.take('kaemmerei', 'OBJECT_TARGETS', { reason: 'Das Konto ist gesperrt.' });
    const ended = await agreement();
    expect(ended.outcomes).toMatchObject([
      { kind: 'OBJECTED', reason: 'Das Konto ist gesperrt.', by: { displayName: 'Kaemmerei' } },
    ]);
    const [, paid] = await measures();
    const drop = { commandId: v7(), measureId: paid!.id, reason: 'Keine Mittel.' };
    succeeded(await stage.get(Measures).drop(stage.as('teamleiter'), drop));
    succeeded(
      await propose('teamleiter', {
        ...whole(),
        title: 'Schulung',
        budgetKind: 'LINE',
        budgetLine: '946100',
      }),
    );
    await team.take('teamleiter', 'SUBMIT_TARGETS');
    const { version, coSignatures, outcomes } = await agreement();
    expect({
      version,
      open: coSignatures.map(({ function: fn, isSigned }) => [fn, isSigned]),
      outcomes,
    }).toEqual({
      version: 2,
      open: [
        ['DEZ', false],
        ['FIN', false],
      ],
      outcomes: [],
    });
  });

  test('with the last signature it goes to approval in the same transaction', async () => {
    succeeded(await coSign('kaemmerei', 'FIN'));
    expect(await team.stageNow()).toBe('targets.coSign');
    succeeded(await coSign('dezernent', 'DEZ'));
    expect(await team.stageNow()).toBe('targets.approval');
  });

  test('the next higher management approves, never who submitted', async () => {
    expect(await team.try('teamleiter', 'APPROVE_TARGETS')).toMatchObject({ __typename: 'NotAllowed' });
    await team.take('amtsleiterin', 'APPROVE_TARGETS');
    expect((await measures()).map(({ status }) => status)).toEqual(['AGREED', 'REJECTED', 'AGREED']);
    expect((await agreement()).outcomes).toMatchObject([{ kind: 'APPROVED' }]);
  });
});

describe('carrying out', () => {
  const report = async (name: string, ...reports: [number, string, object?][]) => {
    const known = await measures();
    return stage.get(MeasureProgress).report(stage.as(name), {
      ...command(),
      reports: reports.map(([at, status, more]) => ({
        measureId: known[at]!.id,
        status: status as 'DELAYED',
        ...more,
      })),
    });
  };
  const confirm = async (name: string, at: number) => {
    const measureId = (await measures())[at]!.id;
    return stage
      .get(MeasureProgress)
      .confirm(stage.as(name), { commandId: v7(), measureId, effect: '9 von 9' });
  };

  test('the interim report needs a word on each open measure', async () => {
    succeeded(await report('anna', [0, 'IN_PROGRESS'], [2, 'IN_PROGRESS']));
    await team.asSystem('INTERIM_DUE');
    const submit = () => team.try('teamleiter', 'SUBMIT_INTERIM', { report: 'Wir kommen voran.' });
    expect(await submit()).toMatchObject({ __typename: 'NotPossibleNow' });
    expect(await report('dezernent', [0, 'IN_PROGRESS'])).toMatchObject({ __typename: 'NotAllowed' });
    expect(await report('teamleiter', [0, 'DELAYED'])).toMatchObject({ __typename: 'ReportIncomplete' });
    expect(await report('teamleiter', [0, 'IN_PROGRESS'], [1, 'IN_PROGRESS'])).toMatchObject({
      __typename: 'NotPossibleNow',
    });
    succeeded(
      await report(
        'teamleiter',
        [0, 'REPORTED_DONE'],
        [2, 'DELAYED', { note: 'Der Plan wird neu gefasst.' }],
      ),
    );
    expect(await submit()).toMatchObject({ followedBy: [] });
    await team.take('koordination', 'CONFIRM');
  });

  test('targets are revised on the way: measures keep how far they are, signatures begin anew', async () => {
    await team.asSystem('INTERIM_DUE');
    succeeded(await report('teamleiter', [0, 'IN_PROGRESS']));
    const stillOpen = await team.try('teamleiter', 'SUBMIT_INTERIM', { report: 'Wie gehabt.' });
    expect(stillOpen).toMatchObject({ __typename: 'NotPossibleNow' });
    succeeded(await report('teamleiter', [2, 'IN_PROGRESS']));
    await team.take('teamleiter', 'SUBMIT_INTERIM', { report: 'Der Termin ist nicht zu halten.' });
    await team.take('koordination', 'REVISE_TARGETS', { reason: 'Bitte den Termin neu setzen.' });
    const [first] = await measures();
    const later = { ...whole(), dueOn: '2027-12-31' };
    const revision = { commandId: v7(), measureId: first!.id, expectedVersion: first!.version, terms: later };
    succeeded(await stage.get(Measures).revise(stage.as('teamleiter'), revision));
    await team.take('teamleiter', 'SUBMIT_TARGETS');
    expect((await agreement()).coSignatures.some(({ isSigned }) => isSigned)).toBe(false);
    await deputise('mitglied', 'D1');
    succeeded(await coSign('mitglied', 'DEZ'));
    expect((await agreement()).coSignatures).toMatchObject([
      { function: 'DEZ', by: { displayName: 'Mitglied' }, represents: { displayName: 'Dezernent' } },
      { function: 'FIN', by: undefined },
    ]);
    succeeded(await coSign('kaemmerei', 'FIN'));
    await team.take('amtsleiterin', 'APPROVE_TARGETS');
    expect((await measures()).map(({ status, dueOn }) => [status, dueOn])).toEqual([
      ['IN_PROGRESS', '2027-12-31'],
      ['REJECTED', '2027-09-30'],
      ['IN_PROGRESS', '2027-09-30'],
    ]);
    succeeded(await report('teamleiter', [0, 'REPORTED_DONE']));
  });

  test('an effect is confirmed by somebody else than who reported it', async () => {
    expect(await confirm('teamleiter', 0)).toMatchObject({ __typename: 'FourEyesNeeded' });
    expect(await confirm('amtsleiterin', 2)).toMatchObject({ __typename: 'NotPossibleNow' });
    expect(await confirm('anna', 0)).toMatchObject({ __typename: 'NotAllowed' });
    succeeded(await confirm('amtsleiterin', 0));
  });

  test('the final review opens at 80 % closed and no open core measure', async () => {
    const request = () => team.try('teamleiter', 'REQUEST_FINAL_REVIEW');
    expect(reasons(await request())).toHaveLength(2);
    succeeded(await report('teamleiter', [2, 'REPORTED_DONE']));
    expect(await request()).toMatchObject({ __typename: 'NotPossibleNow' });
    succeeded(await confirm('amtsleiterin', 2));
    await team.take('teamleiter', 'REQUEST_FINAL_REVIEW');
    expect(await team.stageNow()).toBe('finalReview');
  });

  test('a measure shows its whole history to whoever may see it', async () => {
    const { id } = (await measures())[0]!;
    const see = (name: string) => stage.readAs(name, (db) => stage.get(MeasureViews).one(db, id));
    expect(await see('personalamt')).toBeNull();
    expect((await see('amtsleiterin'))!.history.map(({ status, by }) => [status, by.displayName])).toEqual([
      ['DRAFT', 'Anna'],
      ['AGREED', 'Amtsleiterin'],
      ['IN_PROGRESS', 'Anna'],
      ['REPORTED_DONE', 'Teamleiter'],
      ['IN_PROGRESS', 'Teamleiter'],
      ['REPORTED_DONE', 'Teamleiter'],
      ['EFFECT_CONFIRMED', 'Amtsleiterin'],
    ]);
  });
});

test('whoever may object is somebody who can be asked to sign', () => {
  const file = readFileSync(new URL('../../data/processes/opening-2.json', import.meta.url), 'utf8');
  const { who } = JSON.parse(file).steps.OBJECT_TARGETS as { who: { function: string }[] };
  expect(who.map((one) => one.function)).toEqual([...coSigners]);
});

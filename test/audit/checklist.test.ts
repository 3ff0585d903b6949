import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { CarryOver } from '../../src/audit/succession/carry-over.service.ts';
import { ChecklistViews } from '../../src/audit/checklist/checklist-views.service.ts';
import { Checklists, type CriterionRating } from '../../src/audit/checklist/checklists.service.ts';
import { addRatings, countCriteria, type Counters } from '../../src/audit/rating/counters.rules.ts';
import { openingsById } from '../../src/audit/opening/opening-process.sql.ts';
import { OpeningProcesses } from '../../src/audit/opening/opening-processes.service.ts';
import { OpeningProcessViews } from '../../src/audit/course/opening-process-views.service.ts';
import { Ratings } from '../../src/audit/rating/ratings.service.ts';
import { Rounds } from '../../src/audit/round/rounds.service.ts';
import { Evidence } from '../../src/evidence/index.ts';
import {
  openChecklist,
  openRound,
  roundStaff,
  setStage,
  succeeded,
  take,
  versionOf,
  type Stage,
} from './support.ts';

let stage: Stage;
let processId: string;
let core: string[];
let plain: string[];
const today = '2026-02-01';

const rating = (criterionId: string, expectedRatingVersion: number, more: Partial<CriterionRating> = {}) => ({
  criterionId,
  expectedRatingVersion,
  level: 0,
  notApplicable: false,
  evidenceIds: [],
  newEvidence: [],
  ...more,
});
const proof = (proofOn = today) => ({
  kind: 'NOTE' as const,
  evidenceType: 'MINUTES' as const,
  note: 'Protokoll',
  proofOn,
  containsNoPersonalData: true,
});
const level = (n: number) => ({
  level: n,
  statement: 'Beschlossen, Sachgebiet 1 setzt um',
  newEvidence: n < 2 ? [] : n < 3 ? [proof()] : [proof('2026-01-05'), proof()],
  checkNote: n < 3 ? null : 'Rückmeldungen ausgewertet',
  changedRule: n < 4 ? null : 'Dienstanweisung 4',
});
const rate = (name: string, ...ratings: CriterionRating[]) =>
  stage.get(Checklists).rateCriteria(stage.as(name), { commandId: v7(), processId, ratings });
const confirm = (name: string, ...ratings: CriterionRating[]) =>
  stage.get(Checklists).confirmRatings(stage.as(name), { commandId: v7(), processId, ratings });
const sheet = () => stage.read((db) => stage.get(Ratings).sheet(db, processId));
const versionNow = async (id: string) => (await sheet()).lines.get(id)!.version;
const start = async (roundId: string) =>
  succeeded(
    await stage.get(Rounds).startRound(stage.as('koordination'), {
      commandId: v7(),
      roundId,
      smallTeams: 'WITHIN_SUPERIOR' as const,
      expectedVersion: await versionOf(stage, roundId),
    }),
  );

beforeAll(async () => {
  stage = await setStage(
    [
      { code: 'T', level: 'L0', kind: 'SPI', head: 'landrat' },
      { code: 'A', parent: 'T', level: 'L2', kind: 'FAC', head: 'leiterin' },
    ],
    [...roundStaff, 'anna', 'bora', 'fremd', 'personal', 'sachbearbeiterin', 'stellvertreter'],
  );
  await stage.grant('koordination', 'OPENING_COORD');
  await stage.grant('personal', 'HR');
  await stage.seat('stellvertreter', 'A-01', 'A', 'DEPUTY');
  const post = await stage.seat('sachbearbeiterin', 'A-02', 'A');
  await stage.makeCompetent(post, 'A', ['STE-01', 'LEI-03']);
  const roundId = await openRound(stage, 'A');
  await start(roundId);
  processId = await openChecklist(
    stage,
    roundId,
    { code: 'A', head: 'leiterin' },
    { owner: 'anna', deputy: 'bora' },
  );
  const lines = [...(await sheet()).lines.values()];
  core = lines.filter((line) => line.core).map(({ criterionId }) => criterionId);
  plain = lines.filter((line) => !line.core).map(({ criterionId }) => criterionId);
});
afterAll(() => stage?.close());

test('the criteria of the unit are fixed: 25, of them 7 core', () =>
  expect([core.length, plain.length]).toEqual([7, 18]));

test('owner and deputy must be two people, and neither may audit here', async () => {
  const roundId = await openRound(stage, 'T');
  const outcome = await stage.get(Rounds).leaveRound(stage.as('koordination'), {
    commandId: v7(),
    roundId,
    unitId: stage.units.get('A')!,
    reason: 'läuft schon',
  });
  succeeded(outcome);
  await start(roundId);
  const lead = (owner: string, deputy: string) =>
    openChecklist(stage, roundId, { code: 'T', head: 'landrat' }, { owner, deputy });
  await expect(lead('anna', 'anna')).rejects.toThrow('NotPossibleNow');
  await expect(lead('anna', 'auditleitung')).rejects.toThrow('NotPossibleNow');
});

describe('rating', () => {
  test('several at once, all or none: one fault and nothing is saved', async () => {
    const outcome = await rate('anna', rating(plain[0]!, 0, level(1)), rating(plain[1]!, 0, { level: 2 }));
    expect(outcome).toMatchObject({
      __typename: 'InvalidInput',
      faults: [{ path: 'ratings.1' }, { path: 'ratings.1' }],
    });
    expect(await versionNow(plain[0]!)).toBe(0);
  });

  test('each level with its proof is kept, with statement and evidence', async () => {
    const all = [0, 1, 2, 3, 4].map((n) => rating(plain[n]!, 0, n === 0 ? {} : level(n)));
    succeeded(await rate('anna', ...all));
    const { lines } = await sheet();
    expect([0, 1, 2, 3, 4].map((n) => lines.get(plain[n]!)!.ratings.SELF!.level)).toEqual([0, 1, 2, 3, 4]);
    const given = lines.get(plain[3]!)!.ratings.SELF!.evidenceIds;
    expect(given).toHaveLength(2);
    const named = { ...level(3), newEvidence: [], evidenceIds: [...given, ...given] };
    succeeded(await rate('anna', rating(plain[3]!, 1, named)));
    expect((await sheet()).lines.get(plain[3]!)!.ratings.SELF!.evidenceIds).toHaveLength(2);
  });

  test('not applicable only with a reason', async () => {
    const na = { level: null, notApplicable: true };
    expect(await rate('anna', rating(plain[5]!, 0, na))).toMatchObject({ __typename: 'InvalidInput' });
    succeeded(await rate('anna', rating(plain[5]!, 0, { ...na, reason: 'Kein Publikum' })));
  });

  test('a newer rating of a colleague is shown with both values, never overwritten', async () => {
    succeeded(await rate('bora', rating(plain[0]!, 1, level(2))));
    const outcome = await rate('anna', rating(plain[0]!, 1, level(1)), rating(plain[6]!, 0));
    expect(outcome).toMatchObject({ __typename: 'RatedMeanwhile' });
    const { conflicts } = outcome as unknown as { conflicts: never[] };
    const shown = await stage.read((db) => stage.get(ChecklistViews).conflicts(db, processId, conflicts));
    expect(shown).toMatchObject([
      { yourLevel: 1, theirs: { level: 2, version: 2, by: { displayName: 'Bora' } } },
    ]);
    expect(await versionNow(plain[6]!)).toBe(0);
  });

  test('evidence of another unit is unknown here', async () => {
    const foreign = rating(plain[6]!, 0, { ...level(2), newEvidence: [], evidenceIds: [v7()] });
    await expect(rate('anna', foreign)).rejects.toThrow('nicht gefunden');
  });

  test('evidence that was withdrawn proves nothing any more: it is refused where it is named', async () => {
    const [evidenceId] = (await sheet()).lines.get(plain[2]!)!.ratings.SELF!.evidenceIds;
    const again = (name: string) =>
      rate(name, rating(plain[8]!, 0, { ...level(2), newEvidence: [], evidenceIds: [evidenceId!] }));
    const withdrawal = { commandId: v7(), evidenceId: evidenceId!, reason: 'OUTDATED' as const };
    succeeded(await stage.get(Evidence).withdrawProof(stage.as('leiterin'), withdrawal));
    expect(await again('anna')).toMatchObject({
      __typename: 'InvalidInput',
      faults: [{ path: 'ratings.0' }, { path: 'ratings.0.evidenceIds.0' }],
    });
    const besides = rating(plain[8]!, 0, { ...level(2), evidenceIds: [evidenceId!] });
    expect(await rate('anna', besides)).toMatchObject({
      __typename: 'InvalidInput',
      faults: [{ path: 'ratings.0.evidenceIds.0' }],
    });
  });

  test('a criterion of another edition is unknown here', async () =>
    expect(rate('anna', rating(v7(), 0))).rejects.toThrow('nicht gefunden'));

  test.each(['fremd', 'personal', 'landrat', 'auditorin', 'koordination'])('%s may not rate', async (name) =>
    expect(await rate(name, rating(plain[7]!, 0))).toMatchObject({ __typename: 'NotAllowed' }),
  );

  test.each(['personal', 'fremd', 'landrat', 'auditorin', 'koordination'])(
    '%s does not see the list yet',
    async (name) => {
      const seen = stage.readAs(name, (db) => stage.get(ChecklistViews).checklist(db, processId));
      await expect(seen).rejects.toThrow('nicht gefunden');
    },
  );
});

describe('whoever is competent', () => {
  const idOf = async (code: string) => {
    const { items } = await stage.readAs('anna', (db) => stage.get(ChecklistViews).checklist(db, processId));
    return items.find(({ criterion }) => criterion.code === code)!.criterion.id;
  };

  test('rates the own criteria and no others, all or none', async () => {
    const [own, others] = [rating(await idOf('LEI-03'), 0), rating(await idOf('LEI-04'), 0)];
    expect(await rate('sachbearbeiterin', own, others)).toMatchObject({ __typename: 'NotAllowed' });
    const version = await versionNow(own.criterionId);
    succeeded(await rate('sachbearbeiterin', { ...own, expectedRatingVersion: version }));
  });

  test('sees who is competent and what may be rated', async () => {
    const list = await stage.readAs('sachbearbeiterin', (db) =>
      stage.get(ChecklistViews).checklist(db, processId),
    );
    expect(list.items.filter(({ mayRate }) => mayRate).map(({ criterion }) => criterion.code)).toEqual([
      'LEI-03',
      'STE-01',
    ]);
    const item = list.items.find(({ criterion }) => criterion.code === 'STE-01')!;
    expect(item.competent).toMatchObject({
      post: { postNo: 'A-02' },
      personIds: [stage.persons.get('sachbearbeiterin')],
    });
  });
});

describe('two people for core criteria', () => {
  test('a deputy and the head stood in for count as one', async () => {
    const criterion = core[1]!;
    succeeded(await rate('stellvertreter', rating(criterion, await versionNow(criterion))));
    const { SELF, SECOND } = (await sheet()).lines.get(criterion)!.ratings;
    expect([SELF!.representsId, SECOND]).toEqual([stage.persons.get('leiterin'), undefined]);
    const seconded = (name: string) => confirm(name, rating(criterion, SELF!.version));
    expect(await seconded('leiterin')).toMatchObject({ __typename: 'SecondPersonNeeded' });
    succeeded(await seconded('anna'));
  });

  test('a second rating needs a first one, and another person', async () => {
    const [first] = core;
    expect(await confirm('bora', rating(first!, 0))).toMatchObject({ __typename: 'NotPossibleNow' });
    succeeded(await rate('anna', rating(first!, 0, level(1))));
    expect(await confirm('anna', rating(first!, 1, level(1)))).toMatchObject({
      __typename: 'SecondPersonNeeded',
    });
    succeeded(await confirm('bora', rating(first!, 1, level(3))));
  });

  test('ratings more than one level apart are resolved between the two, with a comment', async () => {
    const resolve = (level: number, expectedRatingVersion: number) =>
      stage.get(Checklists).resolveDifference(stage.as('anna'), {
        commandId: v7(),
        processId,
        criterionId: core[0]!,
        level,
        comment: 'Zusammen angesehen',
        expectedRatingVersion,
      });
    expect(await resolve(2, 1)).toMatchObject({ __typename: 'RatedMeanwhile' });
    expect(await resolve(4, 2)).toMatchObject({ __typename: 'InvalidInput' });
    succeeded(await resolve(2, 2));
    expect(await resolve(2, 3)).toMatchObject({ __typename: 'NotPossibleNow' });
  });
});

test('closing waits for every criterion and the second person, and says how many lack', async () => {
  const outcome = await take(stage, 'anna', processId, 'CLOSE_RATINGS');
  expect(outcome).toMatchObject({ __typename: 'NotPossibleNow' });
  for (const id of plain) {
    const version = await versionNow(id);
    if (version === 0) succeeded(await rate('anna', rating(id, 0, level(2))));
  }
  for (const id of core.slice(1)) {
    succeeded(await rate('anna', rating(id, await versionNow(id), level(2))));
    succeeded(await confirm('bora', rating(id, await versionNow(id), level(2))));
  }
  expect(succeeded(await take(stage, 'anna', processId, 'CLOSE_RATINGS'))).toMatchObject({
    stage: 'inventory.consensus',
  });
  expect(await rate('anna', rating(plain[0]!, 2, level(1)))).toMatchObject({ __typename: 'NotPossibleNow' });
});

test('the head signs what was read: another content hash is refused', async () => {
  const list = await stage.readAs('leiterin', (db) => stage.get(ChecklistViews).checklist(db, processId));
  const sign = (contentHash: string) => take(stage, 'leiterin', processId, 'SIGN_OFF', { contentHash });
  expect(await sign('0'.repeat(64))).toMatchObject({ __typename: 'NotPossibleNow' });
  expect(succeeded(await sign(list.contentHash))).toMatchObject({ stage: 'inventory.submitted' });
  const { rows } = await stage.superuser.query(
    'select content_hash, person_id, capacity from audit.signature',
  );
  expect(rows).toEqual([
    { content_hash: list.contentHash, person_id: stage.persons.get('leiterin'), capacity: 'HOLDER' },
  ]);
});

test('returned with reasons it is open again, and the reasons stand at their criteria', async () => {
  const criteria = [{ criterionId: core[0]!, reason: 'Der Nachweis ist älter als 24 Monate' }];
  const twice = { criteria: [...criteria, ...criteria] };
  expect(await take(stage, 'auditleitung', processId, 'RETURN_INCOMPLETE', twice)).toMatchObject({
    __typename: 'InvalidInput',
    faults: [{ path: 'payload.criteria.1.criterionId' }],
  });
  succeeded(await take(stage, 'auditleitung', processId, 'RETURN_INCOMPLETE', { criteria }));
  const list = await stage.readAs('anna', (db) => stage.get(ChecklistViews).checklist(db, processId));
  expect(list.editable).toBe(true);
  expect(list.items.find(({ criterion }) => criterion.id === core[0])!.returnReason).toBe(
    criteria[0]!.reason,
  );
  expect(list.items.filter(({ returnReason }) => returnReason)).toHaveLength(1);
});

test('counters, their log, and counting everything anew give the same', async () => {
  const { opening, lines } = await stage.read(async (db) => ({
    opening: (await openingsById(db, [processId]))[0]!,
    lines: [...(await stage.get(Ratings).sheet(db, processId)).lines.values()],
  }));
  const recounted = countCriteria(lines, 10);
  for (const line of lines) addRatings(recounted, line, line.ratings);
  expect(opening).toMatchObject(recounted);
  const { rows } = await stage.superuser.query<Counters>(
    `select sum(applicable)::int applicable, sum(rated)::int rated, sum(not_applicable)::int not_applicable,
       sum(core_total)::int core_total, sum(core_rated)::int core_rated, sum(core_confirmed)::int core_confirmed,
       sum(points)::int points, sum(points_of)::int points_of, sum(differences)::int differences
     from audit.counter_delta where process_id = $1`,
    [processId],
  );
  expect(recounted).toMatchObject(rows[0]!);
});

test('the counters of a day past are those of its last command', async () => {
  const { past, before } = await stage.read(async (db) => {
    const opening = await stage.get(OpeningProcesses).one(db, processId);
    const views = stage.get(OpeningProcessViews);
    return {
      past: await views.asOf(db, opening, db.today),
      before: await views.asOf(db, opening, '2020-01-01'),
    };
  });
  const [now] = await stage.read((db) => openingsById(db, [processId]));
  expect(past).toMatchObject({ ...now, countedAt: past!.countedAt });
  expect(before).toBeUndefined();
});

test('a rating can be neither changed nor removed, not even as superuser', async () => {
  await expect(stage.superuser.query('update audit.rating set level = 4')).rejects.toThrow(
    'stand as they were written',
  );
  await expect(stage.superuser.query('delete from audit.rating')).rejects.toThrow(
    'stand as they were written',
  );
});

test('the next round proposes what counted, and it counts only once confirmed', async () => {
  const before = (await sheet()).lines;
  succeeded(await take(stage, 'landrat', processId, 'CANCEL', { reason: 'Neuer Zyklus' }));
  const roundId = await openRound(stage, 'A');
  await start(roundId);
  processId = await openChecklist(
    stage,
    roundId,
    { code: 'A', head: 'leiterin' },
    { owner: 'bora', deputy: 'anna' },
  );
  const carry = stage.get(CarryOver);
  const taken = succeeded(
    await carry.takeOverRatings(stage.as('anna'), { commandId: v7(), processId, criterionIds: null }),
  );
  expect(taken.criterionIds).toHaveLength(25);
  const opening = async () => (await stage.read((db) => openingsById(db, [processId])))[0]!;
  expect(await opening()).toMatchObject({ rated: 0, applicable: 25 });
  const again = await carry.takeOverRatings(stage.as('anna'), {
    commandId: v7(),
    processId,
    criterionIds: null,
  });
  expect(succeeded(again).criterionIds).toEqual([]);
  succeeded(
    await carry.confirmTakenOver(stage.as('anna'), { commandId: v7(), processId, criterionIds: [core[0]!] }),
  );
  expect(await opening()).toMatchObject({ rated: 1 });
  const line = (await sheet()).lines.get(core[0]!)!;
  expect(line.ratings.SELF).toMatchObject({
    level: 2,
    carriedFrom: before.get(core[0]!)!.ratings.CONSENSUS!.id,
  });
});

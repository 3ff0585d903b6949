import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { Ratings, whatCounted, type RatingRow } from '../../src/audit/rating/ratings.service.ts';
import { Rounds } from '../../src/audit/round/rounds.service.ts';
import { CarryOver } from '../../src/audit/succession/carry-over.service.ts';
import { Evidence } from '../../src/evidence/index.ts';
import { startedRound } from './opening.ts';
import { openChecklist, openRound, succeeded, versionOf, type Stage } from './support.ts';

let stage: Stage;
let processId: string;
const team = { code: 'T1', head: 'teamleiter' };
const cast = { owner: 'anna', deputy: 'bora' };

beforeAll(async () => {
  const first = await startedRound('T1');
  stage = first.stage;
  await first.team.rated(3);
  const left = {
    commandId: v7(),
    roundId: first.roundId,
    unitId: stage.units.get('T1')!,
    reason: 'neue Runde',
  };
  succeeded(await stage.get(Rounds).leaveRound(stage.as('koordination'), left));
  const roundId = await openRound(stage, 'T1');
  const expectedVersion = await versionOf(stage, roundId);
  const start = { commandId: v7(), roundId, expectedVersion, smallTeams: 'ALONE' as const };
  succeeded(await stage.get(Rounds).startRound(stage.as('koordination'), start));
  processId = await openChecklist(stage, roundId, team, cast);
});
afterAll(() => stage?.close());

const lines = async () => [
  ...(await stage.read((db) => stage.get(Ratings).sheet(db, processId))).lines.values(),
];
const confirm = (criterionIds: readonly string[]) =>
  stage.get(CarryOver).confirmTakenOver(stage.as('anna'), { commandId: v7(), processId, criterionIds });

test('what the unit said comes along: level, words and evidence, marked as of the earlier round', async () => {
  const all = { commandId: v7(), processId, criterionIds: null };
  succeeded(await stage.get(CarryOver).takeOverRatings(stage.as('anna'), all));
  for (const { ratings } of await lines())
    expect(ratings.CARRIED).toMatchObject({
      level: 3,
      statement: expect.stringMatching(/^Beschlossen/),
      checkNote: expect.any(String),
      evidenceIds: [expect.any(String), expect.any(String)],
      carriedFrom: expect.any(String),
    });
});

test('a confirmation obeys the rules of a rating: withdrawn evidence proves nothing', async () => {
  const [one, other] = await lines();
  const [evidenceId] = one!.ratings.CARRIED!.evidenceIds;
  const withdrawal = { commandId: v7(), evidenceId: evidenceId!, reason: 'MISTAKE' as const };
  succeeded(await stage.get(Evidence).withdrawProof(stage.as('teamleiter'), withdrawal));
  expect(await confirm([other!.criterionId, one!.criterionId])).toMatchObject({
    __typename: 'InvalidInput',
    faults: [
      {
        path: 'criterionIds.1',
        message: { de: 'Ab Stufe 3 werden Nachweise von mindestens zwei verschiedenen Tagen gebraucht.' },
      },
    ],
  });
  succeeded(await confirm([other!.criterionId]));
  const confirmed = (await lines()).find(({ criterionId }) => criterionId === other!.criterionId)!;
  const { CARRIED, SELF } = confirmed.ratings;
  expect(SELF).toMatchObject({ level: 3, statement: CARRIED!.statement, carriedFrom: CARRIED!.carriedFrom });
  expect(SELF!.evidenceIds).toEqual(CARRIED!.evidenceIds);
});

test('an audit’s level counts, in the words and with the evidence of the unit', () => {
  const row = (version: number, more: Partial<RatingRow>) =>
    ({
      id: `rating ${version}`,
      version,
      level: 2,
      statement: null,
      reason: null,
      evidenceIds: [],
      ...more,
    }) as RatingRow;
  const SELF = row(1, { statement: 'Beschlossen', evidenceIds: ['a'] });
  const FINAL = row(5, { level: 3, reason: 'So zeigen es die Unterlagen.' });
  expect(whatCounted({ SELF, FINAL })).toMatchObject({
    id: 'rating 5',
    level: 3,
    statement: 'Beschlossen',
    evidenceIds: ['a'],
  });
  expect(whatCounted({ FINAL })).toBe(FINAL);
  expect(whatCounted({})).toBeUndefined();
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { Board } from '../../src/audit/decision/board.service.ts';
import { RoundPeople } from '../../src/audit/round/round-people.service.ts';
import { startedRound, type Opening } from '../audit/opening.ts';
import { succeeded, type Stage } from '../audit/support.ts';

let stage: Stage;
let top: Opening;

// The head of the administration heads the unit that is audited, and sits on the board.
beforeAll(async () => {
  const round = await startedRound('TOP');
  stage = round.stage;
  top = round.opening('TOP', 'landraetin');
  const people = [{ fn: 'BOARD', personId: stage.persons.get('landraetin')!, postId: null, chair: false }];
  const input = { commandId: v7(), roundId: round.roundId, people, release: [], boardQuorum: null };
  succeeded(await stage.get(RoundPeople).nameRoundPeople(stage.as('koordination'), input));
  await top.toDesk(2);
  await top.toTargets(2);
}, 60_000);
afterAll(() => stage?.close());

test('where nobody has to co-sign, submitted targets go to approval at once', async () => {
  expect(await top.take('landraetin', 'SUBMIT_TARGETS')).toEqual(['ALL_SIGNED']);
  expect(await top.stageNow()).toBe('targets.approval');
});

test('the board approves the targets of the top, its head excepted', async () => {
  for (const who of ['landraetin', 'dezernent', 'auditleitung', 'koordination'])
    expect([who, await top.try(who, 'APPROVE_TARGETS')]).toMatchObject([who, { __typename: 'NotAllowed' }]);
  await top.take('mitglied', 'APPROVE_TARGETS');
  expect(await top.stageNow()).toBe('implementation.running');
});

test('with nothing to undertake the final review may follow; of the board only the head is kept out', async () => {
  await top.take('landraetin', 'REQUEST_FINAL_REVIEW');
  await top.take('auditleitung', 'RECOMMEND', {
    recommendation: 'RECOGNISE',
    reason: 'Alle Schwellen sind erreicht.',
  });
  const ballots = await stage.read(async (db) =>
    stage.get(Board).ballots(db, await stage.engine.processes(db, [top.id])),
  );
  const { count, recognition } = ballots.get(top.id)!;
  const names = (ids: readonly string[]) =>
    ids.map((id) => [...stage.persons].find(([, known]) => known === id)![0]).sort();
  expect({
    allowed: recognition.outcome,
    missing: names(count.missing),
    excluded: names(count.excluded),
  }).toEqual({
    allowed: 'FULL',
    missing: ['mitglied', 'vorsitz'],
    excluded: ['landraetin'],
  });
});

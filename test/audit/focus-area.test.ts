import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { Rounds } from '../../src/audit/round/rounds.service.ts';
import { startedRound, type Opening } from './opening.ts';
import { succeeded, type Stage } from './support.ts';

// The round carries out a focus area of the council: no process of it ends behind the council's back.
let stage: Stage;
let roundId: string;
let team: Opening;

beforeAll(async () => {
  ({ stage, roundId, team } = await startedRound());
  await stage.grant('landraetin', 'LEAD');
  await stage.superuser.query(`update audit.round set focus_area = 'Öffnung der Verwaltung' where id = $1`, [
    roundId,
  ]);
}, 60_000);
afterAll(() => stage?.close());

const leave = (councilInformedOn?: string) =>
  stage.get(Rounds).leaveRound(stage.as('koordination'), {
    commandId: v7(),
    roundId,
    unitId: stage.units.get('A1')!,
    reason: 'Das Amt wird aufgelöst.',
    ...(councilInformedOn && { councilInformedOn }),
  });

test.each([[undefined], ['2099-01-01']])(
  'with the council informed on %s nothing is cancelled',
  async (day) => {
    expect(await leave(day)).toMatchObject({
      __typename: 'NotPossibleNow',
      reasons: [{ de: expect.stringContaining('muss das politische Gremium informiert sein') }],
    });
  },
);

test('once the council is informed, a unit may leave and a process be cancelled', async () => {
  succeeded(await leave('2026-01-20'));
  const cancelled = await team.try('koordination', 'CANCEL', {
    reason: 'Zusammengelegt.',
    councilInformedOn: '2026-01-20',
  });
  expect(await team.stageNow()).toBe(succeeded(cancelled) && 'cancelled');
});

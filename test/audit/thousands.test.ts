import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { RoundAuditors } from '../../src/audit/round/round-auditors.service.ts';
import { RoundChecks } from '../../src/audit/round/round-checks.service.ts';
import { roundsById } from '../../src/audit/opening/round.sql.ts';
import { Rounds } from '../../src/audit/round/rounds.service.ts';
import {
  entriesOf,
  openRound,
  roundStaff,
  setStage,
  succeeded,
  versionOf,
  type PlantedUnit,
  type Stage,
} from './support.ts';

/** A top, 10 directorates, 100 offices, 1,000 sections and 3,889 teams. */
const planted: PlantedUnit[] = [{ code: 'T', level: 'L0', kind: 'SPI', head: 'landrat' }];
for (let d = 0; d < 10; d += 1)
  planted.push({ code: `D${d}`, parent: 'T', level: 'L1', kind: 'DEZ', headcount: 500 });
for (let a = 0; a < 100; a += 1)
  planted.push({
    code: `A${a}`,
    parent: `D${a % 10}`,
    level: 'L2',
    kind: a % 3 ? 'PUB' : 'FAC',
    headcount: 100,
  });
for (let s = 0; s < 1000; s += 1)
  planted.push({ code: `S${s}`, parent: `A${s % 100}`, level: 'L3', kind: s % 3 ? 'PUB' : 'FAC' });
for (let t = 0; planted.length < 5000; t += 1)
  planted.push({
    code: `Z${t}`,
    parent: `S${t % 1000}`,
    level: 'L4',
    kind: t % 3 ? 'PUB' : 'FAC',
    headcount: 6,
  });

let stage: Stage;
beforeAll(async () => {
  stage = await setStage(planted, roundStaff);
  await stage.grant('koordination', 'OPENING_COORD');
}, 120_000);
afterAll(() => stage?.close());

test('a round over 5,000 units is checked, audited and started in one command each', async () => {
  const koordination = stage.as('koordination');
  const roundId = await openRound(stage, 'T');
  const auditor = (await entriesOf(stage, roundId)).find(({ fn }) => fn === 'AUD')!;
  const assigned = await timed('auditor assigned to 5,000 units', () =>
    stage.get(RoundAuditors).assignAuditors(koordination, {
      commandId: v7(),
      roundId,
      assignments: [{ roundPersonId: auditor.id, unitIds: [stage.units.get('T')!], andBelow: true }],
    }),
  );
  expect(succeeded(assigned).assigned).toBe(5000);
  const check = await timed('round of 5,000 units checked', () =>
    stage.read(async (db) => {
      const [round] = await roundsById(db, [roundId]);
      return stage.get(RoundChecks).check(db, round!, { smallTeams: 'WITHIN_SUPERIOR' });
    }),
  );
  expect(check.starting).toHaveLength(5000);
  const expectedVersion = await versionOf(stage, roundId);
  const started = await timed('round of 5,000 units started', () =>
    stage.get(Rounds).startRound(koordination, {
      commandId: v7(),
      roundId,
      expectedVersion,
      smallTeams: 'WITHIN_SUPERIOR',
    }),
  );
  expect(succeeded(started).started).toBe(5000);
  const { rows } = await stage.superuser.query(
    `select count(*)::int processes, sum(applicable)::int criteria,
       (select count(*)::int from audit.counter_delta) deltas,
       (select count(*)::int from engine.process where 'preparation.commissioned' = stage) commissioned,
       (select count(*)::int from responsibility.function_grant where function = 'AUD') grants
     from audit.opening_process`,
  );
  expect(rows[0]).toMatchObject({ processes: 5000, deltas: 5000, commissioned: 5000, grants: 5000 });
}, 180_000);

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  process.stderr.write(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  return result;
}

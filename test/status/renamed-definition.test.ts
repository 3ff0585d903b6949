import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { v7 } from 'uuid';
import { OpeningProcesses } from '../../src/audit/index.ts';
import { MyWork } from '../../src/audit/work/my-work.service.ts';
import { Definitions } from '../../src/engine/index.ts';
import { MeasureViews } from '../../src/planning/measure-views.service.ts';
import { Measures, Targets } from '../../src/planning/index.ts';
import { isRefusal, Reads } from '../../src/platform/index.ts';
import * as ask from '../../src/status/status.sql.ts';
import { actorWith } from '../support/services.ts';
import { inDays } from '../support/days.ts';
import { Opening, startedRound } from '../audit/opening.ts';
import { succeeded, type Stage } from '../audit/support.ts';

// Who writes a definition names its regions, states, deadlines and tasks as they like; what a state means to programs it
// says by tags. So the figures of a round are the same by a definition in which these names are others.

const names = ['live', 'course', 'inventory', 'desk', 'deskReview', 'drafting', 'coSign', 'draftTargets'];

/** The newest opening with other names for regions, states, deadlines and tasks. */
async function renamed(): Promise<string> {
  const file = new URL('../../data/processes/opening-2.json', import.meta.url);
  const renaming = new RegExp(`(?<=[".])(${names.join('|')})(?=[".])`, 'g');
  const text = (await readFile(file, 'utf8')).replace(renaming, '$1Anew');
  return JSON.stringify({ ...JSON.parse(text), version: 9000 });
}

async function publishRenamed(stage: Stage): Promise<string> {
  const text = await renamed();
  const outcome = await stage.run(stage.as('koordination'), async (tx) => {
    const id = await stage.get(Definitions).publish(tx, text);
    return isRefusal(id) ? id : { id };
  });
  return (succeeded(outcome as object) as { id: string }).id;
}

interface Told {
  readonly stage: Stage;
  readonly team: Opening;
  readonly roundId: string;
}
let told: readonly Told[];
beforeAll(async () => {
  told = [await startedRound(), await startedRound('A1', [], publishRenamed)];
}, 120_000);
afterAll(async () => {
  for (const { stage } of told ?? []) await stage.close();
});

const nameOf = (name: string) => name.replaceAll('Anew', '');

/** The rows that the figures are made of: of now and, by the log, of the same instant as if it were past. */
async function rowsOf({ stage, team, roundId }: Told) {
  const units = [stage.units.get('T1')!];
  const at = (when: ask.Moment) =>
    stage.read(async (db) => ({
      processes: (await ask.processRows(db, roundId, when, units)).map(
        ({
          processId: _id,
          roundId: _round,
          unitId: _unit,
          startedAt: _at,
          since: _since,
          state,
          ...row
        }) => ({
          ...row,
          state: nameOf(state),
        }),
      ),
      deadlines: (await ask.deadlineRows(db, when, [team.id])).map(({ what, dueOn }) => [
        nameOf(what),
        dueOn,
      ]),
      measures: (await ask.measureRows(db, when, units)).map(({ what, core, dueOn }) => [what, core, dueOn]),
    }));
  const now = await at({ day: inDays(0), cutoff: null });
  const byLog = await at({ day: inDays(0), cutoff: new Date(Date.now() + 60_000) });
  return { now, byLog };
}

/** The same in both rounds, now and by the log; what it is. */
async function figures() {
  const [shipped, other] = [await rowsOf(told[0]!), await rowsOf(told[1]!)];
  expect(other).toEqual(shipped);
  expect(shipped.byLog).toEqual(shipped.now);
  return shipped.now;
}

const each = async (work: (told: Told) => Promise<unknown>) => {
  for (const one of told) await work(one);
};

async function propose({ stage, team }: Told): Promise<void> {
  const post = (await stage.read((db) => stage.organisation.headPost(db, [stage.units.get('T1')!])))
    .values()
    .next().value!;
  const { core } = await team.criteria();
  succeeded(
    await stage.get(Measures).propose(stage.as('teamleiter'), {
      commandId: v7(),
      processId: team.id,
      measures: [
        {
          criterionId: core[0]!,
          title: 'Sprachmittlung bezahlen',
          competentPostId: post.id,
          dueOn: '2099-09-30',
          indicator: 'Einsätze im Jahr',
          baseline: '4',
          budgetKind: 'LINE',
          budgetLine: '946200/543990',
        },
      ],
    }),
  );
}

async function coSign({ stage, team }: Told, name: string, as: 'DEZ' | 'FIN'): Promise<void> {
  const { contentHash } = (await stage.read(async (db) =>
    stage.get(MeasureViews).agreement(db, await stage.get(OpeningProcesses).one(db, team.id)),
  ))!;
  const input = { commandId: v7(), processId: team.id, as, contentHash };
  succeeded(await stage.get(Targets).coSign(stage.as(name), input));
}

/** What waits for somebody in a function, the same in both rounds. */
async function waitsFor(name: string, fn: string): Promise<readonly string[]> {
  const [shipped, other] = await Promise.all(
    told.map(async ({ stage }) => {
      const person = stage.persons.get(name)!;
      const actor = actorWith(stage.tenant, [fn], { account: person, person, name });
      const work = await stage.get(Reads).within(actor, (db) => stage.get(MyWork).of(db));
      return work.map(({ kind }) => kind).sort();
    }),
  );
  expect(other).toEqual(shipped);
  return shipped!;
}

test('a round by a definition with other names has the same figures at every turn', async () => {
  expect((await figures()).processes).toMatchObject([{ waitingFor: ['HEAD'] }]);
  await each(({ team }) => team.toDesk(2));
  expect((await figures()).processes).toMatchObject([{ waitingFor: ['AUD'], applicable: 9, rated: 9 }]);
  await each(async ({ team }) => {
    const { core } = await team.criteria();
    await team.toTargets(2, { [core[0]!]: 1 });
  });
  expect((await figures()).processes).toMatchObject([
    { state: 'targets.drafting', waitingFor: ['HEAD'], isReleasedToPublic: true, finallyRatedOn: inDays(0) },
  ]);
  await each(propose);
  await each(({ team }) => team.take('teamleiter', 'SUBMIT_TARGETS'));
  expect((await figures()).processes).toMatchObject([
    { state: 'targets.coSign', waitingFor: ['DEZ', 'FIN'] },
  ]);
  expect(await waitsFor('kaemmerei', 'FIN')).toEqual(['SIGN']);
  expect(await waitsFor('dezernent', 'DEZ')).toEqual(['SIGN']);
  await each((one) => coSign(one, 'dezernent', 'DEZ'));
  expect(await waitsFor('dezernent', 'DEZ')).toEqual([]);
  expect((await figures()).processes).toMatchObject([{ waitingFor: ['FIN'] }]);
  await each(({ team }) =>
    team.take('dezernent', 'SUSPEND', { until: inDays(60), reason: 'REORGANISATION' }),
  );
  expect(await figures()).toMatchObject({
    processes: [{ isSuspended: true, waitingFor: ['FIN'] }],
    deadlines: [],
  });
  await each(({ team }) => team.take('dezernent', 'RESUME'));
  await each((one) => coSign(one, 'kaemmerei', 'FIN'));
  await each(({ team }) => team.take('amtsleiterin', 'APPROVE_TARGETS'));
  expect(await figures()).toMatchObject({
    processes: [{ isSuspended: false, waitingFor: ['HEAD'] }],
    measures: [['1', true, '2099-09-30']],
  });
}, 120_000);

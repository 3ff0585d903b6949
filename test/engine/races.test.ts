import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { v7 } from 'uuid';
import { canonical } from '../../src/engine/definition/definition-file.rules.ts';
import { Definitions, Engine, Verifier, type StepTaken } from '../../src/engine/index.ts';
import type { Machine } from '../../src/engine/machine/machine.rules.ts';
import { lockProcesses } from '../../src/engine/steps/process.sql.ts';
import { Steps } from '../../src/engine/steps/steps.service.ts';
import { Clock, isRefusal, systemActor, type Refusal } from '../../src/platform/index.ts';
import { samplePayload } from '../support/payload.ts';
import { person, setStage, type Stage } from './support.ts';

let stage: Stage;
let machine: Machine;

beforeAll(async () => {
  stage = await setStage();
  await stage.run(person(stage), async (tx) => {
    machine = await stage.module.get(Definitions).machineOf(tx, stage.definitionId);
    return {};
  });
});
afterAll(() => stage.close());

/** Holds the rows of processes until so many commands stand before them; then lets all of them go at once. */
class Barrier {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async before(ids: readonly string[]): Promise<Barrier> {
    const client = new pg.Client(stage.database.superUrl);
    await client.connect();
    await client.query('begin');
    await client.query('select from engine.process where id = any($1) order by id for update', [ids]);
    return new Barrier(client);
  }

  async open(waiting: number): Promise<void> {
    for (;;) {
      const { rows } = await stage.superuser.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if (rows[0]!.n >= waiting) break;
    }
    await this.#client.query('commit');
    await this.#client.end();
  }
}

/** Lets all these commands meet at the rows of the processes. */
async function meet<T>(ids: readonly string[], commands: readonly (() => Promise<T>)[]): Promise<T[]> {
  const barrier = await Barrier.before(ids);
  const outcomes = commands.map((command) => command());
  await barrier.open(commands.length);
  return Promise.all(outcomes);
}

const payloadOf = (step: string) => samplePayload(machine.chart.definition.steps[step]!.payload);
const taker = (step: string) =>
  machine.chart.definition.steps[step]!.who.find((one) => one.function !== 'SYS')!.function;
const take = (id: string, step: string, commandId = v7()) => {
  const actor = person(stage, taker(step));
  const ask = { processId: id, step, payload: payloadOf(step) };
  return () => stage.run(actor, (tx) => stage.engine.take(tx, ask) as Promise<StepTaken>, commandId);
};
const taken = (outcomes: readonly (StepTaken | Refusal)[]) =>
  outcomes.filter((one): one is StepTaken => !isRefusal(one));

const logOf = async (id: string): Promise<string[]> =>
  (
    await stage.superuser.query<{ step: string }>(
      'select step::text from engine.log_entry where process_id = $1 order by seq',
      [id],
    )
  ).rows.map(({ step }) => step);

const statesOf = async (id: string): Promise<string[]> =>
  (await stage.superuser.query<{ states: string[] }>('select states from engine.process where id = $1', [id]))
    .rows[0]!.states;

/** What people may do in the course itself; the regions beside it have their own pairs. */
const stepsOfCourse = (states: readonly string[]): string[] => {
  const { chart } = machine;
  const edges = chart.active(states).flatMap((node) => chart.edgesOf(node));
  const ofCourse = edges.filter(({ from }) => !/^live\.(deadline|objection|participation)/.test(from.path));
  const steps = new Set(ofCourse.map(({ event }) => event).filter((event) => !event.startsWith('$')));
  return [...steps].filter((step) => chart.definition.steps[step]!.who.some((who) => who.function !== 'SYS'));
};

const way = [
  'COMMISSION',
  'NAME_TEAM',
  'CONFIRM_SCOPE',
  'OPEN_SELF_ASSESSMENT',
  'CLOSE_RATINGS',
  'SIGN_OFF',
  'ACCEPT_SUBMISSION',
  'SCHEDULE_VISIT',
  'VISIT_DONE',
  'SEND_DRAFT',
  'ACCEPT_DRAFT',
  'PUBLISH_REPORT',
  'SUBMIT_TARGETS',
  'APPROVE_TARGETS',
  'REQUEST_FINAL_REVIEW',
  'RECOMMEND',
  'RECOGNISE',
];
async function after(step: string | undefined): Promise<string> {
  const [id] = (await stage.start()) as [string];
  for (const one of step ? way.slice(0, way.indexOf(step) + 1) : []) {
    const outcome = await take(id, one)();
    if (isRefusal(outcome)) throw new Error(`${one}: ${outcome.message.en}`);
  }
  return id;
}

describe('commands that meet at one process', () => {
  test('with the same step: one takes it, the others learn where it stands', async () => {
    const id = await after(undefined);
    const outcomes = await meet(
      [id],
      Array.from({ length: 8 }, () => take(id, 'COMMISSION')),
    );
    expect(taken(outcomes)).toHaveLength(1);
    for (const outcome of outcomes)
      if (isRefusal(outcome))
        expect(outcome).toMatchObject({ __typename: 'NotPossibleNow', state: 'preparation.commissioned' });
    expect(await logOf(id)).toEqual(['$start', 'COMMISSION']);
  });

  test('under the same id: it is done once, and all get its receipt', async () => {
    const id = await after(undefined);
    const commandId = v7();
    const actor = person(stage, 'LEAD');
    const barrier = await Barrier.before([id]);
    const ask = { processId: id, step: 'COMMISSION' };
    const outcomes = Array.from({ length: 8 }, () =>
      stage.run(actor, (tx) => stage.engine.take(tx, ask) as Promise<StepTaken>, commandId),
    );
    await barrier.open(1); // the others may wait for the first at the id itself
    const receipts = await Promise.all(outcomes);
    expect(new Set(receipts.map((receipt) => canonical(receipt))).size).toBe(1);
    expect(await logOf(id)).toEqual(['$start', 'COMMISSION']);
  });

  test.each([undefined, ...way])(
    'after %s, in every pair of steps of the course: what happens is one order of the two',
    async (step) => {
      const possible = stepsOfCourse(await statesOf(await after(step)));
      for (const [i, one] of possible.entries())
        for (const other of possible.slice(i)) {
          const id = await after(step);
          const before = (await logOf(id)).length;
          const outcomes = await meet([id], [take(id, one), take(id, other)]);
          const steps = (await logOf(id)).slice(before);
          const said = taken(outcomes).flatMap((outcome) => [outcome.step, ...outcome.followedBy]);
          expect({ one, other, steps: steps.toSorted() }).toEqual({ one, other, steps: said.toSorted() });
        }
    },
  );

  test('a deadline and the person it was set for: the first ends it for the other', async () => {
    const times = 6;
    const won = { PROVIDED: 0, TIMEOUT: 0 };
    const day = new Date('2026-03-02T09:00:00Z');
    const later = new Date('2026-03-30T09:00:00Z');
    const at = <T>(when: Date, work: () => Promise<T>) => stage.module.get(Clock).at(when, work);
    for (let i = 0; i < times; i++) {
      const id = await at(day, async () => {
        const made = await after('ACCEPT_SUBMISSION');
        await take(made, 'REQUEST_EVIDENCE')();
        return made;
      });
      const due = async () =>
        (await stage.superuser.query('select name, epoch from engine.deadline where process_id = $1', [id]))
          .rows[0] as {
          name: string;
          epoch: number;
        };
      const fire = ({ name, epoch }: { name: string; epoch: number }) =>
        at(later, () =>
          stage.run(systemActor(stage.tenant), async (tx) => {
            const fired = await stage.module.get(Engine).fire(tx, { processId: id, name, epoch });
            return isRefusal(fired) ? fired : ({ step: fired?.step ?? null } as object);
          }),
        );
      await fire(await due()); // the reminder; then the deadline itself is due
      const clock = await due();
      const commands = [() => fire(clock), () => at(later, take(id, 'EVIDENCE_PROVIDED'))];
      await meet<unknown>([id], i % 2 ? commands : commands.toReversed());
      const last = (await logOf(id)).filter((step) => step.startsWith('EVIDENCE_'));
      expect(last).toHaveLength(1);
      won[last[0] === 'EVIDENCE_PROVIDED' ? 'PROVIDED' : 'TIMEOUT'] += 1;
    }
    expect(won.PROVIDED + won.TIMEOUT).toBe(times);
  });
});

describe('commands on many processes', () => {
  test('in opposite orders, and single steps between them: nobody waits in a circle, each process moves once', async () => {
    const ids = await stage.start(40);
    const all = (order: readonly string[]) => () =>
      stage.run(person(stage, 'LEAD'), async (tx) => {
        const rows = await lockProcesses(tx, order);
        const some = await stage.module.get(Steps).takeSome(tx, machine, rows, { step: 'COMMISSION' });
        return isRefusal(some) ? some : { taken: some.taken.length };
      });
    const singles = ids.slice(0, 4).map((id) => take(id, 'COMMISSION'));
    const outcomes = await meet<object>(ids, [all(ids), all(ids.toReversed()), ...singles]);
    const count = outcomes.reduce(
      (sum, one) => sum + ('taken' in one ? (one.taken as number) : isRefusal(one) ? 0 : 1),
      0,
    );
    expect(count).toBe(ids.length);
    for (const id of ids) expect(await logOf(id)).toEqual(['$start', 'COMMISSION']);
  });
});

describe('a fact that a guard reads', () => {
  test('does not change between the guard and the step: its writer waits at the same row', async () => {
    const [id] = (await stage.start()) as [string];
    stage.world.facts.set(id, { 'mandate.present': true });
    const revoke = () =>
      stage.run(person(stage, 'LEAD'), async (tx) => {
        await stage.engine.lock(tx, id);
        stage.world.facts.set(id, { 'mandate.present': false });
        return {};
      });
    const outcomes = await meet<object>([id], [revoke, take(id, 'COMMISSION')]);
    const { rows } = await stage.superuser.query<{ facts: Record<string, unknown> }>(
      `select facts from engine.log_entry where process_id = $1 and step = 'COMMISSION'`,
      [id],
    );
    // Either the step came first and saw the mandate, or it was refused.
    expect(isRefusal(outcomes[1])).toBe(rows.length === 0);
    for (const { facts } of rows) expect(facts['mandate.present']).toBe(true);
  });
});

test('and every log still leads to its rows', async () => {
  expect((await stage.module.get(Verifier).run()).differences).toEqual([]);
});

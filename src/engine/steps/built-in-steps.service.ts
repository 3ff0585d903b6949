import { Injectable } from '@nestjs/common';
import { isRefusal, plusDays, type Db, type Refusal, type Text } from '../../platform/index.ts';
import { isOffered, perform, REMINDED, whyNot, type Situation } from './built-in-steps.rules.ts';
import { Calendars } from './calendars.service.ts';
import type { Chart } from '../definition/chart.rules.ts';
import type { Step } from '../definition/definition.rules.ts';
import { readClocks } from './clock.sql.ts';
import { readReminded, readTasks } from './process.sql.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { EngineRegistry } from '../machine/registry.ts';
import { readRemindedOn } from './reminder.sql.ts';
import type { Ask, Move } from './transition.rules.ts';
import { placeOf } from './permission.rules.ts';

/** The built-in steps: this class reads the rows that they need and hands them to the rules. */
@Injectable()
export class BuiltInSteps {
  readonly #calendars: Calendars;
  readonly #registry: EngineRegistry;

  constructor(calendars: Calendars, registry: EngineRegistry) {
    this.#calendars = calendars;
    this.#registry = registry;
  }

  /** The moves with what the built-in step changed; the processes that cannot take it go to `refused`. */
  async perform(
    db: Db,
    { machine: { chart }, step, payload = {} }: Ask,
    moves: readonly Move[],
    refused: Map<string, Refusal>,
  ): Promise<Move[]> {
    const processes = moves.map(({ process }) => process);
    const situations = await this.#reaching(db, step, processes, await this.situations(db, processes));
    const { calendar, today } = await this.#calendars.at(db);
    const moment = { at: db.at, calendar, today };
    return moves.flatMap((move) => {
      const { process } = move;
      const done = perform(chart, step, process, payload, situations.get(process.id)!, moment);
      if (!isRefusal(done)) return { ...move, done };
      refused.set(process.id, done);
      return [];
    });
  }

  /**
   * The built-in steps that people may see at each process, each with the reason that closes it, if there is one. Whether
   * posts were reminded elsewhere is read for a single process only, since a list would cost a query for each row.
   */
  async offered(
    db: Db,
    chart: Chart,
    processes: readonly ProcessRow[],
  ): Promise<Map<string, Map<string, Text | undefined>>> {
    const running = processes.filter(({ status }) => status === 'RUNNING');
    if (chart.builtInSteps.length === 0 || running.length === 0) return new Map();
    const situations = await this.#inFull(db, chart, running);
    const { today } = await this.#calendars.at(db);
    const shown = (process: ProcessRow) => {
      const situation = situations.get(process.id)!;
      const acts = chart.builtInSteps.map((name) => [name, chart.definition.steps[name]!.does!] as const);
      const offered = acts.filter(([, act]) => isOffered(act, process, situation, chart));
      return new Map(offered.map(([name, act]) => [name, whyNot(chart, act, situation, today)]));
    };
    return new Map(running.map((process) => [process.id, shown(process)]));
  }

  async closed(db: Db, chart: Chart, process: ProcessRow, step: Step): Promise<Text | undefined> {
    const known = await this.situations(db, [process]);
    const situations = await this.#reaching(db, step, [process], known);
    const { today } = await this.#calendars.at(db);
    return whyNot(chart, step.does!, situations.get(process.id)!, today);
  }

  async #inFull(
    db: Db,
    chart: Chart,
    processes: readonly ProcessRow[],
  ): Promise<ReadonlyMap<string, Situation>> {
    const situations = await this.situations(db, processes);
    const acts = chart.builtInSteps.map((name) => chart.definition.steps[name]!);
    const reminder = acts.find(({ does }) => does === 'remind');
    if (!reminder || processes.length > 1 || (await readRemindedOn(db, db.today)).size === 0)
      return situations;
    return this.#reaching(db, reminder, processes, situations);
  }

  /** A reminder also needs its recipients: the holders of functions with open tasks and of those its step names. */
  async #reaching(
    db: Db,
    { does, notices = [] }: Step,
    processes: readonly ProcessRow[],
    situations: ReadonlyMap<string, Situation>,
  ): Promise<ReadonlyMap<string, Situation>> {
    if (does !== 'remind') return situations;
    const named = notices.flatMap(({ to }) => to);
    const today = await readRemindedOn(db, db.today);
    const reaching = new Map<string, Situation>();
    for (const process of processes) {
      const situation = situations.get(process.id)!;
      const reach = new Map<string, readonly string[]>();
      for (const code of new Set([...situation.waiting, ...named])) {
        const holders = await this.#registry.authority.holders(db, code, placeOf(process));
        const posts = new Set(holders.map(({ postId, personId }) => postId ?? personId));
        if (posts.size === 0) continue;
        reach.set(
          code,
          [...posts].filter((id) => !today.has(id)),
        );
      }
      reaching.set(process.id, { ...situation, reach });
    }
    return reaching;
  }

  /** By process, with one query for each kind of row. */
  async situations(db: Db, processes: readonly ProcessRow[]): Promise<Map<string, Situation>> {
    const ids = processes.map(({ id }) => id);
    const { calendar, today } = await this.#calendars.at(db);
    const midnight = calendar.endOf(plusDays(today, -1));
    const clocks = Map.groupBy(await readClocks(db, ids), ({ processId }) => processId);
    const tasks = Map.groupBy(await readTasks(db, ids), ({ processId }) => processId);
    const reminded = Map.groupBy(await readReminded(db, ids, midnight, REMINDED), ({ id }) => id);
    return new Map(
      ids.map((id) => [
        id,
        {
          clocks: (clocks.get(id) ?? []).map(({ clock }) => clock),
          waiting: [...new Set((tasks.get(id) ?? []).map((task) => task.function))].sort(),
          reminded: new Set((reminded.get(id) ?? []).map(({ code }) => code)),
          nameOf: (code) => this.#registry.authority.nameOf(code),
        },
      ]),
    );
  }
}

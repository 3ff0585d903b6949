import { Injectable } from '@nestjs/common';
import { isRefusal, type Db, type Refusal, type Text } from '../platform/index.ts';
import { isOffered, perform, REMINDED, whyNot, type Act, type Situation } from './acts.rules.ts';
import { Calendars } from './calendars.service.ts';
import { plusDays } from './calendar.rules.ts';
import type { Chart } from './chart.rules.ts';
import { readClocks } from './clock.queries.ts';
import { readReminded, readTasks } from './process.queries.ts';
import type { ProcessRow } from './process.rules.ts';
import type { Ask, Move } from './transition.rules.ts';

/** The engine's own acts on processes: looks up what they need and hands it to the rules. */
@Injectable()
export class Acts {
  readonly #calendars: Calendars;

  constructor(calendars: Calendars) {
    this.#calendars = calendars;
  }

  /** The moves with what the act has done; the others are refused. */
  async perform(
    db: Db,
    { machine: { chart }, step, payload = {} }: Ask,
    moves: readonly Move[],
    refused: Map<string, Refusal>,
  ): Promise<Move[]> {
    const situations = await this.situations(
      db,
      moves.map(({ process }) => process),
    );
    const { calendar, today } = await this.#calendars.at(db);
    const moment = { at: db.at, calendar, today };
    return moves.flatMap((move) => {
      const { process } = move;
      const done = perform(chart, step.does!, process, payload, situations.get(process.id)!, moment);
      if (!isRefusal(done)) return { ...move, done };
      refused.set(process.id, done);
      return [];
    });
  }

  /** The acts that people may see at each process, with what keeps each from being done, if anything does. */
  async offered(
    db: Db,
    chart: Chart,
    processes: readonly ProcessRow[],
  ): Promise<Map<string, Map<string, Text | undefined>>> {
    const running = processes.filter(({ status }) => status === 'RUNNING');
    if (chart.acts.length === 0 || running.length === 0) return new Map();
    const situations = await this.situations(db, running);
    const { today } = await this.#calendars.at(db);
    const shown = (process: ProcessRow) => {
      const situation = situations.get(process.id)!;
      const acts = chart.acts.map((name) => [name, chart.definition.steps[name]!.does!] as const);
      const offered = acts.filter(([, act]) => isOffered(act, process, situation, chart));
      return new Map(offered.map(([name, act]) => [name, whyNot(chart, act, situation, today)]));
    };
    return new Map(running.map((process) => [process.id, shown(process)]));
  }

  async closed(db: Db, chart: Chart, process: ProcessRow, act: Act): Promise<Text | undefined> {
    const situations = await this.situations(db, [process]);
    const { today } = await this.#calendars.at(db);
    return whyNot(chart, act, situations.get(process.id)!, today);
  }

  /** By process, with one question for each kind of row. */
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
        },
      ]),
    );
  }
}

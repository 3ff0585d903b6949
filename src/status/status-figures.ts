import { afterKey, page, pageSize, type Page, type PageArgs } from '../platform/index.ts';
import type { UnitVerdict } from './anchoring.rules.ts';
import type { StatusData } from './status-data-loader.service.ts';
import * as ask from './status.sql.ts';
import { isRunning, judge, type UnitState } from './status.rules.ts';

/** Computes figures from the data when they are asked for; what several of them need is computed once. */
export class StatusFigures {
  readonly data: StatusData;
  #verdicts: ReadonlyMap<UnitState, UnitVerdict> | undefined;
  #deadlines: Promise<ask.DueRow[]> | undefined;

  constructor(data: StatusData) {
    this.data = data;
  }

  /** Whether each unit is anchored, and what it lacks. */
  get verdicts(): ReadonlyMap<UnitState, UnitVerdict> {
    const { units, policy, when } = this.data;
    return (this.#verdicts ??= new Map(units.map((unit) => [unit, judge(unit, policy, when.day)])));
  }

  get running(): readonly UnitState[] {
    return this.data.units.filter(({ process }) => isRunning(process));
  }

  /** Deadlines of the running processes, the earliest first. */
  get deadlines(): Promise<ask.DueRow[]> {
    const { db, when } = this.data;
    return (this.#deadlines ??= ask.deadlineRows(db, when, processIds(this.running)));
  }
}

export const processIds = (units: readonly UnitState[]): string[] =>
  units.flatMap(({ process }) => (process ? [process.processId] : []));

/** A page of a list that is in memory as a whole; what `keyOf` gives must name an entry for good. */
export function pageOf<T>(
  list: readonly T[],
  args: PageArgs,
  keyOf: (entry: T) => readonly string[],
): Page<T> {
  const after = afterKey(args)?.join(' ');
  const start = after === undefined ? 0 : list.findIndex((entry) => keyOf(entry).join(' ') === after) + 1;
  return page(list.slice(start, start + pageSize(args) + 1), args, keyOf);
}

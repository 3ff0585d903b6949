import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a guard asks, with the value that opens it and the sentence that stands for its no. */
export interface Condition {
  readonly fact: string;
  readonly is: '=' | '>=' | '<' | '≠';
  readonly value: string | number | boolean;
  /** Empty where another transition of the same step takes the no. */
  readonly reason: string;
}

/** A deadline that runs after the transition; with a span when it was started by it. */
export interface Timer {
  readonly name: string;
  readonly span: { readonly count: number; readonly unit: 'WD' | 'weeks' | 'months' } | undefined;
}

/** One line of a table that was written by hand, from what the administration does. */
export interface Row {
  readonly rule: string;
  readonly region: string;
  readonly from: string;
  readonly event: string;
  readonly to: string;
  readonly who: readonly string[];
  readonly guard: readonly Condition[];
  readonly timers: readonly Timer[];
  readonly tasks: readonly string[];
  readonly recorded: readonly string[];
}

/** Reads `rule;from;event;to;who;guard;timers;tasks;recorded`; `from` and `to` name another region as `region: state`. */
export function readTable(file: string, region: string): Row[] {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const [, ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [rule, from, event, to, who, guard, timers, tasks, recorded] = line.split(';') as string[];
    const inRegion = from!.split(': ');
    return {
      rule: rule!,
      region: inRegion.length > 1 ? inRegion[0]! : region,
      from: inRegion.at(-1)!,
      event: event!,
      to: to!.split(': ').at(-1)!,
      who: words(who!),
      guard: words(guard!).map(condition),
      timers: timers!.split(' + ').filter(Boolean).map(timer),
      tasks: words(tasks!),
      recorded: words(recorded!),
    };
  });
}

const words = (cell: string): string[] => cell.split(' ').filter(Boolean);

function condition(word: string): Condition {
  const [, fact, is, value, reason = ''] = /^([^=≠<>]+)(>=|=|<|≠)([^:]+):?(.*)$/.exec(word)!;
  return { fact: fact!, is: is as Condition['is'], value: valueOf(value!), reason };
}

const valueOf = (text: string): string | number | boolean =>
  text === 'true' || text === 'false' ? text === 'true' : /^\d+$/.test(text) ? Number(text) : text;

function timer(cell: string): Timer {
  const [name, count, unit] = cell.split(' ') as [string, string?, string?];
  return { name, span: count ? { count: Number(count), unit: unit as 'WD' } : undefined };
}

/** When a span ends; right for days from which no public holiday is reached. */
export function endOf(span: NonNullable<Timer['span']>, from: string): string {
  const day = new Date(`${from}T00:00:00Z`);
  if (span.unit === 'months') day.setUTCMonth(day.getUTCMonth() + span.count);
  if (span.unit === 'weeks') day.setUTCDate(day.getUTCDate() + 7 * span.count);
  const isFree = () => day.getUTCDay() % 6 === 0;
  for (let left = span.unit === 'WD' ? span.count : 0; left > 0; left -= isFree() ? 0 : 1)
    day.setUTCDate(day.getUTCDate() + 1);
  while (isFree()) day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}

// The bare engine is killed: at named points of its conversation with the database, and at any time.
import { setTimeout as after } from 'node:timers/promises';
import { EngineBook } from './book.ts';
import { EngineChild } from './child.ts';
import { Clients } from './clients.ts';
import { Dice } from './dice.ts';
import { instants, points, type Failure, type Point } from './failpoints.ts';
import { clonedGround, lastLook, look } from './ground.ts';
import type { Outcome, Run } from './run.ts';
import { Seat } from './serving.ts';

const clientsAtOnce = 4;
const mostMs = 120;
const patienceMs = 1500;
const rowsEvery = 10;

export async function killEngine({ count, seed, folder }: Run): Promise<Outcome> {
  const ground = await clonedGround();
  const book = new EngineBook(folder, `kill-engine-${seed}`);
  const dice = new Dice(seed);
  const seat = new Seat<EngineChild>();
  const clients = new Clients(book, seat.now, dice, ground.definitions);
  const plans = failures(count, dice);
  const spawned = (no: number) => new EngineChild(ground.serverUrl, ground.tenant, plans[no]).ready();
  let isOver = false;
  const working = [
    clients.work(clientsAtOnce, () => isOver),
    clients.clockwork(
      () => isOver,
      () => after(30),
    ),
  ];
  const faults: string[] = [];
  const kills = new Map<string, number>();
  let next = spawned(0);
  for (let no = 0; no < count && faults.length === 0; no++) {
    const child = await next;
    next = spawned(no + 1); // the next one boots while this one works
    seat.take(child);
    const how = await endOf(child, plans[no], dice);
    seat.leave();
    kills.set(how, (kills.get(how) ?? 0) + 1);
    book.notes({ killed: how, plan: plans[no] });
    if (no % rowsEvery === 0) faults.push(...(await look(ground.superuser, book)));
  }
  isOver = true;
  const last = await next;
  seat.take(last);
  await Promise.all(working);
  last.kill();
  await last.ended;
  faults.push(...unreached(kills), ...(await lastLook(ground, ground.superuser, book)));
  await Promise.all([book.close(), ground.close()]);
  const times = [...kills.values()].reduce((a, b) => a + b, 0);
  return { what: 'engine killed', times, book, faults, remark: told(kills) };
}

/** Half of them at each point and instant in turn, the others at any time; none for the last one, which ends it. */
function failures(count: number, dice: Dice): (Failure | undefined)[] {
  const all = Object.keys(points).flatMap((at) => instants.map((moment) => ({ at: at as Point, moment })));
  return Array.from({ length: count }, (_none, no) =>
    no % 2 === 0 ? { ...all[(no / 2) % all.length]!, skip: dice.below(8) } : undefined,
  );
}

/** Waits until it killed itself; what has no point, or does not pass it, is killed from outside. */
async function endOf(child: EngineChild, plan: Failure | undefined, dice: Dice): Promise<string> {
  const patience = new AbortController();
  const { signal } = patience;
  const wait = after(plan ? patienceMs : dice.next() * mostMs, 'late', { signal }).catch(() => {});
  const first = await Promise.race([wait, child.ended]);
  patience.abort();
  if (first !== 'late') return plan!.at;
  child.kill();
  await child.ended;
  return plan ? 'late' : 'any time';
}

/** A point that no engine came by proves nothing: its statement was renamed, and the run must be told. */
function unreached(kills: ReadonlyMap<string, number>): string[] {
  const times = [...kills.values()].reduce((a, b) => a + b, 0);
  if (times < 2 * Object.keys(points).length * instants.length) return [];
  return Object.keys(points).flatMap((point) =>
    kills.has(point) ? [] : [`No engine passed the point ${point}`],
  );
}

const told = (kills: ReadonlyMap<string, number>): string =>
  [...kills].map(([how, times]) => `${how} ${times}`).join(', ');

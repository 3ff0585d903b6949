// The connection between server and database is cut at every message of a command, also after its COMMIT.
import type pg from 'pg';
import { EngineBook, Lost } from './book.ts';
import { Clients, type Server } from './clients.ts';
import { Dice } from './dice.ts';
import { openEngine, type EngineRoom } from './engine-room.ts';
import { clonedGround, lastLook } from './ground.ts';
import { faultsOfAnswers, faultsOfEngineRows } from './invariants.ts';
import { CuttingProxy, moments, type Cut } from './proxy.ts';
import type { Outcome, Run } from './run.ts';
import { isConnectionFault } from './serving.ts';

const clockworkEvery = 25;
const rowsEvery = 50;

export async function cutConnections({ count, seed, folder }: Run): Promise<Outcome> {
  const ground = await clonedGround();
  const proxy = await CuttingProxy.before(ground.serverUrl);
  const room = await openEngine(proxy.url, ground.tenant);
  const book = new EngineBook(folder, `cut-${seed}`);
  const dice = new Dice(seed);
  const unheard = { done: 0 };
  const serving = async () => throughProxy(room, ground.superuser, unheard);
  const clients = new Clients(book, serving, dice, ground.definitions);
  const faults: string[] = [];
  const cuts = new Cuts(dice);
  let made = 0;
  for (let run = 0; made < count; run++) {
    const cut = cuts.next();
    proxy.set(cut);
    const due = run % clockworkEvery === clockworkEvery - 1;
    if (due) await clients.clockwork(once(), async () => {});
    else faults.push(...(await faultsOfAnswers(ground.superuser, book, [await clients.command()])));
    const came = !proxy.isSet;
    if (came) made += 1;
    cuts.learn(proxy);
    proxy.set(undefined);
    book.notes({ cut, due, came });
    if (run % rowsEvery === 0) faults.push(...(await faultsOfEngineRows(ground.superuser)));
    if (faults.length > 0) break;
  }
  await room.close();
  faults.push(...(await lastLook(ground, ground.superuser, book)));
  proxy.close();
  await Promise.all([book.close(), ground.close()]);
  const remark = `${cuts.enumerated} positions, ${cuts.aroundCommit} of them around COMMIT; ${unheard.done} done unheard`;
  return { what: 'connection cut', times: made, book, faults, remark };
}

/** True from the second time it is asked. */
function once(): () => boolean {
  let times = 0;
  return () => times++ > 0;
}

/** The engine as its clients see it; of each command whose answer they lost it is known here whether it was done. */
function throughProxy(room: EngineRoom, db: pg.Client, unheard: { done: number }): Server {
  return {
    obey: (order) =>
      room.obey(order).catch(async (error: Error) => {
        const { rowCount } = await db.query(isDone, [order.commandId]);
        unheard.done += rowCount!;
        return lostOrBroken(error);
      }),
    look: (id) => room.look(id).catch(lostOrBroken),
    fireDue: () => room.fireDue().catch(lostOrBroken),
  };
}
const isDone = 'select from platform.command where command_id = $1';

function lostOrBroken(error: Error): never {
  throw isConnectionFault(error) ? new Lost(error.message) : error;
}

/** Every message in turn at every moment; and every second time one of the last before, in and after COMMIT. */
class Cuts {
  readonly #dice: Dice;
  readonly #tried = new Set<string>();
  #next = 0;
  #longest = 24;
  #commitAt = 8;
  #turn = 0;
  aroundCommit = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  get enumerated(): number {
    return this.#tried.size;
  }

  next(): Cut {
    const cut = this.#turn++ % 2 === 0 ? this.#inTurn() : this.#aroundCommit();
    this.#tried.add(`${cut.at} ${cut.moment}`);
    return cut;
  }

  /** How many messages a command has changes with its step: the longest seen bounds the turn. */
  learn({ seen }: CuttingProxy): void {
    this.#longest = Math.max(this.#longest, Math.min(seen.length, 120));
    const commit = seen.findLastIndex((text) => /^commit/i.test(text));
    if (commit >= 0) this.#commitAt = commit + 1;
  }

  #inTurn(): Cut {
    const no = this.#next++ % (this.#longest * moments.length);
    return { at: 1 + Math.floor(no / moments.length), moment: moments[no % moments.length]! };
  }

  #aroundCommit(): Cut {
    this.aroundCommit += 1;
    return { at: Math.max(1, this.#commitAt - this.#dice.below(3)), moment: this.#dice.one(moments) };
  }
}

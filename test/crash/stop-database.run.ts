// PostgreSQL itself is stopped hard under load, as `pg_ctl stop -m immediate` does it, or loses a backend to SIGKILL;
// its cluster writes as one of production does.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import { migrate } from '../../src/platform/database/db.ts';
import {
  openEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/platform/embedded/embedded-postgres.ts';
import { EngineBook, Lost } from './book.ts';
import { Clients, type Server } from './clients.ts';
import { Dice } from './dice.ts';
import { openEngine, type EngineRoom } from './engine-room.ts';
import { groundIn, lastLook, look } from './ground.ts';
import type { Outcome, Run } from './run.ts';
import { isConnectionFault, Seat } from './serving.ts';

const clientsAtOnce = 8;
const underLoadMs = [100, 350] as const;

export async function stopDatabase({ count, seed, folder }: Run): Promise<Outcome> {
  const home = mkdtempSync(join(tmpdir(), 'offenes-amt-crash-'));
  chmodSync(home, 0o711); // the database runs as a user of its own where we are root
  let database = await openEmbeddedPostgres(home);
  await migrate(database.ownerUrl);
  const { serverUrl } = database;
  const ground = await groundIn(database);
  const room = await openEngine(serverUrl, ground.tenant);
  const book = new EngineBook(folder, `stop-database-${seed}`);
  const dice = new Dice(seed);
  const seat = new Seat<Server>();
  const clients = new Clients(book, seat.now, dice, ground.definitions);
  let isOver = false;
  seat.take(overWire(room));
  const working = [
    clients.work(clientsAtOnce, () => isOver),
    clients.clockwork(
      () => isOver,
      () => after(50),
    ),
  ];
  const faults: string[] = [];
  let times = 0;
  let longest = 0;
  let db = ground.superuser;
  for (; times < count && faults.length === 0; times++) {
    const [from, to] = underLoadMs;
    await after(from + dice.below(to - from));
    const backend = times % 5 === 4;
    const stopped = performance.now();
    if (backend) await killBackend(db);
    else {
      await stopHard(db);
      seat.leave(); // nobody knocks at a closed door all the time
      await database.close();
      database = await openEmbeddedPostgres(home);
      if (database.serverUrl !== serverUrl) throw new Error('The database came back at another address');
      seat.take(overWire(room));
    }
    await db.end().catch(() => {});
    db = await connected(database);
    longest = Math.max(longest, performance.now() - stopped);
    book.notes({ stopped: backend ? 'one backend' : 'all' });
    faults.push(...(await look(db, book)));
  }
  isOver = true;
  await Promise.all(working);
  await room.close();
  faults.push(...(await lastLook(ground, db, book)));
  await Promise.all([book.close(), db.end()]);
  await database.close();
  rmSync(home, { recursive: true, force: true });
  const remark = `back after at most ${(longest / 1000).toFixed(1)} s`;
  return { what: 'PostgreSQL stopped hard', times, book, faults, remark };
}

function overWire(room: EngineRoom): Server {
  const lost = async (error: Error): Promise<never> => {
    if (!isConnectionFault(error)) throw error;
    await after(5);
    throw new Lost(error.message);
  };
  return {
    obey: (order) => room.obey(order).catch(lost),
    look: (id) => room.look(id).catch(lost),
    fireDue: () => room.fireDue().catch(lost),
  };
}

/** SIGQUIT is what `pg_ctl stop -m immediate` sends. */
async function stopHard(db: pg.Client): Promise<void> {
  const { rows } = await db.query<{ file: string }>(`select pg_read_file('postmaster.pid') as file`);
  const pid = Number(rows[0]!.file.split('\n')[0]);
  process.kill(pid, 'SIGQUIT');
  while (isAlive(pid)) await after(5);
}

/** One backend of the engine dies; PostgreSQL then ends all others and recovers by itself. */
async function killBackend(db: pg.Client): Promise<void> {
  const { rows } = await db.query<{ pid: number }>(
    `select pid from pg_stat_activity where application_name = 'offenes-amt' order by random() limit 1`,
  );
  if (rows[0]) process.kill(rows[0].pid, 'SIGKILL');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Connects as soon as the database lets anybody in again. */
async function connected({ superUrl }: EmbeddedPostgres): Promise<pg.Client> {
  for (;;) {
    const client = new pg.Client(superUrl);
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('select 1');
      return client;
    } catch (error) {
      if (!isConnectionFault(error)) throw error;
      await after(10);
    }
  }
}

// The ground a run stands on: a database of its own with one administration and the shipped definitions.
import pg from 'pg';
import { v7 } from 'uuid';
import type { Definition } from '../../src/engine/definition/definition.rules.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineBook } from './book.ts';
import { effectTable, openEngine } from './engine-room.ts';
import { faultsOfAnswers, faultsOfEngineRows } from './invariants.ts';

export interface Ground {
  readonly serverUrl: string;
  readonly tenant: string;
  readonly definitions: Readonly<Record<string, Definition>>;
  /** Sees everything; on the way that no run disturbs. */
  readonly superuser: pg.Client;
  close(): Promise<void>;
}

export async function clonedGround(): Promise<Ground> {
  const database = await cloneDatabase();
  const ground = await groundIn(database);
  return {
    ...ground,
    async close() {
      await ground.superuser.end();
      await database.drop();
    },
  };
}

/** Prepares a migrated database. */
export async function groundIn({
  superUrl,
  serverUrl,
}: Pick<TestDatabase, 'superUrl' | 'serverUrl'>): Promise<Omit<Ground, 'close'>> {
  const superuser = new pg.Client(superUrl);
  superuser.on('error', () => {}); // the run that stops the database connects anew
  await superuser.connect();
  const tenant = v7();
  await superuser.query(effectTable);
  await superuser.query(`insert into platform.tenant (id, key, name) values ($1, 'probe', 'Probe')`, [
    tenant,
  ]);
  const room = await openEngine(serverUrl, tenant);
  const definitions = await room.publish();
  await room.close();
  return { serverUrl, tenant, definitions, superuser };
}

/** What is wrong after something was cut or killed: with what was answered since the last look, and with any row. */
export async function look(db: pg.Client, book: EngineBook): Promise<string[]> {
  const answers = await faultsOfAnswers(db, book, book.takeFresh());
  return [...answers, ...(await faultsOfEngineRows(db))];
}

/** The last look: every answer of the whole run again, every row, and every log replayed. */
export async function lastLook(
  ground: Pick<Ground, 'serverUrl' | 'tenant'>,
  db: pg.Client,
  book: EngineBook,
): Promise<string[]> {
  const room = await openEngine(ground.serverUrl, ground.tenant);
  const { differences } = await room.verify();
  await room.close();
  return [
    ...(await faultsOfAnswers(db, book, book.answers.keys())),
    ...(await faultsOfEngineRows(db)),
    ...differences.map(({ processId, step, what }) => `REPLAY ${processId} ${step ?? ''}: ${what}`),
  ];
}

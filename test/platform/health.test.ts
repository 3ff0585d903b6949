import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createApp } from '../../src/app.ts';
import { Readiness } from '../../src/platform/health/readiness.service.ts';
import { missingMigrations, knownMigrations } from '../../src/platform/database/schema-version.ts';
import { asSuperuser } from '../support/cluster.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { configFor } from '../support/services.ts';

let database: TestDatabase;
const opened: NestFastifyApplication[] = [];

/** The whole server, listening; where it is reached. */
async function open(serverUrl: string): Promise<string> {
  const app = await createApp(configFor(serverUrl, { LOG_LEVEL: 'error' }));
  opened.push(app);
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

async function ask(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return { status: response.status, body: await response.json() };
}

const live = { status: 200, body: { status: 'live' } };
const ready = { status: 200, body: { status: 'ready' } };
const notReady = { status: 503, body: { status: 'not ready' } };

/** As another session would, beside the database that the server is connected to. */
const besides = (sql: string) =>
  asSuperuser(database.superUrl.replace(/\/[^/]*$/, '/postgres'), (client) => client.query(sql));
const within = (sql: string) => asSuperuser(database.superUrl, (client) => client.query(sql));

beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(async () => {
  for (const app of opened) await app.close();
  await database?.drop();
});

describe('a server', () => {
  test('says whether it is up and can work, while its database goes and comes back', async () => {
    const server = await open(database.serverUrl);
    expect(await ask(`${server}/live`)).toEqual(live);
    expect(await ask(`${server}/ready`)).toEqual(ready);

    await besides(`alter database ${database.name} with allow_connections false`);
    await besides(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database.name}'`,
    );
    expect(await ask(`${server}/live`)).toEqual(live);
    expect(await ask(`${server}/ready`)).toEqual(notReady);

    await besides(`alter database ${database.name} with allow_connections true`);
    expect(await ask(`${server}/ready`)).toEqual(ready);
    expect((await fetch(`${server}/ready`, { method: 'HEAD' })).status).toBe(200);
  });

  test('is not ready on a schema that lacks one of its migrations, and ready beside a newer server', async () => {
    const server = await open(database.serverUrl);
    const last = knownMigrations().at(-1)!;
    const rename = (from: string, to: string) =>
      within(`update platform.migration set name = '${to}' where name = '${from}'`);
    await rename(last, 'Migration209901010000_later');
    expect(await ask(`${server}/ready`)).toEqual(notReady);
    await within(`insert into platform.migration (name) values ('${last}')`);
    expect(await ask(`${server}/ready`)).toEqual(ready);
    await within(`delete from platform.migration where name = 'Migration209901010000_later'`);
    expect(missingMigrations([last])).toEqual(knownMigrations().slice(0, -1));
  });

  test('answers although the database takes a connection and then says nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const readiness = new Readiness(configFor(`postgres://a:b@127.0.0.1:${port}/c`));
    const connections: unknown[] = [];
    silent.on('connection', (socket) => connections.push(socket.on('error', () => {})));
    expect(await Promise.all([1, 2, 3].map(() => readiness.isReady()))).toEqual([false, false, false]);
    expect(connections).toHaveLength(1); // whoever asks meanwhile shares the answer
    silent.close();
  });
});

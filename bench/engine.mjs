// node scripts/run.mjs bench/engine.mjs: what a step costs, beside the least that PostgreSQL could do for it.
// All variants run in slices of 0.4 s, in random order, on one durable database; ratios are taken within a cycle.
//   floor   one statement, named plan: UPDATE of the process row + INSERT of the log entry, no row-level security
//   step    a whole command: claim, lock, permission, fact, guard, pure step, commit_transition, receipt
//   pure    the step alone, without a database
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { v7 } from 'uuid';
import { ensureBuilt } from '../scripts/ensure.mjs';
import { migrate } from '../src/platform/db.ts';
import { openEmbeddedPostgres } from '../src/platform/embedded-postgres.ts';
import { databaseRights } from '../src/platform/embedded-postgres-roles.ts';
import { asSuperuser, inDatabase } from '../test/support/cluster.ts';

ensureBuilt(process.execPath);
const { PlatformModule, Commands, isRefusal } = await import('../dist/platform/index.js');
const { Config, readSettings } = await import('../dist/platform/config.js');
const { EngineModule, EngineRegistry, Engine, Definitions } = await import('../dist/engine/index.js');
const { Chart } = await import('../dist/engine/chart.rules.js');
const { Machine } = await import('../dist/engine/machine.rules.js');
const { readDefinition } = await import('../dist/engine/definition-file.rules.js');

const clients = Number(process.argv[2] ?? 8);
const cycles = Number(process.argv[3] ?? 9);
const sliceMs = 400;
const processes = 1000;

const text = { de: 'Text', en: 'Text' };
const state = (on, more) => ({ label: text, tasks: [{ name: more, function: 'HEAD', label: text }], on });
const guarded = (target) => [{ target, guard: { fact: 'list.open', is: 0, reason: 'open' }, notices: [{ notice: 'told', to: ['HEAD'] }] }];
const file = JSON.stringify({
  ...{ format: 'oa.process/1', key: 'ping', version: 1, title: text, description: text, stage: 'work' },
  ...{ tags: {}, reasons: { open: text }, initial: 'work' },
  chains: { nag: [{ name: 'first', workingDays: -2, step: 'REMIND' }] },
  deadlines: { weekA: { label: text, span: { workingDays: 5 }, chain: 'nag' }, weekB: { label: text, span: { workingDays: 5 }, chain: 'nag' } },
  steps: {
    PING: { label: text, who: [{ function: 'HEAD' }] },
    PONG: { label: text, who: [{ function: 'HEAD' }] },
    REMIND: { label: text, who: [{ function: 'SYS' }] },
  },
  states: {
    work: {
      initial: 'a',
      on: { REMIND: [{}] },
      states: {
        a: { ...state({ PING: guarded('b') }, 'ping'), deadlines: ['weekA'] },
        b: { ...state({ PONG: guarded('a') }, 'pong'), deadlines: ['weekB'] },
      },
    },
  },
});
const read = readDefinition(file);

// A durable cluster of its own: without fsync the floor would be a figure of no use.
const folder = fileURLToPath(new URL('../node_modules/.cache/offenes-amt/bench-database', import.meta.url));
const postgres = await openEmbeddedPostgres(folder);
const database = `bench_${process.pid}`;
await asSuperuser(postgres.superUrl, async (client) => {
  await client.query(`create database ${database} owner oa_owner`);
  await client.query(databaseRights(database));
});
const superUrl = inDatabase(postgres.superUrl, database);
await asSuperuser(superUrl, (client) => client.query('create extension btree_gist'));
await migrate(inDatabase(postgres.ownerUrl, database));
const urls = { serverUrl: inDatabase(postgres.serverUrl, database) };
const tenant = v7();
const superPool = new pg.Pool({ connectionString: superUrl, max: clients });
await superPool.query("insert into platform.tenant (id, key, name) values ($1, 'bench', 'Bench')", [tenant]);

const held = new Set(['HEAD']);
const registered = {
  provide: 'registered',
  inject: [EngineRegistry, Definitions],
  useFactory: (registry, definitions) => {
    const load = async (_db, rows) => new Map(rows.map(({ id }) => [id, 0]));
    registry.registerFacts({ 'list.open': { type: 'int', load } });
    const functionsAt = async (_db, _actor, places) => places.map(() => held);
    registry.registerAuthority({
      functions: held,
      functionsAt,
      holders: async () => [],
      may: async (_db, _actor, _action, places) => places.map(() => true),
    });
    definitions.shipped = async () => [];
  },
};
class Bench {}
const platform = PlatformModule.with({
  config: new Config(readSettings({ PROFILE: 'demo' }), urls),
  entities: [],
  graphql: false,
});
const app = await NestFactory.createApplicationContext(
  { module: Bench, imports: [platform, EngineModule], providers: [registered] },
  { logger: ['error'] },
);
const [engine, commands, definitions] = [app.get(Engine), app.get(Commands), app.get(Definitions)];
const actor = Object.freeze({
  tenant,
  account: v7(),
  person: v7(),
  name: 'Bench',
  language: 'de',
  posts: [],
  functionsAt: () => held,
});
const run = (work, ahead) => commands.run(actor, { name: 'bench', commandId: v7(), input: null, ahead }, work);

const ids = Array.from({ length: processes }, () => v7());
await run(async (tx) => {
  tx.permit(true);
  const definitionId = await definitions.publish(tx, file);
  const items = ids.map((processId) => ({ processId, scopeId: v7() }));
  await engine.start(tx, { definitionId, seriesId: null, items });
  return null;
});
await superPool.query('analyze');
await superPool.query(`create table bench_floor as select * from engine.process`);
await superPool.query(`alter table bench_floor add primary key (tenant_id, id)`);
await superPool.query(`create table bench_log as select * from engine.log_entry with no data`);
await superPool.query(`alter table bench_log add primary key (tenant_id, process_id, seq)`);

const floor = `with moved as (
    update bench_floor set version = version + 1, stage = $3, snapshot = $4, stage_since = now()
     where tenant_id = $1 and id = $2 returning *)
  insert into bench_log (tenant_id, process_id, seq, command_id, step, account_id, person_id, at, definition_id, facts,
                         guards, effects, clocks, from_states, to_states, stage, tags, hash)
    select tenant_id, id, version, id, 'PING', id, id, now(), definition_id, $4, $4, $4, $4, states, states, stage, tags, head
      from moved`;
const stages = new Map(ids.map((id) => [id, 'PING']));
const snapshot = JSON.stringify({ v: { work: 'a' }, s: 'active', c: { n: {}, by: {} } });
const machine = new Machine(new Chart(read.definition));
const first = machine.start().position;
const open = new Set([0, 1]);
let next = 0;

const variants = {
  floor: (id) => superPool.query({ name: 'floor', text: floor, values: [tenant, id, 'a', snapshot] }),
  step: async (id) => {
    const step = stages.get(id);
    const taken = await run(async (tx) => {
      const result = await engine.take(tx, { processId: id, step });
      return isRefusal(result) ? result : null;
    }, engine.lockAhead(id));
    if (isRefusal(taken)) throw new Error(taken.message.en);
    stages.set(id, step === 'PING' ? 'PONG' : 'PING');
  },
  pure: async () => {
    for (let i = 0; i < 100; i += 1) machine.step(first, 'PING', open);
  },
};
const worth = { floor: 1, step: 1, pure: 100 };

async function slice(name) {
  const end = performance.now() + sliceMs;
  const start = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: name === 'pure' ? 1 : clients }, async (_, client) => {
      // Each client has its own processes: this measures the path, not waiting for a lock.
      for (let i = client; performance.now() < end; i += clients) {
        await variants[name](ids[(next + i) % processes]);
        done += worth[name];
      }
    }),
  );
  next = 0;
  return (done / (performance.now() - start)) * 1000;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const rates = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
for (const name of Object.keys(variants)) await slice(name); // warm
for (let cycle = 0; cycle < cycles; cycle += 1)
  for (const name of Object.keys(variants).toSorted(() => Math.random() - 0.5))
    rates[name].push(await slice(name));

const ratios = rates.step.map((rate, i) => rate / rates.floor[i]);
const shown = {
  at: new Date().toISOString(),
  clients,
  cycles,
  perSecond: Object.fromEntries(
    Object.entries(rates).map(([name, values]) => [name, Math.round(median(values))]),
  ),
  stepOverFloor: {
    median: +median(ratios).toFixed(3),
    min: +Math.min(...ratios).toFixed(3),
    max: +Math.max(...ratios).toFixed(3),
  },
  pureMicrosecondsPerStep: +(1e6 / median(rates.pure)).toFixed(1),
};
console.log(JSON.stringify(shown, null, 2));
mkdirSync(new URL('results/', import.meta.url), { recursive: true });
writeFileSync(
  new URL(`results/engine-${clients}.json`, import.meta.url),
  `${JSON.stringify(shown, null, 2)}\n`,
);

await app.close();
await superPool.end();
await asSuperuser(postgres.superUrl, (client) => client.query(`drop database ${database} with (force)`));
await postgres.close();
process.exit(0);

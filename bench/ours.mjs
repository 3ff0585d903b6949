// The whole server, from its compiled form, on the bench's database. Two things are answered from memory instead of
// from rows, in every variant of ours alike: who is signed in, and which functions that person holds.
import 'reflect-metadata';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { NestFactory } from '@nestjs/core';
import { v7 } from 'uuid';
import { definition, stepsOf } from './definition.mjs';

const { AppModule } = await import('../dist/app.module.js');
const { Access, Commands, isRefusal } = await import('../dist/platform/index.js');
const { Config, readSettings } = await import('../dist/platform/config.js');
const { Definitions, Engine, EngineRegistry, StepGroups } = await import('../dist/engine/index.js');

const held = new Set(['HEAD']);
const domainTable = `
  create table bench.domain (tenant_id uuid not null, id uuid not null, n int not null, note text not null,
                             primary key (tenant_id, id))`;
const domainChange = 'update bench.domain set n = n + 1, note = $2 where id = $1';

/** Boots the server, publishes the definition and starts processes. */
export async function bootOurs({ pool, serverUrl }, tenantTable, processes) {
  const tenant = v7();
  await pool.query("insert into platform.tenant (id, key, name) values ($1, 'bench', 'Bench')", [tenant]);
  await pool.query(`create schema bench; grant usage on schema bench to oa_server; ${domainTable};
    ${tenantTable('bench.domain', 'change')}`);
  const config = new Config(
    readSettings({ PROFILE: 'demo', LOG_LEVEL: 'error', QUERY_BUDGET: '1000000000' }),
    { serverUrl },
  );
  const app = await NestFactory.create(AppModule.with(config), new FastifyAdapter(), {
    logger: ['error'],
    abortOnError: false,
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const get = (token) => app.get(token, { strict: false });
  const [engine, commands, definitions, registry] = [Engine, Commands, Definitions, EngineRegistry].map(get);
  const groups = get(StepGroups);
  const actor = Object.freeze({
    ...{ tenant, account: v7(), person: v7(), name: 'Bench', language: 'de', posts: [] },
    functionsAt: () => held,
    functionsAnywhere: () => held,
  });
  get(Access).authenticate = async () => Object.freeze({ ...actor });
  registry.authority.functionsAt = async (_db, _actor, places) => places.map(() => held);
  registry.authority.onBehalfOf = async (_db, _actor, places) =>
    Array.isArray(places) ? places.map(() => null) : null;
  registry.authority.may = async (_db, _actor, _action, places) => places.map(() => true);
  registry.registerFacts({
    'list.open': { type: 'int', load: async (_db, rows) => new Map(rows.map(({ id }) => [id, 0])) },
  });
  registry.registerEffects({
    changeDomain: {
      isOwn: true,
      apply: async (tx, process, _params, step) => tx.queue(domainChange, [process.id, `step ${step.seq}`]),
    },
  });

  const run = async (work, ahead) => {
    const request = { name: 'bench', commandId: v7(), input: { what: 'bench' }, ahead };
    const answer = await commands.run(actor, request, work);
    if (isRefusal(answer)) throw new Error(answer.message.en);
    return answer;
  };
  const definitionId = await run(async (tx) => {
    tx.permit(true);
    const id = await definitions.publish(tx, JSON.stringify(definition));
    if (isRefusal(id)) throw new Error(JSON.stringify(id));
    return id;
  });
  const start = (count, seriesId = null) => {
    const items = Array.from({ length: count }, () => ({ processId: v7(), scopeId: v7() }));
    return run(async (tx) => {
      tx.permit(true);
      const started = await engine.start(tx, { definitionId, seriesId, items });
      return isRefusal(started) ? started : items.map(({ processId }) => processId);
    });
  };
  const ids = await start(processes);
  await pool.query('insert into bench.domain select tenant_id, id, 0, $1 from engine.process', ['']);
  await pool.query('analyze');
  return {
    app,
    get,
    pool,
    actor,
    tenant,
    engine,
    groups,
    commands,
    definitions,
    run,
    start,
    ids,
    definitionId,
    isAtB: new Set(),
  };
}

/** Each client has its own processes: these variants measure the path, not waiting for a lock. */
export function commandVariants({ app, actor, groups, ids, isAtB }, clients) {
  const walk = (take, kind) => async (client, i) => {
    const id = ids[(client + i * clients) % ids.length];
    await take(id, stepsOf[kind][isAtB.has(id) ? 1 : 0]);
    if (!isAtB.delete(id)) isAtB.add(id);
  };
  const command = async (processId, step) => {
    const taken = await groups.take(actor, v7(), { processId, step });
    if (isRefusal(taken)) throw new Error(taken.message.en);
  };
  const query = `mutation ($input: TakeStepInput!) { takeStep(input: $input) {
    __typename ... on Refusal { message } ... on TakeStepSuccess { process { id version stage } } } }`;
  const graphql = async (processId, step) => {
    const variables = { input: { commandId: v7(), processId, step } };
    const answer = await app.inject({ method: 'POST', url: '/graphql', payload: { query, variables } });
    if (!answer.body.includes('TakeStepSuccess')) throw new Error(answer.body);
  };
  return {
    command: { once: walk(command, 'plain') },
    commandWithDomain: { once: walk(command, 'domain') },
    graphqlWithDomain: { once: walk(graphql, 'domain') },
  };
}

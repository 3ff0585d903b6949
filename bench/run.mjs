// npm run bench [-- --runs 3 --cycles 7 --clients 1,8,32 --only commands,hot,bulk,live]: the whole table.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../scripts/ensure.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    cycles: { type: 'string', default: '7' },
    clients: { type: 'string', default: '1,8,32' },
    only: { type: 'string', default: 'commands,hot,bulk,live' },
    peers: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const [runs, cycles] = [Number(values.runs), Number(values.cycles)];
const clientCounts = values.clients.split(',').map(Number);
const sections = new Set(values.only.split(','));
const most = Math.max(...clientCounts);

if (values.peers && !existsSync(new URL('node_modules/.package-lock.json', import.meta.url))) {
  console.error('Installing the peers (once) …');
  const npm = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  if (spawnSync('npm', npm, { cwd: import.meta.dirname, stdio: 'inherit' }).status !== 0) process.exit(1);
}
ensureBuilt(process.execPath);

const { openBenchDatabase } = await import('./database.mjs');
const { bootOurs, commandVariants } = await import('./ours.mjs');
const { tenantTable } = await import('../migrations/support/tenant-table.ts');
const { createFloorTables, floorVariants } = await import('./floor.mjs');
const { acrossRuns, interleave, median, ratio, slice } = await import('./measure.mjs');
const { keep, printed, row } = await import('./report.mjs');

const database = await openBenchDatabase(most);
// A multiple of every number of clients: each has its own.
const processes = 1024;
const ours = await bootOurs(database, tenantTable, processes);
const results = { runs, cycles, commands: {}, hot: [], starts: [], replay: [], publish: [], live: [] };
const rows = [];
const again = async (work) => {
  const all = [];
  for (let run = 0; run < runs; run += 1) all.push(await work());
  return all;
};
const say = (what) => console.error(`${new Date().toISOString().slice(11, 19)} ${what}`);

const peers = async (clients) => {
  if (!values.peers) return {};
  const { createPeerTables, inTransaction, peerStep } = await import('./peer-writes.mjs');
  const { Chart } = await import('../dist/engine/chart.rules.js');
  const { Machine } = await import('../dist/engine/machine.rules.js');
  const { definition } = await import('./definition.mjs');
  const { dbosVariant } = await import('./peer-dbos.mjs');
  const { graphileVariant, pgBossVariant } = await import('./peer-jobs.mjs');
  const step = peerStep(new Machine(new Chart(definition)));
  await createPeerTables(database.pool);
  const event = inTransaction(database.pool, step);
  return {
    peerAlone: { once: (client, i) => event(ours.ids[(client + i * clients) % ours.ids.length]) },
    dbos: await dbosVariant(database, ours.ids, step, clients),
    pgBoss: await pgBossVariant(database, ours.ids, event, clients),
    graphile: await graphileVariant(database, ours.ids, event, clients),
  };
};

if (sections.has('commands')) {
  await createFloorTables(database.pool);
  const others = await peers(most);
  for (const clients of clientCounts) {
    const variants = {
      ...floorVariants(database, ours, clients),
      ...commandVariants(ours, clients),
      ...others,
    };
    results.commands[clients] = await again(async () => {
      say(`commands, ${clients} clients`);
      return interleave(variants, clients, cycles);
    });
    const of = (one, other) => acrossRuns(results.commands[clients], ratio(one, other));
    const must = (least, more) => (clients === 1 ? [] : [least, more]);
    const [least, more] = clients === 32 ? [0.24, 0.35] : [0.28, 0.35];
    rows.push(row(`command ÷ floor, ${clients} clients`, of('command', 'bare'), ...must(least, more)));
    rows.push(row(`… ÷ floor with our indexes`, of('command', 'indexed')));
    rows.push(row(`… with a domain change ÷ floor`, of('commandWithDomain', 'bare'), ...must(0.12, 0.2)));
    if (!values.peers) continue;
    rows.push(row(`… ÷ DBOS transaction workflow`, of('commandWithDomain', 'dbos'), ...must(5, 8)));
    rows.push(row(`… ÷ pg-boss job`, of('commandWithDomain', 'pgBoss'), ...must(2.5, 4)));
    rows.push(row(`… ÷ graphile-worker job`, of('commandWithDomain', 'graphile'), ...must(2.5, 4)));
    rows.push(row(`… through GraphQL ÷ DBOS`, of('graphqlWithDomain', 'dbos'), ...must(2.5)));
    rows.push(row(`peer's writes alone ÷ floor`, of('peerAlone', 'bare')));
  }
  for (const { close } of Object.values(others)) await close?.();
}

if (sections.has('hot')) {
  const { hotVariants } = await import('./hot.mjs');
  const { variants, seen } = hotVariants(ours);
  results.hot = await again(() => (say('one hot process'), interleave(variants, 32, cycles)));
  results.hotRetries = { ...seen, perMove: seen.retries / seen.moves };
  rows.push(
    row(
      'one hot process, 32 clients: lock ÷ version',
      acrossRuns(results.hot, ratio('locked', 'versioned')),
      2,
      3,
    ),
  );
  rows.push(
    row('… refusals seen with the lock', { median: seen.locked, low: seen.locked, high: seen.locked }, 0, 0, {
      atMost: true,
    }),
  );
}

const range = (list) => ({ median: median(list), low: Math.min(...list), high: Math.max(...list) });
if (sections.has('bulk')) {
  const { publishChecks, replayed, starts } = await import('./bulk.mjs');
  results.starts = await again(() => (say('starts'), starts(ours)));
  rows.push(
    row(
      'start 5,000 ÷ one transaction each',
      range(results.starts.map(({ together, one }) => together / one)),
      8,
      15,
    ),
  );
  rows.push(
    row('… each by eight clients', range(results.starts.map(({ together, eight }) => together / eight))),
  );
  const { migrates } = await import('./migrate.mjs');
  let version = 1;
  results.migrate = await again(() => (say('migrate'), migrates(ours, (version += 1))));
  rows.push(
    row('migrate 5,000 ÷ start them', range(results.migrate.map((one) => one.ratio)), 1.5, undefined, {
      atMost: true,
    }),
  );
  results.replay = await again(() => (say('replay'), replayed(ours)));
  const produced = (results.commands[8] ?? []).flatMap(({ command }) => command);
  if (produced.length > 0)
    rows.push(
      row(
        'replay ÷ commands at 8 clients',
        range(results.replay.map((rate) => rate / median(produced))),
        10,
        20,
      ),
    );
  results.publish = await again(() => (say('publish'), publishChecks(ours)));
  const largest = results.publish[0].toSorted((a, b) => b.states - a.states)[0];
  const seconds = results.publish.map(
    (checks) => checks.find(({ definition }) => definition === largest.definition).seconds,
  );
  rows.push(
    row(`publish check, ${largest.definition} (${largest.states} states)`, range(seconds), 1, 0.3, {
      atMost: true,
      unit: ' s',
    }),
  );
}

if (sections.has('live')) {
  const { liveRatio } = await import('./live.mjs');
  const { command } = commandVariants(ours, 8);
  results.live = await again(
    () => (say('relay and subscribers'), liveRatio(ours, command, 8, cycles, slice)),
  );
  rows.push(
    row(
      'commands with relay and 200 subscribers ÷ without',
      range(results.live.map((one) => one.ratio)),
      0.95,
      1,
    ),
  );
}

console.log(printed(rows));
keep(sections.size === 4 && values.peers && runs >= 3 ? 'full' : 'part', results, rows);
await ours.app.close();
await database.close();
process.exit(0);

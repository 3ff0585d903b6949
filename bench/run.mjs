// npm run bench: the whole table, in about ten minutes on two cores. Parts can be measured alone, in any order:
//   npm run bench -- --only hot,live     parts: commands (5 minutes), hot, bulk (2), live (2)
//   npm run bench -- --runs 1 --cycles 3 --clients 8 --no-peers --only commands     a quick look, which is not kept
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
const wanted = values.only.split(',');
const isWhole = runs >= 3 && cycles >= 5 && values.peers && values.clients === '1,8,32';
const needsPeers = values.peers && wanted.includes('commands');

if (needsPeers && !existsSync(new URL('node_modules/.package-lock.json', import.meta.url))) {
  console.error('Installing the peers (once) …');
  const npm = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  if (spawnSync('npm', npm, { cwd: import.meta.dirname, stdio: 'inherit' }).status !== 0) process.exit(1);
}
ensureBuilt(process.execPath);

const { openBenchDatabase } = await import('./database.mjs');
const { bootOurs } = await import('./ours.mjs');
const { tenantTable } = await import('../migrations/support/tenant-table.ts');
const { keep, printed, writePage } = await import('./report.mjs');
const { sections } = await import('./sections.mjs');

/** A multiple of every number of clients: each has its own. */
const processes = 1024;
const database = await openBenchDatabase(Math.max(32, ...clientCounts));
const ours = await bootOurs(database, tenantTable, processes);
const bench = {
  ...{ database, ours, clientCounts, cycles, withPeers: values.peers },
  say: (what) => console.error(`${new Date().toISOString().slice(11, 19)} ${what}`),
  async again(work) {
    const all = [];
    for (let run = 0; run < runs; run += 1) all.push(await work());
    return all;
  },
};
for (const name of wanted) {
  const { rows, figures } = await sections[name](bench);
  console.log(printed(rows));
  if (isWhole) keep(name, { runs, cycles, rows, figures });
}
if (isWhole) writePage(Object.keys(sections));
await ours.app.close();
await database.close();
process.exit(0);

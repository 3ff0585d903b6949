// One run of one kind: main.ts <kind> <count> <seed> <folder>. Its last line is its outcome as JSON.
import { openCluster } from '../support/cluster.ts';
import { cutConnections } from './cut.run.ts';
import { killEngine } from './kill-engine.run.ts';
import { stopDatabase } from './stop-database.run.ts';
import { killServer } from './kill-server.run.ts';
import type { Outcome, Run } from './run.ts';

const kinds: Readonly<Record<string, (run: Run) => Promise<Outcome>>> = {
  cut: cutConnections,
  'kill-engine': killEngine,
  'stop-database': stopDatabase,
  'kill-server': killServer,
};

const [kind, count, seed, folder] = process.argv.slice(2) as [string, string, string, string];
const { cluster, close } = await openCluster();
process.env.OFFENES_AMT_TEST_CLUSTER = JSON.stringify(cluster); // as the tests' set-up tells it
process.env.OFFENES_AMT_TEST_RUN = String(process.pid);
const begun = performance.now();
const { book, ...outcome } = await kinds[kind]!({ count: Number(count), seed: Number(seed), folder });
await close();
const seconds = Math.round((performance.now() - begun) / 1000);
const { acknowledged, repeated } = book;
console.log(JSON.stringify({ kind, seed: Number(seed), ...outcome, acknowledged, repeated, seconds }));
process.exit(outcome.faults.length > 0 ? 1 : 0);

// npm run check: what a change must hold before it is shared. With --tests also everything `npm test` runs.
// The last line counts tests and checks together: "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, findNode, root } from './ensure.mjs';

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** What an npm script runs, without the `node scripts/run.mjs` before it. */
const script = (name, ...more) => [...scripts[name].split(' ').slice(2), ...more];

const checks = {
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  lint: script('lint'),
  types: script('typecheck'),
  floors: script('floors'),
  schema: script('schema', '--check'),
  charts: script('charts', '--check'),
  docs: script('docs', '--check'),
};
// A quiet machine needs eight; a busy one is slow, not wrong.
const testMinutes = 20;
const crashMinutes = 10;
const crashKinds = 4;

await ensureInstalled();
const node = findNode();
const counts = { passed: 0, failed: 0 };

for (const [name, args] of Object.entries(checks)) {
  const { status, stdout, stderr } = spawnSync(node, args, { cwd: root, encoding: 'utf8' });
  counts[status === 0 ? 'passed' : 'failed']++;
  console.log(`${status === 0 ? 'passed' : 'FAILED'}  ${name}`);
  if (status !== 0) console.log(`${stdout}${stderr}`.trimEnd());
}
if (process.argv.includes('--tests')) {
  test();
  crash();
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed === 0 ? 0 : 1);

function test() {
  const folder = mkdtempSync(join(tmpdir(), 'offenes-amt-'));
  const file = join(folder, 'results.json');
  const args = ['scripts/test.mjs', '--ci', '--json', `--outputFile=${file}`];
  // Jest prints its report to stderr and, asked for a file, still the results to stdout: those are not for people.
  const stdio = ['ignore', 'ignore', 'inherit'];
  const { status } = spawnSync(node, args, { cwd: root, stdio, timeout: testMinutes * 60_000 });
  const { numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: broken } = results(file);
  counts.passed += passed;
  // A run that broke off without a failed test is a failure all the same.
  counts.failed += failed + broken || (status === 0 ? 0 : 1);
  rmSync(folder, { recursive: true });
}

/** Four kinds of crash, each one check; about three and a half minutes on two cores. */
function crash() {
  const stdio = ['ignore', 'inherit', 'inherit'];
  const { status } = spawnSync(node, ['scripts/crash.mjs'], {
    cwd: root,
    stdio,
    timeout: crashMinutes * 60_000,
  });
  const failed = status ?? crashKinds;
  counts.failed += failed;
  counts.passed += crashKinds - failed;
}

function results(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };
  }
}

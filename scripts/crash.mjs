// npm run test:crash [-- --seed N] [--minutes M] [--folder F], npm run test:nightly [-- MINUTES]: servers, engines and
// databases are killed, and the wire between them is cut, while people work. Whatever was acknowledged must be there,
// nothing may be there twice, and every process must equal its replay. Without minutes each kind runs once, as the
// checks run it; with minutes the parts follow each other with ever new seeds, and a second run with the same folder
// goes on after the last part.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt, ensureInstalled, findNode, root } from './ensure.mjs';

/** Two parts of each kind, the longest first, so that two lanes end together; `times` is what a check needs of it. */
const kinds = [
  { kind: 'kill-engine', times: 300, each: 150 },
  { kind: 'kill-server', times: 60, each: 30 },
  { kind: 'cut', times: 2000, each: 1000 },
  { kind: 'stop-database', times: 30, each: 15 },
];
const atOnce = 2;
const patienceMs = 9 * 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
    minutes: { type: 'string', default: '0' },
    folder: { type: 'string', default: join(root, 'node_modules/.cache/offenes-amt/crash-histories') },
  },
});
const seed = Number(values.seed);
const minutes = Number(positionals[0] ?? values.minutes);
const end = Date.now() + minutes * 60_000;
const results = join(values.folder, 'results.ndjson');

await ensureInstalled();
const node = findNode();
ensureBuilt(node);
mkdirSync(values.folder, { recursive: true });

/** The parts of one round, the kinds mixed, so that a run that is broken off has tried each. */
function* partsOf(round) {
  const most = Math.max(...kinds.map(({ times, each }) => times / each));
  for (let no = 0; no < most; no++)
    for (const { kind, times, each } of kinds)
      if (no * each < times) yield { kind, count: each, seed: seed + 1000 * round + no };
}

function* parts() {
  yield* partsOf(0);
  for (let round = 1; Date.now() < end; round++)
    for (const part of partsOf(round)) if (Date.now() < end) yield part;
}

const isDone = ({ kind, seed: of }) => done.some((one) => one.kind === kind && one.seed === of);
const done = minutes > 0 ? finishedBefore() : [];

function finishedBefore() {
  if (!existsSync(results)) return [];
  const lines = readFileSync(results, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line)).filter(({ faults }) => faults.length === 0);
}

/** Runs one part as a process of its own; its last line is its outcome. */
function run({ kind, count, seed: of }) {
  const args = ['--no-warnings=ExperimentalWarning', '--import', './test/crash/shipped.mjs'];
  const child = spawn(node, [...args, 'test/crash/main.ts', kind, count, of, values.folder].map(String), {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patienceMs,
    killSignal: 'SIGKILL',
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += text));
  return new Promise((resolve) =>
    child.on('exit', () => {
      const outcome = outcomeOf(printed) ?? broken(kind, of, printed);
      appendFileSync(results, `${JSON.stringify(outcome)}\n`);
      const { what = kind, times, acknowledged, repeated, seconds, remark, faults } = outcome;
      const all = `${acknowledged} acknowledged, ${repeated} sent again, ${seconds} s`;
      console.log(
        `${faults.length ? 'FAILED' : 'passed'}  seed ${of}: ${what} ${times} × (${all}; ${remark})`,
      );
      for (const fault of faults.slice(0, 10)) console.log(`        ${fault}`);
      resolve(outcome);
    }),
  );
}

/** A part that did not come to its end: its last words. */
const broken = (kind, of, printed) => ({
  kind,
  seed: of,
  times: 0,
  acknowledged: 0,
  repeated: 0,
  seconds: 0,
  remark: 'broke off',
  faults: [printed.trim().slice(-4000)],
});

function outcomeOf(printed) {
  try {
    return JSON.parse(printed.trim().split('\n').at(-1));
  } catch {
    return undefined;
  }
}

const outcomes = [...done];
const queue = parts();
const lane = async () => {
  for (const part of queue) if (!isDone(part)) outcomes.push(await run(part));
};
await Promise.all(Array.from({ length: atOnce }, lane));

let failed = 0;
for (const { kind, times: needed } of kinds) {
  const mine = outcomes.filter((outcome) => outcome.kind === kind);
  const sum = (key) => mine.reduce((all, outcome) => all + (outcome[key] ?? 0), 0);
  const faults = mine.flatMap((outcome) => outcome.faults);
  const isProved = faults.length === 0 && sum('times') >= needed;
  failed += isProved ? 0 : 1;
  const found = (word) => faults.filter((fault) => fault.startsWith(word)).length;
  console.log(
    `${isProved ? 'passed' : 'FAILED'}  ${kind}: ${sum('times')} times, ${sum('acknowledged')} acknowledged, ` +
      `${found('LOST')} lost, ${found('DOUBLED')} doubled, ${found('REPLAY')} replay differences, ${faults.length} faults`,
  );
}
console.log(`Seed ${seed}; histories in ${values.folder}`);
process.exit(failed);

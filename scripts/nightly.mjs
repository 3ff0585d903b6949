// npm run test:nightly [-- minutes]: people write while the server or its database is killed, again and again.
// Whatever was acknowledged must be there, nothing may be there twice, and every process must equal its replay.
// Every unanswered command is sent again under its own commandId, as a client does.
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { v7 } from 'uuid';
import { root } from './ensure.mjs';

const minutes = Number(process.argv[2] ?? 60);
const writers = 4;
const folder = mkdtempSync(join(tmpdir(), 'offenes-amt-nightly-'));
chmodSync(folder, 0o711); // else the database would lie elsewhere when root runs this
const port = 4700 + randomInt(1000);
const environment = { ...process.env, PROFILE: 'demo', DATA_DIR: folder, PORT: String(port) };
const grant = `mutation ($input: GrantFunctionInput!) {
  grantFunction(input: $input) { __typename ... on GrantFunctionSuccess { grant { id } } } }`;

const tool = (...args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/tool.mjs', ...args], {
    cwd: root,
    env: environment,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${args[0]} failed: ${stdout}${stderr}`);
  return stdout.trim();
};

/** Starts the server and waits until it is open, or until its demo is loaded. */
async function start(word) {
  const launcher = spawn(process.execPath, ['scripts/start.mjs'], { cwd: root, env: environment });
  let printed = '';
  for (const stream of [launcher.stdout, launcher.stderr]) stream.on('data', (text) => (printed += text));
  while (!printed.includes(word)) {
    if (launcher.exitCode !== null) throw new Error(`The server does not start: ${printed}`);
    await pause(20);
  }
  return launcher;
}

const database = () => {
  const [pid, , , databasePort] = readFileSync(join(folder, 'database/cluster/postmaster.pid'), 'utf8').split(
    '\n',
  );
  const { superuser } = JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8'));
  return { pid: Number(pid), url: `postgres://app:${superuser}@127.0.0.1:${databasePort}/offenes_amt` };
};

async function ask(token, query, variables) {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(10_000),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors[0].message);
  return data;
}

/** Sends one command after the other, each until it is answered. */
async function write(token, personId, book, isOver) {
  while (!isOver()) {
    const input = { commandId: v7(), personId, function: 'STEERING', scope: 'TENANT' };
    book.sent.add(input.commandId);
    while (!isOver() && !book.acknowledged.has(input.commandId)) {
      const answer = await ask(token, grant, { input }).catch(() => undefined);
      const grantId = answer?.grantFunction.grant?.id;
      if (grantId) book.acknowledged.set(input.commandId, grantId);
      else await pause(50);
    }
  }
}

/** Kills one of the three processes; the launcher ends with either of the others. */
async function cut(launcher) {
  const server = spawnSync('ps', ['-o', 'pid=', '--ppid', String(launcher.pid)], { encoding: 'utf8' }).stdout;
  const victims = [launcher.pid, Number(server), database().pid];
  const ended = once(launcher, 'exit');
  process.kill(victims[randomInt(victims.length)], 'SIGKILL');
  await ended;
}

/** What the database holds of what was sent, and how many grants there are altogether. */
async function read(sent) {
  const client = new pg.Client(database().url);
  await client.connect();
  const stored = await client.query(
    `select command_id, answer->>'grantId' as grant_id from platform.command c where command_id = any($1::uuid[])
       and exists (select from responsibility.function_grant where grant_id::text = c.answer->>'grantId')`,
    [[...sent]],
  );
  const grants = await client.query(
    'select count(distinct grant_id)::int as n from responsibility.function_grant',
  );
  await client.end();
  return {
    stored: new Map(stored.rows.map((row) => [row.command_id, row.grant_id])),
    grants: grants.rows[0].n,
  };
}

const book = { sent: new Set(), acknowledged: new Map() };
let launcher = await start('is loaded');
const token = tool('token', 'P-0022');
const { me } = await ask(tool('token', 'P-0001'), '{ me { person { id } } }');
const before = (await read([])).grants;
const end = Date.now() + minutes * 60_000;
const writing = Array.from({ length: writers }, () =>
  write(token, me.person.id, book, () => Date.now() > end),
);
let cuts = 0;
for (; Date.now() < end; cuts++) {
  await pause(randomInt(1500));
  await cut(launcher);
  launcher = await start('is open at');
}
await Promise.all(writing);

const { stored, grants } = await read(book.sent);
const lost = [...book.acknowledged].filter(([commandId, grantId]) => stored.get(commandId) !== grantId);
const doubled = grants - before - stored.size;
console.log(tool('verify').split('\n').at(-1));
console.log(
  `${cuts} cuts, ${book.acknowledged.size} acknowledged, ${lost.length} lost, ${doubled} more than once.`,
);
launcher.kill('SIGTERM');
await once(launcher, 'exit');
rmSync(folder, { recursive: true });
process.exit(lost.length === 0 && doubled === 0 && cuts > 0 ? 0 : 1);

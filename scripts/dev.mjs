// npm run dev: the server with --inspect, compiled and started anew after every change in src.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, findNode, root } from './ensure.mjs';

await ensureInstalled();
const node = findNode();
let server;
let isOver = false;
/** Starts and stops follow one another: two changes in a row never leave two servers. */
let turn = Promise.resolve();
restart();

/** Editors write a file in several strokes: what comes within a tenth of a second is one change. */
let pause;
watch(join(root, 'src'), { recursive: true }, (_, file) => {
  if (!/\.(ts|graphql|html|css)$/.test(file ?? '') || file.endsWith('.test.ts')) return;
  clearTimeout(pause);
  pause = setTimeout(restart, 100);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    isOver = true;
    turn = turn.then(stop).then(() => process.exit());
  });

function restart() {
  turn = turn.then(stop).then(() => isOver || start());
}

function start() {
  const began = Date.now();
  // What does not compile is said, and the next change tries again.
  if (!ensureBuilt(node, { orSay: (text) => console.error(text) })) return;
  console.error(`(compiled in ${Date.now() - began} ms)`);
  const args = ['--inspect', '--enable-source-maps', 'dist/main.js'];
  server = spawn(node, args, { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
}

function stop() {
  if (!server || server.exitCode !== null || server.signalCode) return Promise.resolve();
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  return gone;
}

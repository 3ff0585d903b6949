// A server of npm run dev: loads the packages that dist imports, and the server itself when it is told to.
import { readdirSync, readFileSync } from 'node:fs';
import inspector from 'node:inspector';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { root } from '../ensure.mjs';

enableCompileCache(join(root, 'node_modules/.cache/node'));

const leave = () => process.exit();
for (const signal of ['SIGTERM', 'disconnect']) process.once(signal, leave);
const told = new Promise((resolve) => process.once('message', resolve));

const dist = join(root, 'dist');
const files = readdirSync(dist, { recursive: true }).filter((file) => file.endsWith('.js'));
const texts = files.map((file) => readFileSync(join(dist, file), 'utf8'));
const packages = texts.flatMap((text) => [...text.matchAll(/^import .*? from ['"]([^.'"][^'"]*)['"]/gm)]);
for (const name of new Set(packages.map(([, name]) => name))) await import(name).catch(() => {}); // the server says what is missing

await told;
for (const signal of ['SIGTERM', 'disconnect']) process.off(signal, leave);
inspector.open(9229, '127.0.0.1');
await import('../../dist/main.js');

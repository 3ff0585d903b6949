// node --import ./test/crash/shipped.mjs …: whatever imports from src gets the same module of dist. What is killed in
// these runs, and what judges it afterwards, is what ships. Everything else is TypeScript that Node runs as it stands.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { enableCompileCache, flushCompileCache, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../node_modules/.cache/offenes-amt/', import.meta.url));
enableCompileCache(`${cache}compiled`);

// Hundreds of processes load the same two thousand modules, and half of that time goes into finding them. So a process
// that starts others hands on where it found its own.
const handedOn = new URL(import.meta.url).searchParams.get('found');
const found = new Map(handedOn ? JSON.parse(readFileSync(handedOn, 'utf8')) : []);

registerHooks({
  resolve(specifier, context, next) {
    const how = context.conditions.includes('import') ? 'import' : 'require';
    const asked = `${how} ${specifier} ${context.parentURL}`;
    const known = found.get(asked);
    if (known) return known;
    const { url, format } = next(specifier, context);
    const shipped = { url: url.replace(/\/src\/(.*)\.ts$/, '/dist/$1.js'), format, shortCircuit: true };
    found.set(asked, shipped);
    return shipped;
  },
});

let handed;
const spacious = '--min-semi-space-size=32'; // a start makes little garbage and much that stays

/** What a child is started with, once everything is loaded that it will load. What is killed never writes its cache. */
export function handOn() {
  if (handed) return handed;
  flushCompileCache();
  const file = `${cache}found-${process.pid}.json`;
  writeFileSync(file, JSON.stringify([...found]));
  process.on('exit', () => rmSync(file, { force: true }));
  return (handed = [spacious, '--import', `${new URL('?found=', import.meta.url)}${file}`]);
}

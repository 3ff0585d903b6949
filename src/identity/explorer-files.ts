import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ExplorerFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** A ready-made operation of one role, as the explorer shows it in a tab. */
export interface ReadyMade {
  readonly role: string;
  readonly query: string;
}

const packages = createRequire(import.meta.url);
const inPackage = (name: string, path: string) =>
  join(dirname(packages.resolve(`${name}/package.json`)), path);
const own = (name: string) => fileURLToPath(new URL(`./explorer/${name}`, import.meta.url));
const operationsFolder = fileURLToPath(new URL('../../data/operations/', import.meta.url));

// Everything comes from our own origin. GraphiQL works under it; only its scroll lock would insert a style sheet, which
// the browser refuses and nobody misses.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types = {
  js: 'text/javascript',
  css: 'text/css',
  html: 'text/html',
  json: 'application/json',
} as const;
const files: ReadonlyMap<string, () => string> = new Map([
  ['', () => own('explorer.html')],
  ['explorer.js', () => own('explorer.js')],
  ['explorer.css', () => own('explorer.css')],
  ['graphiql.js', () => inPackage('graphiql', 'graphiql.min.js')],
  ['graphiql.css', () => inPackage('graphiql', 'graphiql.min.css')],
  ['react.js', () => inPackage('react', 'umd/react.production.min.js')],
  ['react-dom.js', () => inPackage('react-dom', 'umd/react-dom.production.min.js')],
]);

/** One file of the explorer page by name (`''` is the page); undefined for any other name. */
export async function explorerFile(name: string): Promise<ExplorerFile | undefined> {
  if (name === 'operations.json')
    return { headers: headersFor('json'), body: JSON.stringify(await readyMade()) };
  const path = files.get(name)?.();
  if (!path) return undefined;
  const type = name === '' ? 'html' : name.endsWith('.css') ? 'css' : 'js';
  return { headers: headersFor(type), body: await readFile(path) };
}

function headersFor(type: keyof typeof types): Record<string, string> {
  return {
    'content-type': `${types[type]}; charset=utf-8`,
    'content-security-policy': policy,
    'cache-control': 'no-cache',
  };
}

/** The ready-made operations: one file for each role, its operations parted by lines of `#---`. */
export async function readyMade(): Promise<ReadyMade[]> {
  const names = (await readdir(operationsFolder)).filter((name) => name.endsWith('.graphql')).sort();
  const all = names.map(async (name) => {
    const text = await readFile(join(operationsFolder, name), 'utf8');
    const role = name.replace(/^\d+-|\.graphql$/g, '');
    return text.split(/^#---.*\n/m).map((query) => ({ role, query: query.trim() }));
  });
  return (await Promise.all(all)).flat().filter(({ query }) => query !== '');
}

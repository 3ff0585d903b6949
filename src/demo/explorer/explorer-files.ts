import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
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

const own = (name: string) => fileURLToPath(new URL(`./${name}`, import.meta.url));
const operationsFolder = fileURLToPath(new URL('../../../data/operations/', import.meta.url));

// Everything comes from our own origin. What the browser itself would style while somebody types is refused, and nobody
// misses it.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
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
const files = new Map<string, () => Promise<Buffer | string>>([
  ['', () => readFile(own('explorer.html'))],
  ['explorer.css', () => readFile(own('explorer.css'))],
  ['explorer.js', script],
  ['operations.json', async () => JSON.stringify(await readyMade())],
]);

/** One file of the explorer page by name (`''` is the page); undefined for any other name. */
export async function explorerFile(name: string): Promise<ExplorerFile | undefined> {
  const read = files.get(name);
  if (!read) return undefined;
  const type = name === '' ? 'html' : (name.slice(name.lastIndexOf('.') + 1) as keyof typeof types);
  return { headers: headersFor(type), body: await read() };
}

let bundled: Promise<Buffer> | undefined;

/** The page's script with all it imports, put together when the first browser asks: half a second, then remembered. */
function script(): Promise<Buffer> {
  bundled ??= bundle();
  bundled.catch(() => (bundled = undefined));
  return bundled;
}

async function bundle(): Promise<Buffer> {
  const { build, stop } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [own('explorer.js')],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    logLevel: 'silent', // whoever asked is told by the error
  });
  await stop(); // its process is of no more use
  return Buffer.from(outputFiles[0]!.contents);
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

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
let planted: string;

beforeEach(() => {
  planted = mkdtempSync(join(tmpdir(), 'floors-'));
  for (const file of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json'])
    cpSync(join(root, file), join(planted, file));
  plant({
    'src/platform/index.ts': 'export const tool = 1;',
    'src/engine/index.ts': 'export const step = 1;',
  });
});
afterEach(() => rmSync(planted, { recursive: true, force: true }));

function plant(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(planted, path)), { recursive: true });
    writeFileSync(join(planted, path), text);
  }
}
function check(): { ok: boolean; said: string } {
  const run = spawnSync(process.execPath, [cruiser, '--config', '.dependency-cruiser.mjs', 'src'], {
    cwd: planted,
    encoding: 'utf8',
    env: { ...process.env, NODE_PATH: join(root, 'node_modules') },
  });
  return { ok: run.status === 0, said: run.stdout + run.stderr };
}

test('rooms that look down through doors are fine', () => {
  plant({
    'src/engine/take.rules.ts': "import { tool } from '../platform/index.ts'; export const x = tool;",
  });
  expect(check()).toMatchObject({ ok: true });
});

test('corners that look down are fine', () => {
  plant({
    'src/platform/words/word.ts': 'export const word = 1;',
    'src/platform/database/inner.ts': "import { word } from '../words/word.ts'; export const x = word;",
  });
  expect(check()).toMatchObject({ ok: true });
});

test.each([
  [
    'a room that imports upwards',
    'platform-looks-up',
    { 'src/platform/peek.ts': "import { step } from '../engine/index.ts'; export const x = step;" },
  ],
  [
    'a type imported upwards',
    'platform-looks-up',
    {
      'src/platform/peek.ts': "import type { S } from '../engine/kinds.ts'; export type T = S;",
      'src/engine/kinds.ts': 'export type S = 1;',
    },
  ],
  [
    'a room entered past its door',
    'through-the-door',
    {
      'src/engine/sneak.ts': "import { x } from '../platform/inner.ts'; export const y = x;",
      'src/platform/inner.ts': 'export const x = 1;',
    },
  ],
  [
    'a corner that imports a corner after it',
    'platform-words-looks-up',
    {
      'src/platform/words/peek.ts': "import { x } from '../database/inner.ts'; export const y = x;",
      'src/platform/database/inner.ts': 'export const x = 1;',
    },
  ],
  [
    'a corner that imports the face of its own room',
    'platform-corners-use-the-face',
    { 'src/platform/words/peek.ts': "import { tool } from '../index.ts'; export const y = tool;" },
  ],
  [
    'a room that knows the demo',
    'the-demo-is-a-guest',
    {
      'src/platform/peek.ts': "export const x = () => import('../demo/index.ts');",
      'src/demo/index.ts': 'export const story = 1;',
    },
  ],
  [
    'a server that takes the demo in by a plain import',
    'guests-come-by-import',
    {
      'src/main.ts': "import { story } from './demo/index.ts'; export const x = story;",
      'src/demo/index.ts': 'export const story = 1;',
    },
  ],
  [
    'an optional package outside the demo',
    'guests-keep-their-packages',
    {
      'src/engine/peek.ts': "import Provider from 'oidc-provider'; export const x = Provider;",
      'node_modules/oidc-provider/package.json': '{"name": "oidc-provider", "main": "index.js"}',
      'node_modules/oidc-provider/index.js': 'module.exports = 1;',
    },
  ],
  [
    'a rule that reads a file',
    'rules-are-pure',
    { 'src/engine/odd.rules.ts': "import { readFileSync } from 'node:fs'; export const x = readFileSync;" },
  ],
  [
    'two files that need each other',
    'no-cycles',
    {
      'src/engine/a.ts': "import { b } from './b.ts'; export const a = () => b;",
      'src/engine/b.ts': "import { a } from './a.ts'; export const b = () => a;",
    },
  ],
])('%s is refused', (_, rule, files) => {
  plant(files);
  const { ok, said } = check();
  expect({ ok, named: said.includes(rule) }).toEqual({ ok: false, named: true });
});

import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
// @ts-expect-error the floors are plain JavaScript, so that the checking tool reads them
import { rooms as listed } from '../../.dependency-cruiser.mjs';

const rooms = listed as string[];
const root = fileURLToPath(new URL('../..', import.meta.url));
const files = (folder: string) =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`);
const text = (path: string) => readFileSync(root + path, 'utf8');

/** Words of the administration; in the two lowest rooms they would tie the engine to one use of it. */
const domain =
  /\b(audit|auditor|criteri(on|a)|checklist|rating|catalogue|edition|department|directorate|municipalit|measure|recognition|opening|migration[- ]society|staff council|hr)\b/i;

test('engine and platform know no word of the domain', () => {
  const told = ['src/engine', 'src/platform']
    .flatMap(files)
    .filter((path) => /\.(ts|graphql)$/.test(path) && !path.endsWith('.test.ts'))
    .flatMap((path) =>
      text(path)
        .split('\n')
        .map((line, i) => ({ line, at: `${path}:${i + 1}` }))
        .filter(({ line }) => domain.test(line)),
    );
  expect(told).toEqual([]);
});

// `demo` stands above all floors: it tells the demo administration's history through the API.
test('src holds the rooms of the floor list, the demo and nothing common', () => {
  const folders = readdirSync(`${root}src`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).filter((name) => !rooms.includes(name))).toEqual(['demo']);
});

test('writing transactions are opened by the platform alone', () => {
  const strays = rooms
    .filter((room) => room !== 'platform' && folderExists(`src/${room}`))
    .flatMap((room) => files(`src/${room}`))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .filter((path) => /\.transactional\(|\bem\.begin\(|\.fork\(/.test(text(path)));
  expect(strays).toEqual([]);
});

test('the map in README lists the rooms from the top floor down', () => {
  const map = [...text('README.md').matchAll(/^\| \d+ \| `(\w+)` \|/gm)].map(([, room]) => room);
  expect(map.reverse()).toEqual(rooms.filter((room) => folderExists(`src/${room}`)));
});

function folderExists(folder: string): boolean {
  try {
    return readdirSync(root + folder).length > 0;
  } catch {
    return false;
  }
}

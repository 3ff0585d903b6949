import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
// @ts-expect-error the drawing script is plain JavaScript
import * as docs from '../../scripts/docs.mjs';

const { imports, written } = docs as {
  imports: () => { readonly file: string; readonly to: readonly string[] }[];
  written: () => [path: string, text: string][];
};
const root = fileURLToPath(new URL('../..', import.meta.url));
const imported = new Map(imports().map(({ file, to }) => [`src/${file}`, to.map((path) => `src/${path}`)]));

test('docs/architecture.md and the list of decisions are what `npm run docs` writes', () => {
  for (const [path, text] of written())
    expect({ path, same: readFileSync(root + path, 'utf8') === text }).toEqual({ path, same: true });
});

test('no resolver imports a resolver', () => {
  const isResolver = (path: string) => path.endsWith('.resolver.ts');
  const pairs = [...imported].filter(([file]) => isResolver(file));
  expect(pairs.filter(([, to]) => to.some(isResolver)).map(([file]) => file)).toEqual([]);
});

interface Stop {
  readonly path: string;
  readonly says: string;
}
interface Walk {
  readonly name: string;
  readonly stops: readonly Stop[];
  /** As the page counts them: files, returns. */
  readonly said: readonly number[];
}

const page = readFileSync(`${root}docs/architecture.md`, 'utf8');
const stopsOf = (text: string): Stop[] =>
  [...text.matchAll(/^\d+\. `([^`]+)`: (.+)$/gm)].map(([, path, says]) => ({ path: path!, says: says! }));
const [, ofEveryCommand = ''] = page.split(/^## Life of a command$/m);
const [common = '', ofWalks = ''] = ofEveryCommand.split(/^## Walks$/m);
const walks = ofWalks
  .split(/^### /m)
  .slice(1)
  .map((text): Walk => {
    const [, name, files, returns] = /^(.+) \((\d+) files, (\d+) returns?\)$/m.exec(text)!;
    return { name: name!, stops: stopsOf(text), said: [Number(files), Number(returns)] };
  });

/** The files that one imports, also by way of the face of a room. */
const reachedFrom = (path: string): string[] =>
  (imported.get(path) ?? []).flatMap((to) => (to.endsWith('/index.ts') ? (imported.get(to) ?? []) : to));

describe('the walks', () => {
  test('are the seven that newcomers ask for', () => {
    expect(walks.map(({ name }) => name)).toEqual([
      'A rating',
      '`takeStep`',
      'An assignment rule',
      'An import row',
      'A status figure',
      'A deadline',
      'A mail',
    ]);
  });

  test.each(walks.map((walk) => [walk.name, walk] as const))(
    '%s: files and returns are as counted',
    (_, walk) => {
      const files = new Set(walk.stops.map(({ path }) => path)).size;
      expect([files, walk.stops.length - files]).toEqual(walk.said);
    },
  );

  test.each(walks.map((walk) => [walk.name, walk] as const))(
    '%s: every file is there, and one before it imports it or it says how it is reached',
    (_, { stops }) => {
      const lost = stops.filter(({ path }) => !existsSync(root + path));
      const unreached = stops.filter(({ path, says }, i) => {
        if (i === 0 || !path.endsWith('.ts') || /^(registered|by way of|called by)/.test(says)) return false;
        const before = [...stopsOf(common), ...stops.slice(0, i)];
        return (
          !path.endsWith('.resolver.ts') && !before.some((stop) => reachedFrom(stop.path).includes(path))
        );
      });
      expect({ lost, unreached }).toEqual({ lost: [], unreached: [] });
    },
  );

  test('the files of every command are there, as many as counted', () => {
    const stops = stopsOf(common);
    expect(stops.filter(({ path }) => !existsSync(root + path))).toEqual([]);
    expect(common).toContain(`(${stops.length} files)`);
  });
});

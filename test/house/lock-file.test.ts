import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Entry {
  readonly integrity?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, '../..');
const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));
const { packages } = read('package-lock.json') as { packages: Record<string, Entry> };
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
const names = new Set(Object.keys(packages).map(nameOf));

describe('the lock file', () => {
  // A package published for Linux alone is left out of a lock made on Linux, and then no machine can `npm ci`.
  test('holds every package for every platform', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !names.has(name))
        .map((name) => `${name}, wanted by ${path || 'us'}`),
    );
    expect(missing).toEqual([]);
  });

  test('knows the content of every package', () => {
    const unproved = Object.entries(packages).filter(([path, { integrity }]) => path !== '' && !integrity);
    expect(unproved.map(([path]) => path)).toEqual([]);
  });

  test('fits package.json, where every version is exact', () => {
    const wanted = read('package.json') as Record<string, Record<string, string>>;
    const locked = packages[''] as unknown as Record<string, Record<string, string>>;
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
      expect(locked[kind]).toEqual(wanted[kind]);
      for (const version of Object.values(wanted[kind] ?? {}))
        expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
    }
  });
});

// What is generated and kept in the repository: written, or with --check compared.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** A file's text; empty when it is not there yet. */
export function textOf(path) {
  try {
    return readFileSync(root + path, 'utf8');
  } catch {
    return '';
  }
}

/** Writes each [path from the top, text] that differs; with --check says so instead and ends with exit code 1. */
export function keep(files, command) {
  const check = process.argv.includes('--check');
  for (const [path, text] of files) {
    if (textOf(path) === text) continue;
    if (check) console.error(`${path} is stale: run ${command} and commit it.`);
    else writeFileSync(root + path, text);
    if (check) process.exitCode = 1;
  }
}

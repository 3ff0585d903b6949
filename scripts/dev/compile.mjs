// Compiles the files that changed, as the build would (.swcrc), and nothing else.
import { transformFile } from '@swc/core';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { ensureBuilt, noteBuilt, root, sourceFiles, sourceState } from '../ensure.mjs';

const src = join(root, 'src');
/** What dist was made of when it was last whole. */
let made;

/**
 * Brings dist up to date with what differs from the last time: looked up and not told, for a checkout of another state
 * moves whole folders. Whether it is up to date; what hinders it is said.
 */
export async function compile() {
  const files = sourceFiles();
  const changed = made && differing(made, files);
  try {
    if (!changed?.every((path) => path.startsWith(src))) {
      if (!ensureBuilt(process.execPath, { orSay: (text) => console.error(text) })) return false;
    } else {
      await Promise.all(changed.map(toDist));
      noteBuilt(sourceState(files));
    }
  } catch (error) {
    console.error(`The server does not compile.\n${error.message}`);
    return false;
  }
  made = files;
  return true;
}

const differing = (before, after) =>
  [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));

async function toDist(source) {
  const copy = join(root, 'dist', relative(src, source));
  const target = copy.replace(/\.ts$/, '.js');
  if (!existsSync(source)) return rmSync(target, { recursive: true, force: true });
  if (target === copy) return place(copy, (to) => copyFileSync(source, to));
  const { code, map } = await transformFile(source, { cwd: root, outputPath: target, sourceMaps: true });
  place(`${target}.map`, (to) => writeFileSync(to, map));
  place(target, (to) => writeFileSync(to, `${code}\n//# sourceMappingURL=${basename(target)}.map`));
}

function place(path, write) {
  mkdirSync(dirname(path), { recursive: true });
  write(path);
}

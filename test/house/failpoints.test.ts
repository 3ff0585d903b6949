import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

// The points where the crash runs kill a server stand in a module that only they load; the product has no switch for
// them, and nothing in it ends a process without saying why.
test('the product knows no failpoint', () => {
  for (const file of sources) {
    const text = readFileSync(join(root, 'src', file), 'utf8');
    const found = /failpoint|test\/crash|SIGKILL|process\.abort/.exec(
      text.replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, ''),
    );
    expect({ file, found: found?.[0] }).toEqual({ file, found: undefined });
  }
});

import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
// @ts-expect-error the drawing script is plain JavaScript
import * as charts from '../../scripts/charts.mjs';

const { drawn } = charts as { drawn: () => Promise<[path: string, text: string][]> };
const root = fileURLToPath(new URL('../..', import.meta.url));

test('docs/charts shows the definitions as they are', async () => {
  for (const [path, text] of await drawn())
    expect({ path, same: readFileSync(root + path, 'utf8') === text }).toEqual({ path, same: true });
});

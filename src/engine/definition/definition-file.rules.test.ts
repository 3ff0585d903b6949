import { expect, test } from '@jest/globals';
import { sentence } from '../publish/check.rules.ts';
import { readDefinition } from './definition-file.rules.ts';

test.each([
  ['broken JSON', '{"format": ', '$: Not readable'],
  ['no object', '7', '$: '],
  [
    'a duplicate key',
    '{"key": "a", "states": {"x": {"on": 1, "on": 2}}}',
    '$.states.x.on: The key occurs twice',
  ],
  ['a duplicate key in other letters', '{"a": 1, "\\u0061": 2}', '$.a: The key occurs twice'],
  [
    'a key hidden behind a quote',
    '{"x\\"": 1, "a": [{"b": "}"}, {"b": 1, "b": 2}]}',
    '$.a[1].b: The key occurs twice',
  ],
  ['__proto__', '{"states": {"__proto__": {}}}', '$.states.__proto__: This name is forbidden'],
  ['constructor', '{"steps": [{"constructor": 1}]}', '$.steps[0].constructor: This name is forbidden'],
  ['10,000 levels', '['.repeat(10_000), 'Deeper than 64 levels'],
  ['300 kB', `"${'x'.repeat(300_000)}"`, 'at most 262144'],
])('a definition file is refused for %s', (_what, file, message) => {
  const read = readDefinition(file);
  expect('faults' in read && read.faults.map((fault) => sentence(fault, 'en')).join('\n')).toContain(message);
});

test('a file of 100 MB is refused before it is read', () => {
  const file = new Uint8Array(100 * 1024 * 1024);
  const before = process.memoryUsage();
  expect('faults' in readDefinition(file)).toBe(true);
  const after = process.memoryUsage();
  expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(10 * 1024 * 1024);
});

test('a file that is no UTF-8 is refused', () =>
  expect('faults' in readDefinition(new Uint8Array([0x22, 0xff, 0x22]))).toBe(true));

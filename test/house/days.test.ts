import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// An instant has a calendar day only in a zone. Cutting it out of UTC is wrong every night for an hour or two, so an
// instant goes through dayIn; a day that is reckoned with (Date.parse of YYYY-MM-DD and back) has no hour and may.
const root = fileURLToPath(new URL('../..', import.meta.url));
const cutsUtc =
  /(\bnow\(\)|\bDate\(\)|\bDate\.now\(\)[^;`]*|\bat|\binstant|At|\bstart)\)?\.toISOString\(\)\.slice\(0, 10\)|startedAt\.slice\(0, 10\)|\bcurrent_date\b(?! \+)|now\(\)::date/;

const sources = ['src', 'test', 'migrations', 'bench', 'scripts'].flatMap((folder) =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|mjs|sql)$/.test(file) && !file.includes('node_modules'))
    .map((file) => `${folder}/${file}`),
);

test.each([
  ['new Date().toISOString().slice(0, 10)', true],
  ['new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)', true],
  ['at.toISOString().slice(0, 10)', true],
  ['where valid_until > current_date', true],
  ['new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)', false],
])('%s: %s', (line, found) => {
  expect(cutsUtc.test(line)).toBe(found);
});

test('nobody takes a calendar day from UTC', () => {
  const strays = sources
    .filter((path) => path !== 'test/house/days.test.ts')
    .flatMap((path) =>
      readFileSync(root + path, 'utf8')
        .split('\n')
        .flatMap((line, i) => (cutsUtc.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
    );
  expect(strays).toEqual([]);
});

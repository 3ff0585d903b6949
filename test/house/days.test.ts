import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// An instant has a calendar day only in a zone. Cutting it out of UTC, or of the machine's own zone, is wrong every
// night for an hour or two. An instant goes through `dayIn`, in SQL through `at time zone platform.zone()`, and who
// reckons with days takes `plusDays` and its neighbours.
const root = fileURLToPath(new URL('../..', import.meta.url));
const cuts =
  /toISOString\(\)\s*\.(slice|substring|substr)\(0, ?(4|7|10)\)|split\(['"]T['"]\)|\b(\w*At|at|instant)[!?]*\s*\.(slice|substring|substr)\(0, ?10\)|\.[gs]et(UTC)?(Date|Day|Month|FullYear|Hours)\(|\.to(Locale)?DateString\(|\bcurrent_date\b|\blocaltime(stamp)?\b|(\bnow\(\)|_at|At")::date\b|date_trunc\('(day|week|month|year)'/;

/** Who may, because no instant is cut there. */
const reckoners = new Map([
  ['src/platform/words/day.ts', 'reckons with days for everybody'],
  ['src/engine/definition/calendar.rules.ts', 'takes the weekday of a day'],
  ['test/engine/table.ts', 'reckons apart from the product, which it checks'],
  ['test/oracle/status.oracle.ts', 'reckons apart from the product, which it checks'],
  ['test/house/days.test.ts', 'is this test'],
]);

const sources = ['src', 'test', 'migrations', 'bench', 'scripts'].flatMap((folder) =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|mjs|js|sql)$/.test(file) && !file.includes('node_modules'))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`),
);

test.each([
  ['new Date().toISOString().slice(0, 10)', true],
  ['new Date(Date.now() + 30 * 86_400_000)\n      .toISOString()\n      .slice(0, 10)', true],
  ["at.toISOString().split('T')[0]", true],
  ['process.startedAt.slice(0, 10)', true],
  ['then.setMonth(then.getMonth() + 1)', true],
  ['new Date(day).getUTCDay()', true],
  ["new Date().toLocaleDateString('sv-SE')", true],
  ['where valid_until > current_date', true],
  ['select recorded_at::date', true],
  ['select (recorded_at at time zone platform.zone())::date', false],
  ['people.slice(0, 10)', false],
  ['plusDays(dayIn(zone, new Date()), 30)', false],
])('%s: %s', (text, found) => {
  expect(cuts.test(text)).toBe(found);
});

test('nobody takes a calendar day from UTC or from the machine', () => {
  const strays = sources.filter((path) => cuts.test(readFileSync(root + path, 'utf8')));
  expect(strays).toEqual([...reckoners.keys()].filter((path) => sources.includes(path)).sort(byPlace));
});

const byPlace = (a: string, b: string) => sources.indexOf(a) - sources.indexOf(b);

// npm run test:clock -- [YYYY-MM-DDT]HH:MM [arguments of Jest]: the tests with every clock, the database's too, set to
// that time in Berlin, by itself the next time that clocks there show it. A day that is taken from UTC shows itself
// between midnight there and midnight UTC; others on a month's last days, or when the clocks change.
import { spawnSync } from 'node:child_process';
import { ensureInstalled, fail, findNode, root, runNode } from './ensure.mjs';

const [time = '', ...rest] = process.argv.slice(2);
const [, day, hour] = /^(?:(\d{4}-\d\d-\d\d)T)?((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(time) ?? [];
if (!hour) fail('Which time? npm run test:clock -- 00:30, or 2027-03-28T00:30');
const preload = spawnSync('sh', ['-c', 'ls /usr/lib/*/faketime/libfaketimeMT.so.1 2>/dev/null'], {
  encoding: 'utf8',
}).stdout.trim();
if (!preload) fail('This needs libfaketime, on Linux; on Debian and Ubuntu: apt-get install faketime');

await ensureInstalled();
const node = findNode();
// PostgreSQL's lock_timeout never comes under libfaketime: what waits for it cannot be tried this way.
const waits = ['test/platform/command.test', 'test/engine/due-servers.test'].flatMap((file) => [
  '--testPathIgnorePatterns',
  file,
]);
const shift = secondsUntil(day, hour);
const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
runNode(node, [...flags, `${root}/node_modules/jest/bin/jest.js`, ...rest, ...waits], {
  env: {
    LD_PRELOAD: preload,
    FAKETIME: shift < 0 ? `${shift}` : `+${shift}`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_DONT_RESET: '1',
  },
});

/** From now to when clocks in Berlin show this. */
function secondsUntil(day, time) {
  const clock = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Berlin',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const shownAt = (ms) => Date.parse(`${clock.format(ms).replace(' ', 'T')}Z`);
  const now = Date.now();
  const shown = shownAt(now);
  let wanted = Date.parse(`${day ?? clock.format(now).slice(0, 10)}T${time}Z`);
  if (!day && wanted < shown) wanted += 86_400_000;
  // Twice, because the clocks may change between now and then.
  let then = now;
  for (let i = 0; i < 2; i++) then += wanted - shownAt(then);
  return Math.round((then - now) / 1000);
}

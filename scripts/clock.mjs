// npm run test:clock -- HH:MM [arguments of Jest]: the tests with every clock, the database's too, set to that time of
// day in Berlin. A day that is taken from UTC shows itself between midnight there and midnight UTC.
import { spawnSync } from 'node:child_process';
import { ensureInstalled, fail, findNode, root, runNode } from './ensure.mjs';

const [time = '', ...rest] = process.argv.slice(2);
const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
if (!hour) fail('Which time of day? npm run test:clock -- 00:30');
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
const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
runNode(node, [...flags, `${root}/node_modules/jest/bin/jest.js`, ...waits, ...rest], {
  env: {
    LD_PRELOAD: preload,
    FAKETIME: `+${secondsUntil(Number(hour), Number(minute))}`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_DONT_RESET: '1',
  },
});

/** From now to the next time that clocks in Berlin show this. */
function secondsUntil(wantedHour, wantedMinute) {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'medium' });
  const [h, m, s] = clock.format(new Date()).split(':').map(Number);
  const wait = (wantedHour - h) * 3600 + (wantedMinute - m) * 60 - s;
  return wait < 0 ? wait + 86_400 : wait;
}

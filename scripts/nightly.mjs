// npm run test:nightly [-- MINUTES]: the crash run for an hour or as long as said, then what uses days with the clocks
// half an hour before and after midnight in Berlin. Every part runs, whatever became of those before it.
import { spawnSync } from 'node:child_process';
import { findNode, ensureInstalled, root } from './ensure.mjs';

const usesDays = 'test/(walks|engine|demo|status|planning|notices|audit|responsibility)/';
const parts = [
  ['scripts/crash.mjs', '--minutes', '60', ...process.argv.slice(2)],
  ['scripts/clock.mjs', '00:30', usesDays],
  ['scripts/clock.mjs', '23:30', usesDays],
];

await ensureInstalled();
const node = findNode();
const failed = parts.filter((part) => spawnSync(node, part, { cwd: root, stdio: 'inherit' }).status !== 0);
for (const part of failed) console.error(`FAILED  ${part.join(' ')}`);
process.exit(failed.length === 0 ? 0 : 1);

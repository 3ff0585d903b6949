// npm run golden [-- measure-1]: walks shipped definitions on the real engine and keeps the logs in test/engine/golden.
// For a definition or a plan that is new: what was released runs somewhere, and its histories stay as they are.
import { ensureInstalled, findNode, runNode } from './ensure.mjs';

await ensureInstalled();
const match = '--testMatch=**/test/engine/golden.record.ts';
const only = process.argv.slice(2).flatMap((name) => ['-t', name]);
runNode(findNode(), ['scripts/test.mjs', match, ...only]);

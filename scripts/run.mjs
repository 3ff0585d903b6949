// node scripts/run.mjs <program.js> [arguments]: runs it on the packaged Node, installing first if need be.
import { ensureInstalled, findNode, runNode } from './ensure.mjs';

await ensureInstalled();
runNode(findNode(), process.argv.slice(2));

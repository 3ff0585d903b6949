// npm run golden: walks every shipped definition on the real engine and keeps the logs in test/engine/golden. For a
// definition that is new; a history that exists is only walked anew when its definition was never released.
import { ensureInstalled, findNode, runNode } from './ensure.mjs';

ensureInstalled();
const match = '--testMatch=**/test/engine/golden.record.ts';
runNode(findNode(), ['scripts/test.mjs', match]);

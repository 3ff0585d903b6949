// node scripts/tool.mjs <verify|verify-log|due|token|found|rescue|backup|restore> [arguments]: a command beside the server.
import { ensureBuilt, ensureInstalled, findNode, runNode } from './ensure.mjs';

await ensureInstalled();
const node = findNode();
ensureBuilt(node);
runNode(node, ['--enable-source-maps', 'dist/tool.js', ...process.argv.slice(2)], { channel: true });

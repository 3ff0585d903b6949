// npm start: installs and compiles what is missing, then runs the server on the packaged Node.
import { ensureBuilt, ensureInstalled, findNode, runNode } from './ensure.mjs';

await ensureInstalled();
const node = findNode();
ensureBuilt(node);
runNode(node, ['--enable-source-maps', 'dist/main.js'], { channel: true });

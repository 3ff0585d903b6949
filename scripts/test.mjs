// npm test [-- arguments of Jest]. Jest's ESM mode rests on Node's vm modules, hence the two flags.
import { join } from 'node:path';
import { ensureInstalled, findNode, root, runNode } from './ensure.mjs';

await ensureInstalled();
const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
runNode(findNode(), [...flags, join(root, 'node_modules/jest/bin/jest.js'), ...process.argv.slice(2)]);

// npm run dev: the server with an inspector, started anew after every change in src or migrations.
import { ensureInstalled, findNode, runNode } from './ensure.mjs';

await ensureInstalled();
runNode(findNode(), ['scripts/dev/loop.mjs'], { channel: true });

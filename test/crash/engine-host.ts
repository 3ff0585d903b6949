// The bare engine as a process of its own: obeys what its parent sends, until it is killed.
import { openEngine, type Order } from './engine-room.ts';

export interface Request {
  readonly no: number;
  readonly obey?: Order;
  readonly look?: string;
}

const [serverUrl, tenant] = process.argv.slice(2) as [string, string];
const room = await openEngine(serverUrl, tenant);

async function answer({ no, obey, look }: Request): Promise<void> {
  try {
    const found = obey ? await room.obey(obey) : look ? await room.look(look) : await room.fireDue();
    process.send!({ no, answer: found });
  } catch (error) {
    process.send!({ no, error: String((error as Error).stack) });
  }
}
process.on('message', (request: Request) => void answer(request));
process.on('disconnect', () => process.exit());
process.send!({ ready: true });

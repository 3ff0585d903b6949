// Commands while the relay takes notices from the outbox and tells what changed, and 200 subscribers re-read the process
// they watch under their own rights. The process watched is one of those that move: a fifth of all steps is delivered.
import { median } from './measure.mjs';

const { Background, Reads } = await import('../dist/platform/index.js');
const { Changes } = await import('../dist/engine/live/changes.service.js');

const subscribers = 200;
const sliceMs = 2000;

export async function withSubscribers({ get, actor, engine, ids }, run) {
  const background = get(Background);
  const [changes, reads] = [get(Changes), get(Reads)];
  const ended = new AbortController();
  let delivered = 0;
  await background.start();
  const watching = ids.slice(0, subscribers).map(async (processId) => {
    const me = Object.freeze({ ...actor });
    for await (const _ of changes.of(me, { processId }, null, ended.signal)) {
      await engine.processes(await reads.db(me), [processId]);
      delivered += 1;
    }
  });
  await run(); // whoever connects looks once at everything
  delivered = 0;
  const rate = await run();
  ended.abort();
  await Promise.all(watching);
  await background.stop();
  return { rate, delivered };
}

/** The ratio with ÷ without, cycle by cycle. */
export async function liveRatio(ours, variant, clients, cycles, slice) {
  const ratios = [];
  let delivered = 0;
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const without = () => slice(variant, clients, sliceMs);
    const withThem = async () => {
      const seen = await withSubscribers(ours, () => slice(variant, clients, sliceMs));
      delivered += seen.delivered;
      return seen.rate;
    };
    if (cycle % 2 === 0) {
      const alone = await without();
      ratios.push((await withThem()) / alone);
    } else {
      const together = await withThem();
      ratios.push(together / (await without()));
    }
  }
  return { ratio: median(ratios), ratios, delivered };
}

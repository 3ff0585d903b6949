// What happens to many at once: a round starts, a log is replayed, a definition is checked before it is published.
import { readFileSync, readdirSync } from 'node:fs';
import { v7 } from 'uuid';
import { timed } from './measure.mjs';

const { Commands, isRefusal, refuse } = await import('../dist/platform/index.js');
const { Verifier } = await import('../dist/engine/index.js');
const { Chart } = await import('../dist/engine/definition/chart.rules.js');

const many = 5000;
const singles = 400;

/** Processes started a second: one command for all, one for each, and one for each by eight clients. */
export async function starts({ start }) {
  const together = many / (await timed(() => start(many)));
  const each = async (clients) => {
    const seconds = await timed(() =>
      Promise.all(
        Array.from({ length: clients }, async () => {
          for (let i = 0; i < singles / clients; i += 1) await start(1);
        }),
      ),
    );
    return singles / seconds;
  };
  return { together, one: await each(1), eight: await each(8) };
}

/** Log entries replayed a second, with their rows read, chain and deadlines compared. */
export async function replayed({ get }) {
  let report;
  const seconds = await timed(async () => (report = await get(Verifier).run()));
  if (report.differences.length > 0) throw new Error(JSON.stringify(report.differences[0]));
  return report.entries / seconds;
}

/** Seconds that publishing takes for each shipped definition, with its number of states. Nothing is kept. */
export async function publishChecks({ get, actor, definitions }) {
  const folder = new URL('../data/processes/', import.meta.url);
  const checks = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const definition = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    const states = [...new Chart(definition).nodes.values()].filter(({ children }) => children.length === 0);
    const text = JSON.stringify({ ...definition, key: `bench-${definition.key}` });
    const nothing = refuse('Nothing', { de: 'Nichts', en: 'Nothing' });
    let fault;
    const seconds = await timed(() =>
      get(Commands).run(actor, { name: 'bench', commandId: v7(), input: null }, async (tx) => {
        const id = await definitions.publish(tx, text);
        if (isRefusal(id)) fault = id;
        return nothing;
      }),
    );
    if (fault) throw new Error(`${file}: ${JSON.stringify(fault).slice(0, 300)}`);
    checks.push({ definition: `${definition.key} ${definition.version}`, states: states.length, seconds });
  }
  return checks;
}

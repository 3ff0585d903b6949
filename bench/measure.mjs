// Variants run one after another in slices, in random order, in one process; a ratio is taken within one cycle, so
// that a machine that is slow for a while is slow for both.

export const sliceMs = 400;

/** Runs `once(client)` by so many clients for one slice; how often a second. A variant may bring its own slice. */
export async function slice({ once, drain, worth = 1 }, clients, ms = sliceMs) {
  const start = performance.now();
  const end = start + ms;
  let done = 0;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let i = 0; performance.now() < end; i += 1) {
        await once(client, i);
        done += worth;
      }
    }),
  );
  await drain?.();
  return (done / (performance.now() - start)) * 1000;
}

/** Rates by variant, one for each cycle. */
export async function interleave(variants, clients, cycles) {
  const names = Object.keys(variants);
  const rates = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names) await slice(variants[name], clients); // warm
  for (let cycle = 0; cycle < cycles; cycle += 1)
    for (const name of names.toSorted(() => Math.random() - 0.5))
      rates[name].push(await slice(variants[name], clients));
  return rates;
}

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];

/** The median of the runs' medians, with the lowest and the highest of them. */
export function acrossRuns(runs, of) {
  const medians = runs.map((rates) => median(of(rates)));
  return { median: median(medians), low: Math.min(...medians), high: Math.max(...medians) };
}

export const ratio = (one, other) => (rates) => rates[one].map((rate, i) => rate / rates[other][i]);

export async function timed(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

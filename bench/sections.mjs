// The parts of the bench. Each gives its rows for the table and the figures behind them.
import { acrossRuns, interleave, median, ratio, slice } from './measure.mjs';
import { row } from './report.mjs';

const range = (list) => ({ median: median(list), low: Math.min(...list), high: Math.max(...list) });
const atMost = { atMost: true };

async function peers({ database, ours }, clients) {
  const { createPeerTables, inTransaction, peerStep } = await import('./peer-writes.mjs');
  const { Chart } = await import('../dist/engine/definition/chart.rules.js');
  const { Machine } = await import('../dist/engine/machine/machine.rules.js');
  const { definition } = await import('./definition.mjs');
  const { dbosVariant } = await import('./peer-dbos.mjs');
  const { graphileVariant, pgBossVariant } = await import('./peer-jobs.mjs');
  const step = peerStep(new Machine(new Chart(definition)));
  await createPeerTables(database.pool);
  const event = inTransaction(database.pool, step);
  const { ids } = ours;
  return {
    peerAlone: { once: (client, i) => event(ids[(client + i * clients) % ids.length]) },
    dbos: await dbosVariant(database, ids, step, clients),
    pgBoss: await pgBossVariant(database, ids, event, clients),
    graphile: await graphileVariant(database, ids, event, clients),
  };
}

async function commands(bench) {
  const { database, ours, clientCounts, cycles, again, say, withPeers } = bench;
  const { createFloorTables, floorVariants } = await import('./floor.mjs');
  const { commandVariants } = await import('./ours.mjs');
  await createFloorTables(database.pool);
  const others = withPeers ? await peers(bench, Math.max(...clientCounts)) : {};
  const [rows, figures] = [[], {}];
  for (const clients of clientCounts) {
    say(`commands, ${clients} clients`);
    const variants = {
      ...floorVariants(database, ours, clients),
      ...commandVariants(ours, clients),
      ...others,
    };
    figures[clients] = await again(() => interleave(variants, clients, cycles));
    const of = (one, other) => acrossRuns(figures[clients], ratio(one, other));
    // The figures to reach are those of many clients; one client's are shown beside them.
    const must = (...figure) => (clients === 1 ? [] : figure);
    rows.push(
      row(
        `command ÷ floor, ${clients} clients`,
        of('command', 'bare'),
        ...must(clients < 32 ? 0.28 : 0.24, 0.35),
      ),
      row('… ÷ floor with our indexes', of('command', 'indexed')),
      row('… with a domain change ÷ floor', of('commandWithDomain', 'bare'), ...must(0.12, 0.2)),
    );
    if (withPeers)
      rows.push(
        row('… ÷ DBOS transaction workflow', of('commandWithDomain', 'dbos'), ...must(5, 8)),
        row('… ÷ pg-boss job', of('commandWithDomain', 'pgBoss'), ...must(2.5, 4)),
        row('… ÷ graphile-worker job', of('commandWithDomain', 'graphile'), ...must(2.5, 4)),
        row('… through GraphQL ÷ DBOS', of('graphqlWithDomain', 'dbos'), ...must(2.5)),
        row("peer's writes alone ÷ floor", of('peerAlone', 'bare')),
      );
  }
  for (const { close } of Object.values(others)) await close?.();
  return { rows, figures };
}

async function hot({ ours, cycles, again, say }) {
  const { hotVariants } = await import('./hot.mjs');
  const { variants, seen } = hotVariants(ours);
  say('one hot process');
  const runs = await again(() => interleave(variants, 32, cycles));
  const refused = { median: seen.locked, low: seen.locked, high: seen.locked };
  return {
    rows: [
      row(
        'one hot process, 32 clients: lock ÷ version',
        acrossRuns(runs, ratio('locked', 'versioned')),
        2,
        3,
      ),
      row('… steps that share a transaction ÷ version', acrossRuns(runs, ratio('together', 'versioned'))),
      row('… refusals seen with the lock', refused, 0, 0, atMost),
    ],
    figures: { runs, retriesPerMove: seen.retries / seen.moves },
  };
}

async function bulk({ ours, cycles, again, say }) {
  const { publishChecks, replayed, starts } = await import('./bulk.mjs');
  const { migrates } = await import('./migrate.mjs');
  const { commandVariants } = await import('./ours.mjs');
  say('starts');
  const started = await again(() => starts(ours));
  say('migrate');
  let version = 1;
  const migrated = await again(() => migrates(ours, (version += 1)));
  say('replay');
  const { command } = await interleave({ command: commandVariants(ours, 8).command }, 8, cycles);
  const replays = await again(() => replayed(ours));
  say('publish');
  const published = await again(() => publishChecks(ours));
  const { definition, states } = published[0].toSorted((a, b) => b.states - a.states)[0];
  const seconds = published.map((checks) => checks.find((one) => one.definition === definition).seconds);
  return {
    rows: [
      row(
        'start 5,000 ÷ one transaction each',
        range(started.map(({ together, one }) => together / one)),
        8,
        15,
      ),
      row('… each by eight clients', range(started.map(({ together, eight }) => together / eight))),
      row('migrate 5,000 ÷ start them', range(migrated.map((one) => one.ratio)), 1.5, undefined, atMost),
      row('replay ÷ commands at 8 clients', range(replays.map((rate) => rate / median(command))), 10, 20),
      row(`publish check, ${definition} (${states} states)`, range(seconds), 1, 0.3, {
        ...atMost,
        unit: ' s',
      }),
    ],
    figures: { started, migrated, command, replays, published },
  };
}

async function live({ ours, cycles, again, say }) {
  const { liveRatio } = await import('./live.mjs');
  const { commandVariants } = await import('./ours.mjs');
  say('relay and subscribers');
  const runs = await again(() => liveRatio(ours, commandVariants(ours, 8).command, 8, cycles, slice));
  const ratios = range(runs.map((one) => one.ratio));
  return {
    rows: [row('commands with relay and 200 subscribers ÷ without', ratios, 0.95, 1)],
    figures: runs,
  };
}

export const sections = { commands, hot, bulk, live };

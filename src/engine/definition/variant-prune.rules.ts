import { Chart, nameOf, type ChartNode } from './chart.rules.ts';
import type { Definition, StateNode } from './definition.rules.ts';

/**
 * Takes out what only the dropped step led to: states nobody enters any more, and then the steps, deadlines and chains
 * that nothing uses any more. What was useless before stays, and is refused with its place.
 */
export function prune(definition: Definition, before: Chart): void {
  const reachedBefore = reachable(before);
  const reached = new Set([...reachable(new Chart(definition))].map(({ path }) => path));
  for (const { path } of reachedBefore) if (!reached.has(path)) remove(definition, path);
  const after = new Chart(definition);
  const lost = (used: (chart: Chart) => Set<string>) => {
    const still = used(after);
    return [...used(before)].filter((name) => !still.has(name));
  };
  for (const step of lost(handled)) delete definition.steps[step];
  for (const deadline of lost(running)) delete definition.deadlines[deadline];
  for (const chain of lost(chained)) delete definition.chains[chain];
}

const handled = ({ edges }: Chart) =>
  new Set(edges.map(({ event }) => event).filter((event) => !event.startsWith('$')));
const running = ({ nodes }: Chart) =>
  new Set([...nodes.values()].flatMap(({ state }) => state.deadlines ?? []));
const chained = (chart: Chart) =>
  new Set([...running(chart)].flatMap((name) => chart.definition.deadlines[name]?.chain ?? []));

/** What default entry and transitions of reached states can enter; every guard may hold. */
function reachable(chart: Chart): Set<ChartNode> {
  const reached = new Set<ChartNode>();
  const enter = (node: ChartNode): void => {
    if (reached.has(node)) return;
    reached.add(node);
    for (const child of node.children)
      if (node.kind === 'parallel' || nameOf(child) === node.state.initial) enter(child);
    if (node.parent) enter(node.parent);
  };
  enter(chart.root);
  for (const node of reached) for (const { target } of chart.edgesOf(node)) if (target) enter(target);
  return reached;
}

function remove({ states }: Definition, path: string): void {
  const names = path.split('.');
  const last = names.pop()!;
  let around: StateNode['states'] = states;
  for (const name of names) around = around?.[name]?.states;
  if (around) delete around[last];
}

import type { IState, IStateMachine, ITransition } from 'state-machine-cat';
import type { Language } from '../platform/index.ts';
import { nameOf, type Chart, type ChartNode, type Edge } from './chart.rules.ts';

/**
 * A chart as state-machine-cat lays it out: states under short safe names, with their labels in one language, one arrow
 * for all steps between the same two states. Signals are left out: they are the inside of the machine.
 */
export interface Drawn {
  readonly machine: IStateMachine;
  /** Labels by the short names. */
  readonly labels: ReadonlyMap<string, string>;
}

export function drawn(
  chart: Chart,
  language: Language,
  states: readonly string[],
  top: ChartNode = chart.root,
): Drawn {
  const current = new Set(chart.active(states));
  const short = new Map([...chart.nodes.values()].map((node, i) => [node, `n${i}`]));
  const label = (node: ChartNode) => node.state.label?.[language] ?? nameOf(node);
  const machine = machineOf(top);
  return { machine, labels: new Map([...short].map(([node, name]) => [name, label(node)])) };

  function machineOf(around: ChartNode): IStateMachine {
    const begins = around.children.find((child) => nameOf(child) === around.state.initial);
    const begin = `begin_${short.get(around)!}`;
    return {
      states: [
        ...(begins ? [{ name: begin, type: 'initial' as const }] : []),
        ...around.children.map(stateOf),
      ],
      transitions: [
        ...(begins ? [{ id: 0, from: begin, to: short.get(begins)! }] : []),
        ...(around === top ? arrows(chart, short, language) : []),
      ],
    };
  }

  function stateOf(node: ChartNode): IState {
    const isCurrent = current.has(node);
    const inner = node.children.length > 0;
    return {
      name: short.get(node)!,
      type: node.kind === 'parallel' ? 'parallel' : 'regular',
      label: isCurrent && !inner ? `${mark} ${label(node)}` : label(node),
      class: [node.kind, isCurrent && !inner ? 'current' : ''].join(' ').trim(),
      active: isCurrent && !inner,
      ...(inner && { statemachine: machineOf(node) }),
    };
  }
}

/** Says "here" without colour. */
const mark = '\u25b6';

function arrows(chart: Chart, short: ReadonlyMap<ChartNode, string>, language: Language): ITransition[] {
  const shown = chart.edges.filter((edge) => edge.target && !edge.event.startsWith('$'));
  const pairs = Map.groupBy(shown, ({ from, target }) => `${short.get(from)} ${short.get(target!)}`);
  return [...pairs.values()].map((edges, i) => ({
    id: i + 1,
    from: short.get(edges[0]!.from)!,
    to: short.get(edges[0]!.target!)!,
    label: [...new Set(edges.map(({ event }) => chart.definition.steps[event]!.label[language]))].join('\n'),
    class: edges.every((edge) => isBySystem(chart, edge)) ? 'system' : 'people',
  }));
}

const isBySystem = ({ definition }: Chart, { event }: Edge) =>
  definition.steps[event]!.who.every((who) => who.function === 'SYS');

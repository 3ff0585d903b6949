import type { Text } from '../platform/bare.ts';
import { notStarted } from './status.rules.ts';

interface StateNode {
  readonly label?: Text;
  readonly states?: Readonly<Record<string, StateNode>>;
}

/** The parts of a process definition that the words are taken from. */
export interface DefinitionBody extends StateNode {
  /** Path of the region whose state people see as the state of the process. */
  readonly stage: string;
  readonly deadlines?: Readonly<Record<string, { readonly label: Text }>>;
}

/** Names of states and deadlines as people read them, and the order of the states. */
export interface ChartWords {
  /** Paths of the visible states, in the order of the definition. */
  readonly states: readonly string[];
  stateLabel(path: string): Text;
  deadlineLabel(name: string): Text;
}

export function wordsOf(body: DefinitionBody): ChartWords {
  const labels = new Map(
    [...leaves(body, '')].map(([path, label]) => [withoutRegion(path, body.stage), label]),
  );
  const deadlines = new Map(Object.entries(body.deadlines ?? {}));
  return {
    states: [...labels.keys()],
    stateLabel: (path) => labels.get(path) ?? (path === notStarted ? notStartedLabel : asIs(path)),
    deadlineLabel: (name) => deadlines.get(name)?.label ?? asIs(name),
  };
}

function* leaves(node: StateNode, path: string): Generator<[string, Text]> {
  const inner = Object.entries(node.states ?? {});
  if (inner.length === 0 && node.label) yield [path, node.label];
  for (const [name, child] of inner) yield* leaves(child, path ? `${path}.${name}` : name);
}

function withoutRegion(path: string, region: string): string {
  return path.startsWith(`${region}.`) ? path.slice(region.length + 1) : path;
}

const asIs = (name: string): Text => ({ de: name, en: name });
const notStartedLabel: Text = { de: 'Nicht begonnen', en: 'Not started' };

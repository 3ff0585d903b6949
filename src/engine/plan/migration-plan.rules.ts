import { z } from 'zod';
import { below, type Chart, type ChartNode } from '../definition/chart.rules.ts';
import { canonical, sha256 } from '../definition/definition-file.rules.ts';

/** What becomes of a deadline or of open tasks. */
const deadlineChoice = z.enum(['KEEP', 'RECOMPUTE', 'DROP']);
const taskChoice = z.enum(['KEEP', 'REOPEN']);
const path = z.string().min(1).max(200);

/** How running processes get from one definition to another: data, proved before it is stored, and hashed. */
export const movesSchema = z.strictObject({
  /**
   * Old state → the leaves in which its processes stand afterwards; what is not named keeps its path. A state with
   * inner states may be named too, with the state that takes its place. No leaf at all: its region falls away.
   */
  states: z.record(path, z.array(path).max(20)),
  /** Leaves in which the regions begin that the old definition does not have. Nothing begins silently. */
  begin: z.array(path).max(100),
  /** Unnamed: kept while the new state bears it, dropped where it does not. */
  deadlines: z.record(z.string().max(60), deadlineChoice),
  /** Kept tasks keep their identity; reopened ones are closed and begin anew. */
  tasks: taskChoice,
});
export type Moves = z.infer<typeof movesSchema>;
export type DeadlineChoice = z.infer<typeof deadlineChoice>;
export type TaskChoice = z.infer<typeof taskChoice>;

export interface MigrationPlan extends Moves {
  /** Ids of the definitions. */
  readonly from: string;
  readonly to: string;
}

const version = z.strictObject({ key: z.string(), version: z.number().int() });
/** A plan as it is shipped: definitions by key and version, because ids follow from their content. */
export const shippedPlanSchema = movesSchema.extend({
  format: z.literal('oa.migration/1'),
  from: version,
  to: version,
});
export type ShippedPlan = z.infer<typeof shippedPlanSchema>;

/** What the log names a plan by. */
export const hashOfPlan = ({ from, to, states, begin, deadlines, tasks }: MigrationPlan): string =>
  sha256(`oa.migration/1\n${canonical({ from, to, states, begin, deadlines, tasks })}`);

/** An old leaf without an equal, or a new region that nothing leads into; `suggestion` is a leaf to think about. */
export interface Undecided {
  readonly kind: 'STATE' | 'REGION';
  readonly path: string;
  readonly suggestion: string | undefined;
}

/** What two definitions say by themselves: equal paths stay, the rest is listed to be decided. */
export function proposeMoves(from: Chart, to: Chart): { moves: Moves; undecided: Undecided[] } {
  const states = leaves(from.root)
    .filter(({ path: leaf }) => !isLeaf(to.nodes.get(leaf)))
    .map(({ path: leaf }) => ({ kind: 'STATE' as const, path: leaf, suggestion: alike(to, leaf) }));
  const regions = newRegions(from, to.root).map((region) => ({
    kind: 'REGION' as const,
    path: region.path,
    suggestion: beginning(region).path,
  }));
  return {
    moves: { states: {}, begin: [], deadlines: {}, tasks: 'KEEP' },
    undecided: [...states, ...regions],
  };
}

export const isLeaf = (node: ChartNode | undefined): boolean => node?.children.length === 0;

export const leaves = (node: ChartNode): ChartNode[] => [...below(node)].filter((one) => isLeaf(one));

/** Regions beside an old one, with no equal; what lies inside a new region comes with it. */
function newRegions(from: Chart, node: ChartNode): ChartNode[] {
  return node.children.flatMap((child) => {
    const isNew = node.kind === 'parallel' && !from.nodes.has(child.path);
    return isNew && from.nodes.has(node.path) ? [child] : newRegions(from, child);
  });
}

/** The state's own first leaf where it has grown inner states, or else the only leaf of the same name. */
function alike(to: Chart, leaf: string): string | undefined {
  const grown = to.nodes.get(leaf);
  if (grown) return beginning(grown).path;
  const name = leaf.slice(leaf.lastIndexOf('.') + 1);
  const named = leaves(to.root).filter(({ path: other }) => other.endsWith(`.${name}`) || other === name);
  return named.length === 1 ? named[0]!.path : undefined;
}

/** Where a state begins; of several regions the first. */
function beginning(node: ChartNode): ChartNode {
  const { initial } = node.state;
  const first = node.children.find(({ path: child }) => child === `${node.path}.${initial}`);
  const next = first ?? node.children[0];
  return next ? beginning(next) : node;
}

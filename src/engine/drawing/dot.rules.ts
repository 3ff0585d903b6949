import type { Language } from '../../platform/bare.ts';
import { nameOf, type Chart, type ChartNode, type Edge } from '../definition/chart.rules.ts';

/**
 * A chart in the language of Graphviz, for its layout. States inside a state are a cluster; what is written at an arrow
 * is a node of its own between the two states, so that no text lies over another. Signals are left out: they are the
 * inside of the machine. `classOf` marks what the style sheet of the picture knows.
 */
export function dot(chart: Chart, language: Language, states: readonly string[]): string {
  const current = new Set(chart.active(states));
  const names = new Map([...chart.nodes.values()].map((node, i) => [node, `s${i}`]));
  const arrows = arrowsOf(chart, names, language);
  return [
    'digraph {',
    'graph [compound=true newrank=true rankdir=TB nodesep=0.3 ranksep=0.24 fontname=Arial fontsize=13 margin=0.1]',
    'node [shape=box style=rounded fontname=Arial fontsize=13 margin="0.14,0.07" height=0.36]',
    'edge [fontname=Arial arrowsize=0.7]',
    ...inside(chart.root),
    '}',
  ].join('\n');

  function inside(around: ChartNode): string[] {
    return [
      ...begin(around),
      ...around.children.flatMap((child) => (child.children.length > 0 ? cluster(child) : [box(child)])),
      ...arrows.filter((arrow) => arrow.holder === around).flatMap(drawn),
    ];
  }

  function cluster(node: ChartNode): string[] {
    const isRegion = node.parent?.kind === 'parallel';
    const label = quoted(node.state.label?.[language] ?? '');
    const look = isRegion ? 'class=region style="rounded,dashed"' : 'class=around style=rounded';
    const name = `cluster_${names.get(node)!}`;
    return [
      `subgraph ${name} {`,
      `graph [label=${label} labeljust=l margin=14 ${look}]`,
      ...inside(node),
      '}',
    ];
  }

  function box(node: ChartNode): string {
    const isCurrent = current.has(node);
    const label = `${isCurrent ? `${here} ` : ''}${labelOf(node, language)}`;
    const kind = node.kind === 'final' ? 'final' : 'state';
    const look = node.kind === 'final' ? ' peripheries=2' : '';
    return `${names.get(node)!} [label=${quoted(label)} class=${quoted(isCurrent ? `${kind} current` : kind)}${isCurrent ? ' penwidth=3.5' : ''}${look}]`;
  }

  /** A dot where it begins; not where an inner state is always entered by name. */
  function begin(around: ChartNode): string[] {
    const first = around.children.find((child) => nameOf(child) === around.state.initial);
    const isEntered =
      around === chart.root ||
      around.parent?.kind === 'parallel' ||
      chart.edges.some(({ target }) => target === around);
    if (!first || !isEntered) return [];
    const name = `begin_${names.get(around)!}`;
    return [
      `${name} [shape=circle label="" width=0.12 height=0.12 fixedsize=true style=filled class=begin]`,
      `${name} -> ${leafOf(first)}${ends(undefined, first)}`,
    ];
  }

  function drawn({ name, from, to, label, bySystem }: Arrow): string[] {
    const look = bySystem ? ' style=dashed' : '';
    return [
      `${name} [shape=plain label=${quoted(label)} fontsize=11 class=${quoted(bySystem ? 'step system' : 'step')}]`,
      `${leafOf(from)} -> ${name}${ends(from, undefined, `arrowhead=none${look}`)}`,
      `${name} -> ${leafOf(to)}${ends(undefined, to, look)}`,
    ];
  }

  /** A cluster is no node: its arrows are tied to where it begins, and cut off at its border. */
  function leafOf(node: ChartNode): string {
    const first = node.children.find((child) => nameOf(child) === node.state.initial) ?? node.children[0];
    return first ? leafOf(first) : names.get(node)!;
  }

  function ends(from: ChartNode | undefined, to: ChartNode | undefined, more = ''): string {
    const tail = from && from.children.length > 0 ? ` ltail=cluster_${names.get(from)!}` : '';
    const head = to && to.children.length > 0 ? ` lhead=cluster_${names.get(to)!}` : '';
    return ` [${more}${tail}${head}]`;
  }
}

/** Says without colour: here it stands. */
const here = '\u25b6';
const labelOf = (node: ChartNode, language: Language) => node.state.label?.[language] ?? nameOf(node);
const quoted = (text: string) => `"${text.replace(/[\\"]/g, '\\$&').replace(/\s*\n\s*/g, '\\n')}"`;

/** All steps between the same two states, drawn as one arrow inside the nearest state that holds both. */
interface Arrow {
  readonly name: string;
  readonly holder: ChartNode;
  readonly from: ChartNode;
  readonly to: ChartNode;
  readonly label: string;
  readonly bySystem: boolean;
}

function arrowsOf(chart: Chart, names: ReadonlyMap<ChartNode, string>, language: Language): Arrow[] {
  const shown = chart.edges.filter(({ target, event }) => target && !event.startsWith('$'));
  const pairs = Map.groupBy(
    shown,
    (edge) => `${names.get(edge.from)} ${names.get(edge.target!)} ${isBySystem(chart, edge)}`,
  );
  return [...pairs.values()].map((edges, i) => {
    const { from, target } = edges[0]!;
    const labels = edges.map(({ event }) => chart.definition.steps[event]!.label[language]);
    return {
      name: `step${i}`,
      holder: holderOf(from, target!),
      from,
      to: target!,
      label: [...new Set(labels)].join('\n'),
      bySystem: isBySystem(chart, edges[0]!),
    };
  });
}

const isBySystem = ({ definition }: Chart, { event }: Edge) =>
  definition.steps[event]!.who.every((who) => who.function === 'SYS');

/** The nearest state around both; what leaves a state for another is drawn outside of it. */
export function holderOf(from: ChartNode, to: ChartNode): ChartNode {
  const around = (node: ChartNode): ChartNode[] => (node.parent ? [node.parent, ...around(node.parent)] : []);
  const holders = new Set(around(to));
  return around(from).find((node) => holders.has(node))!;
}

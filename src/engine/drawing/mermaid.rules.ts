import type { Language } from '../../platform/bare.ts';
import { nameOf, type Chart, type ChartNode } from '../definition/chart.rules.ts';
import { holderOf } from './dot.rules.ts';

/** A chart as Mermaid draws it; where a process stands is marked by outline and sign. */
export function mermaid(chart: Chart, language: Language, states: readonly string[] = []): string {
  const current = new Set(chart.active(states).filter(({ children }) => children.length === 0));
  const lines = ['stateDiagram-v2', ...inside(chart.root, 1)];
  if (current.size > 0)
    lines.push('  classDef current stroke-width:4px', `  class ${[...current].map(idOf).join(', ')} current`);
  return `${lines.join('\n')}\n`;

  function inside(node: ChartNode, depth: number): string[] {
    const indent = '  '.repeat(depth);
    const states = node.children.flatMap((child, i) => {
      const region = node.kind === 'parallel' && i > 0 ? [`${indent}--`] : [];
      return [...region, ...drawn(child, depth)];
    });
    const initial = node.children.find((child) => nameOf(child) === node.state.initial);
    return [
      ...(initial ? [`${indent}[*] --> ${idOf(initial)}`] : []),
      ...states,
      ...arrows(chart, node, language).map((arrow) => `${indent}${arrow}`),
    ];
  }

  function drawn(node: ChartNode, depth: number): string[] {
    const indent = '  '.repeat(depth);
    const label = `${current.has(node) ? '\u25b6 ' : ''}${node.state.label?.[language] ?? nameOf(node)}`;
    const name = `${indent}state "${plain(label)}" as ${idOf(node)}`;
    return node.children.length === 0 ? [name] : [`${name} {`, ...inside(node, depth + 1), `${indent}}`];
  }
}

const idOf = ({ path }: ChartNode) => path.replaceAll('.', '_');
/** Signs that mean something to Mermaid would end a label. */
const plain = (label: string) => label.replace(/["{};:#<>\n]/g, ' ').trim();

/** Arrows stand in the innermost state that holds both ends, or Mermaid would draw their ends a second time. */
function arrows({ edges, definition }: Chart, scope: ChartNode, language: Language): string[] {
  return edges
    .filter(({ event, from, target }) => !event.startsWith('$') && target && holderOf(from, target) === scope)
    .flatMap(({ from, target, event }) => [
      `${idOf(from)} --> ${idOf(target!)}: ${plain(definition.steps[event]!.label[language])}`,
      ...(target!.kind === 'final' ? [`${idOf(target!)} --> [*]`] : []),
    ]);
}

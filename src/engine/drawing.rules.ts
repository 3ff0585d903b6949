import { leavesOf, nameOf, type Chart, type ChartNode, type Edge } from './chart.rules.ts';
import type { Span } from './calendar.rules.ts';
import type { Guard, Step } from './definition.rules.ts';

/** A definition as a page for people: its picture (Mermaid), its steps and its dates. Drawn, never edited. */
export function drawing(chart: Chart): string {
  const { title, description, key, version } = chart.definition;
  const parts = [
    `# ${title.en} (${title.de})`,
    description.en,
    `Drawn by \`npm run charts\` from \`data/processes/${key}.json\`, version ${version}.`,
    `\`\`\`mermaid\nstateDiagram-v2\n${picture(chart, chart.root, 1).join('\n')}\n\`\`\``,
    `## Steps\n\n${table(
      ['Step', 'From', 'To', 'Who', 'If'],
      chart.edges.filter(isStep).map((edge) => row(chart, edge)),
    )}`,
    `## Dates\n\n${table(['Date', 'Where', 'How long', 'When due', 'Reminders'], dates(chart))}`,
    `## Reminders\n\n${table(['Name', 'Working days before (−) or after (+) the date'], reminders(chart))}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

const isStep = ({ event }: Edge) => !event.startsWith('$');
const idOf = ({ path }: ChartNode) => path.replaceAll('.', '_');
const titleOf = (node: ChartNode) => node.state.label?.en ?? nameOf(node);
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function picture(chart: Chart, node: ChartNode, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const inside = node.children.flatMap((child, i) => {
    const region = node.kind === 'parallel' && i > 0 ? [`${indent}--`] : [];
    return [...region, ...drawn(chart, child, depth)];
  });
  const initial = node.children.find((child) => nameOf(child) === node.state.initial);
  return [
    ...(initial ? [`${indent}[*] --> ${idOf(initial)}`] : []),
    ...inside,
    ...arrows(chart, node, indent),
  ];
}

function drawn(chart: Chart, node: ChartNode, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const name = `${indent}state "${titleOf(node)}" as ${idOf(node)}`;
  return node.children.length === 0
    ? [name]
    : [`${name} {`, ...picture(chart, node, depth + 1), `${indent}}`];
}

/** Arrows stand in the innermost state that holds both ends, or Mermaid would draw their ends a second time. */
function arrows(chart: Chart, scope: ChartNode, indent: string): string[] {
  return chart.edges
    .filter((edge) => isStep(edge) && edge.target && holderOf(edge.from, edge.target) === scope)
    .flatMap(({ from, target, event }) => [
      `${indent}${idOf(from)} --> ${idOf(target!)}: ${event}`,
      ...(target!.kind === 'final' ? [`${indent}${idOf(target!)} --> [*]`] : []),
    ]);
}

function holderOf(from: ChartNode, to: ChartNode): ChartNode | undefined {
  const around = (node: ChartNode): ChartNode[] => (node.parent ? [node.parent, ...around(node.parent)] : []);
  const targets = new Set(around(to));
  return around(from).find((node) => targets.has(node));
}

function row({ definition }: Chart, { event, from, target, transition }: Edge): string[] {
  const step = definition.steps[event]!;
  return [
    `${step.label.en}<br>\`${event}\``,
    titleOf(from),
    target ? titleOf(target) : '–',
    who(step),
    condition(transition.guard),
  ];
}

function who({ who: functions, automatic }: Step): string {
  const named = functions.map(({ function: code, notSameAs }) =>
    notSameAs ? `${code}, not who took ${notSameAs.join(', ')}` : code,
  );
  return `${named.join('; ')}${automatic ? ' (by itself)' : ''}`;
}

const signs: Record<string, string> = {
  is: '=',
  isNot: '≠',
  atLeast: '≥',
  atMost: '≤',
  below: '<',
  above: '>',
};

function condition(guard: Guard | undefined): string {
  const leaves = leavesOf(guard).map((leaf) => {
    if ('call' in leaf) return `\`${leaf.call}\``;
    const { fact, reason: _reason, ...comparison } = leaf;
    const [[operator, operand]] = Object.entries(comparison) as [[string, unknown]];
    return `\`${fact} ${signs[operator]} ${String(operand)}\``;
  });
  return leaves.length > 0 ? leaves.join('<br>') : '–';
}

function dates(chart: Chart): string[][] {
  return Object.entries(chart.definition.deadlines).map(([name, { label, span, onDue, chain }]) => {
    const where = [...chart.nodes.values()]
      .filter(({ state }) => state.deadlines?.includes(name))
      .map(titleOf);
    return [label.en, where.join(', '), length(span), onDue ? `\`${onDue}\`` : '–', chain ?? '–'];
  });
}

function reminders(chart: Chart): string[][] {
  const sign = (days: number) => `${days < 0 ? '−' : '+'}${Math.abs(days)}`;
  return Object.entries(chart.definition.chains).map(([name, links]) => [
    name,
    links.map(({ workingDays, step }) => `${sign(workingDays)} \`${step}\``).join(' · '),
  ]);
}

const units = { workingDays: 'working days', days: 'days', weeks: 'weeks', months: 'months' };

function length(span: Span): string {
  const [[unit, n]] = Object.entries(span) as [[keyof typeof units, number]];
  return `${n} ${units[unit]}`;
}

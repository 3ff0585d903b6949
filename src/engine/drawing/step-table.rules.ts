import type { Language, Text } from '../../platform/bare.ts';
import type { Span } from '../definition/calendar.rules.ts';
import { leavesOf, nameOf, type Chart, type ChartNode, type Edge } from '../definition/chart.rules.ts';
import type { Guard, Step } from '../definition/definition.rules.ts';

/** What a chart does, as tables in Markdown: every step with who and under which conditions, every date, every chain. */
export function stepTables(chart: Chart, language: Language): string {
  const say = (text: Text) => text[language];
  const steps = chart.edges.filter(({ event }) => !event.startsWith('$'));
  return [
    `## ${say(words.steps)}\n\n${table(
      words.stepHead.map(say),
      steps.map((edge) => row(chart, edge, language)),
    )}`,
    `## ${say(words.dates)}\n\n${table(words.dateHead.map(say), dates(chart, language))}`,
    `## ${say(words.chains)}\n\n${table(words.chainHead.map(say), chains(chart))}`,
  ].join('\n\n');
}

const text = (de: string, en: string): Text => ({ de, en });
const words = {
  steps: text('Schritte', 'Steps'),
  stepHead: [
    text('Schritt', 'Step'),
    text('Von', 'From'),
    text('Nach', 'To'),
    text('Wer', 'Who'),
    text('Wenn', 'If'),
  ],
  dates: text('Fristen', 'Dates'),
  dateHead: [
    text('Frist', 'Date'),
    text('Wo', 'Where'),
    text('Wie lange', 'How long'),
    text('Bei Ablauf', 'When due'),
    text('Erinnerungen', 'Reminders'),
  ],
  chains: text('Erinnerungen', 'Reminders'),
  chainHead: [
    text('Name', 'Name'),
    text('Arbeitstage vor (−) oder nach (+) dem Termin', 'Working days before (−) or after (+) the date'),
  ],
  alone: text('von selbst', 'by itself'),
  notWho: text('nicht wer', 'not who took'),
};

const titleOf = (node: ChartNode, language: Language) => node.state.label?.[language] ?? nameOf(node);

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows.map((cells) => cells.map(cell))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
const cell = (content: string) => content.replaceAll('|', '\\|').replaceAll('\n', ' ');

function row({ definition }: Chart, { event, from, target, transition }: Edge, language: Language): string[] {
  const step = definition.steps[event]!;
  return [
    `${step.label[language]}<br>\`${event}\``,
    titleOf(from, language),
    target ? titleOf(target, language) : '–',
    who(step, language),
    condition(transition.guard),
  ];
}

function who({ who: functions, automatic }: Step, language: Language): string {
  const named = functions.map(({ function: code, notSameAs }) =>
    notSameAs ? `${code}, ${words.notWho[language]} ${notSameAs.join(', ')}` : code,
  );
  return `${named.join('; ')}${automatic ? ` (${words.alone[language]})` : ''}`;
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

function dates(chart: Chart, language: Language): string[][] {
  return Object.entries(chart.definition.deadlines).map(([name, { label, span, onDue, chain }]) => {
    const where = [...chart.nodes.values()]
      .filter(({ state }) => state.deadlines?.includes(name))
      .map((node) => titleOf(node, language));
    return [
      label[language],
      where.join(', '),
      length(span, language),
      onDue ? `\`${onDue}\`` : '–',
      chain ?? '–',
    ];
  });
}

function chains(chart: Chart): string[][] {
  const sign = (days: number) => `${days < 0 ? '−' : '+'}${Math.abs(days)}`;
  return Object.entries(chart.definition.chains).map(([name, links]) => [
    name,
    links.map(({ workingDays, step }) => `${sign(workingDays)} \`${step}\``).join(' · '),
  ]);
}

const units = {
  workingDays: text('Arbeitstage', 'working days'),
  days: text('Tage', 'days'),
  weeks: text('Wochen', 'weeks'),
  months: text('Monate', 'months'),
};

function length(span: Span, language: Language): string {
  const [[unit, n]] = Object.entries(span) as [[keyof typeof units, number]];
  return `${n} ${units[unit][language]}`;
}

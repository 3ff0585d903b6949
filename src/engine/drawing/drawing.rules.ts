import type { Language } from '../../platform/bare.ts';
import type { Chart } from '../definition/chart.rules.ts';
import { mermaid } from './mermaid.rules.ts';
import { scxml } from './scxml.rules.ts';
import { stepTables } from './step-table.rules.ts';
import { xstateConfig } from '../machine/xstate-config.rules.ts';

/** What a chart can be drawn as; SVG is laid out by Graphviz, elsewhere. */
export type DrawingFormat = 'SVG' | 'MERMAID' | 'SCXML' | 'TABLE' | 'XSTATE';

/** Every drawing that is a text of its own. */
export function drawing(
  format: Exclude<DrawingFormat, 'SVG'>,
  chart: Chart,
  language: Language,
  states: readonly string[] = [],
): string {
  switch (format) {
    case 'MERMAID':
      return mermaid(chart, language, states);
    case 'SCXML':
      return scxml(chart, language);
    case 'TABLE':
      return `${stepTables(chart, language)}\n`;
    case 'XSTATE':
      return `${JSON.stringify(xstateConfig(chart, language), null, 2)}\n`;
  }
}

/** A shipped definition as a page for people. `file` is the name of its file, which its other drawings share. */
export function chartPage(chart: Chart, file: string): string {
  const { title, description, version } = chart.definition;
  const parts = [
    `# ${title.en} (${title.de})`,
    description.en,
    `Drawn by \`npm run charts\` from \`data/processes/${file}.json\`, version ${version}. Also as [SCXML](${file}.scxml).`,
    `![${title.en}](${file}.svg)`,
    'A dashed arrow is taken by the system (a date, or a condition that came to hold), a dashed frame is a region beside others, a double frame is an end.',
    stepTables(chart, 'en'),
  ];
  return `${parts.join('\n\n')}\n`;
}

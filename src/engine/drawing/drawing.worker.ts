import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { answerQuestions } from '../../platform/bare.ts';
import type { Language } from '../../platform/index.ts';
import { Chart } from '../definition/chart.rules.ts';
import type { Definition } from '../definition/definition.rules.ts';
import { dot } from './dot.rules.ts';
import { svgFor } from './svg.rules.ts';

export interface DrawingTask {
  readonly definition: Definition;
  readonly language: Language;
  readonly states: readonly string[];
}

const loaded = Graphviz.load();

answerQuestions(async ({ definition, language, states }: DrawingTask) => {
  const graphviz = await loaded;
  const picture = graphviz.layout(dot(new Chart(definition), language, states), 'svg', 'dot');
  return svgFor(picture, definition.title[language], language);
});

import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { createMachine } from 'xstate';
import { Chart } from '../definition/chart.rules.ts';
import { readDefinition } from '../definition/definition-file.rules.ts';
import { dot } from './dot.rules.ts';
import { drawing } from './drawing.rules.ts';
import { svgFor } from './svg.rules.ts';
import { xstateConfig } from '../machine/xstate-config.rules.ts';

const graphviz = await Graphviz.load();
const folder = new URL('../../../data/processes/', import.meta.url);
const charts = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => {
    const read = readDefinition(readFileSync(new URL(file, folder)));
    if ('faults' in read) throw new Error(`${file}: ${JSON.stringify(read.faults)}`);
    return [file, new Chart(read.definition)] as const;
  });
const opening = charts.find(([file]) => file === 'opening.json')![1];
const svg = (chart: Chart, states: readonly string[] = [], language: 'de' | 'en' = 'de') =>
  svgFor(
    graphviz.layout(dot(chart, language, states), 'svg', 'dot'),
    chart.definition.title[language],
    language,
  );
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('-', '&#45;');

describe.each(charts)('%s', (_file, chart) => {
  const leaves = [...chart.nodes.values()].filter(({ children }) => children.length === 0);

  test.each(['de', 'en'] as const)('shows every state and every step in %s', (language) => {
    const picture = svg(chart, [], language);
    const texts = [...picture.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
    const said = texts.join('\n');
    for (const { state } of leaves) expect(said).toContain(escaped(state.label![language]));
    const steps = chart.edges.filter(({ event, target }) => target && !event.startsWith('$'));
    for (const { event } of steps)
      expect(said).toContain(escaped(chart.definition.steps[event]!.label[language]));
  });

  test('takes nothing from elsewhere, runs nothing, and needs no colour', () => {
    const picture = svg(chart);
    expect(picture).not.toMatch(/<script|<foreignObject|<image|<a[ >]|href|url\(|@import|on\w+=|<!DOCTYPE/i);
    expect([...picture.matchAll(/https?:[^"]*/g)].map(([url]) => url)).toEqual([
      'http://www.w3.org/2000/svg',
    ]);
    const colours = [...picture.replace(/<style>.*?<\/style>/s, '').matchAll(/(?:fill|stroke)="([^"]*)"/g)];
    expect(new Set(colours.map(([, colour]) => colour))).toEqual(new Set(['none', 'currentColor']));
    expect(picture).toContain('prefers-color-scheme: dark');
  });

  test('is a machine that XState builds, with the same states and transitions', () => {
    const machine = createMachine(xstateConfig(chart, 'de') as never);
    const nodes = [...chart.nodes.keys()].filter((path) => path !== '');
    for (const path of nodes) expect(machine.getStateNodeById(path).key).toBe(path.split('.').at(-1));
    const transitions = nodes.reduce(
      (sum, path) => sum + [...machine.getStateNodeById(path).transitions.values()].flat().length,
      0,
    );
    expect(transitions).toBe(chart.edges.length);
  });

  test('names every state and transition once in SCXML, well nested', () => {
    const text = drawing('SCXML', chart, 'de');
    const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...chart.nodes.keys()].filter((path) => path !== ''));
    expect(text.match(/<transition /g)).toHaveLength(chart.edges.length);
    const open: string[] = [];
    for (const [, close, tag, self] of text.matchAll(/<(\/?)([a-z]+)(?:\s[^>]*?)?(\/?)>/g))
      if (close) expect(open.pop()).toBe(tag);
      else if (!self) open.push(tag!);
    expect(open).toEqual([]);
  });
});

describe('where a process stands', () => {
  const states = ['live.course.review.desk', 'live.deadline.onTrack'];

  test('is marked by a thick outline and a sign, at each state and at no other', () => {
    const marked = [...svg(opening, states).matchAll(/<g class="node state current">.*?<\/g>/gs)].map(
      ([node]) => node,
    );
    expect(marked.map((node) => /<text[^>]*>([^<]*)</.exec(node)?.[1])).toEqual([
      '▶ Prüfung nach Aktenlage',
      '▶ Im Zeitplan',
    ]);
    for (const node of marked) expect(node).toContain('stroke-width="3.5"');
  });

  test('is marked in Mermaid, too', () => {
    const text = drawing('MERMAID', opening, 'de', states);
    expect(text).toContain('state "▶ Prüfung nach Aktenlage" as live_course_review_desk');
    expect(text).toContain('class live_course_review_desk, live_deadline_onTrack current');
  });
});

test('what a stranger writes into labels stays text', () => {
  const definition = structuredClone(opening.definition);
  const evil = '"];x [URL="javascript:alert(1)"] <script>alert(1)</script> \\N --> | &amp;';
  new Chart(definition).nodes.get('live.course.review.desk')!.state.label = { de: evil, en: evil };
  definition.title = { de: evil, en: evil };
  definition.steps['COMMENT']!.label = { de: evil, en: evil };
  const chart = new Chart(definition);
  const picture = svg(chart);
  expect(picture).not.toMatch(/<script|<a[ >]|href/i);
  expect(picture).toContain('&lt;script&gt;');
  expect(drawing('SCXML', chart, 'de')).not.toMatch(/<script|--> \|/);
  expect(
    drawing('TABLE', chart, 'de')
      .split('\n')
      .filter((line) => line.includes('COMMENT'))[0],
  ).toContain('\\|');
});

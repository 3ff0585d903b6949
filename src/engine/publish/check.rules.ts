import type { Text } from '../../platform/bare.ts';
import {
  below,
  factsShown,
  nameOf,
  type Chart,
  type ChartNode,
  type Edge,
} from '../definition/chart.rules.ts';
import { checkBuiltInStepsTogether } from './check-built-in-step.rules.ts';
import { checkDeed, type Say } from './check-guard.rules.ts';
import { checkFunction, checkSteps } from './check-step.rules.ts';
import type { Fault } from '../definition/definition-file.rules.ts';
import type { Vocabulary } from '../machine/registry.ts';

const limits = { states: 500, depth: 8, transitions: 2000, regions: 20 };

/** Everything that can be seen without walking: names, targets, types, structure. Exploration comes after. */
export function faultsOfNames(chart: Chart, known: Vocabulary): Fault[] {
  const faults: Fault[] = [];
  const say: Say = (path, de, en) => faults.push({ path, message: { de, en } });
  checkSize(chart, say);
  checkTexts(chart, say);
  for (const node of chart.nodes.values()) checkNode(node, chart, say);
  for (const edge of chart.edges) checkEdge(edge, chart, known, say);
  checkReceivers(chart, known, say);
  checkSteps(chart, known, say);
  checkDeadlines(chart, known, say);
  checkBuiltInStepsTogether(chart, say);
  checkRegions(chart, say);
  return faults;
}

const has = (record: object, name: string) => Object.hasOwn(record, name);

function checkSize(chart: Chart, say: Say): void {
  const deepest = Math.max(...[...chart.nodes.keys()].map((path) => path.split('.').length));
  if (chart.nodes.size - 1 > limits.states)
    say('$.states', `Mehr als ${limits.states} Zustände.`, `More than ${limits.states} states.`);
  if (deepest > limits.depth)
    say('$.states', `Tiefer als ${limits.depth} Ebenen.`, `Deeper than ${limits.depth} levels.`);
  if (chart.edges.length > limits.transitions)
    say(
      '$.states',
      `Mehr als ${limits.transitions} Übergänge.`,
      `More than ${limits.transitions} transitions.`,
    );
  const stage = chart.nodes.get(chart.definition.stage);
  if (stage?.kind !== 'compound')
    say(
      '$.stage',
      'Der Bereich für den sichtbaren Zustand fehlt.',
      'There is no compound state at this path.',
    );
}

/** A sentence that shows a number needs the same numbers in both languages. */
function checkTexts(chart: Chart, say: Say): void {
  for (const [code, { de, en }] of Object.entries(chart.definition.reasons))
    if (factsShown(de).sort().join() !== factsShown(en).sort().join())
      say(
        `$.reasons.${code}`,
        'Deutsch und Englisch zeigen verschiedene Werte.',
        'German and English show different values.',
      );
}

function checkNode(node: ChartNode, chart: Chart, say: Say): void {
  const { place, state, children, kind } = node;
  const { tags, deadlines } = chart.definition;
  if (kind === 'compound' && !children.some((child) => nameOf(child) === state.initial))
    say(`${place}.initial`, 'Der Anfangszustand fehlt.', 'The initial state is missing.');
  if (kind !== 'compound' && state.initial !== undefined)
    say(
      `${place}.initial`,
      'Nur ein Zustand mit inneren Zuständen hat einen Anfang.',
      'Only a compound state has an initial state.',
    );
  if (kind === 'parallel' && (children.length < 2 || children.length > limits.regions))
    say(
      `${place}.states`,
      `Ein paralleler Zustand hat 2 bis ${limits.regions} Bereiche.`,
      `A parallel state has 2 to ${limits.regions} regions.`,
    );
  if (kind === 'final' && (children.length > 0 || state.on))
    say(
      place,
      'Ein Endzustand hat weder innere Zustände noch Übergänge.',
      'A final state has neither inner states nor transitions.',
    );
  if (kind === 'final' && node.parent?.kind !== 'compound')
    say(
      place,
      'Ein Endzustand steht nie direkt in einem parallelen.',
      'A final state never stands directly in a parallel one.',
    );
  if (kind !== 'compound' && node !== chart.root && !state.label)
    say(`${place}.label`, 'Der Zustand hat keine Bezeichnung.', 'The state has no label.');
  for (const tag of state.tags ?? [])
    if (!has(tags, tag)) say(`${place}.tags`, `Unbekanntes Merkmal ${tag}.`, `Unknown tag ${tag}.`);
  for (const name of state.deadlines ?? [])
    if (!has(deadlines, name))
      say(`${place}.deadlines`, `Unbekannte Frist ${name}.`, `Unknown deadline ${name}.`);
}

function checkEdge(edge: Edge, chart: Chart, known: Vocabulary, say: Say): void {
  const { place, event, transition, target } = edge;
  const { steps, deadlines } = chart.definition;
  if (!event.startsWith('$') && !has(steps, event))
    say(place, `Unbekannter Schritt ${event}.`, `Unknown step ${event}.`);
  if (event.startsWith('$') && transition.guard)
    say(`${place}.guard`, 'Ein internes Signal hat keine Bedingung.', 'An internal signal has no guard.');
  if (transition.target !== undefined && !target)
    say(
      `${place}.target`,
      `Unbekannter Zustand ${transition.target}.`,
      `Unknown state ${transition.target}.`,
    );
  for (const name of Object.keys(transition.spans ?? {}))
    if (!has(deadlines, name)) say(`${place}.spans.${name}`, 'Unbekannte Frist.', 'Unknown deadline.');
  checkDeed(place, transition, chart, known, say);
}

/** What is addressed to a function must find somebody: tasks and notices. */
function checkReceivers(chart: Chart, known: Vocabulary, say: Say): void {
  for (const { place, state } of chart.nodes.values())
    (state.tasks ?? []).forEach((task, i) =>
      checkFunction(task.function, `${place}.tasks[${i}]`, known, say),
    );
  for (const { place, transition } of chart.edges)
    (transition.notices ?? []).forEach(({ to }, i) => {
      for (const code of to) checkFunction(code, `${place}.notices[${i}]`, known, say);
    });
}

function checkDeadlines(chart: Chart, known: Vocabulary, say: Say): void {
  const { chains, deadlines, steps } = chart.definition;
  const used = new Set([...chart.nodes.values()].flatMap(({ state }) => state.deadlines ?? []));
  for (const [name, { onDue, chain, day }] of Object.entries(deadlines)) {
    const place = `$.deadlines.${name}`;
    if (!used.has(name)) say(place, 'Kein Zustand hat diese Frist.', 'No state has this deadline.');
    if (chain && !has(chains, chain)) say(place, `Unbekannte Kette ${chain}.`, `Unknown chain ${chain}.`);
    if (onDue && !has(steps, onDue)) say(place, `Unbekannter Schritt ${onDue}.`, `Unknown step ${onDue}.`);
    if (day && known.facts.get(day)?.type !== 'text')
      say(
        `${place}.day`,
        `${day} ist keine Tatsache, die einen Tag nennt.`,
        `${day} is no fact that tells a day.`,
      );
  }
  for (const [name, links] of Object.entries(chains))
    for (const { step } of links)
      if (!has(steps, step)) say(`$.chains.${name}`, `Unbekannter Schritt ${step}.`, `Unknown step ${step}.`);
  checkUnique(chart, say);
}

/** A task is closed by its name, so no two states share one. */
function checkUnique(chart: Chart, say: Say): void {
  const owners = new Map<string, ChartNode>();
  for (const node of chart.nodes.values())
    for (const { name } of node.state.tasks ?? []) {
      const owner = owners.get(name);
      if (owner && owner !== node)
        say(
          `${node.place}.tasks`,
          `Die Aufgabe ${name} gibt es schon bei ${owner.path}.`,
          `The task ${name} exists already at ${owner.path}.`,
        );
      owners.set(name, node);
    }
}

/**
 * Regions answer separately: a step handled in two would move one even when the other refuses it. A step belongs to
 * one region; others follow by signals.
 */
function checkRegions(chart: Chart, say: Say): void {
  for (const parallel of chart.nodes.values()) {
    if (parallel.kind !== 'parallel') continue;
    const regionOf = new Map<string, ChartNode>();
    for (const region of parallel.children)
      for (const node of below(region))
        for (const { event, place } of chart.edgesOf(node)) {
          const other = regionOf.get(event) ?? region;
          if (other !== region && !event.startsWith('$'))
            say(
              place,
              `${event} wird auch in ${other.path} behandelt.`,
              `${event} is handled in ${other.path}, too.`,
            );
          regionOf.set(event, other);
        }
  }
}

export const sentence = ({ path, message }: Fault, language: keyof Text): string =>
  `${path}: ${message[language]}`;

import type { Language } from '../../platform/bare.ts';
import { type Chart, type ChartNode, nameOf } from '../definition/chart.rules.ts';

/**
 * A chart as the configuration that XState's `createMachine` and Stately's editor read: one way, for looking at it and
 * playing it through there. Guards and effects are names with their parameters; deadlines, tasks and roles are meta.
 */
export function xstateConfig(chart: Chart, language: Language): object {
  const { key, version, title, description } = chart.definition;
  return {
    id: key,
    version: String(version),
    description: `${title[language]}: ${description[language]}`,
    ...stateOf(chart, chart.root, language),
  };
}

function stateOf(chart: Chart, node: ChartNode, language: Language): object {
  const { initial, label, tags, deadlines, tasks, raise = [] } = node.state;
  return {
    ...(node.kind === 'parallel' || node.kind === 'final' ? { type: node.kind } : {}),
    ...(node !== chart.root && { id: node.path }),
    ...(label && { description: label[language] }),
    ...(initial && { initial }),
    ...(tags && { tags }),
    ...((deadlines || tasks) && { meta: { ...(deadlines && { deadlines }), ...(tasks && { tasks }) } }),
    ...(raise.length > 0 && {
      entry: raise.map((type) => ({ type: 'xstate.raise', params: { event: { type } } })),
    }),
    ...(node.state.on && { on: transitionsOf(chart, node, language) }),
    ...(node.children.length > 0 && {
      states: Object.fromEntries(
        node.children.map((child) => [nameOf(child), stateOf(chart, child, language)]),
      ),
    }),
  };
}

function transitionsOf(chart: Chart, node: ChartNode, language: Language): object {
  const byEvent = Map.groupBy(chart.edgesOf(node), ({ event }) => event);
  return Object.fromEntries(
    [...byEvent].map(([event, edges]) => [
      event,
      edges.map(({ target, transition: { guard, effects = [] } }) => ({
        ...(target && { target: `#${target.path}` }),
        ...(target === node && { reenter: true }),
        ...(guard && { guard: { type: 'holds', params: guard } }),
        ...(effects.length > 0 && {
          actions: effects.map(({ effect, with: params }) => ({ type: effect, ...(params && { params }) })),
        }),
        ...(!event.startsWith('$') && {
          description: chart.definition.steps[event]!.label[language],
          meta: { who: chart.definition.steps[event]!.who },
        }),
      })),
    ]),
  );
}

import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { Chart, leavesOf } from '../../src/engine/definition/chart.rules.ts';
import { faultsOfNames } from '../../src/engine/publish/check.rules.ts';
import { readDefinition } from '../../src/engine/definition/definition-file.rules.ts';
import type { Definition } from '../../src/engine/definition/definition.rules.ts';
import { explore } from './explore.ts';
import { Machine } from '../../src/engine/machine/machine.rules.ts';
import { faultsOfWalk } from '../../src/engine/publish/soundness.rules.ts';
import { wordsOf } from './words.ts';
import type { Vocabulary } from '../../src/engine/machine/registry.ts';

const folder = new URL('../../data/processes/', import.meta.url);
const shipped = readdirSync(folder).filter((file) => file.endsWith('.json'));

function read(file: string): Definition {
  const answer = readDefinition(readFileSync(new URL(file, folder)));
  if ('faults' in answer) throw new Error(`${file}: ${JSON.stringify(answer.faults)}`);
  return answer.definition;
}

/** What rooms that know all the words of a definition would have registered. */
function vocabularyOf(chart: Chart): Vocabulary {
  const { facts, effects, functions } = wordsOf(chart);
  return { facts, effects, calls: new Set(), functions: new Set([...functions, 'SYS']) };
}

describe.each(shipped)('%s', (file) => {
  const definition = read(file);
  const chart = new Chart(definition);
  const machine = new Machine(chart);

  test('would be published', () => {
    const faults = faultsOfNames(chart, vocabularyOf(chart));
    expect(faults.length > 0 ? faults : faultsOfWalk(machine)).toEqual([]);
  });

  test('uses every word it defines', () => {
    const states = [...chart.nodes.values()].map(({ state }) => state);
    const guards = [...chart.edges.map(({ transition }) => transition), ...Object.values(definition.steps)];
    const used = {
      tags: states.flatMap(({ tags = [] }) => tags),
      reasons: guards.flatMap(({ guard }) => leavesOf(guard).map(({ reason }) => reason)),
      chains: Object.values(definition.deadlines).flatMap(({ chain }) => chain ?? []),
    };
    for (const [what, names] of Object.entries(used))
      expect([what, Object.keys(definition[what as keyof typeof used]).sort()]).toEqual([
        what,
        [...new Set(names)].sort(),
      ]);
  });

  test('is told in both languages, each in its own words', () => {
    const same = textsOf(definition).filter(({ de, en }) => de === en);
    expect(same.map(({ de }) => de)).toEqual([]);
  });

  test('asks for two people wherever a judgement is made', () => {
    const judged = explore(machine).taken;
    const named = [...judged].map(({ event }) => event).filter((event) => event in judgements);
    for (const step of named) {
      const { who } = definition.steps[step]!;
      const alone = who.filter(({ notSameAs, function: fn }) => !notSameAs && !bodies.has(fn));
      expect([step, alone]).toEqual([step, []]);
    }
  });
});

/** Steps by which somebody confirms another's work; a board decides as a body, by its votes. */
const judgements = {
  SIGN_OFF: 1,
  PUBLISH_REPORT: 1,
  APPROVE_TARGETS: 1,
  CONFIRM_EFFECT: 1,
  DECIDE: 1,
  RECOGNISE: 1,
};
const bodies = new Set(['BOARD', 'SYS']);

function textsOf(value: unknown): { de: string; en: string }[] {
  if (!value || typeof value !== 'object') return [];
  const own = 'de' in value && typeof value.de === 'string' ? [value as { de: string; en: string }] : [];
  return [...own, ...Object.values(value).flatMap(textsOf)];
}

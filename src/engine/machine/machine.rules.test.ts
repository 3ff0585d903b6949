import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Chart } from '../definition/chart.rules.ts';
import { canonical, readDefinition } from '../definition/definition-file.rules.ts';
import { explore } from '../../../test/engine/explore.ts';
import { Machine } from './machine.rules.ts';

const read = readDefinition(readFileSync(new URL('../../../data/processes/opening.json', import.meta.url)));
if ('faults' in read) throw new Error('opening.json does not fit its format');
const chart = new Chart(read.definition);
const machine = new Machine(chart);
const all = new Set(chart.edges.map(({ id }) => id));

describe('the machine', () => {
  // The step reuses one inert scope where XState's public `transition()` makes an actor for each event.
  test('steps as XState itself does, from every reachable configuration by every step', () => {
    let compared = 0;
    for (const { position, states } of explore(machine).reached) {
      for (const step of [...chart.steps(states), 'COMMISSION', '$stage']) {
        const ours = machine.step(position, step, all);
        const theirs = machine.stepAsXStateDoes(position, step, all);
        expect(ours && [ours.position, ours.left, ours.entered]).toEqual(
          theirs && [theirs.position, theirs.left, theirs.entered],
        );
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(500);
  });

  test('loads every stored position as it was', () => {
    for (const { position, states } of explore(machine).reached)
      expect(machine.statesOf(JSON.parse(canonical(position)) as typeof position)).toEqual(states);
  });

  test.each([
    ['a region that is missing', { live: { course: { review: 'desk' } } }],
    ['an unknown state', { live: { course: 'nowhere', deadline: 'onTrack' } }],
    ['a name of the prototype', { live: { course: 'constructor', deadline: 'onTrack' } }],
    ['a state of another level', { live: { course: 'desk', deadline: 'onTrack' } }],
  ])('refuses a stored position with %s', (_what, v) => {
    expect(() => machine.statesOf({ v, s: 'active' })).toThrow();
  });

  test('ignores what it does not know', () => {
    const { position } = machine.start();
    for (const step of ['LEAP', 'xstate.init', 'xstate.done.state.live', '', '*', '__proto__', 'constructor'])
      expect(machine.step(position, step, all)).toBeUndefined();
  });

  test('keeps a refused step from moving any region', () => {
    const { position } = machine.start();
    expect(machine.step(position, 'COMMISSION', new Set())).toBeUndefined();
  });
});

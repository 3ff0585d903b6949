import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Chart } from '../definition/chart.rules.ts';
import { readDefinition } from '../definition/definition-file.rules.ts';
import type { Definition } from '../definition/definition.rules.ts';
import { explore } from '../../../test/engine/explore.ts';
import { Machine } from '../machine/machine.rules.ts';
import { partsOf } from '../machine/parts.rules.ts';
import { faultsOfWalk } from './soundness.rules.ts';

const text = { de: 'Text', en: 'Text' };

/** So many regions of three states in a ring; each may ask where the one before it stands. */
function rings(count: number, asking: boolean): Chart {
  const numbers = Array.from({ length: count }, (_, i) => i);
  const guard = (i: number) => ({
    fact: `in.live.r${(i + 1) % count}.a`,
    is: false,
    reason: 'no',
  });
  const region = (i: number) => ({
    initial: 'a',
    states: {
      a: {
        label: text,
        on: { [`A_${i}`]: [{ target: 'b', ...(asking && i > 0 && { guard: guard(i - 2) }) }] },
      },
      b: { label: text, on: { [`B_${i}`]: [{ target: 'c' }] } },
      c: { label: text, on: { [`C_${i}`]: [{ target: 'a' }] } },
    },
  });
  const names = numbers.flatMap((i) => [`A_${i}`, `B_${i}`, `C_${i}`]);
  return new Chart({
    steps: Object.fromEntries(names.map((name) => [name, { label: text, who: [{ function: 'HEAD' }] }])),
    deadlines: {},
    chains: {},
    initial: 'live',
    states: {
      live: {
        label: text,
        type: 'parallel',
        states: Object.fromEntries(numbers.map((i) => [`r${i}`, region(i)])),
      },
    },
  } as unknown as Definition);
}

/** Milliseconds of computing, whoever else is at work on this machine; the best of three. */
function computing(work: () => void): number {
  const times = [0, 1, 2].map(() => {
    const before = process.cpuUsage();
    work();
    return process.cpuUsage(before).user / 1000;
  });
  return Math.min(...times);
}

test('the chart with four regions that depend on each other is checked whole in less than a second', () => {
  const read = readDefinition(
    readFileSync(new URL('../../../data/processes/opening-2.json', import.meta.url)),
  );
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  const chart = new Chart(read.definition);
  expect(partsOf(chart)).toEqual([]);
  expect(explore(new Machine(chart)).reached.length).toBeGreaterThan(4000);
  expect(computing(() => expect(faultsOfWalk({ chart })).toEqual([]))).toBeLessThan(1000);
});

test('twenty regions that know nothing of each other are walked apart: 60 configurations for three thousand million', () => {
  const chart = rings(20, false);
  expect(partsOf(chart)).toHaveLength(20);
  expect(computing(() => expect(faultsOfWalk({ chart })).toEqual([]))).toBeLessThan(1000);
});

test('apart or together, the same is found', () => {
  const broken = (asking: boolean) => {
    const chart = rings(4, asking);
    delete chart.definition.states['live']!.states!['r3']!.states!['c']!.on;
    return faultsOfWalk({ chart: new Chart(chart.definition) }).map(({ path }) => path);
  };
  expect(broken(false)).toEqual(['$.states.live.states.r3.states.c']);
  expect(broken(true)).toEqual(broken(false));
});

test('twenty that ask about each other are refused before the memory is full', () => {
  const chart = rings(20, true);
  expect(faultsOfWalk({ chart }).map(({ message }) => message.en)).toEqual([
    'More than 20000 reachable configurations.',
  ]);
});

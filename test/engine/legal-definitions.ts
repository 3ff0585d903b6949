import fc from 'fast-check';
import type { Vocabulary } from '../../src/engine/machine/registry.ts';

/** For tests: random definitions that are right, and what can be wrong with one. */

// Definitions are built and spoilt as the loose trees they come as.
export type Tree = any;

export const known: Vocabulary = {
  facts: new Map([
    ['list.open', { type: 'int' }],
    ['report.signed', { type: 'bool' }],
  ]),
  effects: new Set(['freeze']),
  calls: new Set(['ripe']),
  functions: new Set(['HEAD', 'AUD', 'SYS']),
  single: new Set(['HEAD']),
};

const text = { de: 'Text', en: 'Text' };
const reasons = { open: { de: '{list.open} offen', en: '{list.open} open' }, no: text };

interface RegionPlan {
  readonly states: number;
  readonly ends: boolean;
  readonly nested: boolean;
  readonly deadline: boolean;
  readonly automatic: boolean;
  readonly extras: readonly { readonly from: number; readonly to: number; readonly guard: number }[];
}

const regionPlan: fc.Arbitrary<RegionPlan> = fc.record({
  states: fc.integer({ min: 3, max: 5 }),
  ends: fc.boolean(),
  nested: fc.boolean(),
  deadline: fc.boolean(),
  automatic: fc.boolean(),
  extras: fc.array(fc.record({ from: fc.nat(), to: fc.nat(), guard: fc.nat(5) }), {
    maxLength: 4,
    size: 'max',
  }),
});

/** Two or three regions, each a ring behind a beginning; guards, deadlines, signals, four eyes and proofs at random. */
export const legalDefinition: fc.Arbitrary<Tree> = fc
  .record({
    regions: fc.array(regionPlan, { minLength: 1, maxLength: 3, size: 'max' }),
    signals: fc.boolean(),
    abort: fc.boolean(),
  })
  .map(built);

function built({
  regions,
  signals,
  abort,
}: {
  regions: readonly RegionPlan[];
  signals: boolean;
  abort: boolean;
}): Tree {
  const definition: Tree = {
    format: 'oa.process/1',
    key: 'random',
    version: 1,
    title: text,
    description: text,
    stage: 'live.r0',
    tags: { late: text },
    reasons,
    chains: {},
    deadlines: {},
    steps: {},
    initial: 'live',
    states: { live: { label: text, type: 'parallel', states: {} } },
  };
  const plans = regions.length > 1 ? regions : [...regions, { ...regions[0]!, extras: [] }];
  plans.forEach((plan, r) => {
    // Where all have ended and nothing leads out of them, the whole would stand still.
    const ends = plan.ends && (abort || r > 0);
    definition.states.live.states[`r${r}`] = region(definition, { ...plan, ends }, r);
  });
  if (signals) signal(definition);
  if (abort) {
    definition.steps.ABORT = step('AUD');
    definition.states.live.on = { ABORT: [{ target: 'ended' }] };
    definition.states.ended = { label: text, type: 'final' };
  }
  return definition;
}

const step = (fn: string, more: object = {}) => ({ label: text, who: [{ function: fn }], ...more });

function region(
  definition: Tree,
  { states, ends, nested, deadline, automatic, extras }: RegionPlan,
  r: number,
) {
  const { steps } = definition;
  const names = Array.from({ length: states }, (_, i) => `s${i}`);
  const tree: Tree = { initial: 'begin', states: { begin: { label: text, on: {} } } };
  for (const name of names) tree.states[name] = { label: text, on: {} };
  const go = (from: string, name: string, to: string, stepOf: object, guard?: object) => {
    steps[name] = stepOf;
    tree.states[from].on[name] = [{ target: to, ...(guard && { guard }) }];
  };
  go('begin', `OPEN_${r}`, 's0', step('HEAD'));
  names.forEach((name, i) => {
    const proof = { after: [`OPEN_${r}`] };
    const eyes = i === 1 ? { who: [{ function: 'AUD', notSameAs: [`GO_${r}_0`] }] } : {};
    go(name, `GO_${r}_${i}`, names[(i + 1) % states]!, step('AUD', { ...proof, ...eyes }));
  });
  extras.forEach(({ from, to, guard }, i) =>
    go(
      names[from % states]!,
      `JUMP_${r}_${i}`,
      names[to % states]!,
      step(i % 2 ? 'AUD' : 'HEAD', { after: [`OPEN_${r}`] }),
      guardsOf(r)[guard],
    ),
  );
  if (deadline) {
    definition.chains[`chain${r}`] = [{ name: 'late', workingDays: 1, step: `LATE_${r}` }];
    definition.deadlines[`due${r}`] = {
      label: text,
      span: { weeks: 2 },
      chain: `chain${r}`,
      onDue: `DUE_${r}`,
    };
    tree.states.s1.deadlines = [`due${r}`];
    go('s1', `DUE_${r}`, 's0', step('SYS'));
    go('s1', `LATE_${r}`, 's2', step('SYS'));
  }
  if (automatic) go('s0', `SELF_${r}`, 's2', step('SYS', { automatic: true }), guardsOf(r)[1]);
  if (nested) {
    tree.states.s2.states = { in: { label: text, on: {} }, out: { label: text, tags: ['late'], on: {} } };
    tree.states.s2.initial = 'in';
    for (const [inner, to] of [
      ['in', 'out'],
      ['out', 'in'],
    ] as const) {
      const name = `${inner.toUpperCase()}_${r}`;
      steps[name] = step('HEAD');
      tree.states.s2.states[inner].on[name] = [{ target: to }];
    }
  }
  if (ends) {
    tree.states.over = { label: text, type: 'final' };
    go(names.at(-1)!, `END_${r}`, 'over', step('AUD'));
  }
  return tree;
}

const guardsOf = (r: number): (object | undefined)[] => [
  undefined,
  { fact: 'list.open', atMost: 3, reason: 'open' },
  { not: { fact: 'report.signed', is: true, reason: 'no' } },
  {
    any: [
      { fact: 'report.signed', is: true, reason: 'no' },
      { call: 'ripe', reason: 'no' },
    ],
  },
  { fact: `in.live.r${r === 0 ? 1 : 0}.begin`, is: false, reason: 'no' },
  { fact: 'taken.OPEN_0', atLeast: 1, reason: 'no' },
];

/** The first region tells the second that it stands at s1; never the other way round. */
function signal(definition: Tree): void {
  const { r0, r1 } = definition.states.live.states;
  r0.states.s1.raise = ['$told'];
  r1.states.s1.on.$told = [{ target: 's0' }];
}

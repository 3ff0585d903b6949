import type { Tree } from './legal-definitions.ts';

/** For tests: one fault each, planted at a random place; false where a definition offers no place for it. */
export type Plant = (definition: Tree, pick: (from: readonly string[]) => string) => void | false;

const text = { de: 'Text', en: 'Text' };
const step = (fn: string, more: object = {}) => ({ label: text, who: [{ function: fn }], ...more });
const regions = (d: Tree) => d.states.live.states;
type Pick = Parameters<Plant>[1];
const anyRegion = (d: Tree, pick: Pick): Tree => regions(d)[pick(Object.keys(regions(d)))];
const ring = (region: Tree) => Object.keys(region.states).filter((name) => /^s\d$/.test(name));
const anyState = (d: Tree, pick: Pick): Tree => {
  const region = anyRegion(d, pick);
  return region.states[pick(ring(region))];
};
const anyTransition = (d: Tree, pick: Pick): Tree => {
  const { on } = anyState(d, pick);
  return on[pick(Object.keys(on).filter((event) => !event.startsWith('$')))][0];
};
const anyStep = (d: Tree, pick: Pick, by = /./): Tree =>
  d.steps[pick(Object.keys(d.steps).filter((name) => by.test(name)))];

export const plants: Record<string, Plant> = {
  'an unknown target': (d, pick) => void (anyTransition(d, pick).target = 'nowhere'),
  'an unknown fact': (d, pick) =>
    void (anyTransition(d, pick).guard = { fact: 'list.shut', is: 1, reason: 'no' }),
  'an unknown guard': (d, pick) => void (anyTransition(d, pick).guard = { call: 'rotten', reason: 'no' }),
  'a guard named like a prototype member': (d, pick) =>
    void (anyTransition(d, pick).guard = {
      call: pick(['constructor', 'toString', 'hasOwnProperty']),
      reason: 'no',
    }),
  'an unknown effect': (d, pick) => void (anyTransition(d, pick).effects = [{ effect: 'thaw' }]),
  'a reason without a sentence': (d, pick) =>
    void (anyTransition(d, pick).guard = { fact: 'list.open', is: 1, reason: 'why' }),
  'a step nobody can hold': (d, pick) => void (anyStep(d, pick, /^GO/).who = [{ function: 'KING' }]),
  'a task of nobody': (d, pick) =>
    void (anyState(d, pick).tasks = [{ name: 'rule', function: 'KING', label: text }]),
  'a notice to nobody': (d, pick) =>
    void (anyTransition(d, pick).notices = [{ notice: 'told', to: ['HEAD', 'KING'] }]),
  'four eyes of one post': (d, pick) => {
    const r = pick(Object.keys(regions(d))).slice(1);
    d.steps[`GO_${r}_1`].who = [{ function: 'HEAD', notSameAs: [`OPEN_${r}`] }];
  },
  'four eyes on an unknown step': (d, pick) => void (anyStep(d, pick, /^GO/).who[0].notSameAs = ['LEAP']),
  'an unknown deadline': (d, pick) => void (anyState(d, pick).deadlines = ['never']),
  'an unknown tag': (d, pick) => void (anyState(d, pick).tags = ['lost']),
  'a step no state handles': (d) => void (d.steps.LEAP = step('AUD')),
  'a step of the system that nothing triggers': (d, pick) => {
    d.steps.WAIT = step('SYS');
    anyState(d, pick).on.WAIT = [{ target: 's0' }];
  },
  'an unreachable state': (d, pick) => {
    d.steps.LEAVE = step('AUD');
    anyRegion(d, pick).states.island = { label: text, on: { LEAVE: [{ target: 's0' }] } };
  },
  'a transition that is never taken': (d, pick) => {
    const { on } = anyState(d, pick);
    const step = pick(Object.keys(on).filter((name) => name.startsWith('GO')));
    on[step].push({ target: 's0' });
  },
  'a transition against where it stands': (d, pick) => {
    const region = pick(Object.keys(regions(d)));
    d.steps.TRY = step('AUD');
    const { states } = regions(d)[region];
    states.s0.on.TRY = [{ target: 's1', guard: { fact: `in.live.${region}.s1`, is: true, reason: 'no' } }];
  },
  'a dead end in a region': (d, pick) => {
    const region = anyRegion(d, pick);
    d.steps.FALL = step('AUD');
    region.states[pick(ring(region))].on.FALL = [{ target: 'pit' }];
    region.states.pit = { label: text };
  },
  'a dead end of the whole': (d, pick) => {
    d.steps.FALL = step('AUD');
    anyState(d, pick).on.FALL = [{ target: 'pit' }];
    d.states.pit = { label: text };
  },
  'regions that all end, with nothing behind': (d) => {
    if (d.states.live.on) return false;
    for (const [name, { states }] of Object.entries(regions(d)) as [string, Tree][]) {
      d.steps[`STOP_${name.toUpperCase()}`] = step('AUD');
      states.s0.on[`STOP_${name.toUpperCase()}`] = [{ target: 'stopped' }];
      states.stopped = { label: text, type: 'final' };
    }
  },
  'a trap in a region that ends': (d, pick) => {
    const ending = Object.keys(regions(d)).filter((name) => regions(d)[name].states.over);
    if (ending.length === 0) return false;
    const { states } = regions(d)[pick(ending)];
    for (const name of ['FALL', 'PING', 'PONG']) d.steps[name] = step('AUD');
    states.s0.on.FALL = [{ target: 'pit' }];
    states.pit = { label: text, on: { PING: [{ target: 'hole' }] } };
    states.hole = { label: text, on: { PONG: [{ target: 'pit' }] } };
  },
  'a trap beside the circle of a region without an end': (d, pick) => {
    const endless = Object.keys(regions(d)).filter((name) => !regions(d)[name].states.over);
    if (endless.length === 0) return false;
    const { states } = regions(d)[pick(endless)];
    for (const name of ['FALL', 'PING', 'PONG']) d.steps[name] = step('AUD');
    states.begin.on.FALL = [{ target: 'pit' }];
    states.pit = { label: text, on: { PING: [{ target: 'hole' }] } };
    states.hole = { label: text, on: { PONG: [{ target: 'pit' }] } };
  },
  'a trap of the whole': (d, pick) => {
    if (!d.states.live.on) return false;
    for (const name of ['FALL', 'PING', 'PONG']) d.steps[name] = step('AUD');
    anyState(d, pick).on.FALL = [{ target: 'pit' }];
    d.states.pit = { label: text, on: { PING: [{ target: 'hole' }] } };
    d.states.hole = { label: text, on: { PONG: [{ target: 'pit' }] } };
  },
  'a step in two regions': (d, pick) => {
    const [r0, r1] = Object.values(regions(d)) as Tree[];
    const event = pick(Object.keys(r0.states.s0.on));
    r1.states.s1.on[event] = [{ target: 's0' }];
  },
  'signals without end': (d) => {
    const { r0, r1 } = regions(d);
    r0.states.s0.raise = ['$ping'];
    r1.states.s0.raise = ['$pong'];
    r0.on = { $pong: [{ target: 's0' }] };
    r1.on = { $ping: [{ target: 's0' }] };
  },
  'automatic steps without end': (d, pick) => {
    const { states } = anyRegion(d, pick);
    d.steps.RISE = step('SYS', { automatic: true });
    d.steps.SINK = step('SYS', { automatic: true });
    states.s0.on.RISE = [{ target: 's1' }];
    states.s1.on.SINK = [{ target: 's0' }];
  },
  'a way around what must come first': (d, pick) => {
    d.steps.SNEAK = step('AUD');
    const { states } = anyRegion(d, pick);
    states.begin.on.SNEAK = [{ target: pick(['s0', 's1', 's2']) }];
  },
  'numbers upside down': (d, pick) => {
    const properties = { n: { type: 'integer', title: text, minimum: 9, maximum: 3 } };
    anyStep(d, pick, /^GO/).payload = { properties };
  },
  'a span out of range': (d) => {
    if (Object.keys(d.deadlines).length === 0) return false;
    (Object.values(d.deadlines)[0] as Tree).span = { days: 1e9 };
  },
  'a forbidden key': (d, pick) => {
    const name = pick(['constructor', '__proto__', 'toString']);
    Object.defineProperty(d.tags, name, { value: text, enumerable: true });
  },
  'a missing beginning': (d, pick) => void (anyRegion(d, pick).initial = 'nowhere'),
  'a missing label': (d, pick) => {
    const state = anyState(d, pick);
    if (state.states) return false;
    delete state.label;
  },
};

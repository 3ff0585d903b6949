// A process that can go to and fro for ever. Each step asks a fact, closes and opens a task, stops and starts a deadline
// with its reminder, and leaves a notice: the work of an ordinary step.
const text = { de: 'Text', en: 'Text' };
const step = { label: text, who: [{ function: 'HEAD' }] };
const guard = { fact: 'list.open', is: 0, reason: 'open' };
const to = (target, effects) => [
  { target, guard, notices: [{ notice: 'told', to: ['HEAD'] }], ...(effects && { effects }) },
];
const deadline = { label: text, span: { workingDays: 5 }, chain: 'nag' };
const task = (name) => [{ name, function: 'HEAD', label: text }];
const domain = [{ effect: 'changeDomain' }];

export const stepsOf = { plain: ['PING', 'PONG'], domain: ['PING_DOMAIN', 'PONG_DOMAIN'] };

export const definition = {
  ...{ format: 'oa.process/1', key: 'ping', version: 1, title: text, description: text, stage: 'work' },
  ...{ tags: {}, reasons: { open: text }, initial: 'work' },
  chains: { nag: [{ name: 'first', workingDays: -2, step: 'REMIND' }] },
  deadlines: { weekA: deadline, weekB: deadline },
  steps: {
    ...Object.fromEntries([...stepsOf.plain, ...stepsOf.domain, 'TICK'].map((name) => [name, step])),
    REMIND: { label: text, who: [{ function: 'SYS' }] },
  },
  states: {
    work: {
      initial: 'a',
      on: { REMIND: [{}], TICK: [{ guard }] },
      states: {
        a: {
          ...{ label: text, tasks: task('ping'), deadlines: ['weekA'] },
          on: { PING: to('b'), PING_DOMAIN: to('b', domain) },
        },
        b: {
          ...{ label: text, tasks: task('pong'), deadlines: ['weekB'] },
          on: { PONG: to('a'), PONG_DOMAIN: to('a', domain) },
        },
      },
    },
  },
};

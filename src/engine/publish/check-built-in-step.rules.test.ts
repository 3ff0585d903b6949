import { describe, expect, test } from '@jest/globals';
import { permit } from '../../../test/engine/permit-definition.ts';
import { Chart } from '../definition/chart.rules.ts';
import { faultsOfNames, sentence } from './check.rules.ts';
import { readDefinition } from '../definition/definition-file.rules.ts';
import { Machine } from '../machine/machine.rules.ts';
import { faultsOfWalk } from './soundness.rules.ts';

// Faults are planted anywhere in the tree.
type Tree = any;
const known = {
  facts: new Map(),
  effects: new Set<string>(),
  calls: new Set<string>(),
  functions: undefined,
};

function faultsOf(plant: (definition: Tree) => void): string[] {
  const definition: Tree = JSON.parse(JSON.stringify(permit()));
  plant(definition);
  const read = readDefinition(JSON.stringify(definition));
  if ('faults' in read) return read.faults.map((fault) => sentence(fault, 'en'));
  const chart = new Chart(read.definition);
  const faults = faultsOfNames(chart, known);
  return (faults.length > 0 ? faults : faultsOfWalk(new Machine(chart))).map((fault) =>
    sentence(fault, 'en'),
  );
}

test('a definition with all that the engine does itself is sound', () =>
  expect(faultsOf(() => {})).toEqual([]));

describe('publishing refuses', () => {
  test.each<[string, (d: Tree) => void, string]>([
    [
      'an act that a state handles',
      (d) => (d.states.live.on.REST = [{ target: 'withdrawn' }]),
      '$.steps.REST.does: What the engine does itself is handled by no state.',
    ],
    [
      'a suspension without its last day',
      (d) => (d.steps.REST.payload.required = ['reason']),
      '$.steps.REST.payload: suspend needs the required property until (date).',
    ],
    [
      'a suspension for a reason in free words',
      (d) => delete d.steps.REST.payload.properties.reason.enum,
      '$.steps.REST.payload: suspend needs the required property reason (choice).',
    ],
    [
      'a last day that is no date',
      (d) => delete d.steps.REST.payload.properties.until.format,
      '$.steps.REST.payload: suspend needs the required property until (date).',
    ],
    [
      'an extension of nobody knows what',
      (d) => delete d.steps.GRANT.payload,
      '$.steps.GRANT.payload: grantExtension needs the required property deadline (text).',
    ],
    [
      'a refusal without a reason',
      (d) => (d.steps.DENY.payload.required = ['deadline']),
      '$.steps.DENY.payload: refuseExtension needs the required property reason (text).',
    ],
    [
      'a choice of deadlines that cannot be extended',
      (d) => (d.steps.ASK.payload.properties.deadline.enum = ['answer', 'law', 'constructor']),
      '$.steps.ASK.payload.properties.deadline: law is no deadline that can be extended.',
    ],
    [
      'a return for which something must be given',
      (d) => (d.steps.GO_ON.payload = { ...d.steps.DENY.payload, required: ['reason'] }),
      '$.steps.GO_ON.payload: Nobody gives anything at the end of a suspension',
    ],
    [
      'a suspension without a bound',
      (d) => delete d.suspension,
      '$.steps.REST: It is missing how long a suspension may last.',
    ],
    [
      'a step for a rest that never comes',
      (d) => {
        delete d.suspension;
        delete d.steps.REST;
        delete d.steps.GO_ON;
      },
      '$.steps.WRITE.whileSuspended: A process of this kind is never suspended.',
    ],
    [
      'a suspension without a way back',
      (d) => delete d.steps.GO_ON,
      '$.suspension: There is no step that suspends, or none that resumes.',
    ],
    [
      'an extension that nobody grants',
      (d) => {
        delete d.steps.GRANT;
        delete d.steps.GRANT_AGAIN;
      },
      '$.deadlines.answer.extendable: Nobody can ask for the extension, or grant it.',
    ],
    [
      'an act that follows by itself',
      (d) => (d.steps.NUDGE = { ...d.steps.NUDGE, who: [{ function: 'SYS' }], automatic: true }),
      '$.steps.NUDGE: What the engine does itself is neither automatic nor bound to other steps.',
    ],
    [
      'a guard at a step that states handle',
      (d) => (d.steps.ANSWER.guard = d.steps.GRANT.guard),
      '$.steps.ANSWER.guard: This stands at the transitions',
    ],
    [
      'an unknown fact in an act',
      (d) => (d.steps.GRANT.guard.fact = 'asked.everything'),
      '$.steps.GRANT.guard: Unknown fact asked.everything.',
    ],
    [
      'an unknown effect of an act',
      (d) => (d.steps.REST.effects = [{ effect: 'toString' }]),
      '$.steps.REST.effects[0]: Unknown effect toString.',
    ],
    ['an unknown act', (d) => (d.steps.REST.does = 'constructor'), '$.steps.REST.does'],
    [
      'signals of an act that never rest',
      (d) => {
        const { onTrack, overdue } = d.states.live.states.deadline.states;
        onTrack.raise = ['$extended'];
        onTrack.on.$extended = [{ target: 'overdue' }];
        overdue.raise = ['$extended'];
      },
      'Does not come to rest',
    ],
  ])('%s', (_what, plant, message) => expect(faultsOf(plant).join('\n')).toContain(message));
});

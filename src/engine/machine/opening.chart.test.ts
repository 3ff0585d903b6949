import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { calendarOf } from '../definition/calendar.rules.ts';
import { Chart, leavesOf } from '../definition/chart.rules.ts';
import { faultsOfNames } from '../publish/check.rules.ts';
import { canonical, identityOf, readDefinition } from '../definition/definition-file.rules.ts';
import { explore, isTriggered } from '../../../test/engine/explore.ts';
import { faultsOfWalk } from '../publish/soundness.rules.ts';
import { Machine } from './machine.rules.ts';
import { clocksOf } from '../steps/clock.rules.ts';
import { after, decide, startSnapshot } from '../steps/move.rules.ts';

const file = readFileSync(new URL('../../../data/processes/opening.json', import.meta.url));
const read = readDefinition(file);
if ('faults' in read) throw new Error(JSON.stringify(read.faults));
const { definition } = read;
const chart = new Chart(definition);
const machine = new Machine(chart);
const walked = explore(machine);
const facts = chart.edges.flatMap(({ transition }) => leavesOf(transition.guard));

describe('the definition opening, version 1', () => {
  test('has no fault once its facts and effects are known', () => {
    const types = facts.flatMap((leaf) => {
      if (!('fact' in leaf) || leaf.fact.startsWith('taken.')) return [];
      const operand = leaf.is ?? 0;
      const type = typeof operand === 'number' ? 'int' : typeof operand === 'boolean' ? 'bool' : 'text';
      return [[leaf.fact, { type }] as const];
    });
    const known = {
      facts: new Map([...types, ['checklist.total', { type: 'int' }], ['review.total', { type: 'int' }]] as [
        string,
        { type: 'int' | 'bool' | 'text' },
      ][]),
      effects: new Set(
        chart.edges.flatMap(({ transition }) => (transition.effects ?? []).map(({ effect }) => effect)),
      ),
      calls: new Set<string>(),
      functions: undefined,
    };
    expect([...faultsOfNames(chart, known), ...faultsOfWalk(machine)]).toEqual([]);
  });

  // The states and steps of the process model that version 1 serves; a lost one would be found nowhere else.
  test('reaches every state of the course and takes every step of the model', () => {
    const stages = new Set(walked.reached.map(({ states }) => chart.stage(states)));
    expect([...stages].sort()).toEqual(
      [
        'notStarted',
        'preparation.commissioned',
        'preparation.teamNamed',
        'preparation.kickedOff',
        'inventory.selfAssessment',
        'inventory.consensus',
        'inventory.submitted',
        'review.desk',
        'review.evidencePending',
        'review.siteVisit',
        'review.draftReport',
        'review.commentPeriod',
        'review.finalReport',
        'targets.drafting',
        'targets.coSign',
        'targets.approval',
        'implementation.running',
        'implementation.interimReport',
        'implementation.interimCheck',
        'finalReview',
        'decision.pending',
        'recognised.full',
        'recognised.conditional',
        'refused',
        'withdrawn',
        'cancelled',
      ].sort(),
    );
    const steps = new Set([...walked.taken].map(({ event }) => event));
    expect(Object.keys(definition.steps).filter((step) => !steps.has(step))).toEqual([]);
    expect([...walked.taken]).toHaveLength(chart.edges.length);
  });

  test('reaches every stage of a deadline', () => {
    const leaves = new Set(
      walked.reached.flatMap(({ states }) => states.filter((path) => path.startsWith('live.deadline.'))),
    );
    expect([...leaves].sort()).toEqual(
      ['escalatedDez', 'escalatedTop', 'onTrack', 'overdue', 'reminded'].map(
        (name) => `live.deadline.${name}`,
      ),
    );
  });

  test.each([
    ['editable', ['inventory.selfAssessment']],
    ['ratingsClosed', null],
    ['released', null],
  ])('bears the tag %s where it must', (tag, only) => {
    const tagged = [
      ...new Set(
        walked.reached
          .filter(({ states }) => chart.tags(states).includes(tag))
          .map(({ states }) => chart.stage(states)),
      ),
    ];
    if (only) expect(tagged).toEqual(only);
    const order = [
      'preparation',
      'inventory.selfAssessment',
      'inventory',
      'review',
      'targets',
      'implementation',
      'finalReview',
      'decision',
      'recognised',
    ];
    const from = { editable: 'inventory.selfAssessment', ratingsClosed: 'inventory', released: 'targets' }[
      tag
    ]!;
    const late = order.slice(order.indexOf(from));
    expect(
      tagged.every(
        (stage) => ['refused', 'withdrawn'].includes(stage) || late.some((name) => stage.startsWith(name)),
      ),
    ).toBe(true);
  });

  test('has the same identity in any order of its keys', () => {
    const shuffled = JSON.parse(JSON.stringify(definition), (_key, value: unknown) =>
      value && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    ) as typeof definition;
    expect(identityOf(shuffled)).toEqual(identityOf(definition));
  });
});

describe('a random walk', () => {
  const calendar = calendarOf('NW', 'Europe/Berlin');
  const names = Object.keys(definition.steps);
  const reached = new Set(walked.reached.map(({ position }) => canonical(position)));
  const calls = new Map();

  test('stays inside what was explored, changes no snapshot it was given, and knows its clocks from its states', () => {
    const moves = fc.array(fc.tuple(fc.constantFrom(...names), fc.boolean(), fc.nat()), {
      minLength: 40,
      maxLength: 150,
      size: 'max',
    });
    fc.assert(
      fc.property(moves, (steps) => {
        const first = machine.start();
        let snapshot = startSnapshot(first);
        let today = '2026-11-24';
        const running = new Set<string>();
        for (const [wanted, holds, pick] of steps) {
          // Mostly a step that is possible here: a walk of refusals goes nowhere.
          const states = machine.statesOf(snapshot);
          const here = chart.steps(states).filter((name) => isTriggered(machine, states, name));
          const step = pick % 4 === 0 || here.length === 0 ? wanted : here[pick % here.length]!;
          if (!isTriggered(machine, states, step)) continue;
          const facts = new Map(factValues(step, states, holds));
          const before = canonical(snapshot);
          const stored = JSON.parse(before) as typeof snapshot;
          const { moved } = decide(machine, stored, step, { facts, calls, reasons: definition.reasons });
          expect(canonical(stored)).toBe(before);
          if (!moved) continue;
          const clocks = clocksOf(chart, moved, calendar, today);
          clocks.stopped.forEach((name) => running.delete(name));
          clocks.started.forEach(({ name, dueOn }) => (running.add(name), expect(dueOn > today).toBe(true)));
          snapshot = after(chart, stored, moved, step, ['somebody']);
          expect(reached.has(canonical({ v: snapshot.v, s: snapshot.s }))).toBe(true);
          const borne = new Set(chart.active(moved.states).flatMap(({ state }) => state.deadlines ?? []));
          expect([...running].sort()).toEqual([...borne].sort());
          today = calendar.workingDay(today, 1);
        }
      }),
      { numRuns: 150 },
    );
  });

  /** Values that make every leaf of the step's guards hold, or not. */
  function* factValues(
    step: string,
    states: readonly string[],
    holds: boolean,
  ): Generator<[string, number | boolean | string]> {
    for (const { transition } of chart.candidates(states, step))
      for (const leaf of leavesOf(transition.guard))
        if ('fact' in leaf) {
          const fitting = leaf.is ?? leaf.atLeast ?? (leaf.below !== undefined ? leaf.below - 1 : 0);
          yield [
            leaf.fact,
            holds
              ? fitting
              : typeof fitting === 'number'
                ? -1000
                : typeof fitting === 'boolean'
                  ? !fitting
                  : 'OPEN',
          ];
        }
  }
});

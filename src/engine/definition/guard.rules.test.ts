import { describe, expect, test } from '@jest/globals';
import type { FactValue, Guard } from './definition.rules.ts';
import { factsOf, evaluateGuard, type GuardContext, type GuardCall } from './guard.rules.ts';

const reasons = {
  open: { de: 'Noch {list.open} von {list.total} offen.', en: '{list.open} of {list.total} still open.' },
  signed: { de: 'Nicht unterschrieben.', en: 'Not signed.' },
  share: { de: 'Zu wenig.', en: 'Too little.' },
};
const share: GuardCall = {
  facts: ['list.open', 'list.total'],
  evaluate: (facts, { least }) =>
    1 - Number(facts.get('list.open')) / Number(facts.get('list.total')) >= Number(least),
};
const calls = new Map([['shareDone', share]]);
const context = (facts: Record<string, FactValue>): GuardContext => ({
  facts: new Map(Object.entries(facts)),
  calls,
  reasons,
});

const noneOpen: Guard = { fact: 'list.open', is: 0, reason: 'open' };
const isSigned: Guard = { fact: 'report.signed', is: true, reason: 'signed' };
const halfDone: Guard = { call: 'shareDone', with: { least: 0.5 }, reason: 'share' };

describe('a guard', () => {
  const all = { all: [noneOpen, isSigned] };
  const any = { any: [noneOpen, isSigned] };
  test.each<[Guard | undefined, Record<string, FactValue>, boolean | undefined, string[]]>([
    [undefined, {}, true, []],
    [noneOpen, { 'list.open': 0 }, true, []],
    [noneOpen, { 'list.open': 3 }, false, ['open']],
    [all, { 'list.open': 0, 'report.signed': true }, true, []],
    [all, { 'list.open': 1, 'report.signed': false }, false, ['open', 'signed']],
    [any, { 'list.open': 1, 'report.signed': true }, true, []],
    [any, { 'list.open': 1, 'report.signed': false }, false, ['open', 'signed']],
    [{ not: any }, { 'list.open': 1, 'report.signed': true }, false, ['signed']],
    [{ not: all }, { 'list.open': 0, 'report.signed': true }, false, ['open', 'signed']],
    [{ not: all }, { 'list.open': 0, 'report.signed': false }, true, []],
    [{ not: { not: isSigned } }, { 'report.signed': false }, false, ['signed']],
    [halfDone, { 'list.open': 5, 'list.total': 10 }, true, []],
    [halfDone, { 'list.open': 6, 'list.total': 10 }, false, ['share']],
    // Not asked: open. But one no settles an `all`, whatever the rest would say.
    [isSigned, {}, undefined, []],
    [{ not: isSigned }, {}, undefined, []],
    [all, { 'list.open': 0 }, undefined, []],
    [all, { 'list.open': 2 }, false, ['open']],
    [any, { 'list.open': 0 }, true, []],
    [halfDone, { 'list.open': 0 }, undefined, []],
  ])('%j with %j', (guard, facts, holds, codes) => {
    const verdict = evaluateGuard(guard, context(facts));
    expect(verdict.holds).toBe(holds);
    expect(verdict.reasons.map(({ code }) => code)).toEqual(codes);
  });

  test.each<[object, FactValue, boolean]>([
    [{ atLeast: 80 }, 80, true],
    [{ atLeast: 80 }, 79.9, false],
    [{ below: 2 }, 2, false],
    [{ below: 2 }, 1, true],
    [{ atMost: 2 }, 2, true],
    [{ above: 0 }, 0, false],
    [{ isNot: 'OPEN' }, 'FULL', true],
    [{ is: 'FULL' }, 'OPEN', false],
    [{ is: 0 }, null, false],
    [{ below: 2 }, null, false],
    [{ atMost: 0 }, false, false],
  ])('%j of %j is %s', (comparison, value, holds) => {
    const guard = { fact: 'some.fact', reason: 'open', ...comparison } as Guard;
    expect(evaluateGuard(guard, context({ 'some.fact': value })).holds).toBe(holds);
  });

  test('names its numbers in both languages', () => {
    const { reasons: given } = evaluateGuard(noneOpen, context({ 'list.open': 3, 'list.total': 41 }));
    expect(given[0]?.text).toEqual({ de: 'Noch 3 von 41 offen.', en: '3 of 41 still open.' });
  });

  test('records every leaf, asks for every fact it reads or shows', () => {
    const guard = { all: [noneOpen, isSigned, halfDone] };
    const { answers } = evaluateGuard(
      guard,
      context({ 'list.open': 3, 'list.total': 4, 'report.signed': true }),
    );
    expect(answers).toEqual([
      { leaf: 'list.open is 0', holds: false },
      { leaf: 'report.signed is true', holds: true },
      { leaf: 'shareDone({"least":0.5})', holds: false },
    ]);
    expect(new Set(factsOf(guard, calls, reasons))).toEqual(
      new Set(['list.open', 'list.total', 'report.signed']),
    );
  });
});

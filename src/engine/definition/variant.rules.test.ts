import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Chart } from './chart.rules.ts';
import { sentence } from '../publish/check.rules.ts';
import { identityOf, readDefinition } from './definition-file.rules.ts';
import type { Definition } from './definition.rules.ts';
import { faultsOfWalk } from '../publish/soundness.rules.ts';
import { readVariant, type VariantChange, type Variant } from './variant-format.rules.ts';
import { materialise, onNewerBase } from './variant.rules.ts';

const file = readFileSync(new URL('../../../data/processes/opening.json', import.meta.url));
const read = readDefinition(file);
if ('faults' in read) throw new Error(JSON.stringify(read.faults));
const base = read.definition;
const text = { de: 'Anders', en: 'Other' };
const desk = 'live.course.review.desk';

const variantOf = (changes: readonly unknown[], of: Definition = base): Variant => {
  const source = {
    format: 'oa.variant/1',
    base: { key: of.key, version: of.version, sha256: identityOf(of).sha256 },
    key: 'our-own',
    version: 1,
    title: text,
    changes,
  };
  const result = readVariant(JSON.stringify(source));
  if ('faults' in result) throw new Error(result.faults.map((fault) => sentence(fault, 'en')).join('\n'));
  return result.variant;
};
const made = (...changes: unknown[]): Definition => {
  const result = materialise(variantOf(changes), base);
  if ('faults' in result) throw new Error(result.faults.map((fault) => sentence(fault, 'en')).join('\n'));
  return result.definition;
};
const faults = (...changes: unknown[]): string => {
  const result = materialise(variantOf(changes), base);
  return 'faults' in result ? result.faults.map((fault) => sentence(fault, 'en')).join('\n') : '';
};
const at = (definition: Definition, path: string) => new Chart(definition).nodes.get(path)?.state;

const look = {
  do: 'insertStep',
  from: desk,
  on: 'SKIP_VISIT',
  state: { name: 'secondLook', label: text, tags: ['auditable'], raise: ['$stage'] },
  step: { name: 'LOOK_AGAIN', label: text, who: [{ function: 'AUDLEAD' }] },
};

describe('a variant', () => {
  test('is its base under its own name, and nothing of the base changes', () => {
    const before = JSON.stringify(base);
    expect(made(look)).toMatchObject({ key: 'our-own', version: 1, title: text, stage: base.stage });
    expect(JSON.stringify(base)).toBe(before);
  });

  test.each<[string, object, (definition: Definition) => unknown, unknown]>([
    ['a state', { what: 'state', name: desk }, (d) => at(d, desk)?.label, text],
    ['a step', { what: 'step', name: 'COMMENT' }, (d) => d.steps['COMMENT']?.label, text],
    ['a deadline', { what: 'deadline', name: 'deskReview' }, (d) => d.deadlines['deskReview']?.label, text],
    ['a task', { what: 'task', name: 'deskReview' }, (d) => at(d, desk)?.tasks?.[0]?.label, text],
    ['a tag', { what: 'tag', name: 'editable' }, (d) => d.tags['editable'], text],
  ])('renames %s', (_what, named, where, expected) =>
    expect(where(made({ do: 'rename', label: text, ...named }))).toEqual(expected),
  );

  test('puts a state with its step in a transition’s way, whose effects and guard stay', () => {
    const definition = made(look);
    const before = at(base, desk)!.on!['SKIP_VISIT']![0]!;
    expect(at(definition, desk)!.on!['SKIP_VISIT']).toEqual([
      { ...before, target: 'live.course.review.secondLook' },
    ]);
    expect(at(definition, 'live.course.review.secondLook')).toMatchObject({
      on: { LOOK_AGAIN: [{ target: 'live.course.review.draftReport' }] },
    });
    expect(faultsOfWalk({ chart: new Chart(definition) })).toEqual([]);
  });

  test('drops an optional step with all that only it led to', () => {
    const definition = made({ do: 'dropOptional', step: 'REQUEST_EVIDENCE', continuation: 'SCHEDULE_VISIT' });
    expect(at(definition, 'live.course.review.evidencePending')).toBeUndefined();
    for (const step of ['REQUEST_EVIDENCE', 'EVIDENCE_PROVIDED', 'EVIDENCE_TIMEOUT'])
      expect(definition.steps).not.toHaveProperty(step);
    expect(definition.deadlines).not.toHaveProperty('evidence');
    expect(faultsOfWalk({ chart: new Chart(definition) })).toEqual([]);
  });

  test('changes a deadline: its span, its chain, how it is put off', () => {
    const extendable = { most: 1, percent: 30 };
    const change = { do: 'changeDeadline', deadline: 'deskReview', span: { weeks: 3 }, extendable };
    expect(made(change).deadlines['deskReview']).toEqual({
      ...base.deadlines['deskReview'],
      span: { weeks: 3 },
      extendable,
    });
    expect(
      made({ do: 'changeDeadline', deadline: 'deskReview', chain: null }).deadlines['deskReview'],
    ).not.toHaveProperty('chain');
  });

  test('gives a step to another function, and a condition another number', () => {
    expect(
      made({ do: 'changeRole', step: 'SCHEDULE_VISIT', who: [{ function: 'AUD' }] }).steps['SCHEDULE_VISIT']!
        .who,
    ).toEqual([{ function: 'AUD' }]);
    const guard = made({
      do: 'changeGuardParameter',
      step: 'REQUEST_EVIDENCE',
      reason: 'requestedTwice',
      value: 3,
    });
    expect(at(guard, desk)!.on!['REQUEST_EVIDENCE']![0]!.guard).toMatchObject({ below: 3 });
  });

  test.each<[string, unknown, string]>([
    [
      'a name the base does not have',
      { do: 'rename', what: 'step', name: 'LEAP', label: text },
      '$.changes[0].name: The base does not know LEAP',
    ],
    [
      'a name of the prototype',
      { do: 'rename', what: 'tag', name: 'constructor', label: text },
      'does not know constructor',
    ],
    [
      'a state where there is no way',
      { ...look, on: 'COMMENT' },
      `$.changes[0].on: The base does not know ${desk} → COMMENT`,
    ],
    ['a region in the way', { ...look, from: 'live.course' }, '$.changes[0].on'],
    [
      'a state whose name is taken',
      { ...look, state: { ...look.state, name: 'siteVisit' } },
      'The name siteVisit exists already',
    ],
    [
      'a step whose name is taken',
      { ...look, step: { ...look.step, name: 'COMMENT' } },
      'The name COMMENT exists already',
    ],
    [
      'dropping without a continuation',
      { do: 'dropOptional', step: 'SCHEDULE_VISIT', continuation: 'COMMENT' },
      '$.changes[0].continuation: COMMENT does not lead on',
    ],
    [
      'a continuation under a condition',
      { do: 'dropOptional', step: 'SCHEDULE_VISIT', continuation: 'SKIP_VISIT' },
      'without a condition',
    ],
    [
      'dropping an approval',
      { do: 'dropOptional', step: 'APPROVE_TARGETS', continuation: 'REJECT_TARGETS' },
      '$.changes[0].step: APPROVE_TARGETS is needed',
    ],
    [
      'dropping what others come after',
      { do: 'dropOptional', step: 'SUBMIT_TARGETS', continuation: 'COMMENT' },
      'SUBMIT_TARGETS is needed',
    ],
    [
      'losing four eyes',
      { do: 'changeRole', step: 'SIGN_OFF', who: [{ function: 'HEAD' }] },
      '$.changes[0].who[0]: Four eyes on CLOSE_RATINGS are lost',
    ],
    [
      'four eyes lost by another function',
      { do: 'changeRole', step: 'REJECT_TARGETS', who: [{ function: 'DEZ' }] },
      'Four eyes on SUBMIT_TARGETS are lost',
    ],
    [
      'an approval by more functions',
      {
        do: 'changeRole',
        step: 'APPROVE_TARGETS',
        who: [{ function: 'OWNER', notSameAs: ['SUBMIT_TARGETS'] }],
      },
      'APPROVE_TARGETS is an approval; OWNER cannot be added',
    ],
    [
      'a deadline the base does not have',
      { do: 'changeDeadline', deadline: 'wait', span: { days: 1 } },
      'does not know wait',
    ],
    [
      'a chain the base does not have',
      { do: 'changeDeadline', deadline: 'deskReview', chain: 'wait' },
      '$.changes[0].chain',
    ],
    [
      'a parameter of another type',
      { do: 'changeGuardParameter', step: 'REQUEST_EVIDENCE', reason: 'requestedTwice', value: true },
      '$.changes[0].value: Another type',
    ],
  ])('refuses %s', (_what, change, message) => expect(faults(change)).toContain(message));

  test.each([
    ['another operation', { do: 'removeGuard', step: 'COMMENT' }],
    ['a raw transition', { ...look, transition: { target: 'x' } }],
    ['a span out of range', { do: 'changeDeadline', deadline: 'deskReview', span: { days: 1e9 } }],
  ])('reads no %s', (_what, change) => expect(() => variantOf([change])).toThrow('$.changes[0]'));

  test('of a base with another content is refused', () => {
    const variant = variantOf([look]);
    const other = { ...base, title: text };
    expect(materialise(variant, other)).toMatchObject({ faults: [{ path: '$.base' }] });
  });
});

describe('when the base has a new version', () => {
  const changes = [
    { do: 'rename', what: 'state', name: desk, label: text },
    look,
    { do: 'changeDeadline', deadline: 'deskReview', span: { weeks: 3 } },
  ];
  const newer = (change: (definition: Definition) => void) => {
    const definition = structuredClone({ ...base, version: 2 });
    change(definition);
    return onNewerBase(variantOf(changes), base, definition);
  };

  test('every change that still applies is kept, and named', () => {
    const { outcomes, variant } = newer(() => {});
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['APPLIES', 'APPLIES', 'APPLIES']);
    expect(variant).toMatchObject({ version: 2, base: { version: 2 }, changes });
  });

  test('what both have changed is shown, and what does not apply any more is left out', () => {
    const { outcomes, variant } = newer((definition) => {
      definition.deadlines['deskReview']!.span = { weeks: 6 };
      delete new Chart(definition).nodes.get(desk)!.state.on!['SKIP_VISIT'];
    });
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['APPLIES', 'CONFLICTS', 'BASE_CHANGED_TOO']);
    expect(outcomes[1]!.faults).toMatchObject([{ path: '$.changes[1].on' }]);
    expect(variant.changes.map((change: VariantChange) => change.do)).toEqual(['rename', 'changeDeadline']);
  });
});

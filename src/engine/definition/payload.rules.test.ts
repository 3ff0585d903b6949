import { describe, expect, test } from '@jest/globals';
import type { PayloadSchema } from './definition.rules.ts';
import { readPayload } from './payload.rules.ts';

const title = { de: 'Angabe', en: 'Value' };
const schema: PayloadSchema = {
  properties: {
    reason: { type: 'string', title, minLength: 1, maxLength: 10 },
    on: { type: 'string', title, maxLength: 10, format: 'date' },
    choice: { type: 'string', title, maxLength: 9, enum: ['YES', 'NO'] },
    hash: { type: 'string', title, maxLength: 64, pattern: '^[0-9a-f]{64}$' },
    share: { type: 'integer', title, minimum: 0, maximum: 100 },
    sure: { type: 'boolean', title },
    items: {
      type: 'array',
      title,
      maxItems: 2,
      items: {
        type: 'object',
        title,
        properties: { id: { type: 'string', title, maxLength: 36, format: 'uuid' } },
        required: ['id'],
      },
    },
  },
  required: ['reason'],
};
const id = '0192f0c1-7e7a-7c11-8d53-0242ac120002';
const ok = { reason: 'because' };
const read = (sent: unknown) => readPayload(schema, sent);
const placesOf = (result: ReturnType<typeof read>) =>
  'faults' in result ? result.faults.map(({ path }) => path) : [];

describe('a payload', () => {
  test('is rebuilt from its known properties; null means left out', () => {
    const sent = {
      ...ok,
      on: '2026-02-28',
      choice: null,
      share: 80,
      sure: false,
      items: [{ id: id.toUpperCase() }],
    };
    expect(read(sent)).toEqual({
      payload: { reason: 'because', on: '2026-02-28', share: 80, sure: false, items: [{ id }] },
    });
  });

  test.each([[undefined], [null], [{}]])('%j is none where none is asked for', (sent) => {
    expect(readPayload(undefined, sent)).toEqual({});
  });

  test.each<[string, unknown, string[]]>([
    ['a missing reason', {}, ['payload.reason']],
    ['a blank reason', { reason: '  ' }, ['payload.reason']],
    ['a long reason', { reason: 'x'.repeat(11) }, ['payload.reason']],
    ['a number as text', { reason: 5 }, ['payload.reason']],
    ['a NUL', { reason: 'a\0' }, ['payload.reason']],
    ['half a surrogate pair', { reason: 'a\ud83d' }, ['payload.reason']],
    ['an unknown property', { ...ok, more: 1 }, ['payload.more']],
    ['31 February', { ...ok, on: '2026-02-31' }, ['payload.on']],
    ['an unknown choice', { ...ok, choice: 'MAYBE' }, ['payload.choice']],
    ['a short hash', { ...ok, hash: 'abc' }, ['payload.hash']],
    ['a fraction', { ...ok, share: 0.5 }, ['payload.share']],
    ['a number out of range', { ...ok, share: 101 }, ['payload.share']],
    ['text for a boolean', { ...ok, sure: 'yes' }, ['payload.sure']],
    ['no list', { ...ok, items: 'x' }, ['payload.items']],
    ['too many items', { ...ok, items: [{ id }, { id }, { id }] }, ['payload.items']],
    [
      'faults inside a list',
      { ...ok, items: [{ id }, { id: 'x', more: 1 }] },
      ['payload.items[1].id', 'payload.items[1].more'],
    ],
    ['several faults', { reason: '', on: 'x' }, ['payload.reason', 'payload.on']],
    ['a list', [], ['payload']],
    ['a text', 'x', ['payload']],
    ['16 kB', { reason: 'x'.repeat(20_000) }, ['payload']],
    ['seven levels', { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } }, ['payload']],
  ])('refuses %s', (_what, sent, places) => {
    expect(placesOf(read(sent))).toEqual(places);
  });

  test('carries no magic key on', () => {
    const sent = JSON.parse(
      '{"reason": "because", "__proto__": {"admin": true}, "constructor": 1}',
    ) as object;
    expect(placesOf(read(sent))).toEqual(['payload.__proto__', 'payload.constructor']);
  });
});

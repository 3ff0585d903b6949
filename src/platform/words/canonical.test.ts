import { expect, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonical } from './canonical.ts';

test('any JSON has the text that the reference implementation gives it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 5 }), (value) => {
      expect(canonical(value)).toBe(canonicalize(value));
    }),
    { numRuns: 2000 },
  );
});

test('what is undefined is left out of objects and null in lists, and a date is its text', () => {
  const value = { b: undefined, a: [undefined, new Date(0)], é: -0, '€': 1e21, '\u{1F600}': 1e-7 };
  expect(canonical(value)).toBe(canonicalize(value));
});

test.each([[Number.NaN], [Infinity], ['\ud800'], [{ '\udc00': 1 }], [undefined], [1n], [Symbol('s')]])(
  '%p has no text',
  (value) => expect(() => canonical(value)).toThrow(),
);

import { expect, test } from '@jest/globals';
import { howMany } from './how-many.ts';

test.each([
  [0, '0 Fehler'],
  [1, 'ein Fehler'],
  [2, '2 Fehler'],
])('of %d', (n, said) => expect(howMany(n, 'ein Fehler', 'Fehler')).toBe(said));

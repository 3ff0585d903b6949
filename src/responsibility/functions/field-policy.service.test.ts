import { expect, test } from '@jest/globals';
import { EngineRegistry } from '../../engine/index.ts';
import { Access, type Actor } from '../../platform/index.ts';
import { FieldPolicy } from './field-policy.service.ts';
import type { Functions } from './functions.service.ts';
import type { Holders } from './holders.service.ts';

const access = new Access();
const functions = { anywhere: (actor: Actor) => actor.functionsAt() } as unknown as Functions;
new FieldPolicy(functions, {} as Holders, access, new EngineRegistry());
const mayRead = access.rules.get('selfRating.read')!;

/** Heads one unit, and nothing else. */
const head = {
  posts: [],
  functionsAt: (place?: { unitId?: string }) => new Set(!place || place.unitId === 'mine' ? ['HEAD'] : []),
} as unknown as Actor;

test('a right at a place is held there and nowhere else', () => {
  expect(mayRead({ unitId: 'mine' }, head, 'PLACE')).toBe(true);
  expect(mayRead({ unitId: 'other' }, head, 'PLACE')).toBe(false);
});

test('a row that forgets its place is a fault, never a wider right', () => {
  expect(() => mayRead({ id: 'a row' }, head, 'PLACE')).toThrow('does not say where it belongs');
  expect(mayRead({ id: 'a row' }, head, 'ANYWHERE')).toBe(true);
});

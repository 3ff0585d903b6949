import type { Moment } from '../plan/unit-tree.rules.ts';

// A post or a task belongs to the day it was read for, as a unit does: what is reached from it stands on the same day.
const moments = new WeakMap<object, Moment>();

export function remembered<T extends object>(things: readonly T[], moment: Moment): readonly T[] {
  for (const thing of things) moments.set(thing, moment);
  return things;
}

export const momentOf = (thing: object): Moment | undefined => moments.get(thing);

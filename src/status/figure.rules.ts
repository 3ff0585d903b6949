import type { Text } from '../platform/bare.ts';

/** One number with all that is needed to read it: out of how many, of which day, and by which rule in words. */
export interface Figure {
  readonly number: number | null;
  readonly n: number;
  readonly date: string;
  readonly definition: Text;
}

export function figure(day: string, definition: Text, number: number | null, n: number): Figure {
  return { number, n, date: day, definition };
}

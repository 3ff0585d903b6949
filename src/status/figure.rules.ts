import type { Text } from '../platform/bare.ts';
import { leftOutBy, type LeftOut, type LeftOutReason } from './left-out.rules.ts';

/** One number with all that is needed to read it: out of how many, of which day, by which rule, and without which units. */
export interface Figure {
  readonly number: number | null;
  readonly n: number;
  readonly date: string;
  readonly definition: Text;
  readonly leftOut: readonly LeftOut[];
}

/** What figures of one kind share. */
export interface Counted {
  readonly date: string;
  readonly definition: Text;
  readonly leftOut: readonly LeftOutReason[];
}

export function figure({ date, definition, leftOut }: Counted, number: number | null, n: number): Figure {
  return { number, n, date, definition, leftOut: leftOutBy(leftOut) };
}

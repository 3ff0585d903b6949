/**
 * A share kept as two whole numbers, so that thresholds are compared exactly and a figure can be explained:
 * 19 of 20 is 95 %, no rounding decides it. `of: 0` means: there is nothing to count.
 */
export interface Share {
  readonly part: number;
  readonly of: number;
}

export function share(part: number, of: number): Share {
  return { part, of };
}

/** Whether `a` reaches `threshold`; with nothing to count, nothing is missing. */
export function reaches(a: Share, threshold: Share): boolean {
  return a.part * threshold.of >= threshold.part * a.of;
}

/** The smaller of two shares that both have something to count. */
function smaller(a: Share, b: Share): Share {
  return a.part * b.of <= b.part * a.of ? a : b;
}

/** The weakest link; undefined when no share has anything to count. Empty ones are "—", not 0. */
export function weakest(shares: readonly Share[]): Share | undefined {
  const counted = shares.filter(({ of }) => of > 0);
  return counted.length === 0 ? undefined : counted.reduce(smaller);
}

/** The share as a number for display, rounded half up to four digits; null when there is nothing to count. */
export function toNumber({ part, of }: Share): number | null {
  return of === 0 ? null : roundedQuotient(part, of);
}

/** The share as people read it: 0.8 → "80 %"; nothing to count → "—". */
export function asPercent({ part, of }: Share): string {
  return of === 0 ? '—' : `${Math.round((1000 * part) / of) / 10} %`;
}

/** The mean of the shares that have something to count; each weighs the same. Null when there is none. */
export function meanOf(shares: readonly Share[]): number | null {
  const counted = shares.filter(({ of }) => of > 0);
  if (counted.length === 0) return null;
  const denominator = counted.reduce((product, { of }) => product * BigInt(of), 1n);
  const sum = counted.reduce((total, { part, of }) => total + (BigInt(part) * denominator) / BigInt(of), 0n);
  return quotient(sum, denominator * BigInt(counted.length));
}

/** √(a × b), rounded half up to four digits, by whole numbers only: the same on every machine. */
export function geometricMean(a: Share, b: Share): number {
  // Twice the root, cut to a whole number, tells on which side of the half digit it lies.
  const numerator = BigInt(a.part) * BigInt(b.part) * 4n * digits * digits;
  const twice = squareRoot(numerator / (BigInt(a.of) * BigInt(b.of)));
  return Number((twice + 1n) / 2n) / Number(digits);
}

const digits = 10_000n;

function roundedQuotient(part: number, of: number): number {
  return quotient(BigInt(part), BigInt(of));
}

function quotient(part: bigint, of: bigint): number {
  return Number((2n * part * digits + of) / (2n * of)) / Number(digits);
}

/** The whole part of a square root (Newton). */
function squareRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let x = n;
  for (let next = (n + 1n) / 2n; next < x; next = (x + n / x) / 2n) x = next;
  return x;
}

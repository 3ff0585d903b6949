/** A sum that somebody knows: the unknowns in it, each with its factor. */
export type Equation = ReadonlyMap<string, bigint>;

export const sumOf = (unknowns: Iterable<string>): Equation => new Map([...unknowns].map((one) => [one, 1n]));

/**
 * The unknowns that a set of linear equations fixes, by elimination over whole numbers (Bareiss' way: nothing is rounded).
 * Which ones are fixed depends on the equations' left sides alone, whatever the sums are.
 */
export function fixedBy(equations: readonly Equation[]): ReadonlySet<string> {
  const names = [...new Set(equations.flatMap((equation) => [...equation.keys()]))];
  const column = new Map(names.map((name, at) => [name, at]));
  const rows = equations.map((equation) => {
    const row = names.map(() => 0n);
    for (const [name, factor] of equation) row[column.get(name)!] = factor;
    return row;
  });
  const reduced: bigint[][] = [];
  for (let at = 0; at < names.length; at++) {
    const pivot = rows.findIndex((row) => row[at] !== 0n);
    if (pivot === -1) continue;
    const [found] = rows.splice(pivot, 1);
    for (const row of [...rows, ...reduced]) clear(row, found!, at);
    reduced.push(found!);
  }
  const alone = reduced.filter((row) => row.filter((factor) => factor !== 0n).length === 1);
  return new Set(alone.map((row) => names[row.findIndex((factor) => factor !== 0n)]!));
}

function clear(row: bigint[], by: readonly bigint[], at: number): void {
  const [a, b] = [row[at]!, by[at]!];
  if (a === 0n) return;
  for (let i = 0; i < row.length; i++) row[i] = row[i]! * b - by[i]! * a;
  const divisor = row.reduce(gcd, 0n);
  if (divisor > 1n) for (let i = 0; i < row.length; i++) row[i] = row[i]! / divisor;
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

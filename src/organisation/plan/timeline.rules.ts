/** A period of days: `from` counts, `until` is the first day that no longer counts; null is open. */
export interface Span {
  readonly from: string;
  readonly until: string | null;
}

export type Piece<F> = Span & { readonly facts: F };

export interface Rewrite<V, F> {
  /** Rows that no longer stand. */
  readonly retract: readonly V[];
  /** Rows to be written instead. */
  readonly insert: readonly Piece<F>[];
}

const open = '9999-12-31';
const endOf = ({ until }: Span): string => until ?? open;

export const holdsOn = (span: Span, day: string): boolean => span.from <= day && day < endOf(span);
export const overlap = (a: Span, b: Span): boolean => a.from < endOf(b) && b.from < endOf(a);
export const isEmpty = (span: Span): boolean => endOf(span) <= span.from;

const sameFacts = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * What must be written so that before `cut` everything stays and from `cut` on exactly `pieces` hold. Adjoining pieces
 * with the same facts are one, so saying again what stands writes nothing.
 */
export function rewriteFrom<F, V extends Piece<F>>(
  versions: readonly V[],
  cut: string,
  pieces: readonly Piece<F>[],
): Rewrite<V, F> {
  const before = versions.map((v) => ({ ...spanOf(v), until: earlier(v, cut), facts: v.facts }));
  const after = pieces.map((p) => ({ ...p, from: p.from < cut ? cut : p.from }));
  return replaceBy(
    versions,
    [...before, ...after].filter((span) => !isEmpty(span)),
  );
}

/**
 * What must be written so that exactly `pieces` stand. Facts are compared by content: build them with their
 * properties in one order.
 */
export function replaceBy<F, V extends Piece<F>>(
  versions: readonly V[],
  pieces: readonly Piece<F>[],
): Rewrite<V, F> {
  const wanted = joined(pieces);
  const same = (a: Piece<F>, b: Piece<F>) =>
    a.from === b.from && a.until === b.until && sameFacts(a.facts, b.facts);
  return {
    retract: versions.filter((version) => !wanted.some((piece) => same(version, piece))),
    insert: wanted.filter((piece) => !versions.some((version) => same(version, piece))),
  };
}

function joined<F>(pieces: readonly Piece<F>[]): Piece<F>[] {
  const sorted = pieces.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  return sorted.reduce<Piece<F>[]>((done, { from, until, facts }) => {
    const last = done.at(-1);
    if (last && last.until === from && sameFacts(last.facts, facts))
      done[done.length - 1] = { ...last, until };
    else done.push({ from, until, facts });
    return done;
  }, []);
}

const spanOf = ({ from, until }: Span): Span => ({ from, until });
const earlier = (span: Span, cut: string): string | null => (endOf(span) <= cut ? span.until : cut);

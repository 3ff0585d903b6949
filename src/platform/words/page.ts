/** A page of a list in keyset order. `after` is opaque to clients: the last row's key, packed. */
export interface Page<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface PageArgs {
  readonly first?: number | null;
  readonly after?: string | null;
}

const defaultSize = 20;
const maxSize = 100;

/** How many rows to read for a page: one more than shown, to know whether there are others. */
export function pageSize(args: PageArgs): number {
  return Math.min(Math.max(args.first ?? defaultSize, 1), maxSize);
}

/** The key behind which to read on; an unreadable cursor begins at the start. */
export function afterKey(args: PageArgs): readonly string[] | null {
  if (!args.after) return null;
  try {
    const key: unknown = JSON.parse(Buffer.from(args.after, 'base64url').toString());
    return Array.isArray(key) ? key.map(String) : null;
  } catch {
    return null;
  }
}

/** Shapes rows (read with `pageSize + 1`) into a page. */
export function page<T>(rows: readonly T[], args: PageArgs, keyOf: (row: T) => readonly string[]): Page<T> {
  const size = pageSize(args);
  const nodes = rows.slice(0, size);
  const last = nodes.at(-1);
  return {
    nodes,
    pageInfo: {
      hasNextPage: rows.length > size,
      endCursor: last ? Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') : null,
    },
  };
}

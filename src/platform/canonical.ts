/**
 * RFC 8785: one text for one value, whatever order its keys came in. Every log entry passes through here four times,
 * so it is written for speed; a test holds it to the reference implementation.
 */
export function canonical(value: unknown): string {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new Error('Lone surrogate is not allowed');
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new Error(`${value} is not allowed`);
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : canonicalObject(value);
    default:
      throw new Error(`A ${typeof value} has no canonical text`);
  }
}

function canonicalObject(value: object): string {
  if ('toJSON' in value && typeof value.toJSON === 'function') return canonical(value.toJSON());
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `,${canonical(item ?? null)}`;
    return `[${text.slice(1)}]`;
  }
  const members = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(members).sort())
    if (members[key] !== undefined) text += `,${canonical(key)}:${canonical(members[key])}`;
  return `{${text.slice(1)}}`;
}

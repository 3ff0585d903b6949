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
  if (Array.isArray(value)) return canonicalArray(value);
  if ('toJSON' in value && typeof value.toJSON === 'function') return canonical(value.toJSON());
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member !== undefined) text += (text === '' ? '{' : ',') + keyOf(key) + canonical(member);
  }
  return text === '' ? '{}' : `${text}}`;
}

function canonicalArray(items: readonly unknown[]): string {
  let text = '';
  for (const item of items) text += (text === '' ? '[' : ',') + canonical(item ?? null);
  return text === '' ? '[]' : `${text}]`;
}

/** The same few keys come again and again; what users send as keys must not fill the memory. */
const keys = new Map<string, string>();
const mostKeys = 10_000;

function keyOf(key: string): string {
  let text = keys.get(key);
  if (text === undefined) {
    text = `${canonical(key)}:`;
    if (keys.size < mostKeys) keys.set(key, text);
  }
  return text;
}

import { hash } from 'node:crypto';
import { v5 } from 'uuid';
import { z } from 'zod';
import { canonical, type Text } from '../../platform/bare.ts';
import { definitionSchema, type Definition } from './definition.rules.ts';

/** One thing wrong with a definition: where (a JSON path) and what. */
export interface Fault {
  readonly path: string;
  readonly message: Text;
  /** The steps that lead to it from the beginning, where walking showed it. */
  readonly walk?: readonly string[];
}

export { canonical };

export const MAX_BYTES = 256 * 1024;
const MAX_DEPTH = 64;
const namespace = '6f1f6a0e-6d0a-5a43-9b1e-0a5d2f2f3c11';

export const sha256 = (text: string): string => hash('sha256', text);

/** The id of a definition follows from its content, so it is the same in every administration. */
export function identityOf(definition: Definition): { id: string; sha256: string } {
  const hash = sha256(canonical(definition));
  return { id: v5(`${definition.key}@${definition.version}:${hash}`, namespace), sha256: hash };
}

/** Reads a definition file as a stranger's; all faults are listed, not only the first. */
export function readDefinition(file: Uint8Array | string): { definition: Definition } | { faults: Fault[] } {
  const read = readBounded(file, definitionSchema);
  return 'faults' in read ? read : { definition: read.value };
}

/**
 * Reads a file of some format as a stranger's: bounded in size and depth before it is parsed, no duplicate keys, no
 * keys that mean something to JavaScript, nothing outside the format.
 */
export function readBounded<T>(
  file: Uint8Array | string,
  format: z.ZodType<T>,
): { value: T } | { faults: Fault[] } {
  const bytes = typeof file === 'string' ? Buffer.byteLength(file) : file.byteLength;
  if (bytes > MAX_BYTES)
    return oneFault(
      '$',
      `Die Datei hat ${bytes} Bytes, höchstens ${MAX_BYTES}.`,
      `The file has ${bytes} bytes, at most ${MAX_BYTES}.`,
    );
  let parsed: unknown;
  try {
    const text = typeof file === 'string' ? file : new TextDecoder('utf-8', { fatal: true }).decode(file);
    const faults = faultsOfKeys(text);
    if (faults.length > 0) return { faults };
    parsed = JSON.parse(text);
  } catch (error) {
    return oneFault(
      '$',
      'Kein lesbares JSON in UTF-8.',
      `Not readable as JSON in UTF-8: ${(error as Error).message}`,
    );
  }
  const result = format.safeParse(parsed);
  return result.success ? { value: result.data } : { faults: faultsOfShape(parsed, result.error, format) };
}

const oneFault = (path: string, de: string, en: string) => ({ faults: [{ path, message: { de, en } }] });

interface Level {
  readonly path: string;
  readonly keys: Set<string> | undefined;
  readonly kind: '{' | '[';
  index: number;
}

/**
 * Walks the text once, before it is parsed: JSON.parse would silently keep the last of two equal keys, and a key like
 * `constructor` finds something in every object that is asked carelessly.
 */
function faultsOfKeys(text: string): Fault[] {
  const faults: Fault[] = [];
  const levels: Level[] = [];
  let key = '';
  const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\],]/gs;
  for (const [token, colon] of text.matchAll(tokens)) {
    const level = levels.at(-1);
    if (token === '{' || token === '[') {
      if (levels.length >= MAX_DEPTH)
        return oneFault('$', `Tiefer als ${MAX_DEPTH} Ebenen.`, `Deeper than ${MAX_DEPTH} levels.`).faults;
      const path = level ? pathTo(level, key) : '$';
      levels.push({ path, keys: token === '{' ? new Set() : undefined, kind: token, index: 0 });
    } else if (token === '}' || token === ']') levels.pop();
    else if (token === ',' && level) level.index += 1;
    else if (colon && level?.keys) {
      key = JSON.parse(token.slice(0, token.length - colon.length)) as string;
      const path = pathTo(level, key);
      if (level.keys.has(key))
        faults.push({
          path,
          message: { de: 'Der Schlüssel kommt zweimal vor.', en: 'The key occurs twice.' },
        });
      if (key in Object.prototype)
        faults.push({ path, message: { de: 'Dieser Name ist verboten.', en: 'This name is forbidden.' } });
      level.keys.add(key);
    }
  }
  return faults;
}

const pathTo = (level: Level, key: string): string =>
  level.kind === '[' ? `${level.path}[${level.index}]` : `${level.path}.${key}`;

const german = z.locales.de().localeError;

function faultsOfShape(parsed: unknown, english: z.ZodError, format: z.ZodType): Fault[] {
  const inGerman = format.safeParse(parsed, { error: german }).error?.issues ?? [];
  return english.issues.map((issue, i) => ({
    path: pathOf(issue.path),
    message: { de: inGerman[i]?.message ?? issue.message, en: issue.message },
  }));
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (so, part) => (typeof part === 'number' ? `${so}[${part}]` : `${so}.${String(part)}`),
    '$',
  );

import { fault, faultOfText, type ImportFault, type FilePosition } from '../plan/import-fault.rules.ts';

export type JsonValue = string | number | boolean | null | JsonValue[] | Map<string, JsonValue>;

export interface JsonFile {
  readonly root: JsonValue;
  /** Where an object or array begins. */
  spot(of: JsonValue | undefined): FilePosition;
}

const deepest = 64;
const mostValues = 500_000;
const mostBytes = 8 * 1024 * 1024; // a chart of 10,000 units
const literals = new Map<string, JsonValue>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

class RefusedJson extends Error {
  readonly fault: ImportFault;
  constructor(refused: ImportFault) {
    super(refused.code);
    this.fault = refused;
  }
}

/**
 * Reads JSON from outside (RFC 8259) with what `JSON.parse` does not give: the line of every object, a bound on
 * depth and number of values before they are made, and refusal of duplicate and magic names.
 */
export function readJson(bytes: Uint8Array, file: string): JsonFile | ImportFault {
  if (bytes.length > mostBytes) return fault('TOO_LARGE', { file }, '', '> 8 MB');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return fault('WRONG_ENCODING', { file }, 'chart');
  }
  const reader = new Reader(text, file);
  try {
    const root = reader.document();
    return { root, spot: (of) => reader.spot(of) };
  } catch (error) {
    if (error instanceof RefusedJson) return error.fault;
    throw error;
  }
}

class Reader {
  readonly #text: string;
  readonly #file: string;
  readonly #starts = new Map<object, number>();
  #lineEnds: number[] | undefined;
  #at = 0;
  #values = 0;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  document(): JsonValue {
    const root = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) this.#refuse('end of file');
    return root;
  }

  spot(of: JsonValue | undefined): FilePosition {
    const start = typeof of === 'object' && of !== null ? this.#starts.get(of) : undefined;
    return start === undefined ? { file: this.#file } : this.#spotAt(start);
  }

  #spotAt(offset: number): FilePosition {
    const ends = (this.#lineEnds ??= [...this.#text.matchAll(/\n/g)].map(({ index }) => index));
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return { file: this.#file, line: low + 1, column: offset - (ends[low - 1] ?? -1) };
  }

  #refuse(expected: string): never {
    const seen = this.#text[this.#at] ?? 'EOF';
    throw new RefusedJson(fault('BROKEN_FILE', this.#spotAt(this.#at), seen, expected));
  }

  #space(): void {
    while (' \n\r\t'.includes(this.#text[this.#at] || 'x')) this.#at += 1;
  }

  #skip(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #value(depth: number): JsonValue {
    if (depth > deepest)
      throw new RefusedJson(fault('TOO_DEEP', this.#spotAt(this.#at), '', String(deepest)));
    if ((this.#values += 1) > mostValues)
      throw new RefusedJson(fault('TOO_LARGE', { file: this.#file }, '', `> ${mostValues}`));
    this.#space();
    const start = this.#at;
    const first = this.#text[start];
    if (first === '"') return this.#string();
    if (first === '{') return this.#remember(start, this.#object(depth));
    if (first === '[') return this.#remember(start, this.#array(depth));
    return this.#scalar();
  }

  #remember<T extends object>(start: number, value: T): T {
    this.#starts.set(value, start);
    return value;
  }

  #object(depth: number): Map<string, JsonValue> {
    const members = new Map<string, JsonValue>();
    this.#at += 1;
    if (this.#skip('}')) return members;
    do {
      this.#space();
      const start = this.#at;
      const name = this.#string();
      if (members.has(name)) throw new RefusedJson(fault('DUPLICATE', this.#spotAt(start), name, this.#file));
      if (!this.#skip(':')) this.#refuse(':');
      members.set(name, this.#value(depth + 1));
    } while (this.#skip(','));
    if (!this.#skip('}')) this.#refuse(', or }');
    return members;
  }

  #array(depth: number): JsonValue[] {
    const items: JsonValue[] = [];
    this.#at += 1;
    if (this.#skip(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#skip(','));
    if (!this.#skip(']')) this.#refuse(', or ]');
    return items;
  }

  #string(): string {
    const start = this.#at;
    if (this.#text[start] !== '"') this.#refuse('"');
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    this.#at = end + 1;
    try {
      const text = JSON.parse(this.#text.slice(start, end + 1)) as string;
      const bad = faultOfText(text, this.#spotAt(start));
      if (bad) throw new RefusedJson(bad);
      return text;
    } catch (error) {
      if (error instanceof RefusedJson) throw error;
      this.#at = start;
      return this.#refuse('string');
    }
  }

  #scalar(): JsonValue {
    const word = /[a-z0-9+.-]*/iy;
    word.lastIndex = this.#at;
    const seen = word.exec(this.#text)![0];
    const value =
      literals.get(seen) ?? (/^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(seen) ? Number(seen) : undefined);
    if (value === undefined && !literals.has(seen)) this.#refuse('value');
    this.#at += seen.length;
    return value!;
  }
}

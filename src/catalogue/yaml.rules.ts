import {
  CST,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import type { Text } from '../platform/bare.ts';

/** A fault of a file: line and column count from 1; `path` is the place in the content, such as `criteria[3].weight`. */
export interface FileFault {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: Text;
}

export interface YamlFile {
  readonly content: unknown;
  /** Makes a fault at the node of this path, or at its nearest ancestor that stands in the file. */
  readonly faultAt: (path: readonly PropertyKey[], message: Text) => FileFault;
}

/** Twice a catalogue of 2,000 criteria in two languages, which is read in under a second. */
export const mostBytes = 3_000_000;
const mostTokens = 600_000;
const deepestFlow = 8;
const deepestIndent = 40;
const mostMarkersInLine = 4;
const magic: ReadonlySet<unknown> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads YAML 1.2 from a stranger. Refused before anything is built: more than 3 MB, other encodings than UTF-8,
 * NUL, anchors, aliases and tags (bombs, foreign types), deep nesting, more than one document, repeated keys and
 * keys that mean something to JavaScript's objects.
 */
export function readYaml(bytes: Uint8Array): YamlFile | readonly FileFault[] {
  if (bytes.length > mostBytes)
    return [at(1, 1, `Die Datei ist größer als 3 MB.`, 'The file is larger than 3 MB.')];
  const text = textOf(bytes);
  if (typeof text !== 'string') return [text];
  const danger = dangerIn(text);
  if (danger) return [danger];

  const lines = new LineCounter();
  // `uniqueKeys` of the package compares every key with every other; 60,000 keys would take 40 seconds.
  const document = parseDocument(text, {
    schema: 'core',
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
  });
  const spot = (offset: number) => lines.linePos(Math.min(offset, text.length));
  if (document.errors.length > 0)
    return document.errors.slice(0, 100).map(({ pos, message }) => {
      const { line, col } = spot(pos[0]);
      return at(line, col, `Kein gültiges YAML: ${message}`, `Not valid YAML: ${message}`);
    });
  const keyFaults = faultsOfKeys(document, spot);
  if (keyFaults.length > 0) return keyFaults;
  return {
    content: document.toJS(),
    faultAt: (path, message) => {
      const { line, col } = spot(nearest(document, path));
      return { line, column: col, path: pathText(path), message };
    },
  };
}

function at(line: number, column: number, de: string, en: string): FileFault {
  return { line, column, path: '', message: { de, en } };
}

function textOf(bytes: Uint8Array): string | FileFault {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return at(1, 1, 'Die Datei ist nicht in UTF-8 gespeichert.', 'The file is not stored as UTF-8.');
  }
  const nul = text.indexOf('\0');
  if (nul === -1) return text;
  const before = text.slice(0, nul).split('\n');
  return at(
    before.length,
    before.at(-1)!.length + 1,
    'Die Datei enthält ein NUL-Zeichen.',
    'The file contains a NUL character.',
  );
}

/** One pass over the tokens, without recursion: the parser behind it recurses for every level of nesting. */
function dangerIn(text: string): FileFault | undefined {
  let [line, column, tokens, flow, markers, lineStart] = [1, 1, 0, 0, 0, true];
  for (const lexeme of new Lexer().lex(text)) {
    const type = CST.tokenType(lexeme);
    if (type === 'flow-map-start' || type === 'flow-seq-start') flow += 1;
    if (type === 'flow-map-end' || type === 'flow-seq-end') flow -= 1;
    if (type === 'seq-item-ind' || type === 'explicit-key-ind') markers += 1;
    if (type === 'anchor' || type === 'alias' || type === 'tag')
      return at(
        line,
        column,
        'Anker, Verweise und Typangaben (&, *, !) sind nicht zulässig.',
        'Anchors, aliases and tags (&, *, !) are not permitted.',
      );
    const tooFarIn = type === 'space' && lineStart && lexeme.length > deepestIndent;
    if (flow > deepestFlow || markers > mostMarkersInLine || tooFarIn)
      return at(line, column, 'Die Datei ist zu tief geschachtelt.', 'The file is nested too deeply.');
    if (++tokens > mostTokens)
      return at(line, column, 'Die Datei hat zu viele Einträge.', 'The file has too many entries.');
    if (type === 'doc-mode' || type === 'scalar' || type === 'flow-error-end') continue;
    const broken = lexeme.lastIndexOf('\n');
    lineStart = broken !== -1;
    if (lineStart) {
      line += lexeme.split('\n').length - 1;
      markers = 0;
    }
    column = lineStart ? lexeme.length - broken : column + lexeme.length;
  }
  return undefined;
}

function faultsOfKeys(
  document: Document.Parsed,
  spot: (offset: number) => { line: number; col: number },
): FileFault[] {
  const faults: FileFault[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? key.value : undefined;
        const { line, col } = spot((key as Node).range?.[0] ?? 0);
        const shown = String(name).slice(0, 80);
        if (typeof name !== 'string')
          faults.push(at(line, col, 'Ein Schlüssel muss ein Wort sein.', 'A key must be a word.'));
        else if (magic.has(name))
          faults.push(
            at(
              line,
              col,
              `„${shown}“ ist als Schlüssel nicht zulässig.`,
              `“${shown}” is not permitted as a key.`,
            ),
          );
        else if (seen.has(name))
          faults.push(
            at(line, col, `Der Schlüssel „${shown}“ kommt doppelt vor.`, `The key “${shown}” occurs twice.`),
          );
        seen.add(name);
      }
      return faults.length > 100 ? visit.BREAK : undefined;
    },
  });
  return faults;
}

/** The offset of the key or list item that the path leads to, or of the last one on the way that exists. */
function nearest(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0] ?? 0;
  for (const step of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === step) : undefined;
    const target = pair ? pair.key : isSeq(node) ? node.get(step as number, true) : undefined;
    const range = (target as Node | undefined)?.range;
    if (!range) break;
    offset = range[0];
    node = pair ? pair.value : target;
  }
  return offset;
}

export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i ? '.' : ''}${String(step)}`))
    .join('');
}

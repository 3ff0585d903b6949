import { isUtf8 } from 'node:buffer';
import { fault, type ImportFault } from '../plan/import-fault.rules.ts';

/** A table's text as UTF-8 bytes, and what was assumed of it. */
export interface DecodedTable {
  readonly bytes: Uint8Array;
  readonly notes: readonly ImportFault[];
}

const newline = 10;

/** What the bytes 0x80 to 0xFF of German files from Windows are: letters of Europe's languages and typographic signs. */
const ofWindows = /^[\p{Script=Latin}‚„…‘’“”•–—€´¨§°²³µ·¼½¾«»©®ªº×\u00a0]*$/u;

/**
 * Tables come as UTF-8, from Excel also as UTF-16 ("Unicode text") or in the code page of Windows. UTF-16 is known by
 * its first bytes; the code page is assumed, and said with the first word read by it, where all it yields are letters
 * and signs that such a table has.
 */
export function decodeTable(bytes: Uint8Array, file: string): DecodedTable | ImportFault {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return reencoded(bytes, 'utf-16le', file);
  if (first === 0xfe && second === 0xff) return reencoded(bytes, 'utf-16be', file);
  const line = lineThatIsNoUtf8(bytes);
  if (line === undefined) return { bytes, notes: [] };
  const text = new TextDecoder('windows-1252').decode(bytes);
  const foreign = text.match(/[^\0-\x7f]+/g) ?? [];
  if (!foreign.every((letters) => ofWindows.test(letters))) return fault('WRONG_ENCODING', { file, line });
  const word = /[\p{L}]*[^\0-\x7f][\p{L}]*/u.exec(text)?.[0] ?? '';
  return { bytes: Buffer.from(text), notes: [fault('READ_AS_WINDOWS', { file, line }, word)] };
}

function reencoded(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be', file: string) {
  try {
    return { bytes: Buffer.from(new TextDecoder(encoding, { fatal: true }).decode(bytes)), notes: [] };
  } catch {
    return fault('WRONG_ENCODING', { file });
  }
}

/** The first line that is no UTF-8: a megabyte at a time, then line by line where it lies. */
function lineThatIsNoUtf8(bytes: Uint8Array, pieceSize = 1024 * 1024): number | undefined {
  if (isUtf8(bytes)) return undefined;
  let line = 1;
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(newline, from + pieceSize - 1);
    const piece = bytes.subarray(from, end === -1 ? bytes.length : end + 1);
    if (!isUtf8(piece)) return pieceSize === 1 ? line : line - 1 + lineThatIsNoUtf8(piece, 1)!;
    for (const byte of piece) if (byte === newline) line += 1;
    from += piece.length;
  }
  return line;
}

import type { Text } from '../../platform/bare.ts';

/** What people call a function, by its code; the engine itself knows codes alone. */
export type NameOf = (functionCode: string) => Text;

/** Several functions in one sentence, each once. */
export function functionList(codes: readonly string[], nameOf: NameOf): Text {
  const all = (language: keyof Text) => [...new Set(codes.map((code) => nameOf(code)[language]))].join(', ');
  return { de: all('de'), en: all('en') };
}

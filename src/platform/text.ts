/** A sentence for people in both languages; a GraphQL `String` field that yields one is rendered in the asker's. */
export interface Text {
  readonly de: string;
  readonly en: string;
}

export type Language = keyof Text;

export function isText(value: unknown): value is Text {
  return typeof value === 'object' && value !== null && 'de' in value && 'en' in value;
}

/** German first (ADR 0007); English when the client prefers it in `Accept-Language`. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wanted = acceptLanguage?.match(/\b(de|en)\b/i)?.[1]?.toLowerCase();
  return wanted === 'en' ? 'en' : 'de';
}

/** A sentence for people in both languages; a GraphQL `String` field that yields one is rendered in the asker's. */
export interface Text {
  readonly de: string;
  readonly en: string;
}

export type Language = keyof Text;

export function isText(value: unknown): value is Text {
  return typeof value === 'object' && value !== null && 'de' in value && 'en' in value;
}

/** Whether a text shows nothing: blanks, but also signs without any shape, as U+200B, which trimming leaves. */
export const isBlank = (text: string | null | undefined): boolean =>
  !text || !/[^\s\p{C}\p{Z}\u115f\u1160\u2800\u3164\uffa0]/u.test(text);

/** The text without blanks around it; null where it shows nothing, as a form sends its unused fields. */
export const textOrNull = (text: string | null | undefined): string | null =>
  isBlank(text) ? null : text!.trim();

/** The language a client likes best of those we have (RFC 9110 §12.5.4); German first where it says nothing (ADR 0007). */
export function languageOf(acceptLanguage: string | undefined, otherwise: Language = 'de'): Language {
  const liked = (acceptLanguage ?? '').split(',').flatMap((range) => {
    const [, language, weight] = /^\s*(de|en)\b(?:[^;]*;\s*q=([\d.]+))?/i.exec(range) ?? [];
    return language ? [{ language: language.toLowerCase() as Language, weight: Number(weight ?? 1) }] : [];
  });
  const [best] = liked.toSorted((a, b) => b.weight - a.weight);
  return best && best.weight > 0 ? best.language : otherwise;
}

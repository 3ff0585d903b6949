import type { Text } from '../../platform/bare.ts';

/** What people call the functions that rights hang on, by code. Source: Konzept §2.2 (roles). */
const names: Readonly<Record<string, Text>> = {
  LEAD: { de: 'Verwaltungsspitze', en: 'top management' },
  DEZ: { de: 'Dezernatsleitung', en: 'head of directorate' },
  OFFICE_ABOVE: { de: 'Amtsleitung', en: 'head of office' },
  ABOVE: { de: 'übergeordnete Leitung', en: 'superior head' },
  NEXT_ABOVE: { de: 'nächsthöhere Leitung', en: 'next higher head' },
  HEAD: { de: 'Leitung der Einheit', en: 'head of the unit' },
  OWNER: { de: 'Prozessleitung', en: 'process owner' },
  OWNER_DEPUTY: { de: 'Vertretung der Prozessleitung', en: 'deputy of the process owner' },
  CONTRIB: { de: 'zuständige Stelle', en: 'competent post' },
  POST_HOLDER: { de: 'Inhaber:in der Stelle', en: 'holder of the post' },
  OPENING_COORD: { de: 'Öffnungskoordination', en: 'opening coordination' },
  HR: { de: 'Personalamt', en: 'human resources office' },
  AUDLEAD: { de: 'Auditleitung', en: 'audit lead' },
  AUD: { de: 'Auditor:in', en: 'auditor' },
  AUD2: { de: 'Zweitauditor:in', en: 'second auditor' },
  BOARD: { de: 'Entscheidungsgremium', en: 'board' },
  STEERING: { de: 'Lenkungsgruppe', en: 'steering group' },
  APPEAL: { de: 'Einwendungsstelle', en: 'appeal body' },
  COMMITTEE: { de: 'Ausschuss', en: 'committee' },
  PR: { de: 'Personalrat', en: 'staff council' },
  GB: { de: 'Gleichstellungsbeauftragte', en: 'equal opportunities officer' },
  SBV: { de: 'Schwerbehindertenvertretung', en: 'representation of severely disabled staff' },
  DSB: { de: 'Datenschutzbeauftragte', en: 'data protection officer' },
  FIN: { de: 'Kämmerei', en: 'treasury' },
  ADMIN: { de: 'Betrieb', en: 'operation' },
  SYS: { de: 'das System', en: 'the system' },
};

/** The function in words; a code of an own definition that has no name here stands for itself. */
export const functionName = (code: string): Text =>
  Object.hasOwn(names, code) ? names[code]! : { de: code, en: code };

/** Several functions in one sentence, each once. */
export const functionList = (codes: readonly string[]): Text => {
  const all = (language: keyof Text) =>
    [...new Set(codes.map((code) => functionName(code)[language]))].join(', ');
  return { de: all('de'), en: all('en') };
};

import type { Language } from './sentences.ts';

/** What must not stand in a sentence for people, and the word that stands there instead. */
export interface Banned {
  readonly never: RegExp;
  readonly say: string;
}

/** One thing, one name. README's glossary has each. */
export const oneName: readonly Banned[] = [
  { never: /[Aa]usgaben?\b|Katalogauflage|Auflage des Katalogs/, say: 'Fassung' },
  { never: /Widerspruch(?!.{0,60}§ 19 LGG NRW)|widersprech|Einspr[uü]ch/, say: 'Einwendung' },
  { never: /Widerspruchsstelle|Einspruchsstelle/, say: 'Einwendungsstelle' },
  { never: /[Pp]rozessverantwort|Prozesseigner/, say: 'Prozessleitung' },
  { never: /\bVerantwortung (?:zuweisen|wird je|und Stellvertretung)/, say: 'Verantwortlichkeit' },
  { never: /\bKommission\b|Entscheidungskommission|Kuratorium/, say: 'Entscheidungsgremium' },
  { never: /Lenkungskreis|Lenkungsausschuss|Steuerungsgruppe/, say: 'Lenkungsgruppe' },
  { never: /Öffnungsverfahren/, say: 'Öffnungsprozess' },
  { never: /Anerkennung.{0,40}(?:widerrufen|entzogen|aberkannt)/, say: 'zurückgenommen' },
  { never: /Koordinierungsstelle|Öffnungskoordinierung/, say: 'Öffnungskoordination' },
  { never: /Re-?[Aa]udit|erneute Prüfung/, say: 'Folgeaudit' },
  { never: /\b(?:[Pp]rozess)?[Dd]efinition(?:en)?\b/, say: 'Ablauf' },
];

export const banned: Readonly<Record<Language, readonly Banned[]>> = {
  de: [
    ...oneName,
    // Plain words.
    { never: /[Ee]skalier|[Ee]skalation/, say: 'melden, vorlegen' },
    { never: /\bKonsens/, say: 'Gemeinsame Bewertung' },
    { never: /\b[Gg]estartet/, say: 'begonnen' },
    { never: /\b[Vv]on Hand\b/, say: 'jetzt, selbst' },
    { never: /bestandsaufgenommen/, say: 'erhoben' },
    { never: /Augenpaar/, say: 'zweite Person' },
    {
      never: /\b(?:Payload|Workflow|Feedback|Monitoring)\b/,
      say: 'Angaben, Ablauf, Rückmeldung, Beobachtung',
    },
    { never: /\bHR\b/, say: 'Personalamt' },
    { never: /\bMSO\b/, say: 'Migrantenorganisation' },
    { never: /["“][^„“"]*"|"/, say: 'Anführungszeichen „ “' },
  ],
  en: [
    { never: /\b[Ee]scalat/, say: 'report, put before' },
    { never: /\b[Bb]y hand\b/, say: 'oneself' },
    { never: /pairs? of eyes/, say: 'second person' },
    { never: /steering committee/, say: 'steering group' },
    { never: /decision (?:body|committee)/, say: 'board' },
    { never: /\bHR\b/, say: 'human resources' },
    { never: /\bMSO\b/, say: 'migrant organisation' },
    { never: /"/, say: 'quotation marks “ ”' },
    { never: /[a-z]'[a-z ]/, say: 'the apostrophe ’' },
  ],
};

/** The same in the schema and the manuals, which are English and may call the personnel office HR, as its function's code. */
export const inManuals: readonly Banned[] = [
  { never: /\b[Ee]scalat/, say: 'report, put before' },
  { never: /pairs? of eyes/, say: 'second person' },
  { never: /steering committee/, say: 'steering group' },
  { never: /decision (?:body|committee)/, say: 'board' },
  { never: /Widerspruch(?!.{0,60}§ 19 LGG NRW)|Einspr[uü]ch/, say: 'Einwendung' },
  { never: /Prozessverantwort/, say: 'Prozessleitung' },
  { never: /Re-Audit|Konsens|Lenkungskreis/, say: 'Folgeaudit, gemeinsame Bewertung, Lenkungsgruppe' },
];

/** A code or a name of the API: `NEXT_ABOVE`, `chooseNotices`. */
export const apiNames = /\b[A-Z]{2,}_[A-Z0-9_]+\b|\b(?!kB\b)[a-z]+[A-Z]\w*\b/;

const plurals = [
  'Kriterien|Maßnahmen|Einheiten|Handlungsfelder|Fehler|Stellen|Vorgänge|Fälle|Befunde|Zuweisungen|Nachweise|Tage',
  'Auflagen|Personen|Sekunden|Mitglieder|leere Zeilen|Öffnungsprozesse|criteria|measures|units|fields|faults|places',
  'processes|cases|findings|assignments|days|conditions|people|seconds|members|empty rows|opening processes',
].join('|');

/** A number before the plural of what it counts. A limit is never one, nor is the whole that something is a part of. */
export const unguardedPlural = new RegExp(
  String.raw`(?<!(?:von|of|mindestens|at least|als|than) )\{(?!most|fewest|limits|MAX|minimum|asPercent)[^{}]*\} (?:${plurals})\b`,
);

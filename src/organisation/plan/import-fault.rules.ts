import { howMany, type Text } from '../../platform/bare.ts';

/** Where in an uploaded file something stands: line and column count from 1. */
export interface FilePosition {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** The CSV column's name, or the path inside a JSON file (`organisations[0].departments[2]`). */
  readonly field?: string;
}

/** One fault of an import. A WARNING is shown and does not stop the import; a FAULT refuses it as a whole. */
export interface ImportFault extends FilePosition {
  readonly code: FaultCode;
  readonly severity: 'FAULT' | 'WARNING';
  readonly message: Text;
}

type Sentence = (what: string, more: string) => Text;

// `what` is the value at fault (shortened), `more` what it collides with or what would be right.
const sentences = {
  WRONG_ENCODING: (chart) => ({
    de: `Zeichen der Datei sind hier nicht lesbar. Bitte ${chart ? 'das Organigramm im Werkzeug erneut ausgeben' : 'die Datei als UTF-8 speichern; in Excel heißt das „CSV UTF-8“'}.`,
    en: `Signs of the file cannot be read here. Please ${chart ? 'export the chart from its tool again' : 'save the file as UTF-8; in Excel that is “CSV UTF-8”'}.`,
  }),
  READ_AS_WINDOWS: (what) => ({
    de: `Die Datei ist nicht als UTF-8 gespeichert und wurde als Windows-Datei gelesen. Bitte ein Wort prüfen: „${what}“.`,
    en: `The file is not saved as UTF-8 and was read as a file from Windows. Please check one word: “${what}”.`,
  }),
  BROKEN_FILE: (what, more) => ({
    de: `Die Datei lässt sich hier nicht lesen (${what}).${more && ` Erwartet: ${more}.`}`,
    en: `The file cannot be read here (${what}).${more && ` Expected: ${more}.`}`,
  }),
  EMPTY_FILE: () => ({ de: 'Die Datei ist leer.', en: 'The file is empty.' }),
  UNCLOSED_QUOTE: () => ({
    de: 'Ein Anführungszeichen am Anfang eines Feldes wird nicht geschlossen. Bitte ein zweites ans Ende des Feldes setzen oder es löschen.',
    en: 'A quotation mark at the beginning of a field is not closed. Please add a second one at the end of the field, or delete it.',
  }),
  TOO_MANY_FIELDS: (what, more) => ({
    de: `Die Zeile hat mehr Felder als die Tabelle Spalten (${more})${what && `; überzählig ist „${what}“`}. Steht ein Trennzeichen in einem Text, den Text in Anführungszeichen setzen.`,
    en: `The row has more fields than the table has columns (${more})${what && `; “${what}” is too much`}. If a separator stands in a text, put the text in quotation marks.`,
  }),
  EMPTY_ROWS: (what) => ({
    de: `${howMany(Number(what), 'Eine leere Zeile wurde', 'leere Zeilen wurden')} übergangen.`,
    en: `${howMany(Number(what), 'One empty row was', 'empty rows were')} passed over.`,
  }),
  ROW_TWICE: (_, more) => ({
    de: `Diese Zeile gleicht Zeile ${more} ganz und wurde einmal gelesen.`,
    en: `This row equals row ${more} entirely and was read once.`,
  }),
  LINES_ABOVE_HEADER: (what, more) => ({
    de: `Die Überschriften stehen in Zeile ${more}; was darüber steht („${what}“), wurde nicht gelesen.`,
    en: `The headers stand in line ${more}; what stands above (“${what}”) was not read.`,
  }),
  COLUMN_TWICE: (what, more) => ({
    de: `Die Spalten „${more}“ und „${what}“ bedeuten hier dasselbe. Bitte eine davon umbenennen oder löschen.`,
    en: `The columns “${more}” and “${what}” mean the same here. Please rename or delete one of them.`,
  }),
  TOO_DEEP: (_, more) => ({
    de: `Die Datei ist tiefer als ${more} Ebenen geschachtelt.`,
    en: `The file is nested deeper than ${more} levels.`,
  }),
  TOO_LARGE: (_, more) => ({
    de: `Die Datei ist zu groß (${more}). Bitte aufteilen.`,
    en: `The file is too large (${more}). Please split it.`,
  }),
  MAGIC_NAME: (what) => ({
    de: `„${what}“ ist als Name oder Kennung nicht zulässig.`,
    en: `“${what}” is not permitted as a name or code.`,
  }),
  INVISIBLE_SIGN: (what, more) => ({
    de: `In „${what}“ steht ein unsichtbares Zeichen (${more}). Bitte die Kennung neu tippen.`,
    en: `“${what}” contains an invisible sign (${more}). Please type the code anew.`,
  }),
  NOT_A_CHART: (what) => ({
    de: `Das ist kein Organigramm (Schema 1.1): ${what}.`,
    en: `This is no organisation chart (schema 1.1): ${what}.`,
  }),
  NO_CHART_TOP: (what, more) => ({
    de: what
      ? `Keine oberste Einheit des Organigramms heißt „${what}“. Oben stehen: ${more}. Bitte eine davon als Spitze angeben.`
      : `Das Organigramm hat mehrere oberste Einheiten und keine Hauptorganisation: ${more}. Bitte beim Import eine davon als Spitze angeben oder sie im Organigramm als Hauptorganisation kennzeichnen.`,
    en: what
      ? `No unit at the top of the chart is called “${what}”. At the top stand: ${more}. Please name one of them as the top.`
      : `The chart has several units at the top and no main organisation: ${more}. Please name one of them as the top in the import, or mark it as main organisation in the chart.`,
  }),
  TWO_CHART_TOPS: (_, more) => ({
    de: `Im Organigramm kommen mehrere Einheiten als Spitze in Frage: ${more}. Bitte beim Import eine davon als Spitze angeben; die anderen werden Einrichtungen darunter. Heißen sie gleich, hilft ein eigener Name im Organigramm.`,
    en: `Several units of the chart could be the top: ${more}. Please name one of them as the top in the import; the others become institutions below it. If they bear the same name, give one its own in the chart.`,
  }),
  UNNAMED_BOX: (what) => ({
    de: `Ein Kasten${what && ` unter „${what}“`} hat weder Namen noch Typ. Bitte im Organigramm benennen oder löschen.`,
    en: `A box${what && ` below “${what}”`} has neither name nor type. Please name or delete it in the chart.`,
  }),
  SHARED_ADDRESS: (what, more) => ({
    de: `„${what}“ trägt die Web-Adresse von „${more}“; vermutlich wurde der Kasten kopiert. Beide werden als eigene Einheiten geführt.`,
    en: `“${what}” bears the web address of “${more}”; the box was probably copied. Both are kept as units of their own.`,
  }),
  TABLE_WINS: (what, more) => ({
    de: `Wer auf welcher Stelle ist, sagt ${more}; was das Organigramm dazu nennt (${what}), gilt hier nicht.`,
    en: `${more} says who is at which post; what the chart names of that (${what}) does not hold here.`,
  }),
  MISSING_COLUMN: (what, more) => ({
    de: `Die Spalte „${what}“ fehlt.${more && ` Noch ohne Bedeutung: ${more}. Ist eine davon gemeint, sie bitte beim Import zuordnen.`}`,
    en: `The column “${what}” is missing.${more && ` Not yet given a meaning: ${more}. If one of them is meant, please assign it in the import.`}`,
  }),
  UNKNOWN_COLUMN: (what) => ({
    de: `Die Spalte „${what}“ ist nicht bekannt und wird nicht gelesen.`,
    en: `The column “${what}” is not known and is not read.`,
  }),
  MISSING_VALUE: (what) => ({ de: `Hier muss „${what}“ stehen.`, en: `“${what}” must be given here.` }),
  BAD_VALUE: (what, more) => ({
    de: `„${what}“ passt hier nicht. Erwartet: ${more}.`,
    en: `“${what}” does not fit here. Expected: ${more}.`,
  }),
  BAD_DATE: (what) => ({
    de: `„${what}“ ist kein Kalendertag (JJJJ-MM-TT oder TT.MM.JJJJ).`,
    en: `“${what}” is not a calendar day (YYYY-MM-DD or DD.MM.YYYY).`,
  }),
  BAD_PERIOD: (what, more) => ({
    de: `Das Ende ${more} liegt vor dem Beginn ${what}.`,
    en: `The end ${more} lies before the start ${what}.`,
  }),
  UNKNOWN_KIND: (what, more) => ({
    de: `„${what}“ ist keine Art von Einheit. Bekannt: ${more}.`,
    en: `“${what}” is no kind of unit. Known: ${more}.`,
  }),
  DUPLICATE: (what, more) => ({
    de: `„${what}“ steht schon in ${more}.`,
    en: `“${what}” already stands in ${more}.`,
  }),
  OVERLAPPING_PERIODS: (what, more) => ({
    de: `Der Zeitraum von „${what}“ überschneidet sich mit ${more}.`,
    en: `The period of “${what}” overlaps with ${more}.`,
  }),
  UNKNOWN_PARENT: (what) => ({
    de: `Die übergeordnete Einheit „${what}“ gibt es dann nicht.`,
    en: `The superior unit “${what}” does not exist at that time.`,
  }),
  CYCLE: (what) => ({
    de: `Die Einheiten sind sich gegenseitig übergeordnet: ${what}.`,
    en: `The units are superior to one another: ${what}.`,
  }),
  NO_TOP: () => ({
    de: 'Keine Einheit steht auf der Ebene L0 (Verwaltungsspitze).',
    en: 'No unit stands on level L0 (top management).',
  }),
  SECOND_TOP: (what, more) => ({
    de: `„${what}“ kann nicht auf L0 stehen: Die Spitze ist schon ${more}.`,
    en: `“${what}” cannot stand on L0: the top is ${more} already.`,
  }),
  TWO_HEADS: (what, more) => ({
    de: `Die Einheit ${what} hätte zwei Leitungsstellen; die andere ist ${more}.`,
    en: `Unit ${what} would have two head posts; the other one is ${more}.`,
  }),
  NO_HEAD: (what) => ({
    de: `Die Einheit ${what} hat keine Leitungsstelle.`,
    en: `Unit ${what} has no head post.`,
  }),
  POST_WITHOUT_UNIT: (what, more) => ({
    de: `Die Stelle ${what} gehört zur Einheit „${more}“, die es dann nicht gibt.`,
    en: `Post ${what} belongs to unit “${more}”, which does not exist at that time.`,
  }),
  UNKNOWN_POST: (what) => ({
    de: `Die Stelle „${what}“ gibt es dann nicht.`,
    en: `The post “${what}” does not exist at that time.`,
  }),
  UNKNOWN_UNIT: (what) => ({
    de: `Die Einheit „${what}“ gibt es dann nicht.`,
    en: `The unit “${what}” does not exist at that time.`,
  }),
  SMALL_UNIT: (what, minimum) => ({
    de: `Die Einheit ${what} hat weniger als ${minimum} Beschäftigte; ihre Bewertungen zählen in keiner Auswertung.`,
    en: `Unit ${what} has fewer than ${minimum} staff; its ratings count in no figure.`,
  }),
  HEADCOUNT_UNKNOWN: (what, units) => ({
    de: `Wie viele Menschen hier arbeiten, ist nicht angegeben (${units}): ${what}. Bis dahin zählen die Bewertungen in keiner Auswertung; das Personalamt kann die Zahl der Beschäftigten jederzeit nachtragen.`,
    en: `How many people work here is not stated (${units}): ${what}. Until it is, their ratings count in no figure; human resources can add the head counts at any time.`,
  }),
  ACTIVE_ASSIGNMENT: (what, more) => ({
    de: `Die Stelle ${what} endet, trägt aber noch ${more}. Zuerst neu vergeben.`,
    en: `Post ${what} ends but still bears ${more}. Re-assign first.`,
  }),
} satisfies Record<string, Sentence>;

export type FaultCode = keyof typeof sentences;

/** What an import may still do after it was named: these are shown and do not stop it. */
const warnings: ReadonlySet<FaultCode> = new Set([
  'UNKNOWN_COLUMN',
  'NO_HEAD',
  'SMALL_UNIT',
  'HEADCOUNT_UNKNOWN',
  'SHARED_ADDRESS',
  'TABLE_WINS',
  'READ_AS_WINDOWS',
  'EMPTY_ROWS',
  'ROW_TWICE',
  'LINES_ABOVE_HEADER',
]);

/** Makes a fault; the value quoted is cut at 80 characters, so that a hostile file cannot fill the answer. */
export function fault(code: FaultCode, spot: FilePosition, what = '', more = ''): ImportFault {
  const short = what.length > 80 ? `${what.slice(0, 79)}…` : what;
  const severity = warnings.has(code) ? 'WARNING' : 'FAULT';
  return { ...spot, code, severity, message: (sentences[code] as Sentence)(short, more) };
}

export const isStopping = ({ severity }: ImportFault): boolean => severity === 'FAULT';

/** Where another row stands, for a sentence that points to it. */
export const place = ({ file, line }: FilePosition): string => (line ? `${file}:${line}` : file);

// Names that mean something to JavaScript's objects. No object is keyed by a file's words here; they are refused
// all the same, because what is stored is read by other programs too.
const magic: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** What is wrong with a text from outside, if anything: a magic name, NUL or a lone surrogate. */
export function faultOfText(text: string, spot: FilePosition): ImportFault | undefined {
  if (magic.has(text.trim().toLowerCase())) return fault('MAGIC_NAME', spot, text);
  if (text.includes('\0')) return fault('BROKEN_FILE', spot, 'NUL');
  if (!text.isWellFormed()) return fault('BROKEN_FILE', spot, 'UTF-16');
  return undefined;
}

import { folded, type Columns } from './csv-header.rules.ts';

/** The tables that HR hands in. Source: Konzept §6.4; `headcount` comes with the units. */
export const planFormats = ['units.csv', 'posts.csv', 'holders.csv', 'gvp.csv'] as const;
export type PlanFormat = (typeof planFormats)[number];

/** What HR's own headers mean: the header as it stands in their table, to the column's name here. */
export type HeaderMapping = ReadonlyMap<string, string>;

type Named = Readonly<Record<string, string>>;

const unit = 'OE, OE-Nr, OE-Nummer, OE-Kürzel, Einheit, Organisationseinheit, Org-Einheit';
const first = 'gültig ab, gültig von, Beginn, von, ab';
const last = 'gültig bis, Ende, bis';
const post = 'Stelle, Stellennr, Stellennummer, Planstelle, Planstellennummer';

// Each column with the headers that German tables have for it; blanks, dots and case do not matter.
const required: Record<PlanFormat, Named> = {
  'units.csv': {
    code: `${unit}, Kürzel, Kennung, Code`,
    name: 'Bezeichnung, Name, OE-Bezeichnung, Langbezeichnung',
    parentCode: 'übergeordnete OE, übergeordnete Einheit, übergeordnet, OE übergeordnet, gehört zu',
    level: 'Ebene, Hierarchieebene',
    kind: 'Art, Art der Einheit, Einheitsart, OE-Art, Typ, OE-Typ',
  },
  'posts.csv': {
    postNo: post,
    unitCode: unit,
    function: 'Funktion, Stellenbezeichnung, Bezeichnung, Dienstposten',
    isManagement: 'Leitung, Leitungsstelle, Leitungsfunktion, Führungsfunktion, ist Leitung',
  },
  'holders.csv': {
    postNo: post,
    personKey: 'Personalnummer, Personalnr, Pers.-Nr., PNr',
    displayName: 'Name, Anzeigename, Person',
    type: 'Art, Art der Besetzung, Besetzungsart, Eigenschaft',
  },
  'gvp.csv': {
    gvpRef: 'GVP-Nr, GVP-Nummer, lfd. Nr., laufende Nummer, Ziffer',
    unitCode: unit,
    task: 'Aufgabe, Aufgaben, Tätigkeit, Aufgabenbeschreibung',
    postNo: post,
  },
};
const optional: Record<PlanFormat, Named> = {
  'units.csv': {
    tags: 'Schlagworte, Schlagwörter, Merkmale',
    headcount: 'Beschäftigte, Anzahl Beschäftigte, Mitarbeitende, Anzahl Mitarbeitende, Kopfzahl, Köpfe',
    validFrom: first,
    validTo: last,
    predecessorCodes: 'Vorgänger, Vorgänger-OE, Vorgängereinheiten, hervorgegangen aus',
  },
  'posts.csv': {
    fte: 'VZÄ, Vollzeitäquivalente, Stellenanteil, Umfang',
    status: 'Status, Besetzung, Stellenstatus',
    validFrom: first,
    validTo: last,
  },
  'holders.csv': { mail: 'E-Mail, E-Mail-Adresse, Mail, Mailadresse', from: first, to: last },
  'gvp.csv': {
    deputyPostNo: 'Vertretung, Vertretungsstelle, Stelle der Vertretung',
    version: 'Stand, Fassung',
  },
};

/** The columns of a table, with the headers that people have for them: those shipped, and HR's own before them. */
export function columnsOf(format: PlanFormat, headers: HeaderMapping): Columns {
  const shipped = Object.entries({ ...required[format], ...optional[format] }).flatMap(([column, names]) =>
    names.split(',').map((name) => [folded(name), column] as const),
  );
  const own = [...headers].map(([header, column]) => [folded(header), column] as const);
  return {
    required: Object.keys(required[format]),
    optional: Object.keys(optional[format]),
    aliases: new Map([...shipped, ...own]),
  };
}

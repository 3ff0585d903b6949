import { escaped, type Language, type Text } from '../../platform/bare.ts';
import { functionName } from '../../responsibility/bare.ts';

/** A person as the demo's sign-in page offers them. */
export interface DemoPerson {
  readonly personKey: string;
  readonly name: string;
  /** Function codes held anywhere today. */
  readonly functions: readonly string[];
}

export interface DemoGroup {
  readonly title: Text;
  readonly people: readonly DemoPerson[];
}

// The first group that fits holds the person: what is rarer stands before what is more common.
const groups: readonly { readonly title: Text; readonly functions: readonly string[] }[] = [
  { title: { de: 'Verwaltungsspitze', en: 'Top management' }, functions: ['LEAD'] },
  { title: { de: 'Personalamt', en: 'Human resources' }, functions: ['HR'] },
  { title: { de: 'Integrationszentrum', en: 'Integration centre' }, functions: ['OPENING_COORD'] },
  { title: { de: 'Audit', en: 'Auditors' }, functions: ['AUDLEAD', 'AUD', 'AUD2'] },
  {
    title: { de: 'Gremien', en: 'Boards and committees' },
    functions: ['BOARD', 'STEERING', 'APPEAL', 'COMMITTEE'],
  },
  {
    title: { de: 'Vertretungen und Beauftragte', en: 'Representations and officers' },
    functions: ['PR', 'GB', 'SBV', 'DSB'],
  },
  { title: { de: 'Dezernate', en: 'Directors' }, functions: ['DEZ'] },
  { title: { de: 'Betrieb und Haushalt', en: 'Operation and budget' }, functions: ['ADMIN', 'FIN'] },
  { title: { de: 'Leitungen von Einheiten', en: 'Heads of units' }, functions: ['HEAD'] },
  { title: { de: 'Zuständige', en: 'People with a competence' }, functions: ['OWNER', 'CONTRIB'] },
  { title: { de: 'Weitere Beschäftigte', en: 'Other staff' }, functions: [] },
];

// The functions that are shown beside a name, the rarest first.
const shownFunctions =
  'LEAD DEZ HR OPENING_COORD AUDLEAD AUD AUD2 BOARD STEERING APPEAL COMMITTEE PR GB SBV DSB FIN ADMIN HEAD OWNER CONTRIB'.split(
    ' ',
  );
const longList = 30;

/** Groups people by what they hold; empty groups are left out. */
export function groupedByRole(people: readonly DemoPerson[]): DemoGroup[] {
  const rest = new Set(people);
  return groups.flatMap(({ title, functions }) => {
    const fitting = [...rest].filter(
      (person) => functions.length === 0 || functions.some((code) => person.functions.includes(code)),
    );
    fitting.forEach((person) => rest.delete(person));
    return fitting.length > 0 ? [{ title, people: fitting }] : [];
  });
}

const words = {
  title: { de: 'Demo-Anmeldung', en: 'Demo sign-in' },
  warning: {
    de: 'DEMO: Alle Personen sind erfunden. Hier meldet man sich ohne Kennwort an; im echten Betrieb gibt es diese Seite nicht.',
    en: 'DEMO: all persons are invented. One signs in here without a password; this page does not exist in real operation.',
  },
  question: { de: 'Als wer möchten Sie sich anmelden?', en: 'Who would you like to sign in as?' },
  cast: { de: 'Empfohlen für den ersten Blick', en: 'Recommended for a first look' },
  empty: {
    de: 'Die Demo-Verwaltung wird gerade geladen. Bitte die Seite in einigen Sekunden neu laden.',
    en: 'The demo administration is being loaded. Please reload this page in a few seconds.',
  },
} as const;

export interface SignInPage {
  readonly language: Language;
  /** Whom README introduces; shown first. */
  readonly cast: readonly DemoPerson[];
  readonly people: readonly DemoPerson[];
}

/** The whole page, without script; every value from outside is escaped. */
export function signInPage({ language, cast, people }: SignInPage): string {
  const say = (text: Text) => escaped(text[language]);
  const all = [{ title: words.cast, people: cast }, ...groupedByRole(people)].filter(
    (group) => group.people.length > 0,
  );
  const body = all.map((group) => section(group, language)).join('\n');
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${say(words.title)} – Offenes Amt</title><link rel="stylesheet" href="/explorer/explorer.css"></head>
<body class="pick"><main>
<p class="demo" role="note">${say(words.warning)}</p>
<h1>${say(words.question)}</h1>
<form method="post">
${body || `<p>${say(words.empty)}</p>`}
</form></main></body></html>`;
}

function section({ title, people }: DemoGroup, language: Language): string {
  const buttons = people.map(({ personKey, name, functions }) => {
    const held = shownFunctions.filter((code) => functions.includes(code));
    const shown = held.map((code) => functionName(code)[language]).join(' · ');
    return `<li><button name="person" value="${escaped(personKey)}">${escaped(name)} <small>${escaped(shown)}</small></button></li>`;
  });
  const open = people.length <= longList ? ' open' : '';
  return `<details${open}><summary>${escaped(title[language])} (${people.length})</summary><ul>${buttons.join('')}</ul></details>`;
}

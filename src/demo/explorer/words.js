// What the page says in the language that was chosen for the answers.
const words = {
  de: {
    questionsFor: 'Abfragen für',
    leadership: 'Leitung',
    hr: 'Personalamt',
    'department-head': 'Amtsleitung',
    auditor: 'Audit',
    centre: 'Koordinierungsstelle',
    language: 'Sprache',
    questions: 'Fertige Abfragen',
    question: 'Abfrage',
    variables: 'Werte',
    answer: 'Antwort',
    run: 'Ausführen',
    running: 'Läuft …',
    nobody: 'Nicht angemeldet',
    signIn: 'Anmelden',
    signInAsOther: 'Person wechseln',
    schema: 'Schema',
    search: 'Im Schema suchen',
    notFound: 'Nichts gefunden.',
    signInForSchema: 'Das Schema erscheint nach der Anmeldung.',
    noJson: 'Die Werte sind kein gültiges JSON.',
    noAnswer: 'Der Server antwortet nicht.',
  },
  en: {
    questionsFor: 'Questions for',
    leadership: 'Top management',
    hr: 'HR office',
    'department-head': 'Head of a department',
    auditor: 'Auditor',
    centre: 'Integration centre',
    language: 'Language',
    questions: 'Ready-made questions',
    question: 'Question',
    variables: 'Values',
    answer: 'Answer',
    run: 'Run',
    running: 'Running …',
    nobody: 'Not signed in',
    signIn: 'Sign in',
    signInAsOther: 'Change person',
    schema: 'Schema',
    search: 'Search the schema',
    notFound: 'Nothing found.',
    signInForSchema: 'The schema appears after signing in.',
    noJson: 'The values are no valid JSON.',
    noAnswer: 'The server does not answer.',
  },
};

export const say = (word) => words[document.documentElement.lang][word];

/** Puts the page's own words into another language. */
export function speak(language) {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll('[data-word]'))
    element.textContent = say(element.dataset.word);
  for (const element of document.querySelectorAll('[data-label]'))
    element.setAttribute('aria-label', say(element.dataset.label));
}

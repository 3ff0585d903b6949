import type { Text } from '../../platform/bare.ts';

export type Severity = 'BLOCKS' | 'WARNS' | 'TELLS';
interface FindingText {
  readonly severity: Severity;
  /** `{unit}`, `{other}` and `{n}` are filled in. */
  readonly says: Text;
  readonly todo: Text;
}

const blocks = (says: Text, todo: Text): FindingText => ({ severity: 'BLOCKS', says, todo });
const warns = (says: Text, todo: Text): FindingText => ({ severity: 'WARNS', says, todo });
const tells = (says: Text, todo: Text): FindingText => ({ severity: 'TELLS', says, todo });

/** Everything a check of a round can find, in the order of the list: what blocks, what warns, what tells. */
const kinds = {
  EDITION_NOT_PUBLISHED: blocks(
    {
      de: 'Die Fassung des Katalogs ist nicht veröffentlicht.',
      en: 'The catalogue edition is not published.',
    },
    {
      de: 'Die Fassung zuerst veröffentlichen (Integrationszentrum).',
      en: 'Publish the edition first (integration centre).',
    },
  ),
  DEFINITION_UNFIT: blocks(
    {
      de: 'Nach diesem Ablauf lässt sich keine Runde führen; er kennt nicht: {other}.',
      en: 'No round can be held by this process definition; it does not know: {other}.',
    },
    {
      de: 'Einen anderen Ablauf wählen, oder die fehlenden Schritte und Merkmale ergänzen (Handbuch, Abläufe).',
      en: 'Choose another process definition, or add the missing steps and tags (manual, process definitions).',
    },
  ),
  PERIOD_OVER: blocks(
    { de: 'Der letzte Tag der Runde ist vorbei.', en: 'The last day of the round has passed.' },
    { de: 'Eine neue Runde mit anderen Tagen anlegen.', en: 'Open a new round with other days.' },
  ),
  NO_UNITS: blocks(
    {
      de: 'Der Geltungsbereich enthält keine Einheit, die bewertet werden kann.',
      en: 'The scope holds no unit that can be rated.',
    },
    { de: 'Einheiten aufnehmen.', en: 'Let units join.' },
  ),
  AUDIT_LEAD_MISSING: blocks(
    { de: 'Keine Auditleitung ist benannt.', en: 'No audit lead is named.' },
    { de: 'Eine Auditleitung benennen.', en: 'Name an audit lead.' },
  ),
  SECOND_AUDITOR_MISSING: blocks(
    {
      de: 'Keine Zweitauditor:in ist benannt; kein Bericht könnte herausgehen.',
      en: 'No second auditor is named; no report could go out.',
    },
    { de: 'Mindestens eine zweite Person benennen.', en: 'Name at least one second person.' },
  ),
  BOARD_INCOMPLETE: blocks(
    { de: 'Entscheidungsgremium: {other}', en: 'Board: {other}' },
    { de: 'Mitglieder, Vorsitz und Beschlussfähigkeit ergänzen.', en: 'Complete members, chair and quorum.' },
  ),
  OPEN_PROCESS_ELSEWHERE: blocks(
    { de: '{unit}: Ein Öffnungsprozess läuft schon.', en: '{unit}: an opening process is already running.' },
    {
      de: 'Ihn zu Ende führen oder die Einheit ausnehmen.',
      en: 'Bring it to its end, or take the unit out.',
    },
  ),
  AUDITOR_NOT_INDEPENDENT: blocks(
    {
      de: '{unit}: Wer hier prüfen soll, gehört inzwischen zur selben Einheit oder Linie.',
      en: '{unit}: whoever should audit here now belongs to the same unit or line.',
    },
    { de: 'Eine andere Person zuteilen.', en: 'Assign somebody else.' },
  ),
  APPEAL_BODY_MISSING: warns(
    { de: 'Keine Einwendungsstelle ist benannt.', en: 'No appeal body is named.' },
    {
      de: 'Personen benennen, die sonst nicht an der Runde beteiligt sind.',
      en: 'Name people who have no other part in the round.',
    },
  ),
  REPRESENTATION_MISSING: warns(
    { de: 'Noch nicht benannt: {other}.', en: 'Not named yet: {other}.' },
    {
      de: 'Benennen; die Unterrichtung wird vor der Bestandsaufnahme bestätigt.',
      en: 'Name them; that they are informed is confirmed before the inventory.',
    },
  ),
  HEAD_MISSING: warns(
    {
      de: '{unit}: Die Leitung ist nicht besetzt; niemand kann das Team benennen oder unterschreiben.',
      en: '{unit}: nobody heads it; nobody can name the team or sign.',
    },
    {
      de: 'Leitung besetzen oder kommissarisch eintragen (Personalamt).',
      en: 'Fill the post or enter an interim head (human resources).',
    },
  ),
  ACCOUNTABLE_MISSING: warns(
    {
      de: '{unit}: Handlungsfelder, für die niemand einsteht: {n}.',
      en: '{unit}: fields of action that nobody is accountable for: {n}.',
    },
    { de: 'Verantwortlichkeit zuweisen (Personalamt).', en: 'Assign accountability (human resources).' },
  ),
  COMPETENT_MISSING: warns(
    {
      de: '{unit}: Kriterien, für die keine Stelle zuständig ist: {n}.',
      en: '{unit}: criteria that no post is competent for: {n}.',
    },
    { de: 'Zuständigkeit zuweisen (Personalamt).', en: 'Assign competence (human resources).' },
  ),
  AUDIT_LEAD_IN_LINE: warns(
    {
      de: '{unit}: Keine Auditleitung steht außerhalb der Einheit und ihrer Linie.',
      en: '{unit}: no audit lead stands outside the unit and its line.',
    },
    {
      de: 'Eine weitere Auditleitung benennen, die hier unabhängig ist.',
      en: 'Name another audit lead who is independent here.',
    },
  ),
  AUDITOR_MISSING: warns(
    { de: '{unit}: Niemand ist als Auditor:in zugeteilt.', en: '{unit}: no auditor is assigned.' },
    { de: 'Vor der Prüfung jemanden zuteilen.', en: 'Assign somebody before the review.' },
  ),
  NO_CRITERIA: warns(
    {
      de: '{unit}: Kein Kriterium trifft auf Ebene und Art zu; es gibt keinen Öffnungsprozess.',
      en: '{unit}: no criterion applies to its level and kind; there is no opening process.',
    },
    {
      de: 'Art und Ebene prüfen oder die Einheit ausnehmen.',
      en: 'Check kind and level, or take the unit out.',
    },
  ),
  HEADCOUNT_UNKNOWN: warns(
    {
      de: '{unit}: Wie viele Menschen hier arbeiten, hat niemand angegeben; bis dahin werden keine Zahlen dazu gezeigt.',
      en: '{unit}: nobody has stated how many people work here; until then its figures are not shown.',
    },
    { de: 'Zahl der Beschäftigten angeben (Personalamt).', en: 'State the head count (human resources).' },
  ),
  SMALL_TEAM_LEFT_OUT: warns(
    {
      de: '{unit} hat weniger als {n} Beschäftigte, und keine Einheit darüber nimmt teil; es wird nicht bewertet.',
      en: '{unit} has fewer than {n} staff and no unit above it takes part; it is not rated.',
    },
    {
      de: 'Die Einheit darüber aufnehmen oder beim Start „einzeln“ wählen.',
      en: 'Let the unit above join, or choose “alone” at the start.',
    },
  ),
  NO_SUCCESSION: tells(
    {
      de: 'Nach diesem Ablauf geht ein Öffnungsprozess nicht auf eine Nachfolgeeinheit über, wenn Einheiten zusammengelegt werden.',
      en: 'By this process definition no opening process goes over to a successor when units are merged.',
    },
    {
      de: 'Nichts, oder einen Ablauf mit diesem Schritt wählen.',
      en: 'Nothing, or choose a process definition with that step.',
    },
  ),
  SMALL_TEAM_WITHIN_SUPERIOR: tells(
    {
      de: '{unit} hat weniger als {n} Beschäftigte und wird in {other} mitbewertet.',
      en: '{unit} has fewer than {n} staff and is rated within {other}.',
    },
    { de: 'Nichts, oder beim Start „einzeln“ wählen.', en: 'Nothing, or choose “alone” at the start.' },
  ),
  FIGURES_HIDDEN: tells(
    {
      de: '{unit} hat weniger als {n} Beschäftigte; Zahlen dazu werden nicht gezeigt.',
      en: '{unit} has fewer than {n} staff; its figures are not shown.',
    },
    { de: 'Nichts; es schützt die Beschäftigten.', en: 'Nothing; it protects the staff.' },
  ),
} as const satisfies Record<string, FindingText>;

export type FindingKind = keyof typeof kinds;

/** One thing that would go wrong, or should be known before a round starts. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly unitId: string | null;
  readonly message: Text;
  readonly whatToDo: Text;
}

export interface FindingDetails {
  readonly unit?: { readonly id: string; readonly name: string };
  readonly other?: Text;
  readonly n?: number;
}

export function finding(kind: FindingKind, { unit, other, n }: FindingDetails = {}): Finding {
  const { severity, says, todo } = kinds[kind];
  const fill = (language: keyof Text) =>
    says[language]
      .replace('{unit}', unit?.name ?? '')
      .replace('{other}', other?.[language] ?? '')
      .replace('{n}', String(n));
  return {
    kind,
    severity,
    unitId: unit?.id ?? null,
    message: { de: fill('de'), en: fill('en') },
    whatToDo: todo,
  };
}

const order = new Map(Object.keys(kinds).map((kind, at) => [kind, at]));

/** What blocks first, then what warns; within a kind as found. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => order.get(a.kind)! - order.get(b.kind)!);
}

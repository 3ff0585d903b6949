import type { Text } from '../../platform/bare.ts';
import type { Calendar, Day } from '../definition/calendar.rules.ts';
import type { Reason } from '../definition/guard.rules.ts';

/** Whose turn it is, in the people's own terms. */
export interface Turn {
  readonly label: Text;
  readonly functionName: Text;
  readonly dueOn: Day | null;
  readonly overdue: boolean;
  readonly holders: readonly { readonly name: string; readonly as: 'HOLDER' | 'DEPUTY' | 'INTERIM' }[];
}

/** What the clock will do if nobody does anything. */
export interface OwnStep {
  readonly step: string;
  readonly label: Text;
  readonly at: Date;
  readonly day: Day;
}

export interface StandstillFacts {
  readonly stageLabel: Text;
  readonly workingDays: number;
  readonly hasEnded: boolean;
  readonly isSuspended: boolean;
  readonly turns: readonly Turn[];
  readonly blocked: readonly { readonly label: Text; readonly reasons: readonly Reason[] }[];
  readonly byItself: readonly OwnStep[];
}

/** Working days that have begun since a day, the day itself left out: 0 on the same day, 1 on the next working day. */
export function workingDaysSince(day: Day, today: Day, calendar: Calendar): number {
  let count = 0;
  for (let next = day; (next = calendar.workingDay(next, 1)) <= today;) count += 1;
  return count;
}

/** The whole answer to "why is this stuck?" in some sentences, the most important first. */
export function summaryOf(standing: StandstillFacts): Text {
  return { de: sentences(standing, german).join(' '), en: sentences(standing, english).join(' ') };
}

function sentences(standing: StandstillFacts, say: Language): string[] {
  const { stageLabel, workingDays, hasEnded, isSuspended, turns, blocked, byItself } = standing;
  const stage = stageLabel[say.language];
  if (hasEnded) return [say.ended(stage)];
  if (isSuspended) return [say.suspended(stage), ...nextOf(byItself, say)];
  return [
    say.since(stage, workingDays),
    ...turns.map((turn) =>
      say.turn(turn.label[say.language], turn.functionName[say.language], people(turn, say), turn.overdue),
    ),
    ...(turns.length === 0 ? [say.nobody] : []),
    ...blocked.map(({ label, reasons }) =>
      say.closed(label[say.language], reasons.map(({ text }) => text[say.language]).join(' ')),
    ),
    ...nextOf(byItself, say),
  ];
}

const people = ({ holders }: Turn, say: Language): string =>
  holders.map(({ name, as }) => `${name}${say.capacity[as]}`).join(', ');

const nextOf = (byItself: readonly OwnStep[], say: Language): string[] =>
  byItself.slice(0, 1).map(({ label, day }) => say.next(label[say.language], say.day(day)));

interface Language {
  readonly language: keyof Text;
  readonly capacity: Readonly<Record<'HOLDER' | 'DEPUTY' | 'INTERIM', string>>;
  readonly nobody: string;
  ended(stage: string): string;
  suspended(stage: string): string;
  since(stage: string, days: number): string;
  turn(label: string, who: string, names: string, overdue: boolean): string;
  closed(label: string, reasons: string): string;
  next(label: string, day: string): string;
  day(day: Day): string;
}

const german: Language = {
  language: 'de',
  capacity: { HOLDER: '', DEPUTY: ' (Vertretung)', INTERIM: ' (kommissarisch)' },
  nobody: 'Derzeit ist niemand am Zug.',
  ended: (stage) => `Der Vorgang ist beendet („${stage}“).`,
  suspended: (stage) => `Der Vorgang ist ausgesetzt („${stage}“).`,
  since: (stage, days) => `Seit ${days} ${days === 1 ? 'Arbeitstag' : 'Arbeitstagen'} im Zustand „${stage}“.`,
  turn: (label, who, names, overdue) =>
    `Am Zug: „${label}“ (${who}: ${names || 'nicht besetzt'})${overdue ? ', die Frist ist verstrichen' : ''}.`,
  closed: (label, reasons) => `„${label}“ ist noch nicht möglich: ${reasons}`,
  next: (label, day) => `Von selbst geschieht als Nächstes: „${label}“ mit Ablauf des ${day}.`,
  day: (day) => day.split('-').reverse().join('.'),
};

const english: Language = {
  language: 'en',
  capacity: { HOLDER: '', DEPUTY: ' (deputy)', INTERIM: ' (interim)' },
  nobody: 'At present it is nobody’s turn.',
  ended: (stage) => `The process has ended (“${stage}”).`,
  suspended: (stage) => `The process is suspended (“${stage}”).`,
  since: (stage, days) => `In the state “${stage}” for ${days} working ${days === 1 ? 'day' : 'days'}.`,
  turn: (label, who, names, overdue) =>
    `Waiting for: “${label}” (${who}: ${names || 'nobody holds it'})${overdue ? ', past its date' : ''}.`,
  closed: (label, reasons) => `“${label}” is not possible yet: ${reasons}`,
  next: (label, day) => `What happens by itself next: “${label}” at the end of ${day}.`,
  day: (day) => day,
};

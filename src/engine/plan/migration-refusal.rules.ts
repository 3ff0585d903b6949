import { refuse, type Refusal, type Text, notPossible } from '../../platform/bare.ts';
import type { Migration } from './migration.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';

const no = (message: Text) => notPossible(null, message);

const otherDefinition = no({
  de: 'Der Vorgang läuft nicht nach dem alten Ablauf.',
  en: 'The process does not run by the old definition.',
});
const ended = no({ de: 'Der Vorgang ist beendet.', en: 'The process has ended.' });
const sleepsOn = no({
  de: 'Der Vorgang ruht, und der neue Ablauf kann ihn nicht fortsetzen.',
  en: 'The process rests, and the new definition could not resume it.',
});
const noPlace = no({
  de: 'Der Plan hat für diesen Stand keinen Platz.',
  en: 'The plan has no place for where it stands.',
});
export const notMoved = no({
  de: 'Dieser Lauf hat den Vorgang nicht umgestellt.',
  en: 'This run did not move the process.',
});
export const acted = no({
  de: 'Seit der Umstellung ist etwas geschehen; sie lässt sich hier nicht mehr zurücknehmen.',
  en: 'Something happened since the migration; it cannot be taken back here any more.',
});

export const notEntitled = refuse('NotAllowed', {
  de: 'Wer den Lauf begonnen hat, darf laufende Vorgänge nicht mehr umstellen; der Rest bleibt, wie er ist.',
  en: 'Whoever began the run may no longer migrate running processes; the rest stays as it is.',
});

/** Why a process cannot move by this plan. */
export function refuseMigration(migration: Migration, process: ProcessRow): Refusal | undefined {
  const { plan, to } = migration;
  if (process.definitionId !== plan.from) return otherDefinition;
  if (process.status === 'FINISHED') return ended;
  const { steps } = to.chart.definition;
  const canResume = Object.values(steps).some(({ does }) => does === 'resume');
  if (process.suspendedAt && !canResume) return sleepsOn;
  return 'faults' in migration.place(process.states) ? noPlace : undefined;
}

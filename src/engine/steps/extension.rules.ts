import { howMany, plusDays, refuseFaults, type Text } from '../../platform/bare.ts';
import type { Calendar, Day } from '../definition/calendar.rules.ts';
import type { Chart } from '../definition/chart.rules.ts';
import { begun, firstLength, type StartedClock } from './clock.rules.ts';
import { shownDay } from '../definition/day.rules.ts';
import type { StepRefusal } from './refusals.rules.ts';

/** How a deadline is put off: somebody asks, somebody else grants or refuses (ADR 0043). */

/** Why nobody can ask to put this deadline off now; undefined: somebody can. */
export function whyNotExtendable(chart: Chart, { name, askedUntil, extended = 0 }: StartedClock) {
  const { label, extendable } = chart.definition.deadlines[name]!;
  if (!extendable) return says(label, 'kann nicht verlängert werden', 'cannot be extended');
  if (askedUntil)
    return says(
      label,
      `soll schon bis ${shownDay(askedUntil, 'de')} verlängert werden; darüber ist noch nicht entschieden`,
      `is asked to be extended until ${shownDay(askedUntil, 'en')} already; that is not decided yet`,
    );
  if (extended < extendable.most) return undefined;
  return says(
    label,
    `ist schon ${howMany(extended, 'einmal', 'Mal')} verlängert worden, öfter geht es nicht`,
    `was extended ${howMany(extended, 'once', 'times')} already, which is the most`,
  );
}

const says = (label: Text, de: string, en: string): Text => ({
  de: `Die Frist „${label.de}“ ${de}.`,
  en: `The deadline “${label.en}” ${en}.`,
});

/** The request, noted at its deadline until somebody decides. A day off is the next working day. */
export function requested(
  chart: Chart,
  clock: StartedClock,
  until: Day,
  seq: number,
  calendar: Calendar,
  today: Day,
): StartedClock | StepRefusal {
  const { percent } = chart.definition.deadlines[clock.name]!.extendable!;
  const days = Math.floor((firstLength(chart, clock, calendar) * percent) / 100);
  const latest = plusDays(clock.dueOn, days);
  const after = clock.dueOn < today ? today : clock.dueOn;
  if (until > after && until <= latest)
    return { ...clock, askedSeq: seq, askedUntil: calendar.dueOn(until, { days: 0 }) };
  const message: Text = {
    de: `Höchstens ${percent} % der ersten Dauer: ein Tag nach dem ${shownDay(after, 'de')} bis zum ${shownDay(latest, 'de')}.`,
    en: `At most ${percent} % of the first length: a day after ${shownDay(after, 'en')} until ${shownDay(latest, 'en')}.`,
  };
  return refuseFaults([{ path: 'payload.until', message }])!;
}

export function granted(chart: Chart, clock: StartedClock, calendar: Calendar, today: Day): StartedClock {
  const { firstDueOn = clock.dueOn, extended = 0, askedUntil } = clock;
  const kept = { ...unasked(clock), firstDueOn, extended: extended + 1 };
  return begun(chart, kept, askedUntil!, calendar, today);
}

export function unasked({ askedSeq: _seq, askedUntil: _until, ...clock }: StartedClock): StartedClock {
  return clock;
}

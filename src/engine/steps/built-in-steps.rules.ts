import { plusDays, refuseFaults, type Json, type Text } from '../../platform/bare.ts';
import type { Calendar, Day } from '../definition/calendar.rules.ts';
import type { Chart } from '../definition/chart.rules.ts';
import { SUSPENSION, type Clocks, type StartedClock } from './clock.rules.ts';
import { shownDay } from '../definition/day.rules.ts';
import type { BuiltInStep, Step } from '../definition/definition.rules.ts';
import { granted, requested, unasked, whyNotExtendable } from './extension.rules.ts';
import type { Payload } from '../definition/payload.rules.ts';
import { functionList, type NameOf } from '../machine/function-names.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { refuseAct, type StepRefusal } from './refusals.rules.ts';
import { paused, resumed } from './rest.rules.ts';

/** What a built-in step looks at beside the process: its clocks, and the functions with open tasks. */
export interface Situation {
  readonly clocks: readonly StartedClock[];
  readonly waiting: readonly string[];
  /** Functions that this process reminded by hand today. */
  readonly reminded: ReadonlySet<string>;
  readonly nameOf: NameOf;
  /**
   * Looked up for a reminder: by function, who holds it here and was not reminded by hand today, here or elsewhere
   * (posts, or persons without one). A function that nobody holds is left out.
   */
  readonly reach?: ReadonlyMap<string, readonly string[]>;
}

/** Since when a process rests, and until the end of which day. */
export interface Rest {
  readonly at: Date;
  readonly on: Day;
  readonly until: Day;
}

/** What it comes to. */
export interface BuiltInOutcome {
  readonly clocks: Clocks;
  /** The process rests from now on; null: it goes on; absent: no change. */
  readonly rest?: Rest | null;
  /** Told instead of what the step names. */
  readonly notices?: readonly { readonly kind: string; readonly body: Json }[];
  /** Posts, or persons without one, that are reminded by hand with it. */
  readonly reminds?: readonly string[];
  /** What the log keeps of it. */
  readonly record?: Json;
}

/** When and by whose calendar. */
export interface Moment {
  readonly at: Date;
  readonly today: Day;
  readonly calendar: Calendar;
}

/** Whether people see the built-in step among the possible steps: that which has no object is not shown. */
export function isOffered(
  builtIn: BuiltInStep,
  { suspendedAt }: ProcessRow,
  { clocks, waiting }: Situation,
  chart: Chart,
) {
  if (builtIn === 'resume') return suspendedAt !== null;
  if (builtIn === 'suspend') return suspendedAt === null;
  if (builtIn === 'remind') return waiting.length > 0;
  if (builtIn === 'requestExtension')
    return clocks.some(({ name }) => chart.definition.deadlines[name]?.extendable);
  return clocks.some(({ askedUntil }) => askedUntil);
}

/** Why the built-in step is closed whatever comes with it; undefined: it is open. */
export function whyNot(
  chart: Chart,
  builtIn: BuiltInStep,
  situation: Situation,
  today: Day,
): Text | undefined {
  const { clocks, waiting } = situation;
  if (builtIn === 'requestExtension') {
    const open = clocks.filter(({ name }) => chart.definition.deadlines[name]?.extendable);
    if (open.some((clock) => !whyNotExtendable(chart, clock))) return undefined;
    return open.length > 0 ? whyNotExtendable(chart, open[0]!) : nothingToExtend;
  }
  if (builtIn === 'grantExtension' || builtIn === 'refuseExtension')
    return clocks.some(({ askedUntil }) => askedUntil) ? undefined : nobodyAsked;
  if (builtIn !== 'remind') return undefined;
  if (waiting.length === 0) return nobodyToRemind;
  const codes = reachable(situation);
  return codes.every((code) => isReminded(situation, code))
    ? remindedToday(codes, today, situation.nameOf)
    : undefined;
}

/** The functions that a reminder goes to: those with open tasks, and whom its step names beside them. */
const reachable = ({ waiting, reach }: Situation): readonly string[] =>
  reach ? [...new Set([...waiting, ...reach.keys()])] : waiting;

/** A post is reminded by hand once a day; of a function that nobody holds, its process remembers. */
const isReminded = ({ reminded, reach }: Situation, code: string): boolean => {
  const left = reach?.get(code);
  return left ? left.length === 0 : reminded.has(code);
};

const nothingToExtend: Text = {
  de: 'Gerade läuft keine Frist, die verlängert werden kann.',
  en: 'No deadline that can be extended is running now.',
};
const nobodyAsked: Text = {
  de: 'Es ist keine Fristverlängerung beantragt.',
  en: 'No extension of a deadline is asked for.',
};
const nobodyToRemind: Text = {
  de: 'Gerade ist keine Aufgabe offen, an die erinnert werden könnte.',
  en: 'No task is open of which anybody could be reminded.',
};
const remindedToday = (codes: readonly string[], today: Day, nameOf: NameOf): Text => {
  const next = plusDays(today, 1);
  const who = functionList(codes, nameOf);
  return {
    de: `${who.de}: heute schon erinnert, hier oder in einem anderen Vorgang. Wieder möglich ab ${shownDay(next, 'de')}.`,
    en: `${who.en}: reminded today already, here or in another process. Possible again from ${shownDay(next, 'en')}.`,
  };
};

/** Does it, or says why not. What the guard asks is judged before. */
export function perform(
  chart: Chart,
  { does, notices }: Step,
  process: ProcessRow,
  payload: Payload,
  situation: Situation,
  moment: Moment,
): BuiltInOutcome | StepRefusal {
  const builtIn = does!;
  const no = whyNot(chart, builtIn, situation, moment.today);
  if (no) return refuseAct(process, no);
  const { calendar, today } = moment;
  if (builtIn === 'suspend') return suspend(chart, payload, situation, moment);
  if (builtIn === 'resume') return { clocks: resumed(chart, situation.clocks, calendar, today), rest: null };
  if (builtIn === 'remind') return remind(process, payload, situation, moment, notices?.[0]?.notice);
  const clock = situation.clocks.find(({ name }) => name === payload.deadline);
  if (!clock || clock.name === SUSPENSION) return refuseAct(process, notRunning(chart, payload.deadline));
  if (builtIn === 'requestExtension') {
    const closed = whyNotExtendable(chart, clock);
    if (closed) return refuseAct(process, closed);
    const asked = requested(chart, clock, String(payload.until), process.version + 1, calendar, today);
    return '__typename' in asked ? asked : changed(asked);
  }
  if (!clock.askedUntil) return refuseAct(process, nobodyAsked);
  return changed(builtIn === 'grantExtension' ? granted(chart, clock, calendar, today) : unasked(clock));
}

const changed = (clock: StartedClock): BuiltInOutcome => ({
  clocks: { stopped: [clock.name], started: [clock] },
});

function notRunning({ definition }: Chart, name: unknown): Text {
  const label =
    Object.hasOwn(definition.deadlines, String(name)) && definition.deadlines[String(name)]!.label;
  return {
    de: `Die Frist „${label ? label.de : String(name)}“ läuft gerade nicht.`,
    en: `The deadline “${label ? label.en : String(name)}” is not running now.`,
  };
}

function suspend(
  chart: Chart,
  payload: Payload,
  { clocks }: Situation,
  { at, today, calendar }: Moment,
): BuiltInOutcome | StepRefusal {
  const until = String(payload.until);
  const latest = calendar.lastDay(today, chart.definition.suspension!.longest);
  if (until > today && until <= latest)
    return { clocks: paused(chart, clocks, calendar, today, until), rest: { at, on: today, until } };
  const message: Text = {
    de: `Ein Tag nach heute und spätestens der ${shownDay(latest, 'de')} erwartet.`,
    en: `A day after today and not later than ${shownDay(latest, 'en')} expected.`,
  };
  return refuseFaults([{ path: 'payload.until', message }])!;
}

function remind(
  process: ProcessRow,
  { function: only }: Payload,
  situation: Situation,
  { today }: Moment,
  kind = 'reminder',
): BuiltInOutcome | StepRefusal {
  const { waiting, reach } = situation;
  const asked = only === undefined ? reachable(situation) : waiting.filter((code) => code === only);
  if (asked.length === 0) return refuseAct(process, noTaskOf(String(only), situation.nameOf));
  const to = asked.filter((code) => !isReminded(situation, code));
  if (to.length === 0) return refuseAct(process, remindedToday(asked, today, situation.nameOf));
  return {
    clocks: { started: [], stopped: [] },
    notices: [{ kind, body: { to } }],
    reminds: [...new Set(to.flatMap((code) => reach?.get(code) ?? []))],
    record: { effect: REMINDED, to },
  };
}

const noTaskOf = (code: string, nameOf: NameOf): Text => ({
  de: `Gerade wartet hier keine Aufgabe auf: ${nameOf(code).de}.`,
  en: `No task waits here now for: ${nameOf(code).en}.`,
});

/** How the log names who was reminded by hand. */
export const REMINDED = '$reminded';

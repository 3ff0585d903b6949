import type { Beside, Story, Way, WayStep } from './story.ts';
import { dayIn, daysBetween, plusDays, plusMonths } from '../../platform/bare.ts';

const dayMs = 86_400_000;
const workStartsAt = 8 * 60; // minutes after midnight, UTC
const workMinutes = 7 * 60;

/** The calendar day of an instant where the demo administration lives. */
export const dayOf = (at: Date): string => dayIn('Europe/Berlin', at);

/** The instant that a relative date such as P-30M, P-6W or P-20D means, counted from the first start. */
export function instantOf(relative: string, start: Date): Date {
  const [, sign, amount, unit] = /^P(-?)(\d+)([MWD])$/.exec(relative) ?? [];
  if (!unit) throw new Error(`${relative} is no relative date such as P-30M`);
  const n = Number(amount) * (sign ? -1 : 1);
  const today = dayOf(start);
  const day = unit === 'M' ? plusMonths(today, n) : plusDays(today, n * (unit === 'W' ? 7 : 1));
  const at = new Date(start.getTime() + daysBetween(today, day) * dayMs);
  // Near midnight a change of the clock in between moves it to the day beside.
  return new Date(at.getTime() + daysBetween(dayOf(at), day) * dayMs);
}

/** The step that leads into a state. */
const stepInto: Record<string, WayStep | undefined> = {
  'preparation.commissioned': undefined,
  'preparation.teamNamed': 'NAME_TEAM',
  'preparation.kickedOff': 'CONFIRM_SCOPE',
  'inventory.selfAssessment': 'OPEN_SELF_ASSESSMENT',
  'inventory.consensus': 'CLOSE_RATINGS',
  'inventory.submitted': 'SIGN_OFF',
  'review.desk': 'ACCEPT_SUBMISSION',
  'review.evidencePending': 'REQUEST_EVIDENCE',
  'review.siteVisit': 'SCHEDULE_VISIT',
  'review.draftReport': 'VISIT_DONE',
  'review.commentPeriod': 'SEND_DRAFT',
  'review.finalReport': 'ACCEPT_DRAFT',
  'targets.drafting': 'PUBLISH_REPORT',
  'targets.coSign': 'SUBMIT_TARGETS',
  'targets.approval': 'CO_SIGN',
  'implementation.running': 'APPROVE_TARGETS',
  'implementation.interimReport': 'APPROVE_TARGETS',
  'implementation.interimCheck': 'SUBMIT_INTERIM',
  finalReview: 'REQUEST_FINAL_REVIEW',
  'decision.pending': 'RECOMMEND',
  'recognised.full': 'VOTE',
  'recognised.conditional': 'VOTE',
  refused: 'VOTE',
};

/** What a detour puts in after which step; the way then goes on from there. */
const detours: Record<string, { after: WayStep; steps: readonly WayStep[] }> = {
  RETURN_INCOMPLETE: { after: 'SIGN_OFF', steps: ['RETURN_INCOMPLETE', 'CLOSE_RATINGS', 'SIGN_OFF'] },
  REQUEST_EVIDENCE: { after: 'ACCEPT_SUBMISSION', steps: ['REQUEST_EVIDENCE', 'EVIDENCE_PROVIDED'] },
  OBJECT_TARGETS: { after: 'SUBMIT_TARGETS', steps: ['OBJECT_TARGETS', 'SUBMIT_TARGETS'] },
  REJECT_TARGETS: { after: 'CO_SIGN', steps: ['REJECT_TARGETS', 'SUBMIT_TARGETS', 'CO_SIGN'] },
  SUBMIT_INTERIM: { after: 'APPROVE_TARGETS', steps: ['SUBMIT_INTERIM'] },
  CONFIRM: { after: 'APPROVE_TARGETS', steps: ['SUBMIT_INTERIM', 'CONFIRM'] },
};

/** Where detours land, for the ways that stop there. */
const lands: Record<WayStep, string> = {
  RETURN_INCOMPLETE: 'inventory.selfAssessment',
  EVIDENCE_PROVIDED: 'review.desk',
  OBJECT_TARGETS: 'targets.drafting',
  REJECT_TARGETS: 'targets.drafting',
  CONFIRM: 'implementation.running',
};

/** The steps of a way in order, detours put in where they belong. */
export function stepsOf(way: Way, course: readonly WayStep[]): WayStep[] {
  const state = way.cutAt ?? way.reached;
  const stopsAfter = way.after && lands[way.after] === state ? way.after : undefined;
  const last = stopsAfter ?? stepInto[state];
  const wanted = new Set([
    ...(way.detours ?? []),
    ...[way.after, last].filter((step) => step && detours[step]),
  ]);
  if (way.after === 'EVIDENCE_PROVIDED') wanted.add('REQUEST_EVIDENCE');
  let steps = answered(course, wanted.has('COMMENT'));
  for (const name of wanted) {
    const detour = detours[name!];
    if (detour) steps = steps.flatMap((step) => (step === detour.after ? [step, ...detour.steps] : [step]));
  }
  const end = stopsAfter
    ? steps.indexOf(stopsAfter)
    : last
      ? steps.lastIndexOf(named(last, wanted.has('COMMENT')))
      : -1;
  return [
    ...steps.slice(0, end + 1),
    ...(way.via ? ['CONDITIONS_MET'] : []),
    ...(way.cutAt ? ['CANCEL'] : []),
  ];
}

/** Heads either accept a draft or comment on it. */
const named = (step: WayStep, comments: boolean) => (comments && step === 'ACCEPT_DRAFT' ? 'COMMENT' : step);
const answered = (course: readonly WayStep[], comments: boolean) =>
  course.map((step) => named(step, comments));

export interface Scheduled {
  readonly step: WayStep;
  readonly at: Date;
  /** Set where the step stands beside the course. */
  readonly beside?: Beside;
}

/**
 * When each step of a way was taken. A way names some moments; between them the steps are spread in the proportions
 * of their usual durations, and after the last one they follow at their usual pace.
 */
export function schedule(way: Way, story: Story, start: Date): Scheduled[] {
  const steps = stepsOf(way, story.course);
  const days = (step: WayStep) => story.durations[step] ?? 7;
  const named = new Map(Object.entries(way.at ?? {}).map(([step, at]) => [step, instantOf(at, start)]));
  const fixed = steps.map((step, i) => (steps.indexOf(step, i + 1) === -1 ? named.get(step) : undefined));
  const result: Scheduled[] = [];
  let from = instantOf(way.from, start).getTime();
  for (let i = 0; i < steps.length;) {
    const next = fixed.findIndex((at, k) => k >= i && at);
    const until = next === -1 ? steps.length - 1 : next;
    const total = steps.slice(i, until + 1).reduce((sum, step) => sum + days(step), 0);
    const span =
      next === -1 ? Math.min(total * dayMs, start.getTime() - from - dayMs) : fixed[next]!.getTime() - from;
    let passed = 0;
    for (; i <= until; i++) {
      passed += days(steps[i]!);
      result.push({ step: steps[i]!, at: inOfficeHours(from + (span * passed) / total, way.units[0]!, i) });
    }
    from = result.at(-1)!.at.getTime();
  }
  const besides = (way.besides ?? []).map((beside, i) => ({
    step: beside.step,
    at: inOfficeHours(instantOf(beside.at, start).getTime(), way.units[0]!, steps.length + i),
    beside,
  }));
  return [...inTime(result, (i) => fixed[i] !== undefined, days), ...besides].sort((a, b) => +a.at - +b.at);
}

const relative = /^P-?\d+[MWD]$/;

/** What comes with a step beside the course: relative dates become days, codes of criteria their ids. */
export function payloadOf(
  { payload }: Beside,
  start: Date,
  idOf: (code: string) => string | undefined,
): Record<string, unknown> | undefined {
  if (!payload) return undefined;
  const entries = Object.entries(payload).map(([name, value]) => {
    if (typeof value === 'string' && relative.test(value)) return [name, dayOf(instantOf(value, start))];
    return [name, name === 'criteria' ? (value as string[]).map((code) => idOf(code)) : value];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** Answers that the process would not wait for: they follow what they answer at their usual pace. */
const answers: readonly WayStep[] = ['ACCEPT_DRAFT', 'COMMENT', 'EVIDENCE_PROVIDED'];

function inTime(
  steps: Scheduled[],
  isNamed: (i: number) => boolean,
  days: (step: WayStep) => number,
): Scheduled[] {
  return steps.map((taken, i) => {
    const [next, before] = [steps[i + 1], steps[i - 1]];
    const pace = (step: WayStep) => days(step) * dayMs;
    if (next && answers.includes(next.step) && isNamed(i + 1))
      return { ...taken, at: new Date(Math.max(+taken.at, +next.at - pace(next.step))) };
    if (before && answers.includes(taken.step) && !isNamed(i))
      return { ...taken, at: new Date(Math.min(+taken.at, +before.at + pace(taken.step))) };
    return taken;
  });
}

/** The same day at an hour when offices work, a little different for each unit and step so that nothing collides. */
function inOfficeHours(time: number, unit: string, step: number): Date {
  const day = Date.parse(dayOf(new Date(time)));
  const spread = Buffer.from(unit).reduce((sum, byte) => sum * 31 + byte, step * 37) % workMinutes;
  return new Date(day + (workStartsAt + spread) * 60_000);
}

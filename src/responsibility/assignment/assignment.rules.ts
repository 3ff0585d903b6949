import type { Kind, Wanted } from './assignment-rule.rules.ts';

/** How far an assignment has come. That it is active, dormant or over follows from day and holders, and is never stored. */
export const stages = ['PROPOSED', 'ACCEPTED', 'DECLINED', 'CONFIRMED'] as const;
export type Stage = (typeof stages)[number];

/** Why a holder declines or hands back. A closed list: absence and health are never a reason that is stored. */
export const declineReasons = [
  'NOT_MY_TASK',
  'NO_CAPACITY',
  'CONFLICT_OF_INTEREST',
  'LACKS_AUTHORITY',
  'WRONG_UNIT',
] as const;
export type DeclineReason = (typeof declineReasons)[number];
/** Why an assignment ended. */
export type EndReason = DeclineReason | 'REPLACED' | 'ENDED_BY_HR' | 'RULE_ENDED' | 'ORG_CHANGE';

/**
 * One line of the register: a post, for some criteria (or fields) of one unit, for a period. Lines are never changed:
 * a step retracts the line and writes its successors under the same `assignmentId`; what is split off gets a new one.
 */
export interface Draft {
  /** Null: a new assignment, numbered when it is written. */
  readonly assignmentId: string | null;
  readonly kind: Kind;
  readonly unitId: string;
  /** The catalogue's key: its codes mean the same through all editions, so assignments outlive an edition. */
  readonly catalogue: string;
  readonly subjects: readonly string[];
  readonly postId: string;
  /** Null: a single assignment, an exception that beats every rule. */
  readonly ruleId: string | null;
  readonly stage: Stage;
  readonly validFrom: string;
  readonly validUntil: string | null;
  readonly proposedBy: string | null;
  readonly acceptedBy: string | null;
  readonly confirmedBy: string | null;
  readonly reason: EndReason | null;
  /** Why the same person carries out and answers for it, if so. */
  readonly rationale: string | null;
}
export interface Line extends Draft {
  readonly id: string;
  readonly assignmentId: string;
}
type Lines = readonly Draft[];

export interface Change {
  readonly retract: readonly string[];
  readonly write: Lines;
}

/** What has to be written so that `after` stands where `before` stood. Lines that stayed are the same objects. */
export function changeBetween(before: readonly Line[], after: Lines): Change {
  const stayed = new Set<Draft>(after);
  const stood = new Set<Draft>(before);
  return {
    retract: before.filter((line) => !stayed.has(line)).map(({ id }) => id),
    write: after.filter((line) => !stood.has(line)),
  };
}

/** Which lines, and of them which subjects; no subjects means all. */
export interface Choice {
  readonly assignmentIds: ReadonlySet<string>;
  readonly subjects?: readonly string[];
}

/** The holder's yes or no to what is proposed. Undivided lines stay as they are. */
export function answered(
  lines: Lines,
  choice: Choice,
  answer: { readonly accepted: boolean; readonly by: string; readonly reason?: DeclineReason },
): Lines {
  return lines.flatMap((line) => {
    const [mine, rest] = line.stage === 'PROPOSED' ? divided(line, choice) : [undefined, line];
    if (!mine) return [line];
    const said: Draft = answer.accepted
      ? { ...mine, stage: 'ACCEPTED', acceptedBy: answer.by }
      : { ...mine, stage: 'DECLINED', reason: answer.reason ?? null };
    return rest ? [said, rest] : [said];
  });
}

/** The second person in HR says yes: from its first day the line holds, and what it replaces ends there. */
export function confirmed(lines: Lines, choice: Choice, by: string): Lines {
  return [...Map.groupBy(lines, ({ unitId }) => unitId).values()].flatMap((ofUnit) =>
    confirmedInUnit(ofUnit, choice, by),
  );
}

function confirmedInUnit(lines: Lines, choice: Choice, by: string): Lines {
  let register = lines;
  for (const line of lines) {
    const [mine, rest] = line.stage === 'ACCEPTED' ? divided(line, choice) : [undefined, line];
    if (!mine) continue;
    const active: Draft = { ...mine, stage: 'CONFIRMED', confirmedBy: by };
    const others = register.filter((one) => one !== line).flatMap((one) => madeWayFor(active, one));
    register = rest ? [...others, active, rest] : [...others, active];
  }
  return register;
}

/** Ends what is chosen on a day: the first day on which it no longer holds. What never held is withdrawn. */
export function ended(lines: Lines, choice: Choice, on: string, reason: EndReason): Lines {
  return lines.flatMap((line) => {
    const [mine, rest] = divided(line, choice);
    if (!mine) return [line];
    const left = rest ? [rest] : [];
    return mine.stage === 'CONFIRMED' ? [...left, ...cut(mine, on, reason)] : left;
  });
}

/** What of an older line is left when `active` takes some of its subjects for its period. */
function madeWayFor(active: Draft, older: Draft): Lines {
  if (older.stage !== 'CONFIRMED' || !speakOfTheSame(active, older) || !overlap(active, older))
    return [older];
  const [taken, kept] = parted(older, active.subjects);
  if (!taken) return [older];
  const before = cut(taken, active.validFrom, 'REPLACED');
  const after =
    active.validUntil !== null && startsBefore(active.validUntil, older.validUntil)
      ? [{ ...taken, assignmentId: null, validFrom: active.validUntil }]
      : [];
  return [...(kept ? [kept] : []), ...before, ...after];
}

function divided(line: Draft, { assignmentIds, subjects }: Choice): [Draft | undefined, Draft | undefined] {
  if (line.assignmentId === null || !assignmentIds.has(line.assignmentId)) return [undefined, line];
  return subjects ? parted(line, subjects) : [line, undefined];
}

/** The part of a line that concerns these subjects, and the rest. The part keeps the number only if there is no rest. */
function parted(line: Draft, subjects: readonly string[]): [Draft | undefined, Draft | undefined] {
  const wanted = new Set(subjects);
  const mine = line.subjects.filter((one) => wanted.has(one));
  if (mine.length === 0) return [undefined, line];
  if (mine.length === line.subjects.length) return [line, undefined];
  const rest = line.subjects.filter((one) => !wanted.has(one));
  return [
    { ...line, assignmentId: null, subjects: mine },
    { ...line, subjects: rest },
  ];
}

function cut(line: Draft, on: string, reason: EndReason): Lines {
  if (on <= line.validFrom) return [];
  if (!startsBefore(on, line.validUntil)) return [line];
  return [{ ...line, validUntil: on, reason }];
}

const speakOfTheSame = (a: Draft, b: Draft): boolean =>
  a.unitId === b.unitId && a.kind === b.kind && a.catalogue === b.catalogue;
const startsBefore = (day: string, until: string | null): boolean => until === null || day < until;
const overlap = (a: Draft, b: Draft): boolean =>
  startsBefore(a.validFrom, b.validUntil) && startsBefore(b.validFrom, a.validUntil);

export const outcomes = ['NEW', 'CHANGED', 'OVERRIDDEN', 'UNCHANGED', 'WITHOUT_POST'] as const;
/** What a rule does to one criterion or field of one unit. */
export type RuleOutcome = (typeof outcomes)[number];

export interface RuleEffect extends Wanted {
  readonly outcome: RuleOutcome;
  /** The post that stands there now, if any. */
  readonly standing: string | null;
}

/** What applying a rule would do to every criterion and field it speaks of. `wanted` is what all rules want together. */
export function effectsOf(
  ruleId: string,
  spokenOf: readonly Wanted[],
  wanted: readonly Wanted[],
  lines: Lines,
): RuleEffect[] {
  const winner = new Map(wanted.map((one) => [slotOf(one, one.subject), one]));
  const standing = latestBySlot(lines);
  return spokenOf.map((mine) => {
    const slot = slotOf(mine, mine.subject);
    const there = standing.get(slot);
    return {
      ...mine,
      standing: there?.postId ?? null,
      outcome: outcomeOf(ruleId, mine, winner.get(slot), there),
    };
  });
}

function outcomeOf(
  ruleId: string | null,
  mine: Wanted,
  winner: Wanted | undefined,
  there: Draft | undefined,
): RuleOutcome {
  if (winner?.ruleId !== ruleId || there?.ruleId === null) return 'OVERRIDDEN';
  if (mine.postId === null) return 'WITHOUT_POST';
  if (!there) return 'NEW';
  return there.postId === mine.postId ? 'UNCHANGED' : 'CHANGED';
}

/**
 * What the rules in force owe some units after the plan has changed. What a holder declined is not proposed to the same
 * post again of itself; a person has to propose it.
 */
export function owed(wanted: readonly Wanted[], lines: Lines): RuleEffect[] {
  const declined = new Set(
    lines
      .filter(({ stage }) => stage === 'DECLINED')
      .flatMap((line) => line.subjects.map((subject) => `${slotOf(line, subject)} ${line.postId}`)),
  );
  const standing = latestBySlot(lines);
  return wanted
    .filter((one) => !declined.has(`${slotOf(one, one.subject)} ${one.postId}`))
    .map((one) => {
      const there = standing.get(slotOf(one, one.subject));
      return { ...one, standing: there?.postId ?? null, outcome: outcomeOf(one.ruleId, one, one, there) };
    });
}

/** The line that speaks for a slot: a proposal under way before what holds today, what was declined never. */
function latestBySlot(lines: Lines): Map<string, Draft> {
  const bySlot = new Map<string, Draft>();
  const live = lines.filter(({ stage }) => stage !== 'DECLINED');
  for (const line of [...live.filter(isConfirmed), ...live.filter((one) => !isConfirmed(one))])
    for (const subject of line.subjects) {
      const slot = slotOf(line, subject);
      if (bySlot.get(slot)?.ruleId !== null) bySlot.set(slot, line);
    }
  return bySlot;
}

const isConfirmed = ({ stage }: Draft): boolean => stage === 'CONFIRMED';
const slotOf = ({ unitId, kind }: { unitId: string; kind: Kind }, subject: string): string =>
  `${unitId} ${kind} ${subject}`;

/** What a proposal says beside who and what: how long, and why one person may do both. */
export interface Terms {
  readonly validUntil: string | null;
  readonly rationale: string | null;
}
export interface Proposal {
  readonly catalogue: string;
  readonly validFrom: string;
  readonly by: string | null;
  /** The terms of the rule a proposal comes from; null is a single assignment. */
  readonly termsOf: (ruleId: string | null) => Terms;
}

/**
 * Proposals for what is new or changed, one line per unit, kind, post and rule. A proposal under way that it replaces
 * is withdrawn; what holds today stays until the new one is confirmed.
 */
export function proposed(lines: Lines, effects: readonly RuleEffect[], proposal: Proposal): Lines {
  const due = effects.filter(({ outcome }) => outcome === 'NEW' || outcome === 'CHANGED');
  const slots = new Set(due.map((one) => slotOf(one, one.subject)));
  const left = lines.flatMap((line) => {
    if (line.stage === 'CONFIRMED') return [line];
    const replaced = line.subjects.filter((subject) => slots.has(slotOf(line, subject)));
    const [, rest] = parted(line, replaced);
    return rest ? [rest] : [];
  });
  return [...left, ...draftsFor(due, proposal)];
}

function draftsFor(due: readonly RuleEffect[], { catalogue, validFrom, by, termsOf }: Proposal): Draft[] {
  const grouped = Map.groupBy(
    due,
    ({ unitId, kind, postId, ruleId }) => `${unitId} ${kind} ${postId} ${ruleId}`,
  );
  return [...grouped.values()].map((effects) => {
    const { unitId, kind, ruleId, postId } = effects[0]!;
    const { validUntil, rationale } = termsOf(ruleId);
    return {
      assignmentId: null,
      kind,
      unitId,
      catalogue,
      subjects: effects.map(({ subject }) => subject),
      postId: postId!,
      ruleId,
      stage: 'PROPOSED',
      validFrom,
      validUntil,
      proposedBy: by,
      acceptedBy: null,
      confirmedBy: null,
      reason: null,
      rationale,
    };
  });
}

/** When and why lines are brought in line with rules and units. */
export interface Occasion {
  readonly on: string;
  readonly reason: EndReason;
  /** First day on which the line's unit no longer is; null while it stays. */
  readonly goneOn: (line: Draft) => string | null;
}

/**
 * Ends what no longer has a ground: a rule's line for a slot that no rule wants now, and every line whose unit is gone.
 * Single assignments otherwise stay: they are exceptions that somebody decided.
 */
export function lapsed(lines: Lines, wanted: readonly Wanted[], { on, reason, goneOn }: Occasion): Lines {
  const slots = new Set(wanted.map((one) => slotOf(one, one.subject)));
  return lines.flatMap((line) => {
    const gone = goneOn(line);
    if (gone !== null && gone <= on) return over(line, gone, reason);
    const unwanted = line.ruleId === null ? [] : line.subjects.filter((one) => !slots.has(slotOf(line, one)));
    const [lost, kept] = parted(line, unwanted);
    // What is under way may still be answered until the unit has gone.
    const left =
      kept && gone !== null && kept.stage === 'CONFIRMED' ? over(kept, gone, reason) : (kept ?? []);
    return [left, lost ? over(lost, on, reason) : []].flat();
  });
}

/** What holds ends on the day, what is under way is withdrawn. */
const over = (line: Draft, on: string, reason: EndReason): Lines =>
  line.stage === 'CONFIRMED' ? cut(line, on, reason) : [];

/** What can be said of a post's staffing on a day. */
export interface Staffing {
  readonly held: boolean;
  /** Somebody acts in its place: an interim holder, or a deputy while nobody holds it. */
  readonly acting: boolean;
}
export type AssignmentState = Stage | 'ACTIVE' | 'SUBSTITUTED' | 'DORMANT' | 'ENDED';

/** What a line is on a day. Vacancy is seen, not stored: the day a holder comes, the assignment is active again. */
export function stateOn(
  { stage, validFrom, validUntil }: Draft,
  day: string,
  { held, acting }: Staffing,
): AssignmentState {
  if (stage === 'DECLINED') return stage;
  if (validUntil !== null && validUntil <= day) return 'ENDED';
  if (stage !== 'CONFIRMED' || day < validFrom) return stage;
  if (held) return 'ACTIVE';
  return acting ? 'SUBSTITUTED' : 'DORMANT';
}

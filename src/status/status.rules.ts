import type { OpeningTag } from '../audit/index.ts';
import type { Text } from '../platform/bare.ts';
import { functionName } from '../responsibility/bare.ts';
import { judgeUnit, type AnchoringPolicy, type UnitFacts, type UnitVerdict } from './anchoring.rules.ts';
import type { LeftOutReason } from './left-out.rules.ts';
import { share, type Share } from './share.rules.ts';

/** A unit as the organisation's tree has it on the day asked about. */
export interface UnitOfDay {
  readonly id: string;
  readonly code: string;
  readonly level: string;
  readonly kind: string;
  readonly headcount: number;
  readonly isHeadcountStated: boolean;
}

/** One opening process as it stood at the moment asked about. */
export interface ProcessState {
  readonly processId: string;
  readonly roundId: string;
  readonly unitId: string;
  readonly startedAt: Date;
  /** Path of the visible state, such as `review.desk`. */
  readonly state: string;
  /** The state's public meaning; rules ask tags, never names of states. */
  readonly tags: readonly string[];
  /** Its deadlines stand still; it stays visible in every figure. */
  readonly isSuspended: boolean;
  readonly since: Date;
  readonly waitingFor: readonly string[];
  readonly applicable: number;
  readonly rated: number;
  readonly notApplicable: number;
  readonly core: number;
  /** Core criteria that are rated or declared not applicable. */
  readonly coreRated: number;
  /** Those of them that are rated below level 2. */
  readonly coreBelow: number;
  readonly pointsOf: number;
  readonly points: number;
  readonly finallyRatedOn: string | null;
}

/** Who is competent and accountable in a unit; counts of criteria and fields. */
export interface Coverage {
  readonly criteria: number;
  readonly competent: number;
  readonly coveredWithDeputy: number;
  readonly fields: number;
  readonly accountable: number;
}

/** What the figures rest on: one active unit with all that is known of it. */
export interface UnitState {
  readonly unit: UnitOfDay;
  readonly areaId: string | null;
  /** Its process in the round that is asked about. */
  readonly process: ProcessState | undefined;
  /** Its latest process with a published report, in whichever round of the same catalogue. */
  readonly audited: ProcessState | undefined;
  readonly coverage: Coverage;
  readonly coreMeasureDueOn: string | null;
  /** Its ratings are about too few people, or about nobody knows how many, to count in what this asker is shown. */
  readonly hidden: 'FEW' | 'UNKNOWN' | null;
  /** What the asker may read: the single unit, the round's ratings, those the verdict rests on, and who is missing. */
  readonly mayRead: {
    readonly unit: boolean;
    readonly ratings: boolean;
    readonly verdict: boolean;
    readonly gaps: boolean;
  };
}

const has = (process: ProcessState | undefined, tag: OpeningTag): boolean =>
  process?.tags.includes(tag) ?? false;

export const isClosed = (process: ProcessState | undefined): boolean => has(process, 'ratingsClosed');
export const isReleased = (process: ProcessState | undefined): boolean => has(process, 'released');
/** Begun, and not broken off: what ended without a published report was cancelled. */
export const isUnderWay = (process: ProcessState | undefined): boolean =>
  process !== undefined && !has(process, 'notStarted') && (isRunning(process) || isReleased(process));
export const isRunning = (process: ProcessState | undefined): boolean =>
  process !== undefined && !has(process, 'terminal');

export const isSuspended = (process: ProcessState | undefined): boolean => process?.isSuspended ?? false;

export const notStarted = 'notStarted';
export const stateOf = ({ process }: UnitState): string => process?.state ?? notStarted;

/** Of a unit's processes (oldest first): the round's last one, and the last with a published report. */
export function choose(processes: readonly ProcessState[], roundId: string) {
  return {
    process: processes.filter((process) => process.roundId === roundId).at(-1),
    audited: processes.filter(isReleased).at(-1),
  };
}

/** The process whose ratings count for anchoring: what an audit confirmed, else the closed self-assessment. */
export function countedProcess({
  process,
  audited,
}: Pick<UnitState, 'process' | 'audited'>): ProcessState | undefined {
  return audited ?? (isClosed(process) ? process : undefined);
}

export function factsOf(state: UnitState): UnitFacts {
  const { unit, areaId, process, audited, coverage, coreMeasureDueOn } = state;
  const counted = countedProcess(state);
  return {
    unitId: unit.id,
    areaId,
    level: unit.level,
    criteria: coverage.criteria,
    competent: coverage.coveredWithDeputy,
    fields: coverage.fields,
    accountable: coverage.accountable,
    points: counted?.points ?? 0,
    pointsOf: counted?.pointsOf ?? 0,
    core: counted?.core ?? 0,
    coreReached: counted ? counted.coreRated - counted.coreBelow : 0,
    basis: audited ? 'FINAL' : counted ? 'SELF' : 'NONE',
    finallyRatedOn: audited?.finallyRatedOn ?? null,
    coreMeasureDueOn,
    started: isUnderWay(process) || audited !== undefined,
    suspended: isSuspended(process),
  };
}

export function judge(state: UnitState, policy: AnchoringPolicy, day: string): UnitVerdict {
  return judgeUnit(factsOf(state), policy, day);
}

/** Teams too small to be rated are rated within their section and are no unit of their own. Source: Konzept §0.3. */
export function isJudged(
  { level, headcount, isHeadcountStated }: Omit<UnitOfDay, 'id' | 'code' | 'kind'>,
  criteria: number,
  hasProcess: boolean,
  policy: AnchoringPolicy,
): boolean {
  const isSmallTeam = level === 'L4' && isHeadcountStated && headcount < policy.smallTeam;
  return criteria > 0 && (hasProcess || !isSmallTeam);
}

/** Why a figure of this asker leaves the unit's ratings out, whatever may be read of them elsewhere. */
export function whyHidden({ hidden, mayRead }: UnitState): LeftOutReason | null {
  return mayRead.unit ? hidden : 'NOT_PUBLISHED';
}

/** Criteria done, of those that apply; until a process's criteria are fixed, those of the catalogue do. */
export function doneOf({ process, coverage }: UnitState): Share {
  const applicable = process && process.applicable > 0 ? process.applicable : coverage.criteria;
  return share(process ? process.rated + process.notApplicable : 0, applicable);
}

/** Points reached, of those possible, in the round's own process; nothing to count while its ratings are open. */
export function maturityOf({ process }: UnitState): Share {
  return isClosed(process) ? share(process!.points, process!.pointsOf) : share(0, 0);
}

export interface StateGroup {
  readonly state: string;
  readonly units: readonly UnitState[];
  readonly suspended: number;
  readonly longestSince: Date | null;
  readonly waitingFor: readonly {
    readonly function: string;
    readonly functionName: Text;
    readonly number: number;
  }[];
}

/** Units by state. The states come in the given order, with unknown ones at the end. */
export function byState(units: readonly UnitState[], order: readonly string[]): StateGroup[] {
  const place = (state: string) => {
    const at = order.indexOf(state);
    return state === notStarted ? -1 : at === -1 ? order.length : at;
  };
  return [...Map.groupBy(units, stateOf)]
    .map(([state, those]) => ({
      state,
      units: those,
      suspended: those.filter(({ process }) => isSuspended(process)).length,
      longestSince: earliest(those.flatMap(({ process }) => (process ? [process.since] : []))),
      waitingFor: waitingFor(those),
    }))
    .sort((a, b) => place(a.state) - place(b.state) || a.state.localeCompare(b.state));
}

function earliest(instants: readonly Date[]): Date | null {
  return instants.length === 0 ? null : new Date(Math.min(...instants.map(Number)));
}

function waitingFor(units: readonly UnitState[]) {
  const functions = units.flatMap(({ process }) => process?.waitingFor ?? []);
  return [...Map.groupBy(functions, (code) => code)]
    .map(([code, those]) => ({ function: code, functionName: functionName(code), number: those.length }))
    .sort((a, b) => b.number - a.number || a.function.localeCompare(b.function));
}

/** Adds up shares of the same kind of thing. */
export function total(shares: readonly Share[]): Share {
  return share(
    shares.reduce((sum, { part }) => sum + part, 0),
    shares.reduce((sum, { of }) => sum + of, 0),
  );
}

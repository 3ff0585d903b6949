import type { FilePosition } from './import-fault.rules.ts';
import type { Span } from './timeline.rules.ts';

/** The levels of hierarchy a unit may stand on (L5, the single post, is never a unit). Source: Konzept §0.3. */
export const levels = ['L0', 'L1', 'L2', 'L3', 'L4'] as const;
export type Level = (typeof levels)[number];

export const postStatuses = ['FILLED', 'VACANT', 'BLOCKED'] as const;
export type PostStatus = (typeof postStatuses)[number];

/** In which capacity a person is at a post: in their own right, in its place, or until somebody is appointed. */
export const capacities = ['HOLDER', 'DEPUTY', 'INTERIM'] as const;
export type Capacity = (typeof capacities)[number];

/** What is said of a unit for a period. `headcount` null: the filled posts of the subtree count. */
export interface UnitFacts {
  readonly name: string;
  readonly parentCode: string | null;
  readonly level: Level;
  readonly kind: string;
  readonly tags: readonly string[];
  readonly headcount: number | null;
}

export interface PostFacts {
  readonly unitCode: string;
  readonly function: string;
  readonly isManagement: boolean;
  /** Full-time equivalents, 0.01–9.99; null when the plan does not say. */
  readonly fte: number | null;
  readonly status: PostStatus;
}

export interface HolderFacts {
  readonly postNo: string;
  readonly personKey: string;
  readonly as: Capacity;
}

/** One entry of the distribution-of-business plan (Geschäftsverteilungsplan). */
export interface TaskFacts {
  readonly unitCode: string;
  readonly task: string;
  readonly postNo: string | null;
  readonly deputyPostNo: string | null;
  readonly edition: string;
}

export interface PersonNamed {
  readonly personKey: string;
  readonly displayName: string;
  readonly mail: string | null;
}

/** What a file, or one command of HR, says about one thing: null `from` means "as it is, else the day of change". */
export interface Stated<F> {
  readonly code: string;
  readonly facts: F;
  readonly from: string | null;
  readonly until: string | null;
  readonly at: FilePosition;
  /** Fields of the facts for which the table has no column: what is known of them stays. */
  readonly unstated?: readonly string[];
}

export interface StatedUnit extends Stated<UnitFacts> {
  readonly predecessorCodes: readonly string[];
  /** What a rule proposed and nobody said: a unit that is known keeps what it has there. */
  readonly proposed?: readonly Judged[];
}

/** What of a unit is a judgement that charts do not contain. */
export const judged = ['level', 'kind', 'tags', 'headcount'] as const;
export type Judged = (typeof judged)[number];

/**
 * What is said about one part of the plan. `complete` means: what is not named here ends.
 * A part that is not spoken of is left alone.
 */
export interface Part<S> {
  readonly rows: readonly S[];
  readonly complete: boolean;
}

/** What is said about holders. Of a settled post all is said: whoever else held it, deputies aside, does so no longer. */
export interface HoldersPart extends Part<Stated<HolderFacts>> {
  readonly settledPosts?: ReadonlySet<string>;
}

export interface Statement {
  readonly units?: Part<StatedUnit>;
  readonly posts?: Part<Stated<PostFacts>>;
  readonly holders?: HoldersPart;
  readonly tasks?: Part<Stated<TaskFacts>>;
  readonly persons?: readonly PersonNamed[];
}

/** A version as it stands in the database: facts for a span of days. */
export interface Version<F> extends Span {
  readonly id: string;
  readonly facts: F;
}

export interface Thing<F> {
  readonly id: string;
  readonly code: string;
  readonly versions: readonly Version<F>[];
}

/** All that stands (nothing retracted), by code. A holder's code is `postNo · personKey · as`. */
export interface Plan {
  readonly units: ReadonlyMap<string, Thing<UnitFacts>>;
  readonly posts: ReadonlyMap<string, Thing<PostFacts>>;
  readonly holders: ReadonlyMap<string, Thing<HolderFacts>>;
  readonly tasks: ReadonlyMap<string, Thing<TaskFacts>>;
  /** The persons at posts, by key. */
  readonly persons: ReadonlyMap<string, PersonNamed>;
}

export const emptyPlan: Plan = {
  units: new Map(),
  posts: new Map(),
  holders: new Map(),
  tasks: new Map(),
  persons: new Map(),
};

export const holderCode = ({ postNo, personKey, as }: HolderFacts): string =>
  `${postNo} · ${personKey} · ${as}`;

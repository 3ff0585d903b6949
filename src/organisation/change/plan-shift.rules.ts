import type { PlanChange, ThingChange } from './plan-change.rules.ts';
import { treeOfPlan } from '../plan/plan-tree.rules.ts';
import type { HolderFacts, PostFacts } from '../plan/plan.rules.ts';
import type { UnitTree } from '../plan/unit-tree.rules.ts';

/** What a change of the plan does to units and posts, in ids, with the tree after it on its day. */
export interface PlanShift {
  readonly day: string;
  readonly after: UnitTree;
  /**
   * From when higher rooms act on it, and the tree on that day: never before today. A correction of the past says how it
   * was; what was decided in the meantime stays as it was recorded.
   */
  readonly acting: { readonly on: string; readonly tree: UnitTree };
  readonly units: Shifted;
  readonly posts: Shifted;
  /** Of each post whose people change, who is there when it takes hold and has no end. */
  readonly staysAt: ReadonlyMap<string, readonly Pick<HolderFacts, 'personKey' | 'as'>[]>;
}

/** `changed` holds all that existed before and differs now, `moved` and `ended` included. */
export interface Shifted {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly moved: readonly string[];
  readonly ended: readonly string[];
  /** The first day on which what ended no longer is. */
  readonly endsOn: ReadonlyMap<string, string>;
}

/** The units themselves, and those whose posts or holders change. */
export function unitsTouched({ units, posts, holders, after }: PlanChange): string[] {
  const ids = units.map(({ thing }) => thing.id);
  const unitOf = (post: PostFacts) => after.units.get(post.unitCode)?.id;
  const held = holders.flatMap(({ thing, insert }) =>
    [...thing.versions, ...insert].map(({ facts }) => facts.postNo),
  );
  const known = [...new Set(held)].flatMap((postNo) => after.posts.get(postNo)?.versions ?? []);
  const changed = posts.flatMap(({ thing, insert }) => [...thing.versions, ...insert]);
  return [...new Set([...ids, ...[...known, ...changed].flatMap(({ facts }) => unitOf(facts) ?? [])])];
}

export function shiftOf(change: PlanChange, today: string): PlanShift {
  const on = change.day > today ? change.day : today;
  const after = treeOfPlan(change.after, change.day);
  return {
    day: change.day,
    after,
    acting: { on, tree: on === change.day ? after : treeOfPlan(change.after, on) },
    units: shifted(change.units, ({ parentCode }) => parentCode),
    posts: shifted(change.posts, ({ unitCode }) => unitCode),
    staysAt: staysAt(change, on),
  };
}

function staysAt({ holders, after }: PlanChange, on: string): PlanShift['staysAt'] {
  const posts = new Set(
    holders.flatMap(({ thing, insert }) => [...thing.versions, ...insert].map(({ facts }) => facts.postNo)),
  );
  const lasting = [...after.holders.values()].flatMap(({ versions }) =>
    versions.flatMap(({ facts, from, until }) => (from <= on && until === null ? [facts] : [])),
  );
  const byPost = Map.groupBy(lasting, ({ postNo }) => postNo);
  return new Map(
    [...posts].flatMap((postNo) => {
      const post = after.posts.get(postNo);
      return post ? [[post.id, byPost.get(postNo) ?? []] as const] : [];
    }),
  );
}

function shifted<F>(changes: readonly ThingChange<F>[], seat: (facts: F) => string | null): Shifted {
  const ids = (some: readonly ThingChange<F>[]) => some.map(({ thing }) => thing.id);
  const known = changes.filter(({ thing }) => thing.versions.length);
  // Of what never was, as a correction says, no day is left.
  const ends = ({ after }: ThingChange<F>) => after.at(-1)?.until ?? (after.length ? null : '0001-01-01');
  const ended = known.filter(
    (one) => ends(one) !== null && ends(one) !== (one.thing.versions.at(-1)!.until ?? null),
  );
  return {
    added: ids(changes.filter(({ thing }) => !thing.versions.length)),
    changed: ids(known),
    moved: ids(
      known.filter(({ thing, insert }) =>
        insert.some(({ facts }) => seat(facts) !== seat(thing.versions.at(-1)!.facts)),
      ),
    ),
    ended: ids(ended),
    endsOn: new Map(ended.map((one) => [one.thing.id, ends(one)!])),
  };
}

import { Injectable } from '@nestjs/common';
import { Organisation, type UnitTree } from '../../organisation/index.ts';
import { howMany, refuse, type Db, type Text } from '../../platform/index.ts';
import { functionName } from '../../responsibility/bare.ts';
import { exclusions, inLine } from './independence.rules.ts';
import type { NamedHolder } from './round-people.sql.ts';

/** A function looked at in one unit. */
export type Assignment = NamedHolder & { readonly unitId: string };
type Behind<H> = H & { readonly personIds: readonly string[] };

export interface IndependenceConflict {
  readonly personId: string;
  readonly unitId: string | null;
  readonly message: Text;
}
const mostConflictsShown = 100;

/** Knows the natural persons behind functions, and refuses those who would judge their own case. */
@Injectable()
export class Independence {
  readonly #organisation: Organisation;

  constructor(organisation: Organisation) {
    this.#organisation = organisation;
  }

  /** The natural persons behind each entry: the one named, or all who act for the post today. */
  async personsBehind<H extends NamedHolder>(db: Db, entries: readonly H[]): Promise<Behind<H>[]> {
    const ids = [...new Set(entries.flatMap(({ postId }) => postId ?? []))];
    const posts = ids.length === 0 ? [] : await this.#organisation.posts(db, { ids });
    const holders = new Map(posts.map((post) => [post.id, post.holders.map(({ personId }) => personId)]));
    const personsOf = ({ personId, postId }: H) => (personId ? [personId] : (holders.get(postId!) ?? []));
    return entries.map((entry) => ({ ...entry, personIds: personsOf(entry) }));
  }

  /** Those of the assignments whose person stands in the unit's line today. */
  async dependent<A extends Assignment>(
    db: Db,
    assigned: readonly A[],
    tree: UnitTree,
  ): Promise<Behind<A>[]> {
    const behind = await this.personsBehind(db, assigned);
    const units = new Map<string, string[]>();
    for (const id of new Set(behind.flatMap(({ personIds }) => personIds)))
      units.set(
        id,
        (await this.#organisation.heldPosts(db, id)).map(({ unitId }) => unitId),
      );
    return behind.filter(({ unitId, personIds }) =>
      personIds.some((id) => inLine(units.get(id)!, unitId, tree)),
    );
  }

  /** Refuses people who hold two functions of a round that exclude each other. */
  async refuseExclusive(db: Db, people: readonly NamedHolder[]) {
    const conflicts = exclusions(await this.personsBehind(db, people));
    return notIndependent(
      conflicts.map(({ personId, functions: [one, other] }) => ({
        personId,
        unitId: null,
        message: {
          de: `${functionName(one).de} und ${functionName(other).de} schließen einander aus.`,
          en: `The functions ${functionName(one).en} and ${functionName(other).en} exclude each other.`,
        },
      })),
    );
  }

  /** Refuses auditors in the line of their unit, and one natural person as first and second auditor of a unit. */
  async refuseDependent(db: Db, added: readonly Assignment[], after: readonly Assignment[], tree: UnitTree) {
    const dependent = await this.dependent(db, added, tree);
    const touched = new Set(added.map(({ unitId }) => unitId));
    const behind = await this.personsBehind(
      db,
      after.filter(({ unitId }) => touched.has(unitId)),
    );
    const name = (unitId: string) => tree.node(unitId)?.name ?? '';
    return notIndependent([
      ...dependent.map(({ unitId, personIds }) => ({
        personId: personIds[0]!,
        unitId,
        message: {
          de: `Gehört zu ${name(unitId)} oder zur Linie darüber oder darunter.`,
          en: `Belongs to ${name(unitId)} or to the line above or below it.`,
        },
      })),
      ...twiceIn(behind).map(({ unitId, personId }) => ({
        personId,
        unitId,
        message: {
          de: `Wäre in ${name(unitId)} erste und zweite Auditperson zugleich.`,
          en: `Would be both first and second auditor of ${name(unitId)}.`,
        },
      })),
    ]);
  }
}

function twiceIn(assigned: readonly Behind<Assignment>[]): { unitId: string; personId: string }[] {
  const firsts = new Set(assigned.filter(({ fn }) => fn === 'AUD').flatMap(key));
  const seconds = assigned.filter(({ fn }) => fn === 'AUD2');
  return seconds.flatMap(({ unitId, personIds }) =>
    personIds
      .filter((personId) => firsts.has(`${unitId} ${personId}`))
      .map((personId) => ({ unitId, personId })),
  );
}
const key = ({ unitId, personIds }: Behind<Assignment>) => personIds.map((id) => `${unitId} ${id}`);

function notIndependent(conflicts: readonly IndependenceConflict[]) {
  const n = conflicts.length;
  if (n === 0) return undefined;
  const message = {
    de: `Nicht unabhängig: ${howMany(n, 'ein Fall', 'Fälle')}. Nichts wurde gespeichert; bitte andere Personen nennen.`,
    en: `Not independent: ${howMany(n, 'one case', 'cases')}. Nothing was saved; please name other people.`,
  };
  return refuse('NotIndependent', message, { conflicts: conflicts.slice(0, mostConflictsShown) });
}

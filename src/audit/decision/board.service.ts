import { Injectable } from '@nestjs/common';
import { Catalogue } from '../../catalogue/index.ts';
import type { ProcessRow } from '../../engine/index.ts';
import { Organisation, type UnitTree } from '../../organisation/index.ts';
import { digest, type Db } from '../../platform/index.ts';
import { countVotes, type Ballot, type BoardMember, type Count } from './decision.rules.ts';
import { openingsById } from '../opening/opening-process.sql.ts';
import { Ratings, type Sheet } from '../rating/ratings.service.ts';
import { ratersOf } from '../review/report.rules.ts';
import { recognise, type FinalRating, type Recognition } from '../rating/recognition.rules.ts';
import type { NamedHolder } from '../opening/round-people.sql.ts';
import { auditorsOf, peopleOf, roundsById } from '../opening/round.sql.ts';
import { openDecisions, latestVotes } from './board.sql.ts';

/** A case on the board's table: what the ratings allow, who votes, and how the votes stand. */
export interface Ballots {
  readonly decisionId: string | null;
  readonly recognition: Recognition;
  /** Hash of the final ratings; votes on other ratings no longer count. */
  readonly contentHash: string;
  readonly members: readonly BoardMember[];
  readonly quorum: number;
  readonly count: Count;
}

/** The final ratings of a process and what they allow. */
interface Rated {
  readonly sheet: Sheet;
  readonly finals: readonly FinalRating[];
  readonly recognition: Recognition;
  readonly contentHash: string;
}
interface VoteRow extends Ballot {
  readonly processId: string;
  readonly contentHash: string;
}

/** Reads what the board decides on and how its members stand to the unit. */
@Injectable()
export class Board {
  readonly #organisation: Organisation;
  readonly #catalogue: Catalogue;
  readonly #ratings: Ratings;

  constructor(organisation: Organisation, catalogue: Catalogue, ratings: Ratings) {
    this.#organisation = organisation;
    this.#catalogue = catalogue;
    this.#ratings = ratings;
  }

  /** The cases of these processes; what belongs to a round is read once for all of its processes. */
  async ballots(db: Db, processes: readonly ProcessRow[]): Promise<Map<string, Ballots>> {
    const ids = processes.map(({ id }) => id);
    const open = await db.call<{ processId: string; id: string }>(openDecisions, [ids]);
    const decisions = new Map(open.map(({ processId, id }) => [processId, id]));
    const votes = await db.call<VoteRow>(latestVotes, [[...decisions.values()]]);
    const recognitions = await this.recognitions(db, ids);
    const rounds = new Map<string, RoundTable>();
    for (const id of new Set(processes.map(({ seriesId }) => seriesId!)))
      rounds.set(id, await this.#round(db, id));
    const tree = await this.#organisation.tree(db);
    const result = new Map<string, Ballots>();
    for (const { id, seriesId, scopeId } of processes) {
      const known = recognitions.get(id);
      if (!known) continue;
      const { quorum, ...table } = rounds.get(seriesId!)!;
      const members = membersAt(table, scopeId, ratersOf(known.sheet), tree);
      const cast = votes.filter((v) => v.processId === id && v.contentHash === known.contentHash);
      const count = countVotes(members, cast, { quorum, allowed: known.recognition.outcome });
      result.set(id, { ...known, decisionId: decisions.get(id) ?? null, members, quorum, count });
    }
    return result;
  }

  /** What the final ratings allow; a process without frozen criteria is left out. */
  async recognitions(db: Db, processIds: readonly string[]) {
    const sheets = await this.#ratings.sheets(db, processIds);
    const result = new Map<string, Rated>();
    for (const { id, editionId } of await openingsById(db, [...sheets.keys()])) {
      const sheet = sheets.get(id)!;
      const edition = await this.#catalogue.edition(db, editionId);
      const finals = finalRatings(sheet, new Map(edition?.criteria.map((c) => [c.id, c])));
      result.set(id, { sheet, finals, recognition: recognise(finals), contentHash: digest(finals) });
    }
    return result;
  }

  async #round(db: Db, roundId: string): Promise<RoundTable> {
    const [round] = await roundsById(db, [roundId]);
    const people = await peopleOf(db, roundId, db.today);
    const assigned = await auditorsOf(db, roundId, db.today);
    const actingFor = await this.#actingFor(db, [...people, ...assigned]);
    const board = [];
    for (const entry of people.filter(({ fn }) => fn === 'BOARD')) {
      const [personId] = actingFor(entry);
      if (!personId) continue;
      const posts = await this.#organisation.heldPosts(db, personId);
      board.push({ personId, isChair: entry.chair, unitIds: posts.map(({ unitId }) => unitId) });
    }
    return {
      board,
      quorum: round?.boardQuorum ?? board.length,
      leads: people.filter(({ fn }) => fn === 'AUDLEAD').flatMap(actingFor),
      auditors: assigned.flatMap((entry) =>
        actingFor(entry).map((personId) => ({ personId, unitId: entry.unitId })),
      ),
    };
  }

  /** Who acts for an entry today: the person named; else the post's holder, interim holder, deputies, in this order. */
  async #actingFor(db: Db, entries: readonly NamedHolder[]): Promise<(entry: NamedHolder) => string[]> {
    const ids = entries.flatMap(({ postId }) => postId ?? []);
    const posts = ids.length > 0 ? await this.#organisation.posts(db, { ids }) : [];
    const order = ['HOLDER', 'INTERIM', 'DEPUTY'];
    const inOrder = ({ holders }: (typeof posts)[number]) =>
      [...holders].sort((a, b) => order.indexOf(a.as) - order.indexOf(b.as)).map(({ personId }) => personId);
    const byPost = new Map(posts.map((post) => [post.id, inOrder(post)]));
    return ({ personId, postId }) => (personId ? [personId] : (byPost.get(postId!) ?? []));
  }
}

/** The people of a round as far as its decisions go. */
interface RoundTable {
  readonly quorum: number;
  readonly board: readonly {
    readonly personId: string;
    readonly isChair: boolean;
    readonly unitIds: readonly string[];
  }[];
  readonly leads: readonly string[];
  readonly auditors: readonly { readonly personId: string; readonly unitId: string }[];
}

/**
 * How the members stand to a unit. Of the unit is who has a post in it or below; below the top sit all, so there only
 * its own posts count.
 */
function membersAt(
  { board, leads, auditors }: Omit<RoundTable, 'quorum'>,
  unitId: string,
  raters: readonly string[],
  tree: UnitTree,
): BoardMember[] {
  const isTop = tree.top()?.id === unitId;
  const isOf = (id: string) => id === unitId || (!isTop && tree.isBelow(id, unitId));
  const assigned = auditors.filter((one) => one.unitId === unitId).map(({ personId }) => personId);
  const audit = new Set([...leads, ...assigned, ...raters]);
  return board.map(({ personId, isChair, unitIds }) => ({
    personId,
    isChair,
    ofTheUnit: unitIds.some(isOf),
    isAuditor: audit.has(personId),
  }));
}

interface Named {
  readonly code: string;
  readonly field: string;
}

/** The final ratings of a sheet in the criteria's order; a criterion the edition does not know keeps its id as code. */
export function finalRatings(sheet: Sheet, named: ReadonlyMap<string, Named>): FinalRating[] {
  return [...sheet.lines.values()]
    .map(({ criterionId, core, weight, top, fieldNo, ratings: { FINAL } }) => ({
      code: named.get(criterionId)?.code ?? criterionId,
      field: named.get(criterionId)?.field ?? `${fieldNo}`,
      core,
      weight,
      top,
      level: FINAL?.level ?? null,
      notApplicable: FINAL !== undefined && FINAL.level === null,
    }))
    .sort((one, other) => (one.code < other.code ? -1 : 1));
}

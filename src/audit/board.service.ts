import { Injectable } from '@nestjs/common';
import { Catalogue } from '../catalogue/index.ts';
import type { ProcessRow } from '../engine/index.ts';
import { Organisation } from '../organisation/index.ts';
import { digest, type Db } from '../platform/index.ts';
import { countVotes, type Ballot, type BoardMember, type Count } from './decision.rules.ts';
import { openingsById } from './opening-process.queries.ts';
import { Ratings, type Sheet } from './rating.service.ts';
import { ratersOf } from './report.rules.ts';
import { recognise, type FinalRating, type Recognition } from './recognition.rules.ts';
import { auditorsOf, peopleOf, roundsById } from './round.queries.ts';

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

interface VoteRow extends Ballot {
  readonly processId: string;
  readonly contentHash: string;
}
const openDecisions = `
  select d.process_id as "processId", d.id from audit.decision d
  where d.process_id = any($1) and not exists (select from audit.decision_outcome o where o.decision_id = d.id)`;
const latestVotes = `
  select distinct on (v.decision_id, v.person_id) d.process_id as "processId", v.person_id as "personId", v.choice,
    v.content_hash as "contentHash"
  from audit.vote v join audit.decision d on d.id = v.decision_id
  where d.id = any($1) order by v.decision_id, v.person_id, v.vote_no desc`;

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

  async ballots(db: Db, processes: readonly ProcessRow[]): Promise<Map<string, Ballots>> {
    const ids = processes.map(({ id }) => id);
    const open = await db.call<{ processId: string; id: string }>(openDecisions, [ids]);
    const votes = await db.call<VoteRow>(latestVotes, [open.map(({ id }) => id)]);
    const recognitions = await this.recognitions(db, ids);
    const result = new Map<string, Ballots>();
    for (const process of processes) {
      const known = recognitions.get(process.id);
      if (!known) continue;
      const { members, quorum } = await this.#table(db, process, known.sheet);
      const cast = votes.filter((v) => v.processId === process.id && v.contentHash === known.contentHash);
      const count = countVotes(members, cast, { quorum, allowed: known.recognition.outcome });
      const decisionId = open.find(({ processId }) => processId === process.id)?.id ?? null;
      result.set(process.id, { ...known, decisionId, members, quorum, count });
    }
    return result;
  }

  /** What the final ratings allow; a process without frozen criteria is left out. */
  async recognitions(db: Db, processIds: readonly string[]) {
    const sheets = await this.#ratings.sheets(db, processIds);
    const result = new Map<string, { sheet: Sheet; recognition: Recognition; contentHash: string }>();
    for (const { id, editionId } of await openingsById(db, [...sheets.keys()])) {
      const sheet = sheets.get(id)!;
      const edition = await this.#catalogue.edition(db, editionId);
      const finals = finalRatings(sheet, new Map(edition?.criteria.map((c) => [c.id, c])));
      result.set(id, { sheet, recognition: recognise(finals), contentHash: digest(finals) });
    }
    return result;
  }

  async #table(
    db: Db,
    process: ProcessRow,
    sheet: Sheet,
  ): Promise<{ members: BoardMember[]; quorum: number }> {
    const roundId = process.seriesId!;
    const [round] = await roundsById(db, [roundId]);
    const people = await peopleOf(db, roundId, db.today);
    const assigned = await auditorsOf(db, roundId, db.today);
    const board = people.filter(({ fn }) => fn === 'BOARD');
    const audit = [
      ...people.filter(({ fn }) => fn === 'AUDLEAD'),
      ...assigned.filter(({ unitId }) => unitId === process.scopeId),
    ];
    const holders = await this.#holders(db, [...board, ...audit]);
    const auditors = new Set([...audit.flatMap((entry) => holders(entry)), ...ratersOf(sheet)]);
    const staff = await this.#staff(db, process.scopeId);
    const members = board.flatMap((entry) =>
      holders(entry)
        .slice(0, 1)
        .map((personId) => ({
          personId,
          isChair: entry.chair,
          ofTheUnit: staff.has(personId),
          isAuditor: auditors.has(personId),
        })),
    );
    return { members, quorum: round?.boardQuorum ?? members.length };
  }

  /** Who acts for an entry today: the person named, or the post's holder, else interim holder, else deputy. */
  async #holders(db: Db, entries: readonly { personId: string | null; postId: string | null }[]) {
    const postIds = entries.flatMap(({ postId }) => postId ?? []);
    const posts = postIds.length > 0 ? await this.#organisation.posts(db, { ids: postIds }) : [];
    const order = ['HOLDER', 'INTERIM', 'DEPUTY'];
    const inOrder = ({ holders }: (typeof posts)[number]) =>
      [...holders].sort((a, b) => order.indexOf(a.as) - order.indexOf(b.as)).map(({ personId }) => personId);
    const byPost = new Map(posts.map((post) => [post.id, inOrder(post)]));
    return ({ personId, postId }: { personId: string | null; postId: string | null }): string[] =>
      personId ? [personId] : (byPost.get(postId ?? '') ?? []);
  }

  /** Everybody with a post in the unit or below; below the top sit all, so there only its own posts count. */
  async #staff(db: Db, unitId: string): Promise<Set<string>> {
    const tree = await this.#organisation.tree(db);
    const unitIds = tree.top()?.id === unitId ? [unitId] : tree.subtree(unitId).map(({ id }) => id);
    const posts = await this.#organisation.posts(db, { unitIds });
    return new Set(posts.flatMap(({ holders }) => holders.map(({ personId }) => personId)));
  }
}

interface Named {
  readonly code: string;
  readonly field: string;
}

/** The final ratings of a sheet in the criteria's order; a criterion the edition does not know keeps its id as code. */
export function finalRatings(sheet: Sheet, named: ReadonlyMap<string, Named>): FinalRating[] {
  return [...sheet.lines.values()]
    .map(({ criterionId, core, weight, fieldNo, ratings: { FINAL } }) => ({
      code: named.get(criterionId)?.code ?? criterionId,
      field: named.get(criterionId)?.field ?? `${fieldNo}`,
      core,
      weight,
      level: FINAL?.level ?? null,
      notApplicable: FINAL !== undefined && FINAL.level === null,
    }))
    .sort((one, other) => (one.code < other.code ? -1 : 1));
}

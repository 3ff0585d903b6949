import { Injectable } from '@nestjs/common';
import { applicableCriteria, Catalogue } from '../../catalogue/index.ts';
import { Calendars } from '../../engine/index.ts';
import { Organisation, type UnitNode, type UnitTree } from '../../organisation/index.ts';
import {
  afterKey,
  ClientError,
  found,
  page,
  pageSize,
  plusDays,
  Reads,
  type Actor,
  type Db,
  type PageArgs,
} from '../../platform/index.ts';
import { AssignmentViews, type AssignmentShown } from './assignment-views.service.ts';
import type { Kind } from './assignment-rule.rules.ts';
import { vacancyWorkingDays } from './coverage.rules.ts';
import { gapsOf, unionsOf, type Gap, type NamedPost } from './gap.rules.ts';
import { allows } from '../functions/permission.rules.ts';
import { Register, type OnDay, type RecordedLine } from './register.service.ts';

export interface Asked {
  readonly under?: string | null;
  readonly catalogue: string;
}

const atMost = 500;
const ever = '0001-01-01';
const none: ReadonlySet<string> = new Set();
const theUnit = { de: 'Die Einheit', en: 'The unit' };
const thePost = { de: 'Die Stelle', en: 'The post' };
const theAssignment = { de: 'Die Zuweisung', en: 'The assignment' };
const theCatalogue = {
  de: 'Eine veröffentlichte Fassung dieses Katalogs',
  en: 'A published edition of this catalogue',
};

/** What HR, heads and holders ask of the register. Lists hold only units in which the asker may see them. */
@Injectable()
export class Questions {
  readonly #reads: Reads;
  readonly #organisation: Organisation;
  readonly #catalogue: Catalogue;
  readonly #calendars: Calendars;
  readonly #register: Register;
  readonly #views: AssignmentViews;

  constructor(
    reads: Reads,
    organisation: Organisation,
    catalogue: Catalogue,
    calendars: Calendars,
    register: Register,
    views: AssignmentViews,
  ) {
    this.#reads = reads;
    this.#organisation = organisation;
    this.#catalogue = catalogue;
    this.#calendars = calendars;
    this.#register = register;
    this.#views = views;
  }

  /** One unit on a day: what holds, what is under way, what is missing. */
  async ofUnit(
    actor: Actor,
    asked: { unitId: string; catalogue: string; validOn?: string | null; asOf?: string | null },
  ) {
    const db = await this.#reads.db(actor);
    const day = { on: asked.validOn ?? asked.asOf ?? db.today, asOf: asked.asOf ?? undefined };
    const tree = await this.#organisation.tree(db, day);
    const unit = found(tree.node(asked.unitId), theUnit);
    const lines = await this.#register.ofUnits(db, [unit.id], day);
    const mine = lines.filter(({ catalogue }) => catalogue === asked.catalogue);
    return {
      unitId: unit.id,
      unit,
      assignments: await this.#views.of(db, mine, day),
      gaps: await this.#gaps(db, [unit], asked.catalogue, day),
    };
  }

  /** Page by page what nobody is named for. */
  async gaps(actor: Actor, { kind, ...asked }: Asked & PageArgs & { readonly kind?: Kind | null }) {
    const db = await this.#reads.db(actor);
    const units = this.#visible(actor, 'gap.read', await this.#organisation.tree(db), asked.under);
    const all = (await this.#gaps(db, units, asked.catalogue, { on: db.today })).filter(
      (gap) => !kind || gap.kind === kind,
    );
    return {
      ...slice(all, asked, ({ unitId, kind: of, code }) => [unitId, of, code]),
      totalCount: all.length,
    };
  }

  /** Posts with assignments that nobody is at, the longest first. */
  async vacancies(actor: Actor, under?: string | null) {
    const db = await this.#reads.db(actor);
    const lines = await this.#active(
      db,
      this.#visible(actor, 'vacancy.read', await this.#organisation.tree(db), under),
    );
    const byPost = Map.groupBy(lines, ({ postId }) => postId);
    const since = await this.#organisation.vacantSince(db, [...byPost.keys()]);
    const posts = await this.#organisation.posts(db, { ids: [...since.keys()] });
    const { calendar } = await this.#calendars.at(db);
    return posts
      .map((post) => {
        const from = since.get(post.id)!;
        const workingDays = workingDaysBetween(from, db.today, (day) => calendar.isWorkingDay(day));
        return {
          // The unit whose work lies undone says who may see it; the post may stand elsewhere.
          unitId: byPost.get(post.id)![0]!.unitId,
          post,
          since: from,
          workingDays,
          assignedCount: countOf(byPost.get(post.id)!),
          uncovered: workingDays >= vacancyWorkingDays,
        };
      })
      .toSorted((a, b) => (a.since < b.since ? -1 : 1))
      .slice(0, atMost);
  }

  /** What ends within so many days, the earliest first. */
  async ending(
    actor: Actor,
    { withinDays, under }: { withinDays: number; under?: string | null },
  ): Promise<AssignmentShown[]> {
    if (withinDays < 1 || withinDays > 365) throw new ClientError('BAD_INPUT', outOfRange);
    const db = await this.#reads.db(actor);
    const last = plusDays(db.today, withinDays);
    const lines = await this.#active(
      db,
      this.#visible(actor, 'vacancy.read', await this.#organisation.tree(db), under),
    );
    const soon = lines
      .filter(({ validUntil }) => validUntil !== null && validUntil <= last)
      .toSorted((a, b) => (a.validUntil! < b.validUntil! ? -1 : 1));
    return this.#views.of(db, soon.slice(0, atMost), { on: db.today });
  }

  /** How much is assigned to a post today. */
  async load(actor: Actor, postId: string) {
    const db = await this.#reads.db(actor);
    const [post] = await this.#organisation.posts(db, { ids: [postId] });
    const lines = await this.#register.ofPosts(db, [postId], db.today);
    const active = lines.filter((line) => line.stage === 'CONFIRMED' && line.validFrom <= db.today);
    return {
      unitId: found(post, thePost).unitId,
      postId,
      post,
      competentCount: countOf(active.filter(({ kind }) => kind === 'COMPETENT')),
      accountableCount: countOf(active.filter(({ kind }) => kind === 'ACCOUNTABLE')),
      unitCount: new Set(active.map(({ unitId }) => unitId)).size,
      proposedCount: countOf(lines.filter(({ stage }) => stage === 'PROPOSED')),
    };
  }

  /** What is assigned or proposed to the asker's posts. */
  async mine(actor: Actor): Promise<AssignmentShown[]> {
    const db = await this.#reads.db(actor);
    const lines = await this.#register.ofPosts(
      db,
      actor.posts.map(({ postId }) => postId),
      db.today,
    );
    return this.#views.of(db, lines.slice(0, atMost), { on: db.today });
  }

  /** Everything recorded under one assignment. */
  async history(actor: Actor, assignmentId: string) {
    const db = await this.#reads.db(actor);
    const lines = await this.#register.historyOf(db, assignmentId);
    found(lines[0], theAssignment);
    const person = await this.#views.persons(
      db,
      lines.map(({ recordedBy }) => recordedBy),
    );
    return lines.map((line) => ({ ...line, codes: line.subjects, recordedBy: person(line.recordedBy) }));
  }

  /** Where one person carries out and answers for the same. */
  async unions(actor: Actor, asked: Asked) {
    const db = await this.#reads.db(actor);
    const tree = await this.#organisation.tree(db);
    const nodes = this.#visible(actor, 'assignmentRule.read', tree, asked.under);
    const lines = (await this.#active(db, nodes)).filter(({ catalogue }) => catalogue === asked.catalogue);
    const posts = await this.#organisation.posts(db, {
      ids: [...new Set(lines.map(({ postId }) => postId))],
    });
    const byId = new Map(posts.map((post) => [post.id, post]));
    const named = new Map<string, NamedPost>();
    for (const { unitId, kind, subjects, postId, rationale } of lines) {
      const holders = byId.get(postId)?.holders.filter(({ as }) => as !== 'DEPUTY') ?? [];
      const post = { postId, rationale, persons: holders.map(({ personId }) => personId) };
      for (const subject of subjects) named.set(`${unitId} ${kind} ${subject}`, post);
    }
    const units = await this.#asked(db, nodes, asked.catalogue);
    return unionsOf(units, (unitId, kind, code) => named.get(`${unitId} ${kind} ${code}`))
      .slice(0, atMost)
      .map((union) => ({ ...union, unit: tree.node(union.unitId)!, post: byId.get(union.postId)! }));
  }

  async #gaps(
    db: Db,
    nodes: readonly UnitNode[],
    catalogue: string,
    day: OnDay,
  ): Promise<(Gap & { unit: UnitNode })[]> {
    const units = await this.#asked(db, nodes, catalogue);
    const lines = await this.#register.ofUnits(
      db,
      nodes.map(({ id }) => id),
      { on: ever, asOf: day.asOf },
    );
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const held = lines.filter((line) => line.catalogue === catalogue);
    return gapsOf(units, held, day.on).map((gap) => ({ ...gap, unit: byId.get(gap.unitId)! }));
  }

  async #asked(db: Db, nodes: readonly UnitNode[], catalogue: string) {
    const edition = found(await this.#catalogue.newest(db, catalogue), theCatalogue);
    return nodes.map((node) => ({ ...node, criteria: applicableCriteria(edition, node) }));
  }

  async #active(db: Db, nodes: readonly UnitNode[]): Promise<RecordedLine[]> {
    const lines = await this.#register.ofUnits(
      db,
      nodes.map(({ id }) => id),
      { on: db.today },
    );
    return lines.filter((line) => line.stage === 'CONFIRMED' && line.validFrom <= db.today);
  }

  #visible(actor: Actor, action: string, tree: UnitTree, under?: string | null): UnitNode[] {
    const nodes = under ? tree.subtree(found(tree.node(under), theUnit).id) : tree.all();
    return nodes.filter(({ id }) => allows(action, actor.functionsAt({ unitId: id }), none));
  }
}

/** A page of a list that is computed whole: after the entry with the cursor's key. */
export function slice<T>(all: readonly T[], args: PageArgs, keyOf: (one: T) => readonly string[]) {
  const after = afterKey(args)?.join(' ');
  const from = after === undefined ? 0 : all.findIndex((one) => keyOf(one).join(' ') === after) + 1;
  return page(all.slice(from, from + pageSize(args) + 1), args, keyOf);
}

const countOf = (lines: readonly RecordedLine[]): number =>
  lines.reduce((sum, { subjects }) => sum + subjects.length, 0);

function workingDaysBetween(from: string, until: string, isWorkingDay: (day: string) => boolean): number {
  let count = 0;
  for (let day = from; day < until; day = plusDays(day, 1)) if (isWorkingDay(day)) count += 1;
  return count;
}

const outOfRange = {
  de: 'Erlaubt sind 1 bis 365 Tage.',
  en: '1 to 365 days are allowed.',
};

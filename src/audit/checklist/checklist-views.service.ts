import { Injectable } from '@nestjs/common';
import { Catalogue, type Criterion, type Edition } from '../../catalogue/index.ts';
import { Evidence } from '../../evidence/index.ts';
import { Persons } from '../../identity/index.ts';
import { Organisation, type PostOnDay } from '../../organisation/index.ts';
import { found, type Db, isRefusal, type Refusal } from '../../platform/index.ts';
import { Responsibility } from '../../responsibility/index.ts';
import { ChecklistGate } from './checklist-gate.service.ts';
import { isOpenFor, newest, type Conflict } from './checklist.rules.ts';
import { returnReasonsOf } from '../opening/opening-process.sql.ts';
import { OpeningProcesses, type OpeningProcess } from '../opening/opening-processes.service.ts';
import { counting, mustBeResolved, ratedByTwo } from '../rating/rating.rules.ts';
import {
  contentHash,
  Ratings,
  shownRating,
  type Around,
  type RatingRow,
  type RatingRows,
  type Sheet,
} from '../rating/ratings.service.ts';
import { completionOf } from '../opening/completion.rules.ts';

const ofTheUnit = new Set(['SELF', 'SECOND', 'CONSENSUS', 'CARRIED']);

/** What a command on a checklist leaves: the criteria it touched. */
type ChecklistReceipt = { readonly processId: string; readonly criterionIds: readonly string[] };
/** What refusals of a checklist carry beside their message. */
type RefusedOn = { readonly conflicts?: readonly Conflict[]; readonly criterionIds?: readonly string[] };

/** All that the items of one checklist are made of, read once. */
interface Material extends Around {
  readonly opening: OpeningProcess;
  readonly edition: Edition;
  readonly sheet: Sheet;
  readonly history: ReadonlyMap<string, readonly RatingRow[]>;
  readonly competent: ReadonlyMap<string, PostOnDay>;
  readonly returned: ReadonlyMap<string, string>;
  readonly mayRate: (criterionId: string) => boolean;
}

/** Checklists as their readers see them: only what the asker may, in a dozen statements for any number of criteria. */
@Injectable()
export class ChecklistViews {
  readonly #catalogue: Catalogue;
  readonly #evidence: Evidence;
  readonly #persons: Persons;
  readonly #organisation: Organisation;
  readonly #responsibility: Responsibility;
  readonly #openings: OpeningProcesses;
  readonly #access: ChecklistGate;
  readonly #ratings: Ratings;

  constructor(
    catalogue: Catalogue,
    evidence: Evidence,
    persons: Persons,
    organisation: Organisation,
    responsibility: Responsibility,
    openings: OpeningProcesses,
    access: ChecklistGate,
    ratings: Ratings,
  ) {
    this.#catalogue = catalogue;
    this.#evidence = evidence;
    this.#persons = persons;
    this.#organisation = organisation;
    this.#responsibility = responsibility;
    this.#openings = openings;
    this.#access = access;
    this.#ratings = ratings;
  }

  /** What a mutation on the checklist answers: the items concerned as they stand now, or the refusal with what it is about. */
  async answer(
    db: Db,
    typename: string,
    { processId }: { readonly processId: string },
    outcome: ChecklistReceipt | Refusal,
  ) {
    if (isRefusal(outcome)) {
      const { conflicts, criterionIds } = outcome as RefusedOn;
      if (conflicts) return { ...outcome, conflicts: await this.conflicts(db, processId, conflicts) };
      if (criterionIds) return { ...outcome, criteria: await this.criteriaById(db, processId, criterionIds) };
      return outcome;
    }
    const { opening, items } = await this.items(db, processId, outcome.criterionIds);
    return { __typename: typename, items, completion: completionOf(opening) };
  }

  /** The whole checklist; NOT_FOUND for whoever may not read it, as if it did not exist. */
  async checklist(db: Db, processId: string) {
    const opening = await this.#openings.one(db, processId);
    const may = await this.#responsibility.may(db, 'selfRating.read', opening, opening.processTags);
    found(may || undefined, { de: 'Checkliste', en: 'Checklist' });
    const { edition, criteria } = await this.#criteria(db, opening);
    const material = await this.#material(db, opening, edition);
    const { unitId, seriesId, processTags } = opening;
    return {
      openingProcess: opening,
      editable: isOpenFor(opening.process, ['editable']),
      frozen: opening.frozenAt !== null,
      contentHash: contentHash(material.sheet),
      items: criteria.map((criterion) => itemOf(criterion, material)),
      unitId,
      seriesId,
      processId,
      processTags,
    };
  }

  /** Some items, as a command left them. */
  async items(db: Db, processId: string, criterionIds: readonly string[]) {
    const opening = await this.#openings.one(db, processId);
    const { edition, criteria } = await this.#criteria(db, opening);
    const material = await this.#material(db, opening, edition);
    const wanted = new Set(criterionIds);
    const items = criteria.filter(({ id }) => wanted.has(id)).map((criterion) => itemOf(criterion, material));
    return { opening, items };
  }

  /** Both sides of each conflict, with the name of the colleague and the evidence given. */
  async conflicts(db: Db, processId: string, conflicts: readonly Conflict[]) {
    const opening = await this.#openings.one(db, processId);
    const { criteria } = await this.#edition(db, opening);
    const around = await this.#around(
      db,
      opening,
      conflicts.map(({ theirs }) => theirs as RatingRow),
    );
    return conflicts.map(({ criterionId, wish, theirs }) => ({
      criterion: criteria.find(({ id }) => id === criterionId),
      yourLevel: wish.level ?? null,
      yourStatement: wish.statement ?? null,
      theirs: shownRating(theirs as RatingRow, around),
    }));
  }

  async criteriaById(db: Db, processId: string, criterionIds: readonly string[]): Promise<Criterion[]> {
    const { criteria } = await this.#edition(db, await this.#openings.one(db, processId));
    const wanted = new Set(criterionIds);
    return criteria.filter(({ id }) => wanted.has(id));
  }

  /** The criteria fixed for the process or, before that, those that would apply today. */
  async #criteria(
    db: Db,
    opening: OpeningProcess,
  ): Promise<{ edition: Edition; criteria: readonly Criterion[] }> {
    if (!opening.frozenAt) return this.#openings.applicable(db, opening);
    const edition = await this.#edition(db, opening);
    const { lines } = await this.#ratings.sheet(db, opening.id);
    return { edition, criteria: edition.criteria.filter(({ id }) => lines.has(id)) };
  }

  async #material(db: Db, opening: OpeningProcess, edition: Edition): Promise<Material> {
    const mayAudit = await this.#responsibility.may(db, 'auditRating.read', opening, opening.processTags);
    const visible = (row: RatingRow) => mayAudit || ofTheUnit.has(row.kind);
    const history = (await this.#ratings.history(db, opening.id)).filter(visible);
    const returned = await returnReasonsOf(db, opening.id);
    const [held] = await this.#responsibility.capacitiesAt(db, [opening]);
    const isOpen = isOpenFor(opening.process, ['editable']);
    const mayRate = await this.#access.mayRate(db, opening, new Set(held!.keys()));
    return {
      opening,
      edition,
      sheet: await this.#ratings.sheet(db, opening.id),
      history: Map.groupBy(history, ({ criterionId }) => criterionId),
      competent: await this.#competent(db, opening, edition),
      returned: new Map(returned.map(({ criterionId, reason }) => [criterionId, reason])),
      mayRate: (criterionId) => isOpen && mayRate(criterionId),
      ...(await this.#around(db, opening, history)),
    };
  }

  async #around(db: Db, opening: OpeningProcess, rows: readonly RatingRow[]): Promise<Around> {
    const people = rows.flatMap(({ personId, representsId }) => [personId ?? [], representsId ?? []].flat());
    const names = await this.#persons.names(db, [...new Set(people)]);
    const may = await this.#responsibility.may(db, 'evidence.read', opening, opening.processTags);
    const ids = [...new Set(rows.flatMap(({ evidenceIds }) => evidenceIds))];
    return { names, proofs: may ? await this.#evidence.of(db, ids) : undefined };
  }

  /** The competent post of each criterion, by its code. */
  async #competent(db: Db, { unitId }: OpeningProcess, { key }: Edition): Promise<Map<string, PostOnDay>> {
    const named = (await this.#responsibility.competentPosts(db, [unitId], { catalogue: key })).get(unitId);
    const ids = [...new Set([...(named?.values() ?? [])].map(({ postId }) => postId))];
    const posts = ids.length === 0 ? [] : await this.#organisation.posts(db, { ids });
    const byId = new Map(posts.map((post) => [post.id, post]));
    const pairs = [...(named ?? [])].map(([code, { postId }]) => [code, byId.get(postId)] as const);
    return new Map(pairs.filter((pair): pair is [string, PostOnDay] => pair[1] !== undefined));
  }

  async #edition(db: Db, { editionId }: OpeningProcess): Promise<Edition> {
    return found(await this.#catalogue.edition(db, editionId), { de: 'Fassung', en: 'Edition' });
  }
}

function itemOf(criterion: Criterion, material: Material) {
  const history = material.history.get(criterion.id) ?? [];
  // The first ones come first, so that the last of each kind stays.
  const ratings = Object.fromEntries(history.map((row) => [row.kind, row])) as RatingRows;
  const shown = (row: RatingRow | undefined) => (row ? shownRating(row, material) : null);
  const post = material.competent.get(criterion.code);
  const said = newest(ratings);
  return {
    criterion,
    field: criterion.field,
    core: criterion.core,
    selfRating: shown(ratings.SELF),
    secondRating: shown(ratings.SECOND),
    agreement: shown(ratings.CONSENSUS),
    proposal: said ? null : shown(ratings.CARRIED),
    counting: shown(counting(ratings) as RatingRow | undefined),
    confirmed: ratedByTwo(ratings),
    mustBeResolved: mustBeResolved(ratings),
    competent: post ? { post, personIds: post.holders.map(({ personId }) => personId) } : null,
    mayRate: material.mayRate(criterion.id),
    returnReason: material.returned.get(criterion.id) ?? null,
    version: said?.version ?? 0,
    history: history.map((row) => shownRating(row, material)),
  };
}

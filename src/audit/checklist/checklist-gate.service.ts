import { Injectable } from '@nestjs/common';
import { Catalogue } from '../../catalogue/index.ts';
import { Engine, type ProcessRow } from '../../engine/index.ts';
import { Organisation } from '../../organisation/index.ts';
import { found, type Db, type Statement, type Tx } from '../../platform/index.ts';
import { allows, Responsibility } from '../../responsibility/index.ts';
import { mayRate } from './checklist.rules.ts';
import { OpeningGate } from '../opening/opening-gate.service.ts';
import { openingsById, type OpeningProcessRow } from '../opening/opening-process.sql.ts';
import type { ActedBy } from '../rating/rating.rules.ts';
import { Ratings, type Sheet } from '../rating/ratings.service.ts';

/** A checklist in the hands of somebody who may write on it. */
export interface OpenChecklist {
  readonly process: ProcessRow;
  readonly sheet: Sheet;
  /** The asker and, for a deputy, the person stood in for. */
  readonly me: ActedBy;
  readonly mayRate: (criterionId: string) => boolean;
}

/** The functions that write on a checklist; who holds several acts in the first. */
const writers = ['OWNER', 'HEAD', 'CONTRIB'] as const;

/** Opens a checklist for writing: lock, permission, ratings, in this order, so that what is judged stays as it is. */
@Injectable()
export class ChecklistGate {
  readonly #engine: Engine;
  readonly #organisation: Organisation;
  readonly #catalogue: Catalogue;
  readonly #responsibility: Responsibility;
  readonly #ratings: Ratings;
  readonly #openings: OpeningGate;

  constructor(
    engine: Engine,
    organisation: Organisation,
    catalogue: Catalogue,
    responsibility: Responsibility,
    ratings: Ratings,
    openings: OpeningGate,
  ) {
    this.#engine = engine;
    this.#organisation = organisation;
    this.#catalogue = catalogue;
    this.#responsibility = responsibility;
    this.#ratings = ratings;
    this.#openings = openings;
  }

  /** What opening a checklist asks first. */
  ahead(processId: string): Statement {
    return this.#engine.lockAhead(processId);
  }

  /** Permission is asked as if the state were right: whoever may write learns that it is too late, others nothing. */
  async open(tx: Tx, processId: string, action: string): Promise<OpenChecklist> {
    const process = await this.#engine.lock(tx, processId);
    const [opening] = await openingsById(tx, [processId]);
    const row = found(opening, { de: 'Öffnungsprozess', en: 'Opening process' });
    const place = { unitId: row.unitId, seriesId: row.roundId, processId };
    const [held] = await this.#responsibility.capacitiesAt(tx, [place]);
    const functions = new Set(held!.keys());
    tx.permit(allows(action, functions, new Set(['editable'])));
    const fn = writers.find((name) => functions.has(name))!;
    const representsId = await this.#openings.representedBy(tx, held!.get(fn));
    const me = { personId: tx.actor.person, representsId };
    const sheet = await this.#ratings.sheet(tx, processId);
    return { process, sheet, me, mayRate: await this.mayRate(tx, row, functions) };
  }

  /** Which criteria the asker may rate: all for those who carry the process, else what an own post is competent for. */
  async mayRate(db: Db, { unitId, editionId }: OpeningProcessRow, functions: ReadonlySet<string>) {
    if (functions.has('OWNER') || functions.has('HEAD')) return () => true;
    if (!functions.has('CONTRIB')) return () => false;
    const edition = found(await this.#catalogue.edition(db, editionId), { de: 'Fassung', en: 'Edition' });
    const competent = await this.#responsibility.competentPosts(db, [unitId], { catalogue: edition.key });
    const own = new Set(
      (await this.#organisation.heldPosts(db, db.actor.person)).map(({ postId }) => postId),
    );
    const codes = new Map(edition.criteria.map(({ id, code }) => [id, code]));
    const postFor = (id: string) => competent.get(unitId)?.get(codes.get(id) ?? '')?.postId;
    return (criterionId: string) => mayRate(functions, postFor(criterionId), own);
  }
}

import { Injectable } from '@nestjs/common';
import { applicableCriteria, Catalogue, type Edition } from '../../catalogue/index.ts';
import { Engine, type ProcessRow } from '../../engine/index.ts';
import { groupSizes, Organisation, type UnitNode } from '../../organisation/index.ts';
import {
  afterKey,
  found,
  isRefusal,
  newId,
  page,
  pageSize,
  type Db,
  type Page,
  type PageArgs,
  type Refusal,
  type Tx,
} from '../../platform/index.ts';
import { Responsibility } from '../../responsibility/index.ts';
import type { Counters } from '../rating/counters.rules.ts';
import { countByClass, frozenCriteria } from '../rating/criteria.rules.ts';
import {
  openingsById,
  openingsOfUnits,
  openingKeys,
  type OpeningFilter,
  type OpeningProcessRow,
  insertStarted,
  insertCriteria,
  fixedCriteria,
  markFrozen,
  moveCounters,
} from './opening-process.sql.ts';
import { openingTags, shownTags } from './opening-tags.rules.ts';
import { publishedOf } from './report.sql.ts';
import { roundsById, type RoundRow } from './round.sql.ts';

/** An opening process with what it is about; from `seriesId` on, what the field rules read. */
export interface OpeningProcess extends OpeningProcessRow {
  readonly process: ProcessRow;
  /** As it stands today or, if it has ended, as it last stood. */
  readonly unit: UnitNode;
  readonly round: RoundRow;
  readonly seriesId: string;
  readonly processId: string;
  readonly processTags: readonly string[];
}

/** After these a unit may be commissioned anew. What was decided stands while the next round looks at the unit again. */
const ended = ['terminal', 'recognised', 'concluded'];

/** Opening processes of units: read with their state, started by the thousand, frozen one by one. */
@Injectable()
export class OpeningProcesses {
  readonly #engine: Engine;
  readonly #catalogue: Catalogue;
  readonly #organisation: Organisation;
  readonly #responsibility: Responsibility;

  constructor(
    engine: Engine,
    catalogue: Catalogue,
    organisation: Organisation,
    responsibility: Responsibility,
  ) {
    this.#responsibility = responsibility;
    this.#engine = engine;
    this.#catalogue = catalogue;
    this.#organisation = organisation;
  }

  /** Those of the ids that exist, in the order of their ids. */
  async byIds(db: Db, ids: readonly string[]): Promise<OpeningProcess[]> {
    return ids.length === 0 ? [] : this.#withState(db, await openingsById(db, ids));
  }

  /** The process, or NOT_FOUND. */
  async one(db: Db, id: string): Promise<OpeningProcess> {
    const [opening] = await this.byIds(db, [id]);
    return found(opening, { de: 'Öffnungsprozess', en: 'Opening process' });
  }

  /** The process if the asker may see it; null for others, as if it did not exist. */
  async visible(db: Db, id: string): Promise<OpeningProcess | null> {
    const [opening] = await this.byIds(db, [id]);
    return opening && (await this.#responsibility.may(db, 'process.read', opening, opening.processTags))
      ? opening
      : null;
  }

  /** A page of those the asker may see. */
  async page(db: Db, by: OpeningFilter, args: PageArgs): Promise<Page<OpeningProcess>> {
    const [after] = afterKey(args) ?? [];
    const keys = await openingKeys(db, by, after ?? null);
    const places = keys.map(({ id, unitId, roundId }) => ({ unitId, seriesId: roundId, processId: id }));
    const may = await this.#responsibility.mayEach(db, 'process.read', places);
    const mayPublished = await this.#responsibility.mayEach(db, 'process.read', places, ['published']);
    const published = await this.#public(
      db,
      keys.filter((_, at) => mayPublished[at] && !may[at]).map(({ id }) => id),
    );
    const visible = keys.filter(({ id }, at) => may[at] || published.has(id)).slice(0, pageSize(args) + 1);
    return page(
      await this.byIds(
        db,
        visible.map(({ id }) => id),
      ),
      args,
      ({ id }) => [id],
    );
  }

  /** The ids of the processes that have not ended, by unit; units without one are left out. */
  async liveOf(db: Db, unitIds: readonly string[]): Promise<Map<string, string[]>> {
    const keys = await openingsOfUnits(db, unitIds);
    const processes = await this.#engine.processes(
      db,
      keys.map(({ id }) => id),
    );
    const live = processes.filter(({ tags }) => !ended.some((tag) => tags.includes(tag)));
    const byUnit = new Map<string, string[]>();
    for (const { id, scopeId } of live) byUnit.set(scopeId, [...(byUnit.get(scopeId) ?? []), id]);
    return byUnit;
  }

  /**
   * Starts one process for each unit and commissions it, all or none. Counts of applicable criteria are there at once;
   * the criteria themselves are fixed when the scope of each process is confirmed. Returns the processes by unit.
   */
  async start(
    tx: Tx,
    round: RoundRow,
    edition: Edition,
    units: readonly UnitNode[],
  ): Promise<ReadonlyMap<string, string> | Refusal> {
    const counted = countByClass(edition, (unit: UnitNode) => applicableCriteria(edition, unit));
    const rows = units.map((unit) => ({ id: newId(), unit_id: unit.id, ...counted(unit) }));
    const started = await this.#engine.start(tx, {
      definitionId: round.definitionId,
      seriesId: round.id,
      items: rows.map(({ id, unit_id }) => ({ processId: id, scopeId: unit_id })),
      first: { step: 'COMMISSION' },
    });
    if (isRefusal(started)) return started;
    await tx.call(insertStarted, [round.id, round.editionId, JSON.stringify(rows), tx.commandId]);
    return new Map(rows.map(({ id, unit_id }) => [unit_id, id]));
  }

  /**
   * Fixes the criteria of a process as its unit stands today; the counters follow what changed since the start. In a
   * later cycle by the same edition what was fixed once stays in.
   */
  async freeze(tx: Tx, processId: string): Promise<number> {
    const [opening] = await openingsById(tx, [processId]);
    const row = found(opening, { de: 'Öffnungsprozess', en: 'Opening process' });
    if (row.frozenAt) return row.applicable;
    const { edition, criteria } = await this.applicable(tx, row);
    await tx.call(insertCriteria, [processId, JSON.stringify(frozenCriteria(edition, criteria))]);
    await tx.call(markFrozen, [processId]);
    const fixed = new Set((await tx.call<{ id: string }>(fixedCriteria, [processId])).map(({ id }) => id));
    return this.recount(tx, processId, fixed);
  }

  /** Sets the counters of a process without ratings to the criteria that apply, or to those that were fixed. */
  async recount(tx: Tx, processId: string, fixed?: ReadonlySet<string>): Promise<number> {
    const row = (await openingsById(tx, [processId]))[0]!;
    const { edition, criteria } = await this.applicable(tx, row);
    const counted = fixed ? edition.criteria.filter(({ id }) => fixed.has(id)) : criteria;
    const moved = difference(countByClass(edition, () => counted)(anyUnit), row);
    if (
      Object.values(moved)
        .flat()
        .some((change) => change !== 0)
    )
      await tx.call(moveCounters, [processId, tx.commandId, JSON.stringify(moved)]);
    return counted.length;
  }

  /** The criteria that apply to the unit of a process today, before they are fixed. */
  async applicable(db: Db, { unitId, editionId }: OpeningProcessRow) {
    const [edition, tree] = [await this.#catalogue.edition(db, editionId), await this.#organisation.tree(db)];
    const unit = tree.node(unitId);
    const known = found(edition, { de: 'Fassung', en: 'Edition' });
    return { edition: known, criteria: unit ? applicableCriteria(known, unit) : [] };
  }

  /** Those whose report is public; an open objection holds that back. */
  async #public(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const published = await publishedOf(db, ids);
    const processes = await this.#engine.processes(db, [...published]);
    return new Set(
      processes.filter(({ tags }) => !tags.includes(openingTags.publicationHeld)).map(({ id }) => id),
    );
  }

  async #withState(db: Db, rows: readonly OpeningProcessRow[]): Promise<OpeningProcess[]> {
    if (rows.length === 0) return [];
    const processes = byId(
      await this.#engine.processes(
        db,
        rows.map(({ id }) => id),
      ),
    );
    const rounds = byId(await roundsById(db, [...new Set(rows.map(({ roundId }) => roundId))]));
    const tree = await this.#organisation.tree(db);
    const ended = rows.map(({ unitId }) => unitId).filter((id) => !tree.node(id));
    const past = byId(ended.length === 0 ? [] : await this.#organisation.lastKnown(db, ended));
    const published = await publishedOf(
      db,
      rows.map(({ id }) => id),
    );
    return rows.map((row) => {
      const process = processes.get(row.id)!;
      const unit = tree.node(row.unitId) ?? past.get(row.unitId)!;
      const sizes = groupSizes(unit, tree.minimumShown);
      const tags = shownTags(process.tags, { isReleasedToPublic: published.has(row.id), sizes });
      const place = { seriesId: row.roundId, processId: row.id, processTags: tags };
      const shown = { ...process, processTags: tags };
      return { ...row, process: shown, unit, round: rounds.get(row.roundId)!, ...place };
    });
  }
}

const byId = <T extends { readonly id: string }>(rows: readonly T[]) =>
  new Map(rows.map((row) => [row.id, row]));

const arraysOf = ['field_applicable', 'field_rated', 'field_points_of', 'field_points'] as const;

/** Stands for the one class of units that is counted at a time. */
const anyUnit = { level: '', kind: '', tags: [] };

/** What the counters change by to say that these criteria apply and nothing is rated. */
function difference(now: Counters, before: Counters): Counters {
  const fields = Math.max(...arraysOf.map((name) => Math.max(now[name].length, before[name].length)));
  const entries = Object.entries(now).map(([name, count]) => {
    const was = before[name as keyof Counters];
    if (typeof count === 'number') return [name, count - (was as number)];
    const at = (counts: readonly number[], i: number) => counts[i] ?? 0;
    return [name, Array.from({ length: fields }, (_, i) => at(count, i) - at(was as number[], i))];
  });
  return Object.fromEntries(entries) as Counters;
}

import { Injectable } from '@nestjs/common';
import type { Proof } from '../../evidence/index.ts';
import { digest, newId, type Db, type Tx } from '../../platform/index.ts';
import { countChanges, type FrozenCriterion } from './counters.rules.ts';
import { counting, newestOf, type RatingKind, type RatingStanding, type Standings } from './rating.rules.ts';
import { topOf, type Scale } from './scale.rules.ts';
import { criteriaOf, latestOf, earlierOf, historyOf, append } from './rating.sql.ts';

/** A rating as it stands in the database. */
export interface RatingRow extends RatingStanding {
  readonly id: string;
  readonly processId: string;
  readonly criterionId: string;
  readonly statement: string | null;
  readonly reason: string | null;
  readonly checkNote: string | null;
  readonly changedRule: string | null;
  readonly carriedFrom: string | null;
  readonly recordedAt: Date;
  readonly evidenceIds: readonly string[];
}
export type RatingRows = { readonly [K in RatingKind]?: RatingRow };

/** A criterion of a process with the latest rating of each kind. */
export interface SheetLine extends FrozenCriterion {
  readonly ratings: RatingRows;
  /** The highest version among all its ratings; 0 when there is none. */
  readonly version: number;
}
/** All lines of one process, by criterion. */
export interface Sheet {
  readonly processId: string;
  readonly fields: number;
  readonly scale: Scale;
  readonly lines: ReadonlyMap<string, SheetLine>;
}

export interface NewRating {
  readonly criterionId: string;
  readonly kind: RatingKind;
  readonly level: number | null;
  readonly statement?: string | null;
  readonly reason?: string | null;
  readonly checkNote?: string | null;
  readonly changedRule?: string | null;
  readonly carriedFrom?: string | null;
  readonly evidenceIds?: readonly string[];
  readonly personId: string | null;
  readonly representsId?: string | null;
}

/** The ratings of opening processes, of every kind. Whoever appends has locked the process before. */
@Injectable()
export class Ratings {
  /** Criteria and latest ratings of many processes, two statements. A process without frozen criteria is left out. */
  async sheets(db: Db, processIds: readonly string[]): Promise<Map<string, Sheet>> {
    if (processIds.length === 0) return new Map();
    const criteria = await db.call<CriterionRow>(criteriaOf, [processIds]);
    const ratings = await db.call<RatingRow>(latestOf, [processIds]);
    const byLine = Map.groupBy(ratings, (rating) => rating.processId + rating.criterionId);
    const sheets = new Map<string, Sheet & { readonly lines: Map<string, SheetLine> }>();
    for (const { processId, fields, stages, lastVersion, ...row } of criteria) {
      const known = { processId, fields, scale: { stages }, lines: new Map<string, SheetLine>() };
      const sheet = sheets.get(processId) ?? known;
      sheets.set(processId, sheet);
      const criterion = { ...row, top: topOf(sheet.scale) };
      sheet.lines.set(
        criterion.criterionId,
        lineOf(criterion, byLine.get(processId + criterion.criterionId) ?? [], lastVersion),
      );
    }
    return sheets;
  }

  async sheet(db: Db, processId: string): Promise<Sheet> {
    const sheets = await this.sheets(db, [processId]);
    return sheets.get(processId) ?? { processId, fields: 0, scale: { stages: [] }, lines: new Map() };
  }

  /** What stood at the end of the process's last cycle, by criterion; empty in its first one. */
  async earlier(db: Db, processId: string): Promise<Map<string, RatingRows>> {
    const rows = await db.call<RatingRow>(earlierOf, [processId]);
    return new Map(
      [...Map.groupBy(rows, ({ criterionId }) => criterionId)].map(([id, of]) => [id, byKind(of)]),
    );
  }

  /** Every rating ever given in a process, by criterion, the first one first. */
  history(db: Db, processId: string): Promise<RatingRow[]> {
    return db.call<RatingRow>(historyOf, [processId]);
  }

  /**
   * Appends ratings with their evidence, moves the counters and logs the difference, in one statement. `sheet` must have
   * been read under the same lock; a criterion may appear once.
   */
  async append(tx: Tx, sheet: Sheet, entries: readonly NewRating[]): Promise<void> {
    if (entries.length === 0) return;
    const changes = entries.map((entry) => {
      const { ratings, version, ...criterion } = sheet.lines.get(entry.criterionId)!;
      const rating: RatingStanding = {
        ...entry,
        representsId: entry.representsId ?? null,
        version: version + 1,
      };
      const before: Standings = ratings;
      return { criterion, before, after: { ...before, [entry.kind]: rating } };
    });
    const rows = entries.map((entry) => rowOf(entry, sheet.lines.get(entry.criterionId)!.version + 1));
    const moved = countChanges(changes, sheet.fields);
    await tx.call(append, [sheet.processId, tx.commandId, JSON.stringify(rows), JSON.stringify(moved)]);
  }
}

/**
 * What counted at the end, for a later round or a successor to start from: the level that counted, in the unit's own words
 * and with its own evidence, for an audit's rating brings neither.
 */
export function whatCounted(ratings: RatingRows): RatingRow | undefined {
  const counted = counting(ratings) as RatingRow | undefined;
  const own = newestOf(ratings, ['SELF', 'CONSENSUS']) as RatingRow | undefined;
  if (!counted || !own) return counted;
  const { statement, reason, checkNote, changedRule, evidenceIds } = own;
  return { ...counted, statement, reason: reason ?? counted.reason, checkNote, changedRule, evidenceIds };
}

/** What stands, hashed: SHA-256 over the canonical JSON (RFC 8785) of the ratings that count. */
export function contentHash(sheet: Sheet): string {
  const ratings = [...sheet.lines.values()]
    .map(({ criterionId, ratings }) => ({ criterionId, rating: counting(ratings) as RatingRow | undefined }))
    .sort((one, other) => (one.criterionId < other.criterionId ? -1 : 1))
    .map(({ criterionId, rating }) => ({ criterionId, rating: rating ? signed(rating) : null }));
  return digest({ processId: sheet.processId, ratings });
}

const signed = ({ id, level, statement, reason, checkNote, changedRule, evidenceIds }: RatingRow) => ({
  id,
  level,
  statement,
  reason,
  checkNote,
  changedRule,
  evidenceIds: [...evidenceIds].sort(),
});

type CriterionRow = Omit<FrozenCriterion, 'top'> & {
  readonly processId: string;
  readonly fields: number;
  readonly stages: Scale['stages'];
  readonly lastVersion: number;
};

const byKind = (rows: readonly RatingRow[]): RatingRows =>
  Object.fromEntries(rows.map((row) => [row.kind, row]));

function lineOf(criterion: FrozenCriterion, rows: readonly RatingRow[], lastVersion: number): SheetLine {
  const version = Math.max(lastVersion, ...rows.map((row) => row.version));
  return { ...criterion, ratings: byKind(rows), version };
}

function rowOf(entry: NewRating, version: number) {
  return {
    id: newId(),
    criterion_id: entry.criterionId,
    kind: entry.kind,
    version,
    level: entry.level,
    statement: entry.statement ?? null,
    reason: entry.reason ?? null,
    check_note: entry.checkNote ?? null,
    changed_rule: entry.changedRule ?? null,
    carried_from: entry.carriedFrom ?? null,
    person_id: entry.personId,
    represents_id: entry.representsId ?? null,
    evidence_ids: entry.evidenceIds ?? [],
  };
}

export interface NamedPerson {
  readonly id: string;
  readonly displayName: string;
}

/** What shaping a rating needs beside its row. */
export interface Around {
  readonly names: ReadonlyMap<string, string>;
  /** Undefined when the asker may not see evidence. */
  readonly proofs: ReadonlyMap<string, Proof> | undefined;
}

/** A rating as the API shows it. */
export function shownRating(row: RatingRow, { names, proofs }: Around) {
  const named = (id: string | null): NamedPerson | null =>
    id ? { id, displayName: names.get(id) ?? '' } : null;
  return {
    id: row.id,
    kind: row.kind,
    level: row.level,
    notApplicable: row.level === null,
    statement: row.statement,
    reason: row.reason,
    checkNote: row.checkNote,
    changedRule: row.changedRule,
    evidence: proofs ? row.evidenceIds.flatMap((id) => proofs.get(id) ?? []) : null,
    by: named(row.personId),
    represents: named(row.representsId),
    version: row.version,
    takenOver: row.carriedFrom !== null,
    // For `inheritedFrom`, which is looked up when it is asked for.
    carriedFrom: row.carriedFrom,
    ratedIn: row.processId,
    at: row.recordedAt,
  };
}

import { Injectable } from '@nestjs/common';
import { levelAt } from '../audit/index.ts';
import type { Edition } from '../catalogue/index.ts';
import type { Text } from '../platform/index.ts';
import * as texts from './figure-texts.rules.ts';
import { figure, type Counted, type Figure } from './figure.rules.ts';
import type { LeftOutReason } from './left-out.rules.ts';
import { share, toNumber } from './share.rules.ts';
import { processIds, type StatusFigures } from './status-figures.ts';
import * as ask from './status.sql.ts';
import * as rules from './status.rules.ts';
import type { UnitState } from './status.rules.ts';

interface OfCriterion {
  readonly criterion: string;
  readonly title: Text;
  readonly number: number | null;
  readonly n: number;
}

/**
 * Leadership's questions about ratings: only closed ones count, only those that the asker may read unit by unit, and none
 * of small groups. So no sum holds anything that its reader must not know, and none can be subtracted from another.
 */
@Injectable()
export class RatingsStatus {
  /** Units whose own ratings in the round are closed and open to the asker. */
  counted({ data }: StatusFigures): readonly UnitState[] {
    return data.units.filter((unit) => rules.isClosed(unit.process) && whyNotCounted(unit) === null);
  }

  async maturity(figures: StatusFigures) {
    const { units } = figures.data;
    const counted = this.counted(figures);
    const maturity = rules.total(counted.map(rules.maturityOf));
    const done = rules.total(counted.map(rules.doneOf));
    const asked = rules.total(units.map(rules.doneOf));
    const kind = this.#kind(figures, texts.maturityText, rules.isClosed);
    return {
      ...figure(kind, toNumber(maturity), counted.length),
      completeness: toNumber(share(done.part, asked.of)),
      fields: await this.#fields(figures, counted, kind),
    };
  }

  async #fields({ data }: StatusFigures, counted: readonly UnitState[], kind: Counted) {
    if (counted.length === 0) return [];
    const rows = await ask.fieldRows(data.db, data.when, processIds(counted));
    return data.edition.fields.map(({ code, title }, i) => {
      const row = rows.find(({ fieldNo }) => fieldNo === i + 1);
      const points = share(row?.points ?? 0, row?.pointsOf ?? 0);
      return {
        ...figure(kind, toNumber(points), row?.units ?? 0),
        field: code,
        title,
        points: points.part,
        possible: points.of,
      };
    });
  }

  /** Core criteria below the required level, the most failed first. */
  async coreCriteria(
    figures: StatusFigures,
  ): Promise<Figure & { readonly criteria: readonly OfCriterion[] }> {
    const { db, when, policy, edition } = figures.data;
    const counted = this.counted(figures);
    const level = levelAt(policy.coreLevel, edition.scale.length - 1);
    const rows = await ask.coreRows(db, when, processIds(counted), level);
    const criteria = rows
      .map(({ criterionId, rated, failing }) => ({
        ...named(edition, criterionId),
        number: failing,
        n: rated,
      }))
      .sort((a, b) => b.number - a.number || a.criterion.localeCompare(b.criterion));
    return {
      ...figure(
        this.#kind(figures, texts.coreText(policy), rules.isClosed),
        sumOf(rows, (row) => row.failing),
        sumOf(rows, (row) => row.rated),
      ),
      criteria,
    };
  }

  /** How far final ratings of released reports lie above the units' own, in levels; the largest mean difference first. */
  async deviations(figures: StatusFigures) {
    const { db, when, edition } = figures.data;
    const released = this.counted(figures).filter(({ process }) => rules.isReleased(process));
    const of = released.map(({ process, unit }) => ({ processId: process!.processId, kind: unit.kind }));
    const rows = await ask.deviationRows(db, when, of);
    const criteria = rows
      .map(({ criterionId, kind, units, sum }) => ({
        ...named(edition, criterionId),
        kind,
        number: mean(sum, units),
        n: units,
      }))
      .sort(largestDifferenceFirst);
    const pairs = sumOf(rows, ({ units }) => units);
    const sum = sumOf(rows, (row) => row.sum);
    const kind = this.#kind(figures, texts.deviationsText, rules.isReleased);
    return { ...figure(kind, mean(sum, pairs), pairs), criteria };
  }

  /** What figures over the ratings of `concerned` processes share. */
  #kind({ data }: StatusFigures, definition: Text, concerned: typeof rules.isClosed): Counted {
    const missing = data.units
      .filter(({ process }) => concerned(process))
      .flatMap((unit) => whyNotCounted(unit) ?? []);
    return { date: data.when.day, definition, leftOut: [...data.leftOut, ...missing] };
  }
}

const whyNotCounted = (unit: UnitState): LeftOutReason | null =>
  rules.whyHidden(unit) ?? (unit.mayRead.ratings ? null : 'NOT_OPEN');

function named({ criteria }: Edition, id: string): { readonly criterion: string; readonly title: Text } {
  const { code, title } = criteria.find((criterion) => criterion.id === id)!;
  return { criterion: code, title };
}

/** Rounded to two digits: levels are whole numbers, so more would claim a precision that is not there. */
function mean(sum: number, n: number): number | null {
  return n === 0 ? null : Math.round((100 * sum) / n) / 100;
}

function sumOf<T>(rows: readonly T[], pick: (row: T) => number): number {
  return rows.reduce((total, row) => total + pick(row), 0);
}

function largestDifferenceFirst(
  a: OfCriterion & { kind: string },
  b: OfCriterion & { kind: string },
): number {
  const size = (of: OfCriterion) => Math.abs(of.number ?? 0);
  return size(b) - size(a) || a.criterion.localeCompare(b.criterion) || a.kind.localeCompare(b.kind);
}

import { Injectable } from '@nestjs/common';
import { levelAt } from '../audit/index.ts';
import type { Edition } from '../catalogue/index.ts';
import type { Text } from '../platform/index.ts';
import * as texts from './figure-texts.rules.ts';
import { figure, type Figure } from './figure.rules.ts';
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

/** Leadership's questions about ratings: only closed ones count, and only those the asker may read. */
@Injectable()
export class RatingsStatus {
  /** Units whose own ratings in the round are closed and open to the asker. */
  counted({ data }: StatusFigures): readonly UnitState[] {
    return data.units.filter(({ process, mayRead }) => mayRead.ratings && rules.isClosed(process));
  }

  async maturity(figures: StatusFigures) {
    const { units, when, minimumShown } = figures.data;
    const counted = this.counted(figures);
    const hidden = tooFew(counted, minimumShown);
    const maturity = rules.total(counted.map(rules.maturityOf));
    const done = rules.total(counted.map(rules.doneOf));
    const asked = rules.total(units.map(rules.doneOf));
    return {
      ...figure(when.day, texts.maturityText, hidden ? null : toNumber(maturity), counted.length),
      completeness: toNumber(share(done.part, asked.of)),
      fields: hidden ? [] : await this.#fields(figures, counted),
    };
  }

  async #fields({ data }: StatusFigures, counted: readonly UnitState[]) {
    const rows = await ask.fieldRows(data.db, data.when, processIds(counted));
    return data.edition.fields.map(({ code, title }, i) => {
      const row = rows.find(({ fieldNo }) => fieldNo === i + 1);
      const points = share(row?.points ?? 0, row?.pointsOf ?? 0);
      return {
        ...figure(data.when.day, texts.maturityText, toNumber(points), row?.units ?? 0),
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
    const { db, when, policy, edition, minimumShown } = figures.data;
    const counted = this.counted(figures);
    const hidden = tooFew(counted, minimumShown);
    const rows = hidden
      ? []
      : await ask.coreRows(
          db,
          when,
          counted.map(staffOf),
          levelAt(policy.coreLevel, edition.scale.length - 1),
        );
    const criteria = rows
      .map(({ criterionId, rated, failing, staff }) => ({
        ...named(edition, criterionId),
        number: failing > 0 && rules.isSuppressed(staff, minimumShown) ? null : failing,
        n: rated,
      }))
      .sort((a, b) => (b.number ?? 0) - (a.number ?? 0) || a.criterion.localeCompare(b.criterion));
    const failing = hidden ? null : sumOf(rows, (row) => row.failing);
    return {
      ...figure(
        when.day,
        texts.coreText(policy),
        failing,
        sumOf(rows, (row) => row.rated),
      ),
      criteria,
    };
  }

  /** How far final ratings of released reports lie above the units' own, in levels; the largest mean difference first. */
  async deviations(figures: StatusFigures) {
    const { db, when, edition, minimumShown } = figures.data;
    const released = this.counted(figures).filter(({ process }) => rules.isReleased(process));
    const of = released.map((unit) => ({ ...staffOf(unit), kind: unit.unit.kind }));
    const rows = tooFew(released, minimumShown) ? [] : await ask.deviationRows(db, when, of);
    const criteria = rows
      .map(({ criterionId, kind, units, sum, staff }) => ({
        ...named(edition, criterionId),
        kind,
        number: rules.isSuppressed(staff, minimumShown) ? null : mean(sum, units),
        n: units,
      }))
      .sort(largestDifferenceFirst);
    const pairs = sumOf(rows, ({ units }) => units);
    return {
      ...figure(
        when.day,
        texts.deviationsText,
        mean(
          sumOf(rows, ({ sum }) => sum),
          pairs,
        ),
        pairs,
      ),
      criteria,
    };
  }
}

/** Whether a figure over these units would be about too few people to be shown. */
function tooFew(units: readonly UnitState[], minimumShown: number): boolean {
  return (
    units.length > 0 &&
    rules.isSuppressed(
      sumOf(units, ({ unit }) => unit.headcount),
      minimumShown,
    )
  );
}

const staffOf = ({ process, unit }: UnitState) => ({ processId: process!.processId, staff: unit.headcount });

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

import { Injectable } from '@nestjs/common';
import { anchoringOf } from './anchoring.rules.ts';
import { anchoringText, statementText } from './figure-texts.rules.ts';
import { figure } from './figure.rules.ts';
import { toNumber, type Share } from './share.rules.ts';
import type { StatusFigures } from './status-figures.ts';
import { factsOf, whyHidden } from './status.rules.ts';

/** The matrix area × level with breadth, depth, index and what may be said about the whole. */
@Injectable()
export class AnchoringStatus {
  /** Whether a unit is anchored follows from its ratings: where they are hidden, its verdict counts in no cell and no sum. */
  anchoring(figures: StatusFigures) {
    const { policy, edition, tree, units, when, leftOut, steeringActive } = figures.data;
    const counted = units.filter((unit) => whyHidden(unit) === null);
    const hidden = units.flatMap((unit) => whyHidden(unit) ?? []);
    const notStarted = units.filter((unit) => !factsOf(unit).started).length;
    const verdicts = counted.map((unit) => figures.verdicts.get(unit)!);
    const result = anchoringOf(verdicts, policy, steeringActive && notStarted === 0);
    const isWhole = leftOut.length === 0 && !hidden.includes('NOT_PUBLISHED');
    const statement = isWhole && counted.length > 0 ? result.statement : null;
    const shown = (of: Share) => ({ number: toNumber(of), n: of.of });
    const areas = new Map(tree.areas().map((area) => [area.id, area]));
    const kind = { date: when.day, definition: anchoringText(policy), leftOut: [...leftOut, ...hidden] };
    return {
      ...figure(kind, result.index, counted.length),
      policyVersion: policy.version,
      edition: `${edition.key} ${edition.version}`,
      statement,
      sentence: statement && statementText[statement],
      breadth: result.breadth ? toNumber(result.breadth) : null,
      depth: result.depth ? toNumber(result.depth) : null,
      meanOfAreas: result.meanOfAreas,
      meanOfLevels: result.meanOfLevels,
      anchored: counted.length > 0 ? result.whole.part : null,
      notStarted,
      steeringActive,
      areas: result.areas.map(({ areaId, anchored }) => {
        const { name, unit } = areas.get(areaId)!;
        return { area: name, unit, ...shown(anchored) };
      }),
      levels: result.levels.map(({ level, anchored }) => ({ level, ...shown(anchored) })),
      matrix: result.cells.map(({ areaId, level, anchored }) => ({
        area: areaId === null ? null : areas.get(areaId)!.name,
        level,
        ...shown(anchored),
      })),
    };
  }
}

import { Injectable } from '@nestjs/common';
import { anchoringOf } from './anchoring.rules.ts';
import { anchoringText, statementText } from './figure-texts.rules.ts';
import { figure } from './figure.rules.ts';
import { toNumber, type Share } from './share.rules.ts';
import type { StatusFigures } from './status-figures.ts';
import { isSuppressed, type UnitState } from './status.rules.ts';

/** The matrix area × level with breadth, depth, index and what may be said about the whole. */
@Injectable()
export class AnchoringStatus {
  anchoring(figures: StatusFigures) {
    const { policy, edition, tree, units, when, minimumShown, steeringActive } = figures.data;
    const result = anchoringOf([...figures.verdicts.values()], policy, steeringActive);
    const staff = staffOf(units);
    const hidden = isSuppressed(Math.max(0, ...staff.values()), minimumShown);
    const unlessHidden = <T>(value: T) => (hidden ? null : value);
    const shown = (of: Share, ...place: (string | null)[]) => ({
      number: isSuppressed(staff.get(place.join(' ')) ?? 0, minimumShown) ? null : toNumber(of),
      n: of.of,
    });
    const areas = new Map(tree.areas().map((area) => [area.id, area]));
    return {
      ...figure(when.day, anchoringText(policy), unlessHidden(result.index), units.length),
      policyVersion: policy.version,
      edition: `${edition.key} ${edition.version}`,
      statement: result.statement,
      sentence: statementText[result.statement],
      breadth: unlessHidden(result.breadth ? toNumber(result.breadth) : null),
      depth: unlessHidden(result.depth ? toNumber(result.depth) : null),
      meanOfAreas: unlessHidden(result.meanOfAreas),
      meanOfLevels: unlessHidden(result.meanOfLevels),
      anchored: unlessHidden(result.whole.part),
      notStarted: result.notStarted,
      steeringActive,
      areas: result.areas.map(({ areaId, anchored }) => {
        const { name, unit } = areas.get(areaId)!;
        return { area: name, unit, ...shown(anchored, areaId) };
      }),
      levels: result.levels.map(({ level, anchored }) => ({ level, ...shown(anchored, level) })),
      matrix: result.cells.map(({ areaId, level, anchored }) => ({
        area: areaId === null ? null : areas.get(areaId)!.name,
        level,
        ...shown(anchored, areaId, level),
      })),
    };
  }
}

/**
 * How many people a figure is about, by cell, level and area. Units of one level do not overlap, so theirs add up; a
 * headcount contains those of subordinate units, so an area counts as many as its largest level.
 */
function staffOf(units: readonly UnitState[]): ReadonlyMap<string, number> {
  const staff = new Map<string, number>();
  const add = (key: string, more: number) => staff.set(key, (staff.get(key) ?? 0) + more);
  for (const { unit, areaId } of units) {
    add(unit.level, unit.headcount);
    add(`${areaId ?? ''} ${unit.level}`, unit.headcount);
  }
  for (const { unit, areaId } of units)
    if (areaId !== null)
      staff.set(areaId, Math.max(staff.get(areaId) ?? 0, staff.get(`${areaId} ${unit.level}`)!));
  return staff;
}

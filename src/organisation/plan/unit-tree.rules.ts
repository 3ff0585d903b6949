import type { Level } from './plan.rules.ts';
import type { Text } from '../../platform/bare.ts';

/** A unit as it stands on one day. */
export interface UnitNode {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly level: Level;
  readonly kind: string;
  readonly tags: readonly string[];
  /** As HR stated it, else as many as are known of: the unit's own filled posts and the head counts below it. */
  readonly headcount: number;
  readonly isHeadcountStated: boolean;
  readonly validFrom: string;
  readonly validUntil: string | null;
}

/** A directorate with all below it, or (virtual, under the top's id) all units that stand below no directorate. */
export interface Area {
  readonly id: string;
  readonly code: string;
  readonly name: Text;
  readonly unit: UnitNode | null;
}

/** The day a tree is of, and the day by whose end it was recorded (null: as recorded until now). */
export interface Moment {
  readonly on: string;
  readonly asOf: string | null;
}

/** A thing with the day it was read for: what is reached from it, such as a post's unit, stands on the same day. */
export type Dated<T> = T & { readonly moment: Moment };
export const dated = <T>(things: readonly T[], moment: Moment): Dated<T>[] =>
  things.map((thing) => ({ ...thing, moment }));

const none: readonly UnitNode[] = [];
// A node belongs to one tree; what is asked of a node (its superior, its area) is answered by that tree, so an answer
// about the past stays in the past.
const trees = new WeakMap<UnitNode, UnitTree>();

/** The units of one administration on one day; frozen, shared between requests. Order: superior before inferior, by code. */
export class UnitTree {
  readonly #nodes = new Map<string, UnitNode>();
  readonly #codes = new Map<string, UnitNode>();
  readonly #children = new Map<string | null, UnitNode[]>();
  readonly #ordered: UnitNode[] = [];

  readonly moment: Moment;
  /** Figures about fewer people than this are not shown. */
  readonly minimumShown: number;

  constructor(nodes: Iterable<UnitNode>, moment: Moment, minimumShown = 5) {
    this.moment = moment;
    this.minimumShown = minimumShown;
    for (const node of nodes) this.#nodes.set(node.id, node);
    for (const node of this.#nodes.values()) {
      this.#codes.set(node.code, node);
      trees.set(node, this);
      const parent = node.parentId !== null && this.#nodes.has(node.parentId) ? node.parentId : null;
      const siblings = this.#children.get(parent);
      if (siblings) siblings.push(node);
      else this.#children.set(parent, [node]);
    }
    for (const siblings of this.#children.values()) siblings.sort(byLevelAndCode);
    for (const root of this.roots()) this.#ordered.push(root, ...this.#below(root.id));
  }

  /** The tree that a node was read from. */
  static of(node: UnitNode): UnitTree | undefined {
    return trees.get(node);
  }

  node(id: string): UnitNode | undefined {
    return this.#nodes.get(id);
  }

  byCode(code: string): UnitNode | undefined {
    return this.#codes.get(code);
  }

  all(): readonly UnitNode[] {
    return this.#ordered;
  }

  /** The top management: the unit on L0. An administration without one has no figures, only units. */
  top(): UnitNode | undefined {
    return this.#ordered.find(({ level }) => level === 'L0');
  }

  /** Units with no superior: the top, and whatever was imported apart from it. */
  roots(): readonly UnitNode[] {
    return this.#children.get(null) ?? none;
  }

  /** Units outside the administration's own chart, such as schools and municipalities: below no top. */
  outside(): readonly UnitNode[] {
    return this.roots().flatMap(({ id, level }) => (level === 'L0' ? none : this.subtree(id)));
  }

  children(id: string): readonly UnitNode[] {
    return this.#children.get(id) ?? none;
  }

  parent(id: string): UnitNode | undefined {
    const parentId = this.#nodes.get(id)?.parentId;
    return parentId ? this.#nodes.get(parentId) : undefined;
  }

  /** Nearest first. */
  ancestors(id: string): readonly UnitNode[] {
    const above: UnitNode[] = [];
    for (let unit = this.parent(id); unit && above.length <= this.#nodes.size; unit = this.parent(unit.id))
      above.push(unit);
    return above;
  }

  /** The unit itself and all below it. */
  subtree(id: string): readonly UnitNode[] {
    const unit = this.#nodes.get(id);
    return unit ? [unit, ...this.#below(id)] : none;
  }

  #below(id: string): UnitNode[] {
    return this.children(id).flatMap((child) => [child, ...this.#below(child.id)]);
  }

  /** Strictly below. */
  isBelow(id: string, ancestorId: string): boolean {
    return this.ancestors(id).some((unit) => unit.id === ancestorId);
  }

  /**
   * The area a unit counts in: the nearest directorate (L1) upwards, itself included; what hangs below none belongs
   * to the virtual area. The top lies outside every area. Source: Konzept §6.5.
   */
  area(id: string): Area | undefined {
    const unit = this.#nodes.get(id);
    if (!unit || unit.level === 'L0') return undefined;
    const directorate = [unit, ...this.ancestors(id)].find(({ level }) => level === 'L1');
    return directorate ? areaOf(directorate) : this.#virtualArea();
  }

  /** All areas that have units, the virtual one last. */
  areas(): readonly Area[] {
    const areas = new Map<string, Area>();
    for (const { id } of this.#ordered) {
      const area = this.area(id);
      if (area) areas.set(area.id, area);
    }
    return [...areas.values()].sort((a, b) => Number(!a.unit) - Number(!b.unit));
  }

  #virtualArea(): Area {
    const top = this.top();
    return { id: top?.id ?? nowhere, code: top?.code ?? '', name: belowTop, unit: null };
  }
}

const nowhere = '00000000-0000-4000-8000-000000000000';
const belowTop: Text = { de: 'Direkt unter der Spitze', en: 'Directly below the top' };
const areaOf = (unit: UnitNode): Area => ({
  id: unit.id,
  code: unit.code,
  name: { de: unit.name, en: unit.name },
  unit,
});

const codes = new Intl.Collator('de', { numeric: true });
const byLevelAndCode = (a: UnitNode, b: UnitNode) =>
  a.level.localeCompare(b.level) || codes.compare(a.code, b.code);

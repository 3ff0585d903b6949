import { Injectable } from '@nestjs/common';
import { Organisation, PlanHooks, type PlanObjection, type PlanShift } from '../../organisation/index.ts';
import { howMany, type Db, type Text, type Tx } from '../../platform/index.ts';
import type { Occasion } from '../assignment/assignment.rules.ts';
import { AssignmentRules } from './assignment-rules.service.ts';
import { AssignmentGate } from '../assignment/assignment-gate.service.ts';
import { Register } from '../assignment/register.service.ts';

/**
 * Follows the organisation: new and moved units get their rules in the transaction of the import, assignments whose
 * unit is gone end, and a post that still has something to do may not end.
 */
@Injectable()
export class PlanFollowing {
  readonly #organisation: Organisation;
  readonly #gate: AssignmentGate;
  readonly #register: Register;
  readonly #rules: AssignmentRules;

  constructor(
    organisation: Organisation,
    gate: AssignmentGate,
    register: Register,
    rules: AssignmentRules,
    hooks: PlanHooks,
  ) {
    this.#organisation = organisation;
    this.#gate = gate;
    this.#register = register;
    this.#rules = rules;
    hooks.check((db, shift) => this.#objections(db, shift));
    hooks.follower({
      foresee: (db, shift) => this.#foresee(db, shift),
      follow: (tx, shift) => this.#follow(tx, shift),
    });
  }

  async #objections(db: Db, { day, units, posts }: PlanShift): Promise<PlanObjection[]> {
    if (posts.ended.length === 0) return [];
    const lines = await this.#register.ofPosts(db, posts.ended, day);
    const outlive = lines.filter(({ stage, postId, unitId, validUntil }) => {
      const ends = [validUntil, units.endsOn.get(unitId)].filter((end) => typeof end === 'string');
      return stage === 'CONFIRMED' && !ends.some((end) => end <= posts.endsOn.get(postId)!);
    });
    const tree = await this.#organisation.tree(db);
    return [...Map.groupBy(outlive, ({ postId }) => postId)].map(([postId, some]) => ({
      postId,
      message: stillAssigned(
        some.reduce((sum, { subjects }) => sum + subjects.length, 0),
        [...new Set(some.map(({ unitId }) => tree.node(unitId)?.code ?? unitId))].slice(0, 5),
      ),
    }));
  }

  async #foresee(db: Db, shift: PlanShift): Promise<Text[]> {
    const unitIds = await this.#concerned(db, shift);
    if (unitIds.length === 0) return [];
    const { proposals, endings, units } = await this.#rules.foresee(
      db,
      unitIds,
      shift.acting.tree,
      occasionOf(shift),
    );
    return [
      ...(proposals > 0 ? [willPropose(proposals, units)] : []),
      ...(endings > 0 ? [willEnd(endings)] : []),
    ];
  }

  async #follow(tx: Tx, shift: PlanShift): Promise<void> {
    const unitIds = await this.#concerned(tx, shift);
    if (unitIds.length === 0) return;
    await this.#gate.lock(tx, unitIds);
    await this.#rules.reconcile(tx, unitIds, shift.acting.tree, occasionOf(shift));
  }

  /** Units that are new, changed or gone, those of changed posts, and everything below them. */
  async #concerned(db: Db, { acting: { tree }, units, posts }: PlanShift): Promise<string[]> {
    const changedPosts = [...posts.added, ...posts.changed];
    const seats = changedPosts.length > 0 ? await this.#organisation.posts(db, { ids: changedPosts }) : [];
    const tops = [...units.added, ...units.changed, ...units.ended, ...seats.map(({ unitId }) => unitId)];
    return [...new Set(tops.flatMap((id) => [id, ...tree.subtree(id).map((unit) => unit.id)]))];
  }
}

const occasionOf = ({ acting: { on, tree }, units }: PlanShift): Occasion => ({
  on,
  reason: 'ORG_CHANGE',
  goneOn: ({ unitId }) => units.endsOn.get(unitId) ?? (tree.node(unitId) ? null : on),
});

const stillAssigned = (count: number, unitCodes: readonly string[]): Text => ({
  de: `Die Stelle soll enden, ist aber noch für ${howMany(count, 'ein Kriterium oder Handlungsfeld', 'Kriterien oder Handlungsfelder')} zuständig (${unitCodes.join(', ')}). Bitte vorher neu zuweisen oder beenden.`,
  en: `The post is to end but still has ${howMany(count, 'one criterion or field', 'criteria or fields')} assigned (${unitCodes.join(', ')}). Please reassign or end them first.`,
});
const willPropose = (count: number, units: number): Text => ({
  de: `Nach den Zuweisungsregeln ${howMany(count, 'wird ein Kriterium oder Handlungsfeld', 'Kriterien und Handlungsfelder werden')} in ${howMany(units, 'einer Einheit', 'Einheiten')} neu vorgeschlagen.`,
  en: `By the assignment rules ${howMany(count, 'one criterion or field', 'criteria and fields')} in ${howMany(units, 'one unit', 'units')} will be proposed anew.`,
});
const willEnd = (count: number): Text => ({
  de: `${howMany(count, 'Eine Zuweisung von Kriterien und Handlungsfeldern verliert ihre Grundlage und endet', 'Zuweisungen von Kriterien und Handlungsfeldern verlieren ihre Grundlage und enden')}.`,
  en: `${howMany(count, 'One assignment of criteria and fields loses its ground and ends', 'assignments of criteria and fields lose their ground and end')}.`,
});

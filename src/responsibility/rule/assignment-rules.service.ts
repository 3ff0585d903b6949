import { Injectable } from '@nestjs/common';
import { Catalogue } from '../../catalogue/index.ts';
import { Organisation, type UnitTree } from '../../organisation/index.ts';
import {
  ClientError,
  Commands,
  found,
  newId,
  Reads,
  type Actor,
  type Db,
  type Tx,
} from '../../platform/index.ts';
import { wantedBy, type AssignmentRule, type RuleInput } from '../assignment/assignment-rule.rules.ts';
import {
  effectsOf,
  lapsed,
  outcomes,
  owed,
  proposed,
  type Draft,
  type RuleEffect,
  type Occasion,
  type RuleOutcome,
  type Terms,
} from '../assignment/assignment.rules.ts';
import { AssignmentGate } from '../assignment/assignment-gate.service.ts';
import { personOf, Register } from '../assignment/register.service.ts';
import { RuleStore, type StoredRule } from '../assignment/rule-store.service.ts';
import { laterOf, RuleContexts, ruleUnits, type RuleContext } from './rule-contexts.service.ts';

/** A rule as HR words it; the codes are those of the catalogue's newest edition. Without a first day it begins today. */
export interface RuleDraft extends Omit<RuleInput, 'validFrom'> {
  readonly validFrom: string | null;
  readonly levels: readonly string[];
  readonly catalogue: string;
}
export type RuleCounts = { readonly [outcome in RuleOutcome]: number };

const notYours = () =>
  new ClientError('FORBIDDEN', {
    de: 'Für diese Einheit weisen Sie keine Zuständigkeiten zu.',
    en: 'You do not assign competence for this unit.',
  });
const theUnit = { de: 'Die Einheit', en: 'The unit' };
const theRule = { de: 'Die Regel', en: 'The rule' };
/**
 * Rules over thousands of units at once: pure rules work out who is wanted where, one statement writes the proposals.
 * The register holds the result, so what is asked later never depends on how a rule is read then.
 */
@Injectable()
export class AssignmentRules {
  readonly #commands: Commands;
  readonly #reads: Reads;
  readonly #organisation: Organisation;
  readonly #catalogue: Catalogue;
  readonly #gate: AssignmentGate;
  readonly #register: Register;
  readonly #store: RuleStore;
  readonly #contexts: RuleContexts;

  constructor(
    commands: Commands,
    reads: Reads,
    organisation: Organisation,
    catalogue: Catalogue,
    gate: AssignmentGate,
    register: Register,
    store: RuleStore,
    contexts: RuleContexts,
  ) {
    this.#commands = commands;
    this.#reads = reads;
    this.#organisation = organisation;
    this.#catalogue = catalogue;
    this.#gate = gate;
    this.#register = register;
    this.#store = store;
    this.#contexts = contexts;
  }

  /**
   * What would become of every criterion and field the rule speaks of. Refuses a rule that means nothing with
   * InvalidInput.
   * @throws ClientError FORBIDDEN when the asker does not assign for the unit, NOT_FOUND when unit or catalogue is not there
   */
  preview(actor: Actor, input: RuleDraft) {
    return this.#reads.within(actor, async (db) => {
      const draft = { ...input, validFrom: input.validFrom ?? db.today };
      const context = await this.#contexts.of(db, draft);
      if (!(await this.#gate.may(db, 'assignmentRule.read', [{ unitId: draft.unitId }]))) throw notYours();
      const refusal = await this.#contexts.refuse(db, draft, context);
      return refusal ?? this.#outlook(db, { ...draft, id: 'preview', recordedAt: db.at }, context);
    });
  }

  /**
   * Keeps the rule and proposes what is new or changed by it, all or nothing. Refuses with InvalidInput.
   * @throws ClientError NOT_FOUND when the unit or a published edition of the catalogue is not there
   */
  apply(actor: Actor, { commandId, ...input }: RuleDraft & { readonly commandId: string }) {
    const request = { name: 'applyAssignmentRule', commandId, input: { ...input } };
    return this.#commands.run(actor, request, async (tx) => {
      const draft = { ...input, validFrom: input.validFrom ?? tx.today };
      const tree = await this.#organisation.tree(tx, { on: laterOf(draft.validFrom, tx.today) });
      found(tree.node(draft.unitId), theUnit);
      await this.#gate.lock(
        tx,
        tree.subtree(draft.unitId).map(({ id }) => id),
      );
      tx.permit(await this.#gate.may(tx, 'assignmentRule.apply', [{ unitId: draft.unitId }]));
      // Read under the lock, once for all that follows.
      const context = await this.#contexts.of(tx, draft);
      const refusal = await this.#contexts.refuse(tx, draft, context);
      if (refusal) return refusal;
      const rule: StoredRule = { ...draft, id: newId(), recordedAt: tx.at, proposedBy: personOf(tx) };
      const { effects, lines, counts } = await this.#outlook(tx, rule, context);
      await this.#store.add(tx, rule);
      const { catalogue, validFrom, proposedBy: by } = rule;
      const after = proposed(lines, effects, { catalogue, validFrom, by, termsOf: () => rule });
      await this.#register.replace(tx, lines, after);
      return { ruleId: rule.id, counts };
    });
  }

  /**
   * Ends a rule today: where a less specific one speaks it takes over, elsewhere the assignments end.
   * @throws ClientError NOT_FOUND when the rule is not there or has ended
   */
  end(actor: Actor, { commandId, ruleId }: { readonly commandId: string; readonly ruleId: string }) {
    return this.#commands.run(
      actor,
      { name: 'endAssignmentRule', commandId, input: { ruleId } },
      async (tx) => {
        const lines = await this.#register.ofRule(tx, ruleId, tx.today);
        const unitIds = [...new Set(lines.map(({ unitId }) => unitId))];
        await this.#gate.lock(tx, unitIds);
        const rule = found(await this.#store.locked(tx, ruleId), theRule);
        tx.permit(await this.#gate.may(tx, 'assignmentRule.apply', [{ unitId: rule.unitId }]));
        await this.#store.end(tx, rule);
        const tree = await this.#organisation.tree(tx);
        const goneOn = ({ unitId }: Draft) => (tree.node(unitId) ? null : tx.today);
        await this.reconcile(tx, unitIds, tree, { on: tx.today, reason: 'RULE_ENDED', goneOn });
        return { ruleId };
      },
    );
  }

  /** Brings units in line with the rules in force: proposes what they owe, ends what no rule wants any more. */
  async reconcile(tx: Tx, unitIds: readonly string[], tree: UnitTree, when: Occasion): Promise<void> {
    for (const { catalogue, rules, lines, left, effects } of await this.#due(tx, unitIds, tree, when)) {
      const proposal = { catalogue, validFrom: when.on, by: personOf(tx), termsOf: termsOf(rules) };
      await this.#register.replace(tx, lines, proposed(left, effects, proposal));
    }
  }

  /** What reconciling would do: how many criteria and fields it proposes, in how many units, and how many end. */
  async foresee(db: Db, unitIds: readonly string[], tree: UnitTree, when: Occasion) {
    const due = await this.#due(db, unitIds, tree, when);
    // A unit that is only announced has no posts yet: its rules will find them when they are written.
    const isNew = ({ outcome }: RuleEffect) =>
      outcome === 'NEW' || outcome === 'CHANGED' || outcome === 'WITHOUT_POST';
    const effects = due.flatMap((one) => one.effects.filter(isNew));
    const endings = due.map(({ lines, left }) => countOf(lines, when.on) - countOf(left, when.on));
    return {
      proposals: effects.length,
      units: new Set(effects.map(({ unitId }) => unitId)).size,
      endings: endings.reduce((sum, n) => sum + n, 0),
    };
  }

  async #due(db: Db, unitIds: readonly string[], tree: UnitTree, when: Occasion) {
    const standing = await this.#register.ofUnits(db, unitIds, when);
    const inForce = new Map(
      (await this.#store.byCatalogue(db, when.on)).map(({ catalogue, rules }) => [catalogue, rules]),
    );
    const catalogues = new Set([...inForce.keys(), ...standing.map(({ catalogue }) => catalogue)]);
    const context = inForce.size > 0 ? await this.#contexts.ofUnits(db, unitIds, tree, when.on) : undefined;
    const due = [];
    for (const catalogue of catalogues) {
      const rules = inForce.get(catalogue) ?? [];
      const edition = rules.length > 0 ? await this.#catalogue.newest(db, catalogue) : undefined;
      const wanted =
        context && edition ? wantedBy(rules, ruleUnits(context.nodes, edition), tree, context.postFor) : [];
      const lines = standing.filter((line) => line.catalogue === catalogue);
      due.push({ catalogue, rules, lines, left: lapsed(lines, wanted, when), effects: owed(wanted, lines) });
    }
    return due;
  }

  async #outlook(db: Db, rule: AssignmentRule & { readonly catalogue: string }, context: RuleContext) {
    const { tree, nodes, postFor, on, edition } = context;
    const others = (await this.#store.byCatalogue(db, on)).find(
      ({ catalogue }) => catalogue === rule.catalogue,
    );
    const units = ruleUnits(nodes, edition);
    const mine = wantedBy([rule], units, tree, postFor);
    const together = wantedBy([...(others?.rules ?? []), rule], units, tree, postFor);
    const unitIds = nodes.map(({ id }) => id);
    const lines = (await this.#register.ofUnits(db, unitIds, { on })).filter(
      ({ catalogue }) => catalogue === rule.catalogue,
    );
    const effects = effectsOf(rule.id, mine, together, lines);
    return {
      effects,
      lines,
      counts: countsOf(effects),
      units: new Set(mine.map(({ unitId }) => unitId)).size,
    };
  }
}

/** A proposal is on the terms of its rule. */
function termsOf(rules: readonly StoredRule[]): (ruleId: string | null) => Terms {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return (ruleId) => byId.get(ruleId ?? '') ?? { validUntil: null, rationale: null };
}

/** Criteria and fields that hold or are under way on a day. */
const countOf = (lines: readonly Draft[], on: string): number =>
  lines
    .filter(({ stage, validUntil }) => stage !== 'DECLINED' && (validUntil === null || validUntil > on))
    .reduce((sum, { subjects }) => sum + subjects.length, 0);

function countsOf(effects: readonly RuleEffect[]): RuleCounts {
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<RuleOutcome, number>;
  for (const { outcome } of effects) counts[outcome] += 1;
  return counts;
}

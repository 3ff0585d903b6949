import { Injectable } from '@nestjs/common';
import { applicableCriteria, Catalogue } from '../../catalogue/index.ts';
import { Organisation, type UnitNode } from '../../organisation/index.ts';
import { Commands, found, type Actor, type Tx } from '../../platform/index.ts';
import { refuseSingle, type Kind } from './assignment-rule.rules.ts';
import { refuseChoice, refuseNothingDue, refuseSamePerson, refuseStage } from './assignment-refusal.rules.ts';
import { confirmed, ended, proposed, type RuleEffect, type Proposal } from './assignment.rules.ts';
import { AssignmentGate, receiptOf, unitsOf, type Chosen } from './assignment-gate.service.ts';
import { personOf, Register } from './register.service.ts';

export interface SingleInput {
  readonly unitId: string;
  readonly kind: Kind;
  readonly catalogue: string;
  readonly codes: readonly string[];
  readonly postId: string;
  /** First day; default today. */
  readonly validFrom?: string | null;
  readonly validUntil?: string | null;
  readonly rationale?: string | null;
}
type AssignmentCommand<T> = T & { readonly commandId: string };

const theUnit = { de: 'Die Einheit', en: 'The unit' };
const theCatalogue = {
  de: 'Eine veröffentlichte Fassung dieses Katalogs',
  en: 'A published edition of this catalogue',
};

/** What HR does with single assignments: name, confirm as a second person, end. */
@Injectable()
export class Assignments {
  readonly #commands: Commands;
  readonly #organisation: Organisation;
  readonly #catalogue: Catalogue;
  readonly #gate: AssignmentGate;
  readonly #register: Register;

  constructor(
    commands: Commands,
    organisation: Organisation,
    catalogue: Catalogue,
    gate: AssignmentGate,
    register: Register,
  ) {
    this.#commands = commands;
    this.#organisation = organisation;
    this.#catalogue = catalogue;
    this.#gate = gate;
    this.#register = register;
  }

  /**
   * Proposes a post for some criteria or fields of one unit: an exception that beats every rule. Refuses with
   * InvalidInput.
   * @throws ClientError NOT_FOUND when the unit or a published edition of the catalogue is not there
   */
  assign(actor: Actor, { commandId, ...input }: AssignmentCommand<SingleInput>) {
    return this.#commands.run(
      actor,
      { name: 'assignResponsibility', commandId, input: { ...input } },
      async (tx) => {
        const single = singleOf(input, tx.today);
        const unit = found(
          (await this.#organisation.tree(tx, { on: single.validFrom })).node(input.unitId),
          theUnit,
        );
        await this.#gate.lock(tx, [unit.id]);
        tx.permit(await this.#gate.may(tx, 'assignment.propose', [{ unitId: unit.id }]));
        const refusal = await this.#refuse(tx, unit, single);
        if (refusal) return refusal;
        const lines = await this.#register.ofUnits(tx, [unit.id], { on: single.validFrom });
        const mine = lines.filter(({ catalogue }) => catalogue === single.catalogue);
        const after = proposed(mine, exceptions(single), proposalOf(single, personOf(tx)));
        return receiptOf(await this.#register.replace(tx, mine, after), 'PROPOSED');
      },
    );
  }

  /**
   * The second person confirms: from their first day on the assignments hold and replace what stood there. Refuses
   * with InvalidInput, NotPossibleNow or FourEyesNeeded.
   * @throws ClientError NOT_FOUND when an assignment is not there
   */
  confirm(actor: Actor, { commandId, ...chosen }: AssignmentCommand<Chosen>) {
    return this.#commands.run(
      actor,
      { name: 'confirmAssignments', commandId, input: { ...chosen } },
      async (tx) => {
        const senseless = refuseChoice(chosen);
        if (senseless) return senseless;
        const { about, lines, choice, mine } = await this.#gate.choose(tx, chosen, 'ACCEPTED');
        // The right is asked even where a rule has nothing to confirm, so that a refusal does not show what is there.
        tx.permit(
          await this.#gate.may(tx, 'assignment.confirm', placesOf(unitsOf(mine.length > 0 ? mine : about))),
        );
        const own = await this.#gate.countAsAsker(
          tx,
          mine.map(({ proposedBy }) => proposedBy),
        );
        const refusal =
          refuseNothingDue(mine) ??
          refuseStage(mine, 'ACCEPTED') ??
          refuseSamePerson(mine, (id) => own.has(id));
        if (refusal) return refusal;
        return receiptOf(
          await this.#register.replace(tx, lines, confirmed(lines, choice, actor.person)),
          'CONFIRMED',
        );
      },
    );
  }

  /**
   * Ends an assignment, or some codes of it, on a day (default today); a proposal is withdrawn.
   * @throws ClientError NOT_FOUND when the assignment is not there
   */
  end(
    actor: Actor,
    command: AssignmentCommand<{
      readonly assignmentId: string;
      readonly codes?: readonly string[] | null;
      readonly on?: string | null;
    }>,
  ) {
    const { commandId, assignmentId, codes, on } = command;
    const input = { assignmentId, codes: codes ?? null, on: on ?? null };
    return this.#commands.run(actor, { name: 'endAssignment', commandId, input }, async (tx) => {
      const { lines, choice, mine } = await this.#gate.choose(tx, { assignmentIds: [assignmentId], codes });
      tx.permit(await this.#gate.may(tx, 'assignment.end', placesOf(unitsOf(mine))));
      await this.#register.replace(tx, lines, ended(lines, choice, on ?? tx.today, 'ENDED_BY_HR'));
      return { unitId: mine[0]!.unitId, catalogue: mine[0]!.catalogue };
    });
  }

  async #refuse(tx: Tx, unit: UnitNode, single: SingleResult) {
    const edition = found(await this.#catalogue.newest(tx, single.catalogue), theCatalogue);
    const [post] = await this.#organisation.posts(tx, { ids: [single.postId], on: single.validFrom });
    const tree = await this.#organisation.tree(tx, { on: single.validFrom });
    return refuseSingle(single, applicableCriteria(edition, unit), post, tree);
  }
}

type SingleResult = ReturnType<typeof singleOf>;

const singleOf = (input: SingleInput, today: string) => ({
  ...input,
  codes: [...new Set(input.codes)],
  validFrom: input.validFrom ?? today,
  validUntil: input.validUntil ?? null,
  rationale: input.rationale ?? null,
});

const exceptions = ({ unitId, kind, codes, postId }: SingleResult): RuleEffect[] =>
  codes.map((subject) => ({ unitId, kind, subject, ruleId: null, postId, outcome: 'NEW', standing: null }));

const proposalOf = (
  { catalogue, validFrom, validUntil, rationale }: SingleResult,
  by: string | null,
): Proposal => ({
  catalogue,
  validFrom,
  by,
  termsOf: () => ({ validUntil, rationale }),
});

const placesOf = (unitIds: readonly string[]) => unitIds.map((unitId) => ({ unitId }));

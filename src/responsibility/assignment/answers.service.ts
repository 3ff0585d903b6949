import { Injectable } from '@nestjs/common';
import { Commands, type Actor } from '../../platform/index.ts';
import { refuseChoice, refuseNothingDue, refuseStage } from './assignment-refusal.rules.ts';
import { answered, ended, type DeclineReason } from './assignment.rules.ts';
import { AssignmentGate, receiptOf, type Chosen } from './assignment-gate.service.ts';
import { Register } from './register.service.ts';

type AnswerCommand<T> = T & { readonly commandId: string };

/** What holders do: take on, decline, hand back. */
@Injectable()
export class Answers {
  readonly #commands: Commands;
  readonly #gate: AssignmentGate;
  readonly #register: Register;

  constructor(commands: Commands, gate: AssignmentGate, register: Register) {
    this.#commands = commands;
    this.#gate = gate;
    this.#register = register;
  }

  /**
   * Takes on what is proposed; all of a rule at once if wished. Refuses with InvalidInput or NotPossibleNow.
   * @throws ClientError NOT_FOUND when an assignment is not there
   */
  accept(actor: Actor, command: AnswerCommand<Chosen>) {
    return this.#answer(actor, 'acceptAssignments', command, { accepted: true });
  }

  /**
   * Declines with a reason of the closed list; the gap stays visible until HR proposes somebody else. Refuses and
   * throws as `accept`.
   */
  decline(actor: Actor, { reason, ...command }: AnswerCommand<Chosen & { readonly reason: DeclineReason }>) {
    return this.#answer(actor, 'declineAssignments', command, { accepted: false, reason });
  }

  /**
   * Hands an active assignment back with a reason of the closed list; from that day it is a gap. Refuses with
   * NotPossibleNow.
   * @throws ClientError NOT_FOUND when the assignment is not there
   */
  handBack(
    actor: Actor,
    command: AnswerCommand<{
      readonly assignmentId: string;
      readonly codes?: readonly string[] | null;
      readonly reason: DeclineReason;
      /** First day on which it no longer holds; default today. */
      readonly on?: string | null;
    }>,
  ) {
    const { commandId, assignmentId, codes, reason, on } = command;
    const input = { assignmentId, codes: codes ?? null, reason, on: on ?? null };
    return this.#commands.run(actor, { name: 'handBackAssignment', commandId, input }, async (tx) => {
      const { lines, choice, mine } = await this.#gate.choose(tx, { assignmentIds: [assignmentId], codes });
      tx.permit(await this.#gate.areTheirs(tx, mine));
      const refusal = refuseStage(mine, 'CONFIRMED');
      if (refusal) return refusal;
      await this.#register.replace(tx, lines, ended(lines, choice, on ?? tx.today, reason));
      return { unitId: mine[0]!.unitId, catalogue: mine[0]!.catalogue };
    });
  }

  #answer(
    actor: Actor,
    name: string,
    { commandId, ...chosen }: AnswerCommand<Chosen>,
    answer: { readonly accepted: boolean; readonly reason?: DeclineReason },
  ) {
    const input = { ...chosen, reason: answer.reason ?? null };
    return this.#commands.run(actor, { name, commandId, input }, async (tx) => {
      const senseless = refuseChoice(chosen);
      if (senseless) return senseless;
      const { lines, choice, mine } = await this.#gate.choose(tx, chosen, 'PROPOSED');
      tx.permit(await this.#gate.areTheirs(tx, mine));
      const refusal = refuseNothingDue(mine) ?? refuseStage(mine, 'PROPOSED');
      if (refusal) return refusal;
      const after = answered(lines, choice, { ...answer, by: actor.person });
      return receiptOf(
        await this.#register.replace(tx, lines, after),
        answer.accepted ? 'ACCEPTED' : 'DECLINED',
      );
    });
  }
}

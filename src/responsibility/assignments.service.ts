import { Injectable } from '@nestjs/common';
import { applicableCriteria, Catalogue } from '../catalogue/index.ts';
import { Engine } from '../engine/index.ts';
import { Organisation, type UnitNode } from '../organisation/index.ts';
import { Commands, found, type Actor, type Json, type Tx } from '../platform/index.ts';
import { headsUnitOrSuperior, invalid, mustHead, noSuchPost, type Kind } from './assignment-rule.rules.ts';
import {
  answered,
  confirmed,
  ended,
  proposed,
  refuseSamePerson,
  refuseStage,
  type Choice,
  type DeclineReason,
  type Effect,
  type Line,
  type Stage,
} from './assignment.rules.ts';
import type { PostPlace } from './functions.rules.ts';
import { Functions } from './functions.service.ts';
import { allows } from './permission.rules.ts';
import { personOf, Register, type RecordedLine } from './register.service.ts';

export interface SingleAssignment {
  readonly unitId: string;
  readonly kind: Kind;
  readonly catalogue: string;
  readonly codes: readonly string[];
  readonly postId: string;
  readonly validFrom: string;
  readonly validUntil: string | null;
  readonly rationale: string | null;
}

/** Which assignments: by id, or all of one rule that are the asker's to answer; and of them which codes. */
export interface Chosen {
  readonly assignmentIds?: readonly string[] | null;
  readonly ruleId?: string | null;
  readonly codes?: readonly string[] | null;
}
export interface OneChosen {
  readonly assignmentId: string;
  readonly codes?: readonly string[] | null;
  /** First day on which it no longer holds; default today. */
  readonly on?: string | null;
}
type Command<T> = T & { readonly commandId: string };
/** What a step of assignments leaves: how many criteria and fields it concerned, and the first hundred assignments. */
export interface Stepped {
  readonly assignmentIds: readonly string[];
  readonly count: number;
  readonly [key: string]: Json;
}

/**
 * The steps of single assignments: HR proposes, the holder answers, a second person in HR confirms, it ends. Each
 * locks the units' processes, then the register, reads the lines, asks permission, lets a rule make the new lines.
 */
@Injectable()
export class Assignments {
  readonly #commands: Commands;
  readonly #engine: Engine;
  readonly #organisation: Organisation;
  readonly #catalogue: Catalogue;
  readonly #functions: Functions;
  readonly #register: Register;

  constructor(
    commands: Commands,
    engine: Engine,
    organisation: Organisation,
    catalogue: Catalogue,
    functions: Functions,
    register: Register,
  ) {
    this.#commands = commands;
    this.#engine = engine;
    this.#organisation = organisation;
    this.#catalogue = catalogue;
    this.#functions = functions;
    this.#register = register;
  }

  /** Names a post for some criteria or fields of one unit: an exception that beats every rule. */
  assign(actor: Actor, { commandId, ...input }: Command<SingleAssignment>) {
    return this.#commands.run(
      actor,
      { name: 'assignResponsibility', commandId, input: { ...input } },
      async (tx) => {
        const unit = found((await this.#organisation.tree(tx)).node(input.unitId), theUnit);
        await this.#lock(tx, [unit.id]);
        tx.permit(await this.#may(tx, 'assignment.propose', [{ unitId: unit.id }]));
        const refusal = (await this.#refuseCodes(tx, unit, input)) ?? (await this.#refusePost(tx, input));
        if (refusal) return refusal;
        const lines = await this.#register.ofUnits(tx, [unit.id], { on: input.validFrom });
        const after = proposed(lines, exceptions(input), { ...input, by: personOf(tx) });
        return stepped(await this.#register.replace(tx, lines, after), 'PROPOSED');
      },
    );
  }

  /** The holder takes on what is proposed; all of a rule at once if wished. */
  accept(actor: Actor, command: Command<Chosen>) {
    return this.#answer(actor, 'acceptAssignments', command, { accepted: true });
  }

  /** The holder refuses, with a reason of the closed list; the gap stays visible until HR proposes somebody else. */
  decline(actor: Actor, { reason, ...command }: Command<Chosen & { readonly reason: DeclineReason }>) {
    return this.#answer(actor, 'declineAssignments', command, { accepted: false, reason });
  }

  /** The second person in HR confirms: from their first day on the assignments hold and replace what stood there. */
  confirm(actor: Actor, { commandId, ...chosen }: Command<Chosen>) {
    return this.#commands.run(
      actor,
      { name: 'confirmAssignments', commandId, input: { ...chosen } },
      async (tx) => {
        const { lines, choice, mine } = await this.#choose(tx, chosen, 'ACCEPTED');
        tx.permit(
          await this.#may(
            tx,
            'assignment.confirm',
            unitsOf(mine).map((unitId) => ({ unitId })),
          ),
        );
        const refusal = refuseStage(mine, 'ACCEPTED') ?? (await this.#refuseOwn(tx, mine));
        if (refusal) return refusal;
        return stepped(
          await this.#register.replace(tx, lines, confirmed(lines, choice, actor.person)),
          'CONFIRMED',
        );
      },
    );
  }

  /** Ends an assignment, or some codes of it, on a day; a proposal is withdrawn. */
  end(actor: Actor, { commandId, on, ...chosen }: Command<OneChosen>) {
    const input = { ...chosen, on: on ?? null };
    return this.#commands.run(actor, { name: 'endAssignment', commandId, input }, async (tx) => {
      const { lines, choice, mine } = await this.#choose(tx, oneOf(chosen));
      tx.permit(
        await this.#may(
          tx,
          'assignment.end',
          unitsOf(mine).map((unitId) => ({ unitId })),
        ),
      );
      const after = ended(lines, choice, on ?? tx.today, 'ENDED_BY_HR');
      return stepped(await this.#register.replace(tx, lines, after), 'CONFIRMED');
    });
  }

  /** The holder gives an active assignment back, with a reason of the closed list; from that day it is a gap. */
  handBack(
    actor: Actor,
    { commandId, on, reason, ...chosen }: Command<OneChosen & { readonly reason: DeclineReason }>,
  ) {
    const input = { ...chosen, reason, on: on ?? null };
    return this.#commands.run(actor, { name: 'handBackAssignment', commandId, input }, async (tx) => {
      const { lines, choice, mine } = await this.#choose(tx, oneOf(chosen));
      tx.permit(await this.#areTheirs(tx, mine));
      const refusal = refuseStage(mine, 'CONFIRMED');
      if (refusal) return refusal;
      return stepped(
        await this.#register.replace(tx, lines, ended(lines, choice, on ?? tx.today, reason)),
        'CONFIRMED',
      );
    });
  }

  #answer(
    actor: Actor,
    name: string,
    { commandId, ...chosen }: Command<Chosen>,
    answer: { accepted: boolean; reason?: DeclineReason },
  ) {
    const input = { ...chosen, reason: answer.reason ?? null };
    return this.#commands.run(actor, { name, commandId, input }, async (tx) => {
      const { lines, choice, mine } = await this.#choose(tx, chosen, 'PROPOSED');
      tx.permit(await this.#areTheirs(tx, mine));
      const refusal = refuseStage(mine, 'PROPOSED');
      if (refusal) return refusal;
      const after = answered(lines, choice, { ...answer, by: actor.person });
      return stepped(
        await this.#register.replace(tx, lines, after),
        answer.accepted ? 'ACCEPTED' : 'DECLINED',
      );
    });
  }

  /**
   * Locks what is chosen and reads it, with all lines of the units concerned. Of a rule only what is at `stage` is
   * chosen, and of proposals only what is the asker's to answer.
   */
  async #choose(tx: Tx, { assignmentIds, ruleId, codes }: Chosen, stage?: Stage): Promise<Choosing> {
    const seen = ruleId
      ? await this.#register.ofRule(tx, ruleId, tx.today)
      : await this.#register.ofAssignments(tx, assignmentIds ?? [], tx.today);
    found(seen[0], theAssignment);
    await this.#lock(tx, unitsOf(seen));
    const lines = await this.#register.ofUnits(tx, unitsOf(seen), { on: tx.today });
    const own = new Set(tx.actor.posts.map(({ postId }) => postId));
    const isChosen = (line: RecordedLine) => {
      if (!ruleId) return assignmentIds!.includes(line.assignmentId);
      return line.ruleId === ruleId && line.stage === stage && (stage !== 'PROPOSED' || own.has(line.postId));
    };
    const wanted = codes ?? undefined;
    const mine = lines.filter(
      (line) => isChosen(line) && (!wanted || line.subjects.some((one) => wanted.includes(one))),
    );
    const ids = new Set(mine.map(({ assignmentId }) => assignmentId));
    if (!ruleId && ids.size < new Set(assignmentIds).size) found(undefined, theAssignment);
    return { lines, mine, choice: { assignmentIds: ids, ...(wanted && { subjects: wanted }) } };
  }

  /** Processes first, then the register: the order in which every command locks. */
  async #lock(tx: Tx, unitIds: readonly string[]): Promise<void> {
    await this.#engine.lockScopes(tx, unitIds);
    await this.#register.lock(tx);
  }

  async #may(tx: Tx, action: string, places: readonly PostPlace[]): Promise<boolean> {
    const held = await this.#functions.capacities(tx, tx.actor.person, places);
    return held.every((functions) => allows(action, new Set(functions.keys()), new Set()));
  }

  /** Whether all the lines are the asker's to answer: at the post named, or as the head where nobody is. */
  async #areTheirs(tx: Tx, lines: readonly RecordedLine[]): Promise<boolean> {
    const vacant = await this.#functions.vacantForAWorkingDay(tx, [
      ...new Set(lines.map(({ postId }) => postId)),
    ]);
    const places = lines.map(({ unitId, postId }) => ({ unitId, postId, postIsVacant: vacant.has(postId) }));
    return this.#may(tx, 'assignment.answer', places);
  }

  async #refuseOwn(tx: Tx, lines: readonly RecordedLine[]) {
    const proposers = new Set(lines.flatMap(({ proposedBy }) => proposedBy ?? []));
    const own = new Set<string>();
    for (const one of proposers) if (await this.#functions.countAsOne(tx, tx.actor.person, one)) own.add(one);
    return refuseSamePerson(lines, (personId) => own.has(personId));
  }

  async #refuseCodes(tx: Tx, unit: UnitNode, { kind, catalogue, codes }: SingleAssignment) {
    const edition = found(await this.#catalogue.newest(tx, catalogue), theCatalogue);
    const criteria = applicableCriteria(edition, unit);
    const asked = new Set(
      kind === 'COMPETENT' ? criteria.map(({ code }) => code) : criteria.map(({ field }) => field),
    );
    const strange = codes.filter((code) => !asked.has(code));
    return strange.length > 0
      ? invalid(strange.map((code) => ({ path: 'codes', message: notAsked(code) })))
      : undefined;
  }

  async #refusePost(tx: Tx, { unitId, kind, postId, validFrom, validUntil }: SingleAssignment) {
    if (validUntil !== null && validUntil <= validFrom)
      return invalid([{ path: 'validUntil', message: endsBeforeBegin }]);
    const [post] = await this.#organisation.posts(tx, { ids: [postId], on: validFrom });
    if (!post) return invalid([{ path: 'postId', message: noSuchPost }]);
    const tree = await this.#organisation.tree(tx, { on: validFrom });
    const fits = kind === 'COMPETENT' || headsUnitOrSuperior(post, unitId, tree);
    return fits ? undefined : invalid([{ path: 'postId', message: mustHead }]);
  }
}

interface Choosing {
  /** All lines of the units concerned. */
  readonly lines: readonly RecordedLine[];
  readonly mine: readonly RecordedLine[];
  readonly choice: Choice;
}

const unitsOf = (lines: readonly RecordedLine[]): string[] => [...new Set(lines.map(({ unitId }) => unitId))];
const oneOf = ({ assignmentId, codes }: OneChosen): Chosen => ({
  assignmentIds: [assignmentId],
  codes: codes ?? null,
});

const exceptions = ({ unitId, kind, codes, postId }: SingleAssignment): Effect[] =>
  codes.map((subject) => ({ unitId, kind, subject, ruleId: null, postId, outcome: 'NEW', standing: null }));

function stepped(written: readonly Line[], stage: Stage): Stepped {
  const reached = written.filter((line) => line.stage === stage);
  return {
    assignmentIds: reached.slice(0, 100).map(({ assignmentId }) => assignmentId),
    count: reached.reduce((sum, { subjects }) => sum + subjects.length, 0),
  };
}

const theAssignment = { de: 'Die Zuweisung', en: 'The assignment' };
const theUnit = { de: 'Die Einheit', en: 'The unit' };
const theCatalogue = {
  de: 'Eine veröffentlichte Ausgabe dieses Katalogs',
  en: 'A published edition of this catalogue',
};
const notAsked = (code: string) => ({
  de: `„${code}“ wird von dieser Einheit nicht verlangt.`,
  en: `"${code}" is not asked of this unit.`,
});
const endsBeforeBegin = {
  de: 'Das Ende liegt nicht nach dem Beginn.',
  en: 'The end does not lie after the beginning.',
};

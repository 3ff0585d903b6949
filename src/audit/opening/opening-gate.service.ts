import { Injectable } from '@nestjs/common';
import { Engine, type ProcessRow } from '../../engine/index.ts';
import { Organisation } from '../../organisation/index.ts';
import {
  Commands,
  isRefusal,
  refuse,
  refuseFaults,
  type Actor,
  type CommandRefusal,
  type InputFault,
  type Json,
  type Place,
  type Refusal,
  type Text,
  type Tx,
  notPossible,
} from '../../platform/index.ts';
import { Responsibility } from '../../responsibility/index.ts';
import { Independence } from './independence.service.ts';
import { suspended } from './suspended.rules.ts';

export const placeOf = ({ id, scopeId, seriesId }: ProcessRow): Place => ({
  unitId: scopeId,
  processId: id,
  ...(seriesId && { seriesId }),
});

/** The receipt of a command on one opening process. */
export type Done = { readonly processId: string };
type OpeningReceipt = { readonly [key: string]: Json };

/** When something may be done to an opening process: which of these tags it must bear, and how that reads. */
export interface StateNeeded {
  readonly tags: readonly string[];
  readonly says: Text;
}

/** What a command on an opening process asks before it does its work. */
export interface OpeningCommand {
  readonly name: string;
  readonly input: { readonly commandId: string; readonly processId?: string };
  /** The process, where the input names something that belongs to it. */
  readonly processOf?: (tx: Tx) => Promise<string>;
  readonly action: string;
  /** The function the actor says to act in, where several may: it must be held, and none of the others will do. */
  readonly as?: string;
  readonly moment: StateNeeded;
  /** Judging somebody: nobody of the unit or its line may, whatever function they were given before. */
  readonly judges?: true;
  /** What is wrong with the input, whatever the database says. */
  readonly faults?: readonly InputFault[];
}

/** Runs the commands of the review and what follows: lock, permission, moment, faults, and only then their work. */
@Injectable()
export class OpeningGate {
  readonly #commands: Commands;
  readonly #engine: Engine;
  readonly #responsibility: Responsibility;
  readonly #independence: Independence;
  readonly #organisation: Organisation;

  constructor(
    commands: Commands,
    engine: Engine,
    responsibility: Responsibility,
    independence: Independence,
    organisation: Organisation,
  ) {
    this.#commands = commands;
    this.#engine = engine;
    this.#responsibility = responsibility;
    this.#independence = independence;
    this.#organisation = organisation;
  }

  /** The receipt names the process and what `work` adds to it; a refusal of `work` takes everything back. */
  command<E extends OpeningReceipt = Done>(
    actor: Actor,
    { name, input, processOf, action, as, moment, judges, faults = [] }: OpeningCommand,
    work: (tx: Tx, process: ProcessRow) => Promise<E | Refusal | void>,
  ): Promise<(Done & E) | Refusal | CommandRefusal> {
    const { commandId, ...rest } = input;
    const ahead = processOf ? undefined : this.#engine.lockAhead(input.processId!);
    return this.#commands.run<Done & E>(actor, { name, commandId, input: rest, ahead }, async (tx) => {
      const process = await this.#engine.lock(tx, (await processOf?.(tx)) ?? input.processId!);
      // The right is asked as if the moment were now: whoever may then is told when, not that they may not.
      const tags = [...process.tags, ...moment.tags];
      const place = placeOf(process);
      tx.permit(
        as === undefined
          ? await this.#responsibility.may(tx, action, place, tags)
          : await this.#responsibility.mayAs(tx, action, as, place, tags),
      );
      if (judges) tx.permit(await this.#refuseInLine(tx, process));
      if (process.suspendedAt) return notPossible(process.stage, suspended);
      if (!moment.tags.some((tag) => process.tags.includes(tag)))
        return notPossible(process.stage, moment.says);
      const outcome = refuseFaults(faults) ?? (await work(tx, process));
      return isRefusal(outcome) ? outcome : ({ processId: process.id, ...outcome } as Done & E);
    });
  }

  async #refuseInLine(tx: Tx, { scopeId }: ProcessRow): Promise<Refusal | undefined> {
    const self = { fn: 'AUD', personId: tx.actor.person, postId: null, unitId: scopeId };
    const tree = await this.#organisation.tree(tx);
    const [dependent] = await this.#independence.dependent(tx, [self], tree);
    return dependent && refuse('NotAllowed', ownLine);
  }

  /** In which capacity the actor holds a function at a process, and for whom when as a deputy. */
  async actingAs(tx: Tx, process: ProcessRow, fn: string) {
    const [held] = await this.#responsibility.capacitiesAt(tx, [placeOf(process)]);
    const capacity = held?.get(fn);
    return { capacity: capacity?.as ?? 'HOLDER', representsId: await this.representedBy(tx, capacity) };
  }

  /** The id of the post's holder for whom a deputy acts; null for everybody who acts for themselves. */
  async representedBy(
    tx: Tx,
    capacity: { as: string; postId: string | null } | undefined,
  ): Promise<string | null> {
    if (capacity?.as !== 'DEPUTY' || !capacity.postId) return null;
    const [post] = await this.#organisation.posts(tx, { ids: [capacity.postId] });
    return post?.holders.find(({ as }) => as === 'HOLDER')?.personId ?? null;
  }

  /** Whether a person counts as the actor in the unit's matters: the same, or deputy and represented there. */
  async countsAs(
    tx: Tx,
    unitId: string,
    personIds: readonly string[],
  ): Promise<(personId: string) => boolean> {
    const one = new Set<string>();
    for (const personId of new Set(personIds))
      if (await this.#responsibility.countAsOne(tx, tx.actor.person, personId, unitId)) one.add(personId);
    return (personId) => one.has(personId);
  }
}

const ownLine: Text = {
  de: 'Sie gehören zu dieser Einheit oder zu ihrer Linie; beurteilen muss sie jemand anderes.',
  en: 'You belong to this unit or to its line; somebody else has to judge it.',
};

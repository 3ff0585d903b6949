import { Injectable } from '@nestjs/common';
import {
  CommandGroups,
  isRefusal,
  GroupRolledBack,
  type Actor,
  type MemberOutcome,
  type Refusal,
  type Tx,
} from '../../platform/index.ts';
import { commit } from './commit.sql.ts';
import { Definitions } from '../publish/definitions.service.ts';
import type { Take } from './engine.service.ts';
import { effectsOf } from './move.rules.ts';
import { lockFreeOf } from './process.sql.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { EngineRegistry } from '../machine/registry.ts';
import { StepWriter } from './step-writer.service.ts';
import { automaticSteps, Steps } from './steps.service.ts';
import type { Ask, Move } from './transition.rules.ts';

/** The name under which a step is recorded as a command. */
export const TAKE_STEP = 'takeStep';

/** A step as somebody asks for it. */
export interface SharedStepRequest {
  readonly actor: Actor;
  readonly commandId: string;
  readonly take: Take;
}

export type Receipt = { readonly processId: string; readonly followedBy: readonly string[] };

export interface Shared {
  /** In the order asked. */
  readonly outcomes: readonly MemberOutcome<Receipt>[];
  /** The processes after the steps that were taken here, by command. */
  readonly processes: ReadonlyMap<string, ProcessRow>;
}

/** A step that can be taken here. */
interface EvaluatedShared {
  readonly tx: Tx;
  readonly ask: Ask;
  readonly move: Move;
}

/**
 * Takes steps of several commands in one transaction, and writes all their rows in one call (ADR 69). It takes only
 * steps that touch nothing but their own process, find its lock free and are followed by no automatic step, so that no
 * step can have read what another one wrote. For every other step the answer is undefined: the caller takes it alone.
 */
@Injectable()
export class SharedSteps {
  readonly #groups: CommandGroups;
  readonly #definitions: Definitions;
  readonly #registry: EngineRegistry;
  readonly #steps: Steps;
  readonly #writer: StepWriter;
  /** Names of steps that were found to touch more than their process: callers need not try them here again. */
  readonly #unfit = new Set<string>();

  constructor(
    groups: CommandGroups,
    definitions: Definitions,
    registry: EngineRegistry,
    steps: Steps,
    writer: StepWriter,
  ) {
    this.#groups = groups;
    this.#definitions = definitions;
    this.#registry = registry;
    this.#steps = steps;
    this.#writer = writer;
  }

  mayFit(step: string): boolean {
    return !this.#unfit.has(step);
  }

  /** All steps belong to one administration, and no two to the same command. */
  async take(asked: readonly SharedStepRequest[]): Promise<Shared> {
    const members = asked.map(({ actor, commandId, take: input }) => ({
      actor,
      name: TAKE_STEP,
      commandId,
      input,
    }));
    const lock = lockFreeOf([...new Set(asked.map(({ take }) => take.processId))]);
    const processes = new Map<string, ProcessRow>();
    const outcomes = await this.#groups.run<Receipt>(members, lock, (hands, rows) =>
      this.#all(asked, hands, rows as readonly ProcessRow[], processes),
    );
    return { outcomes, processes };
  }

  /** Goes wave by wave, so that the second step of a process sees the result of the first. */
  async #all(
    asked: readonly SharedStepRequest[],
    hands: readonly (Tx | undefined)[],
    rows: readonly ProcessRow[],
    after: Map<string, ProcessRow>,
  ): Promise<MemberOutcome<Receipt>[]> {
    const outcomes: MemberOutcome<Receipt>[] = asked.map(() => undefined);
    const now = new Map(rows.map((row) => [row.id, row]));
    for (const wave of wavesOf(asked)) {
      const evaluated = await Promise.all(
        wave.map(async (i) => {
          const { take } = asked[i]!;
          const process = now.get(take.processId);
          // A faulty request is answered when it is taken alone, and does not disturb the others.
          return hands[i] && process && this.#evaluate(hands[i], process, take).catch(() => undefined);
        }),
      );
      const able: EvaluatedShared[] = [];
      for (const [at, one] of evaluated.entries()) {
        if (!one || isRefusal(one)) outcomes[wave[at]!] = one;
        else able.push(one);
      }
      for (const process of await this.#write(able)) now.set(process.id, process);
      for (const { tx, move } of able) after.set(tx.commandId, now.get(move.process.id)!);
      for (const i of wave)
        if (after.has(asked[i]!.commandId))
          outcomes[i] = { processId: asked[i]!.take.processId, followedBy: [] };
    }
    return outcomes;
  }

  /** What would be done, why not, or undefined when the step does not fit. */
  async #evaluate(tx: Tx, process: ProcessRow, take: Take): Promise<EvaluatedShared | Refusal | undefined> {
    const machine = await this.#definitions.machineOf(tx, process.definitionId);
    const { ask, moves, refused } = await this.#steps.evaluate(tx, machine, [process], take);
    const [move] = moves;
    if (!move) return refused.get(process.id);
    if (!this.#touchesOnlyItself(ask, move)) {
      this.#unfit.add(take.step);
      return undefined;
    }
    const { states } = move.decision.moved;
    return automaticSteps(machine, { ...process, states }).length > 0 ? undefined : { tx, ask, move };
  }

  #touchesOnlyItself({ step }: Ask, { decision }: Move): boolean {
    const effects = effectsOf(step, decision.moved.taken);
    return !step.does && effects.every(({ effect }) => this.#registry.effect(effect).isOwn);
  }

  async #write(evaluated: readonly EvaluatedShared[]): Promise<ProcessRow[]> {
    const written = [];
    for (const { tx, ask, move } of evaluated) {
      tx.permit(true);
      const prepared = await this.#writer.prepare(tx, ask, [move]);
      // Its effects have written rows, which only a rollback of the whole group takes back.
      if (isRefusal(prepared)) throw new GroupRolledBack();
      written.push(...prepared);
    }
    const rows = written.map(({ row }) => row);
    if (rows.length > 0) commit(evaluated[0]!.tx, rows);
    return written.map(({ process }) => process);
  }
}

/** The indexes of the requests by wave: the first wave holds the first request of each process, and so on. */
function wavesOf(asked: readonly SharedStepRequest[]): number[][] {
  const waves: number[][] = [];
  const seen = new Map<string, number>();
  for (const [i, { take }] of asked.entries()) {
    const nth = seen.get(take.processId) ?? 0;
    seen.set(take.processId, nth + 1);
    (waves[nth] ??= []).push(i);
  }
  return waves;
}

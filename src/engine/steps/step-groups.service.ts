import { Injectable } from '@nestjs/common';
import { Clock, Commands, isRefusal, type Actor, type Refusal } from '../../platform/index.ts';
import { Engine, type Take } from './engine.service.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import {
  SharedSteps,
  TAKE_STEP,
  type SharedStepRequest,
  type Receipt,
  type Shared,
} from './shared-steps.service.ts';

/** The number of groups under way at once; steps that arrive meanwhile form the next group. */
const lanes = 2;
/** A group costs as much as six steps of it, so a second one is not begun for less than this. */
const worthwhile = 8;
const largest = 32;
/** When a group takes longer than this, the next one begins beside it instead of waiting. */
const patienceMs = 50;

/** A step that was taken, with the process unless another command may have changed it since. */
export interface Taken extends Receipt {
  readonly process?: ProcessRow | undefined;
}

interface WaitingStep extends SharedStepRequest {
  settle(outcome: Promise<Taken | Refusal> | Taken | Refusal): void;
}

const nothingDone: Shared = { outcomes: [], processes: new Map() };

/**
 * Takes steps, each as one command. A step that arrives alone is taken at once; steps that arrive while others are under
 * way are taken together (ADR 69). A step that does not fit into a group gets a transaction of its own.
 */
@Injectable()
export class StepGroups {
  readonly #clock: Clock;
  readonly #commands: Commands;
  readonly #engine: Engine;
  readonly #shared: SharedSteps;
  #waiting: WaitingStep[] = [];
  #groups = 0;
  #underWay = 0;
  readonly #moving = new Set<string>();
  #isGoing = false;

  constructor(clock: Clock, commands: Commands, engine: Engine, shared: SharedSteps) {
    this.#clock = clock;
    this.#commands = commands;
    this.#engine = engine;
    this.#shared = shared;
  }

  /** As `Engine.take`, in a command of its own. */
  take(actor: Actor, commandId: string, take: Take): Promise<Taken | Refusal> {
    const asked = { actor, commandId, take };
    // A time that is told counts for whoever tells it.
    if (this.#clock.travelled() || !this.#shared.mayFit(take.step)) return this.#takeAlone(asked);
    return new Promise((settle) => {
      this.#waiting.push({ ...asked, settle });
      this.#go();
    });
  }

  /** Waits for the end of this turn of the event loop, in which clients that were just answered may send again. */
  #go(): void {
    if (this.#isGoing) return;
    this.#isGoing = true;
    setImmediate(() => {
      this.#isGoing = false;
      for (let group = this.#next(); group.length > 0; group = this.#next()) void this.#takeTogether(group);
    });
  }

  /**
   * The steps that have waited longest: of one administration, each command once, of processes that no other group moves.
   * A group takes a fair share of them, so that all lanes are equally long.
   */
  #next(): WaitingStep[] {
    if (this.#groups === lanes) return [];
    const share = Math.max(worthwhile, Math.ceil((this.#waiting.length + this.#underWay) / lanes));
    if (this.#groups > 0 && this.#waiting.length < share) return [];
    const free = this.#waiting.filter(({ take }) => !this.#moving.has(take.processId));
    const group = new Map<string, WaitingStep>();
    for (const one of free) {
      if (group.size === Math.min(share, largest)) break;
      if (one.actor.tenant === free[0]!.actor.tenant && !group.has(one.commandId))
        group.set(one.commandId, one);
    }
    this.#waiting = this.#waiting.filter((one) => group.get(one.commandId) !== one);
    return [...group.values()];
  }

  async #takeTogether(group: readonly WaitingStep[]): Promise<void> {
    const leave = this.#enter(group.length);
    for (const { take } of group) this.#moving.add(take.processId);
    const { outcomes, processes } = await this.#shared.take(group).catch(() => nothingDone);
    for (const { take } of group) this.#moving.delete(take.processId);
    leave();
    for (const [i, one] of group.entries()) {
      const outcome = outcomes[i];
      if (outcome === undefined) one.settle(this.#takeAlone(one));
      else if (isRefusal(outcome)) one.settle(outcome);
      else one.settle({ ...outcome, process: processes.get(one.commandId) });
    }
  }

  /** Takes a lane for so many; what gives it back does so once, at the latest when patience ends. */
  #enter(count: number): () => void {
    this.#groups += 1;
    this.#underWay += count;
    let isInside = true;
    const leave = () => {
      clearTimeout(patience);
      if (isInside) {
        this.#groups -= 1;
        this.#underWay -= count;
      }
      isInside = false;
      this.#go();
    };
    const patience = setTimeout(leave, patienceMs);
    return leave;
  }

  async #takeAlone({ actor, commandId, take }: SharedStepRequest): Promise<Taken | Refusal> {
    const ahead = this.#engine.lockAhead(take.processId);
    const request = { name: TAKE_STEP, commandId, input: take, ahead };
    return this.#commands.run(actor, request, async (tx) => {
      const taken = await this.#engine.take(tx, take);
      return isRefusal(taken) ? taken : { processId: taken.process.id, followedBy: taken.followedBy };
    });
  }
}

import { Injectable } from '@nestjs/common';
import { Engine, type ProcessRow } from '../engine/index.ts';
import {
  blankFaults,
  Commands,
  Reads,
  refuse,
  refuseFaults,
  type Actor,
  type Db,
  type Place,
  type Tx,
} from '../platform/index.ts';
import { Responsibility } from '../responsibility/index.ts';
import { lockEffects, markDropped, markReleased, readParked, type Effect } from './effects.sql.ts';
import { Notices } from './notices.service.ts';

const mostShown = 500;
const page = 500;
const mostLookedAt = 20_000;

interface Chosen {
  readonly commandId: string;
  readonly effectIds: readonly string[];
}

/** What could not leave, for those who look after it: seen, sent on its way again, or dropped with a reason. */
@Injectable()
export class ParkedEffects {
  readonly #commands: Commands;
  readonly #reads: Reads;
  readonly #engine: Engine;
  readonly #responsibility: Responsibility;
  readonly #notices: Notices;

  constructor(
    commands: Commands,
    reads: Reads,
    engine: Engine,
    responsibility: Responsibility,
    notices: Notices,
  ) {
    this.#commands = commands;
    this.#reads = reads;
    this.#engine = engine;
    this.#responsibility = responsibility;
    this.#notices = notices;
  }

  /** The longest parked first, those of processes the asker looks after. */
  async list(actor: Actor): Promise<(Effect & { readonly process: ProcessRow | undefined })[]> {
    const db = await this.#reads.db(actor);
    const shown: (Effect & { readonly process: ProcessRow | undefined })[] = [];
    // Those of others may lie before theirs by the thousand, as where no mail server is set.
    for (let behind = 0; shown.length < mostShown && behind < mostLookedAt; behind += page) {
      const effects = await readParked(db, page, behind);
      const processes = await this.#processesOf(db, effects);
      const may = await this.#may(db, 'effect.read', effects, processes);
      for (const [at, effect] of effects.entries())
        if (may[at]) shown.push({ ...effect, process: processes.get(effect.processId) });
      if (effects.length < page) break;
    }
    return shown.slice(0, mostShown);
  }

  release(actor: Actor, { commandId, effectIds }: Chosen) {
    const request = { name: 'releaseEffects', commandId, input: { effectIds } };
    return this.#commands.run(actor, request, async (tx) => {
      const effects = await this.#parked(tx, effectIds, 'effect.release');
      if (effects.length === 0) return nothingParked();
      const ids = effects.map(({ id }) => id);
      const released = await markReleased(tx, ids, actor.person);
      await this.#notices.send(
        tx,
        released.map((effect) => ({ ...effect, dueAt: null })),
      );
      await this.#notices.tellAgain(
        tx,
        released.filter(({ channel }) => channel === 'NOTICE'),
      );
      return { count: ids.length };
    });
  }

  drop(actor: Actor, { commandId, effectIds, reason }: Chosen & { readonly reason: string }) {
    const request = { name: 'dropEffects', commandId, input: { effectIds, reason } };
    return this.#commands.run(actor, request, async (tx) => {
      const effects = await this.#parked(tx, effectIds, 'effect.drop');
      const refusal = refuseFaults(blankFaults({ reason }));
      if (refusal) return refusal;
      if (effects.length === 0) return nothingParked();
      const ids = effects.map(({ id }) => id);
      await markDropped(tx, ids, actor.person, reason);
      return { count: ids.length };
    });
  }

  /** Those of the ids that are parked; one that is not the actor's to decide ends the command. */
  async #parked(tx: Tx, ids: readonly string[], action: string): Promise<Effect[]> {
    const effects = await lockEffects(tx, ids, 'PARKED');
    const places = effects.length > 0 ? effects : [undefined];
    const may = await this.#may(tx, action, places, await this.#processesOf(tx, effects));
    tx.permit(may.every(Boolean));
    return effects;
  }

  async #processesOf(db: Db, effects: readonly Effect[]): Promise<Map<string, ProcessRow>> {
    const ids = [...new Set(effects.map(({ processId }) => processId))];
    return new Map((await this.#engine.processes(db, ids)).map((process) => [process.id, process]));
  }

  #may(
    db: Db,
    action: string,
    effects: readonly (Effect | undefined)[],
    processes: ReadonlyMap<string, ProcessRow>,
  ): Promise<boolean[]> {
    const places = effects.map((effect): Place => {
      const process = processes.get(effect?.processId ?? '');
      if (!process) return {};
      const { id: processId, scopeId: unitId, seriesId } = process;
      return { processId, unitId, ...(seriesId && { seriesId }) };
    });
    return this.#responsibility.mayEach(db, action, places);
  }
}

const nothingParked = () =>
  refuse(
    'NotPossibleNow',
    { de: 'Nichts davon ist geparkt.', en: 'None of these is parked.' },
    { state: null, reasons: [] },
  );

import { Injectable } from '@nestjs/common';
import { Engine, type ProcessRow } from '../engine/index.ts';
import {
  blankFaults,
  Commands,
  notPossible,
  Reads,
  refuseFaults,
  type Actor,
  type Db,
  type Place,
  type Tx,
} from '../platform/index.ts';
import { Responsibility } from '../responsibility/index.ts';
import { lockFailed, markDropped, markRetried, readFailed, type Delivery } from './deliveries.sql.ts';
import { Notices } from './notices.service.ts';

const mostShown = 500;
const page = 500;
const mostLookedAt = 20_000;

interface ChosenDeliveries {
  readonly commandId: string;
  readonly deliveryIds: readonly string[];
}
type FailedDelivery = Delivery & { readonly process: ProcessRow | undefined };

/** Failed deliveries, for those who look after them: they list them, retry them, or drop them with a reason. */
@Injectable()
export class DeliveryRetries {
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

  /** Those of processes that the asker looks after, the longest failed first; 500 at most. */
  async list(actor: Actor): Promise<FailedDelivery[]> {
    const db = await this.#reads.db(actor);
    const shown: FailedDelivery[] = [];
    // Thousands of other askers' deliveries may lie before theirs, as where no mail server is set.
    for (let behind = 0; shown.length < mostShown && behind < mostLookedAt; behind += page) {
      const deliveries = await readFailed(db, page, behind);
      const processes = await this.#processesOf(db, deliveries);
      const may = await this.#may(db, 'delivery.read', deliveries, processes);
      for (const [at, delivery] of deliveries.entries())
        if (may[at]) shown.push({ ...delivery, process: processes.get(delivery.processId) });
      if (deliveries.length < page) break;
    }
    return shown.slice(0, mostShown);
  }

  /** Sends failed deliveries on their way again; refuses with `NotPossibleNow` when none of them has failed. */
  retry(actor: Actor, { commandId, deliveryIds }: ChosenDeliveries) {
    const request = { name: 'retryDeliveries', commandId, input: { deliveryIds } };
    return this.#commands.run(actor, request, async (tx) => {
      const deliveries = await this.#failed(tx, deliveryIds, 'delivery.retry');
      if (deliveries.length === 0) return noneFailed();
      const ids = deliveries.map(({ id }) => id);
      const retried = await markRetried(tx, ids, actor.person);
      await this.#notices.send(
        tx,
        retried.map((delivery) => ({ ...delivery, dueAt: null })),
      );
      await this.#notices.dispatchAgain(
        tx,
        retried.filter(({ channel }) => channel === 'NOTICE'),
      );
      return { count: ids.length };
    });
  }

  /** Drops failed deliveries for good; refuses with `InvalidInput` without a reason, or with `NotPossibleNow`. */
  drop(actor: Actor, { commandId, deliveryIds, reason }: ChosenDeliveries & { readonly reason: string }) {
    const request = { name: 'dropDeliveries', commandId, input: { deliveryIds, reason } };
    return this.#commands.run(actor, request, async (tx) => {
      const deliveries = await this.#failed(tx, deliveryIds, 'delivery.drop');
      const refusal = refuseFaults(blankFaults({ reason }));
      if (refusal) return refusal;
      if (deliveries.length === 0) return noneFailed();
      const ids = deliveries.map(({ id }) => id);
      await markDropped(tx, ids, actor.person, reason);
      return { count: ids.length };
    });
  }

  /** Locks those of the ids that have failed. The command is refused if one of them is not the actor's to decide. */
  async #failed(tx: Tx, ids: readonly string[], action: string): Promise<Delivery[]> {
    const deliveries = await lockFailed(tx, ids);
    const places = deliveries.length > 0 ? deliveries : [undefined];
    const may = await this.#may(tx, action, places, await this.#processesOf(tx, deliveries));
    tx.permit(may.every(Boolean));
    return deliveries;
  }

  async #processesOf(db: Db, deliveries: readonly Delivery[]): Promise<Map<string, ProcessRow>> {
    const ids = [...new Set(deliveries.map(({ processId }) => processId))];
    return new Map((await this.#engine.processes(db, ids)).map((process) => [process.id, process]));
  }

  #may(
    db: Db,
    action: string,
    deliveries: readonly (Delivery | undefined)[],
    processes: ReadonlyMap<string, ProcessRow>,
  ): Promise<boolean[]> {
    const places = deliveries.map((delivery): Place => {
      const process = processes.get(delivery?.processId ?? '');
      if (!process) return {};
      const { id: processId, scopeId: unitId, seriesId } = process;
      return { processId, unitId, ...(seriesId && { seriesId }) };
    });
    return this.#responsibility.mayEach(db, action, places);
  }
}

const noneFailed = () =>
  notPossible(null, {
    de: 'Keine dieser Zustellungen ist fehlgeschlagen.',
    en: 'None of these deliveries has failed.',
  });

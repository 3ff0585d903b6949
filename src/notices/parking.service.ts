import { Injectable } from '@nestjs/common';
import { noticeId, noticesOf, type Notice } from '../engine/index.ts';
import { Jobs, newId, type Job } from '../platform/index.ts';
import type { Delivery } from './delivery.rules.ts';
import { insertEffects, lockWaiting, markFailed, markGivenUp } from './effects.sql.ts';
import { DeliveryFault } from './fault.rules.ts';
import { SystemCommands } from './system-commands.service.ts';

/**
 * Failures, so that none is silent: each is written down; one that trying again cannot mend is parked at once, any
 * other when pg-boss gives up on it, and also when servers died over it.
 */
@Injectable()
export class Parking {
  readonly #commands: SystemCommands;

  constructor(commands: SystemCommands, jobs: Jobs) {
    this.#commands = commands;
    jobs.worker({ queue: 'parked', perSecond: 10, work: (job) => this.park(job) });
  }

  /** Tries to deliver. Throws when it is to be tried again. */
  async attempt(delivery: Delivery, deliver: () => Promise<void>): Promise<void> {
    try {
      await deliver();
    } catch (error) {
      if (!(error instanceof DeliveryFault)) throw error;
      await this.#failed(delivery, error);
      if (!error.isFinal) throw error;
    }
  }

  /** What pg-boss gave up on. */
  async park({ data }: Job): Promise<void> {
    const delivery = data as unknown as Delivery;
    if (!delivery.effect && !delivery.person) return this.#parkNotices(data.tenant, noticesOf(data));
    await this.#commands.run(delivery.tenant, 'noteDelivery', newId(), async (tx) => {
      await markGivenUp(tx, await lockWaiting(tx, delivery));
      return null;
    });
  }

  async #failed(delivery: Delivery, { code, isFinal }: DeliveryFault): Promise<void> {
    await this.#commands.run(delivery.tenant, 'noteDelivery', newId(), async (tx) => {
      const ids = (await lockWaiting(tx, delivery)).map(({ id }) => id);
      await markFailed(tx, ids, code, isFinal);
      return null;
    });
  }

  /** Each on its own, to be seen, released and dropped alone. */
  async #parkNotices(tenant: string, notices: readonly Notice[]): Promise<void> {
    const nobody = { personId: null, webhookId: null, dueAt: null };
    const effects = notices.map(({ to: functions, ...notice }) => ({
      ...notice,
      ...nobody,
      id: noticeId(notice),
      channel: 'NOTICE' as const,
      functions,
      fault: 'INTERRUPTED',
    }));
    await this.#commands.run(tenant, 'noteDelivery', newId(), async (tx) => {
      await insertEffects(tx, effects);
      return null;
    });
  }
}

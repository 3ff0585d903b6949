import { Injectable } from '@nestjs/common';
import { noticeId, noticesOf, type Notice } from '../engine/index.ts';
import { Jobs, newId, type Job } from '../platform/index.ts';
import { insertDeliveries, lockWaiting, markAttempted, markFailed } from './deliveries.sql.ts';
import type { DeliveryJob } from './delivery.rules.ts';
import { DeliveryFault } from './fault.rules.ts';
import { SystemCommands } from './system-commands.service.ts';

/**
 * Writes each failed attempt down, so that none is silent. A delivery has failed at once where another attempt cannot
 * help, else when pg-boss gives its job up, which it also does when servers died while they worked on it.
 */
@Injectable()
export class DeliveryFailures {
  readonly #commands: SystemCommands;

  constructor(commands: SystemCommands, jobs: Jobs) {
    this.#commands = commands;
    jobs.worker({ queue: 'parked', perSecond: 10, work: (job) => this.giveUp(job) });
  }

  /** Tries to deliver. Throws when the job is to be tried again. */
  async attempt(job: DeliveryJob, deliver: () => Promise<void>): Promise<void> {
    try {
      await deliver();
    } catch (error) {
      if (!(error instanceof DeliveryFault)) throw error;
      await this.#note(job, error);
      if (!error.isFinal) throw error;
    }
  }

  /** Takes what pg-boss has given up; nothing tries it again but a person. */
  async giveUp({ data }: Job): Promise<void> {
    const job = data as unknown as DeliveryJob;
    if (!job.delivery && !job.person) return this.#giveUpNotices(data.tenant, noticesOf(data));
    await this.#commands.run(job.tenant, 'noteDelivery', newId(), async (tx) => {
      await markFailed(tx, await lockWaiting(tx, job));
      return null;
    });
  }

  async #note(job: DeliveryJob, { code, isFinal }: DeliveryFault): Promise<void> {
    await this.#commands.run(job.tenant, 'noteDelivery', newId(), async (tx) => {
      const ids = (await lockWaiting(tx, job)).map(({ id }) => id);
      await markAttempted(tx, ids, code, isFinal);
      return null;
    });
  }

  /** Each notice becomes a failed delivery of its own, to be retried or dropped alone. */
  async #giveUpNotices(tenant: string, notices: readonly Notice[]): Promise<void> {
    const nobody = { personId: null, webhookId: null, dueAt: null };
    const deliveries = notices.map(({ to: functions, ...notice }) => ({
      ...notice,
      ...nobody,
      id: noticeId(notice),
      channel: 'NOTICE' as const,
      functions,
      fault: 'INTERRUPTED',
    }));
    await this.#commands.run(tenant, 'noteDelivery', newId(), async (tx) => {
      await insertDeliveries(tx, deliveries);
      return null;
    });
  }
}

import { LockMode } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { noticeId } from '../engine/index.ts';
import {
  Commands,
  Config,
  found,
  Jobs,
  notPossible,
  Reads,
  refuseFaults,
  type Actor,
  type Db,
  type Job,
} from '../platform/index.ts';
import { Responsibility } from '../responsibility/index.ts';
import { lockWaiting, markDelivered, type Delivery } from './deliveries.sql.ts';
import type { DeliveryJob } from './delivery.rules.ts';
import { DeliveryFailures } from './delivery-failures.service.ts';
import { DeliveryFault } from './fault.rules.ts';
import { WebhookRow } from './notices.entity.ts';
import { OutboundCalls } from './outbound-calls.service.ts';
import { SystemCommands } from './system-commands.service.ts';
import { webhookCall, webhookFaults, type WebhookInput } from './webhook.rules.ts';
import { all, one, wanting, target } from './webhooks.sql.ts';

/** A webhook as its administrators see it: without its secret. */
export interface RegisteredWebhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly registeredAt: Date;
  readonly endedAt: Date | null;
}

const loopback = ['localhost', '127.0.0.1', '::1'];

/** Other systems that receive an administration's notices. Administrators register them; each call is signed. */
@Injectable()
export class Webhooks {
  readonly #commands: Commands;
  readonly #system: SystemCommands;
  readonly #config: Config;
  readonly #reads: Reads;
  readonly #responsibility: Responsibility;
  readonly #failures: DeliveryFailures;
  readonly #calls: OutboundCalls;

  constructor(
    commands: Commands,
    system: SystemCommands,
    config: Config,
    reads: Reads,
    responsibility: Responsibility,
    failures: DeliveryFailures,
    calls: OutboundCalls,
    jobs: Jobs,
  ) {
    this.#commands = commands;
    this.#system = system;
    this.#config = config;
    this.#reads = reads;
    this.#responsibility = responsibility;
    this.#failures = failures;
    this.#calls = calls;
    jobs.worker({ queue: 'webhook', perSecond: 10, work: (job) => this.deliver(job) });
  }

  register(actor: Actor, { commandId, ...input }: WebhookInput & { readonly commandId: string }) {
    const request = { name: 'registerWebhook', commandId, input: { ...input } };
    return this.#commands.run(actor, request, async (tx) => {
      tx.permit(await this.#responsibility.may(tx, 'webhook.register', {}));
      const refusal = refuseFaults(webhookFaults(input, this.#isDemo));
      if (refusal) return refusal;
      const registered = { registeredBy: actor.person, registeredAt: tx.at };
      const { id } = tx.em.create(WebhookRow, { ...input, events: [...input.events], ...registered });
      return { webhookId: id };
    });
  }

  /** Ends a webhook, so that nothing more leaves to it; what still waits for it fails. Refuses with `NotPossibleNow`. */
  end(actor: Actor, { commandId, webhookId }: { readonly commandId: string; readonly webhookId: string }) {
    return this.#commands.run(actor, { name: 'endWebhook', commandId, input: { webhookId } }, async (tx) => {
      const row = await tx.em.findOne(WebhookRow, webhookId, { lockMode: LockMode.PESSIMISTIC_WRITE });
      const webhook = found(row, { de: 'Webhook', en: 'Webhook' });
      tx.permit(await this.#responsibility.may(tx, 'webhook.end', {}));
      if (webhook.endedAt) return alreadyEnded();
      webhook.endedAt = tx.at;
      return { webhookId };
    });
  }

  async list(actor: Actor): Promise<RegisteredWebhook[]> {
    return (await this.#reads.db(actor)).call<RegisteredWebhook>(all);
  }

  async one(actor: Actor, id: string): Promise<RegisteredWebhook | undefined> {
    return (await (await this.#reads.db(actor)).call<RegisteredWebhook>(one, [id]))[0];
  }

  /** The ids of the webhooks that want such notices. */
  async wanting(db: Db, kind: string): Promise<string[]> {
    return (await db.call<{ id: string }>(wanting, [kind])).map(({ id }) => id);
  }

  deliver(job: Job): Promise<void> {
    const call = job.data as unknown as DeliveryJob;
    return this.#failures.attempt(call, () =>
      this.#system.run(call.tenant, 'deliverWebhook', job.id, async (tx) => {
        const [delivery] = await lockWaiting(tx, call);
        if (!delivery) return { delivered: 0 };
        await this.#call(tx, delivery);
        await markDelivered(tx, [delivery.id], null);
        return { delivered: 1 };
      }),
    );
  }

  async #call(db: Db, delivery: Delivery): Promise<void> {
    const [to] = await db.call<{ url: string; secret: string; endedAt: Date | null }>(target, [
      delivery.webhookId,
    ]);
    if (!to || to.endedAt) throw new DeliveryFault('ENDED', true);
    const { processId, seq, no, kind: event, functions } = delivery;
    const id = noticeId({ processId, seq, no });
    const call = webhookCall({ id, event, processId, seq, functions }, to.secret, new Date());
    const { webhookHosts } = this.#config.settings;
    const allowed = this.#isDemo ? [...webhookHosts, ...loopback] : webhookHosts;
    const status = await this.#calls.post({ url: new URL(to.url), ...call, allowed });
    if (status >= 200 && status < 300) return;
    // Another attempt cannot help where the receiver redirects or rejects the call, except after 408 and 429.
    throw new DeliveryFault(`HTTP_${status}`, status < 500 && status !== 408 && status !== 429);
  }

  get #isDemo(): boolean {
    return this.#config.settings.profile === 'demo';
  }
}

const alreadyEnded = () =>
  notPossible('ENDED', { de: 'Der Webhook ist schon beendet.', en: 'The webhook has ended already.' });

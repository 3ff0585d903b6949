import { Injectable } from '@nestjs/common';
import { Engine, jobOf, noticeId, noticesOf, type Notice, type ProcessRow } from '../engine/index.ts';
import { Persons } from '../identity/index.ts';
import { Jobs, type Job, type Tx } from '../platform/index.ts';
import { Responsibility } from '../responsibility/index.ts';
import { Choices } from './choices.service.ts';
import { insertDeliveries, readNextDigest, type Delivery, type NewDelivery } from './deliveries.sql.ts';
import { deliveryId, digestId, jobId } from './delivery.rules.ts';
import { noChoice, rhythmOf } from './notice.rules.ts';
import { SystemCommands } from './system-commands.service.ts';
import { Webhooks } from './webhooks.service.ts';

/**
 * Makes deliveries of notices. A notice goes to whoever holds its functions at its process today, deputies included, as
 * each of them chose, and to the webhooks that want it. One command writes each delivery as a row and adds its job.
 */
@Injectable()
export class Notices {
  readonly #commands: SystemCommands;
  readonly #engine: Engine;
  readonly #responsibility: Responsibility;
  readonly #persons: Persons;
  readonly #choices: Choices;
  readonly #webhooks: Webhooks;
  readonly #jobs: Jobs;

  constructor(
    commands: SystemCommands,
    engine: Engine,
    responsibility: Responsibility,
    persons: Persons,
    choices: Choices,
    webhooks: Webhooks,
    jobs: Jobs,
  ) {
    this.#commands = commands;
    this.#engine = engine;
    this.#responsibility = responsibility;
    this.#persons = persons;
    this.#choices = choices;
    this.#webhooks = webhooks;
    this.#jobs = jobs;
    jobs.worker({ queue: 'notice', work: (job) => this.dispatch(job) });
  }

  /** A notice that cannot be dispatched must not hold up those that came with it: at the second attempt each goes alone. */
  async dispatch({ id, data, retries }: Job): Promise<void> {
    const notices = noticesOf(data);
    await this.#commands.run(data.tenant, 'dispatchNotice', id, async (tx) => {
      if (retries > 0 && notices.length > 1) return this.#split(tx, notices);
      const deliveries = await this.#deliveriesOf(tx, notices);
      const added = new Set((await insertDeliveries(tx, deliveries)).map((row) => row.id));
      const waiting = deliveries.filter(({ id, fault }) => added.has(id) && !fault);
      await this.send(
        tx,
        waiting.map((delivery) => ({ ...delivery, retried: 0 })),
      );
      return { deliveries: added.size };
    });
  }

  /** Adds the jobs of deliveries that wait; a delivery leaves at once or with the next daily mail. */
  async send(
    tx: Tx,
    deliveries: readonly (Pick<Delivery, 'id' | 'channel' | 'personId' | 'retried'> & {
      dueAt: string | null;
    })[],
  ): Promise<void> {
    const { tenant } = tx.actor;
    for (const channel of ['MAIL', 'WEBHOOK'] as const) {
      const mine = deliveries.filter((one) => one.channel === channel && one.dueAt === null);
      const jobs = mine.map((one) => ({ id: jobId(one), data: { tenant, delivery: one.id } }));
      await this.#jobs.add(tx, channel.toLowerCase(), jobs);
    }
    const daily = deliveries.flatMap(({ personId, dueAt }) => (dueAt ? [[personId!, dueAt] as const] : []));
    const digests = new Map(daily.map(([person, dueAt]) => [digestId(person, dueAt), { person, dueAt }]));
    await this.#jobs.add(
      tx,
      'mail',
      [...digests].map(([id, { person, dueAt }]) => ({
        id,
        data: { tenant, person, dueAt },
        startAfter: new Date(dueAt),
      })),
    );
  }

  /** Dispatches notices once more whose receivers could not be found. */
  async dispatchAgain(tx: Tx, deliveries: readonly Delivery[]): Promise<void> {
    const jobs = deliveries.map((delivery) => {
      const { processId, seq, no, kind, functions: to } = delivery;
      return { ...jobOf(tx.actor.tenant, { processId, seq, no, kind, to }), id: jobId(delivery) };
    });
    await this.#jobs.add(tx, 'notice', jobs);
  }

  async #split(tx: Tx, notices: readonly Notice[]): Promise<{ split: number }> {
    await this.#jobs.add(
      tx,
      'notice',
      notices.map((notice) => jobOf(tx.actor.tenant, notice)),
    );
    return { split: notices.length };
  }

  async #deliveriesOf(tx: Tx, notices: readonly Notice[]): Promise<NewDelivery[]> {
    const ids = new Set(notices.map(({ processId }) => processId));
    const processes = new Map((await this.#engine.processes(tx, [...ids])).map((one) => [one.id, one]));
    const known = notices.filter(({ processId }) => processes.has(processId));
    const webhooks = new Map<string, string[]>();
    for (const kind of new Set(known.map((notice) => notice.kind)))
      webhooks.set(kind, await this.#webhooks.wanting(tx, kind));
    const calls = known.flatMap((notice) => webhooks.get(notice.kind)!.map((id) => ofWebhook(notice, id)));
    return [...(await this.#mails(tx, known, processes)), ...calls];
  }

  async #mails(
    tx: Tx,
    notices: readonly Notice[],
    processes: ReadonlyMap<string, ProcessRow>,
  ): Promise<NewDelivery[]> {
    const found: { notice: Notice; person: string; functions: string[] }[] = [];
    for (const notice of notices)
      for (const [person, functions] of await this.#receivers(tx, notice, processes.get(notice.processId)!))
        found.push({ notice, person, functions });
    if (found.length === 0) return [];
    const ids = [...new Set(found.map(({ person }) => person))];
    const records = await this.#persons.records(tx, ids);
    const choices = await this.#choices.of(tx, ids);
    const wanting = found.flatMap((one) => {
      const rhythm = rhythmOf(choices.get(one.person) ?? noChoice, one.notice.kind);
      return rhythm === 'OFF' ? [] : [{ ...one, rhythm }];
    });
    const morning = wanting.some(({ rhythm }) => rhythm === 'DAILY') ? await readNextDigest(tx) : null;
    return wanting.map(({ notice, person, functions, rhythm }) => ({
      ...common(notice),
      id: deliveryId(noticeId(notice), person),
      channel: 'MAIL' as const,
      functions,
      personId: person,
      webhookId: null,
      dueAt: rhythm === 'DAILY' ? morning : null,
      ...(!records.get(person)?.mail && { fault: 'NO_ADDRESS' }),
    }));
  }

  /** Person → the functions for which they receive it. A reminder by hand reaches only who was not reminded that day. */
  async #receivers(tx: Tx, { to, seq }: Notice, process: ProcessRow): Promise<Map<string, string[]>> {
    const { id: processId, scopeId: unitId, seriesId } = process;
    const place = { processId, unitId, ...(seriesId && { seriesId }) };
    const found = new Map<string, string[]>();
    const reminded = await this.#engine.remindedBy(tx, { processId, seq });
    for (const fn of to)
      for (const { personId, postId } of await this.#responsibility.holders(tx, fn, place)) {
        if (reminded && !reminded.has(postId ?? personId)) continue;
        const functions = found.get(personId) ?? [];
        if (!functions.includes(fn)) found.set(personId, [...functions, fn]);
      }
    return found;
  }
}

const common = ({ processId, seq, no, kind }: Notice) => ({ processId, seq, no, kind });

const ofWebhook = (notice: Notice, webhookId: string): NewDelivery => ({
  ...common(notice),
  id: deliveryId(noticeId(notice), webhookId),
  channel: 'WEBHOOK',
  functions: notice.to,
  personId: null,
  webhookId,
  dueAt: null,
});

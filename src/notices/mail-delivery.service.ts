import { Injectable } from '@nestjs/common';
import { Engine } from '../engine/index.ts';
import { Persons } from '../identity/index.ts';
import { Organisation } from '../organisation/index.ts';
import { Config, Jobs, type Db, type Job } from '../platform/index.ts';
import { Choices } from './choices.service.ts';
import { lockWaiting, markDelivered, type Delivery } from './deliveries.sql.ts';
import { digestId, type DeliveryJob } from './delivery.rules.ts';
import { DeliveryFailures } from './delivery-failures.service.ts';
import { DeliveryFault } from './fault.rules.ts';
import { Mailer } from './mailer.service.ts';
import { digestLetter, letter, noChoice, type MailedNotice } from './notice.rules.ts';
import { SystemCommands } from './system-commands.service.ts';

/**
 * Brings mails to the mail server. It locks what it delivers, looks whether that still waits, sends it, and notes that
 * it was accepted. If the server dies between acceptance and commit, the mail is sent once more under the same
 * Message-ID. No mail is doubled in any other way, and the reader's mail server can recognise this one.
 */
@Injectable()
export class MailDelivery {
  readonly #commands: SystemCommands;
  readonly #config: Config;
  readonly #engine: Engine;
  readonly #organisation: Organisation;
  readonly #persons: Persons;
  readonly #choices: Choices;
  readonly #mailer: Mailer;
  readonly #failures: DeliveryFailures;

  constructor(
    commands: SystemCommands,
    config: Config,
    engine: Engine,
    organisation: Organisation,
    persons: Persons,
    choices: Choices,
    mailer: Mailer,
    failures: DeliveryFailures,
    jobs: Jobs,
  ) {
    this.#commands = commands;
    this.#config = config;
    this.#engine = engine;
    this.#organisation = organisation;
    this.#persons = persons;
    this.#choices = choices;
    this.#mailer = mailer;
    this.#failures = failures;
    jobs.worker({ queue: 'mail', perSecond: 10, work: (job) => this.deliver(job) });
  }

  deliver(job: Job): Promise<void> {
    const mail = job.data as unknown as DeliveryJob;
    const { tenant, delivery, person, dueAt } = mail;
    const messageId = this.#mailer.messageId(delivery ?? digestId(person!, dueAt!));
    return this.#failures.attempt(mail, () =>
      this.#commands.run(tenant, 'deliverMail', job.id, async (tx) => {
        const deliveries = await lockWaiting(tx, mail);
        if (deliveries.length === 0) return { delivered: 0 };
        await this.#send(tx, deliveries, messageId);
        await markDelivered(
          tx,
          deliveries.map(({ id }) => id),
          messageId,
        );
        return { delivered: deliveries.length };
      }),
    );
  }

  async #send(db: Db, deliveries: readonly Delivery[], messageId: string): Promise<void> {
    const personId = deliveries[0]!.personId!;
    const record = (await this.#persons.records(db, [personId])).get(personId);
    if (!record?.mail) throw new DeliveryFault('NO_ADDRESS', true);
    const { language } = (await this.#choices.of(db, [personId])).get(personId) ?? noChoice;
    const notices = await this.#noticesOf(db, deliveries);
    const written = notices.length === 1 ? letter(notices[0]!, language) : digestLetter(notices, language);
    await this.#mailer.send({ ...written, to: record.mail, messageId, language });
  }

  async #noticesOf(db: Db, deliveries: readonly Delivery[]): Promise<MailedNotice[]> {
    const processes = await this.#engine.processes(db, [
      ...new Set(deliveries.map(({ processId }) => processId)),
    ]);
    const scopes = new Map(processes.map(({ id, scopeId }) => [id, scopeId]));
    const tree = await this.#organisation.tree(db);
    return deliveries.map(({ kind, processId }) => ({
      kind,
      unit: tree.node(scopes.get(processId) ?? '')?.name,
      link: `${this.#config.settings.publicUrl}/processes/${processId}`,
    }));
  }
}

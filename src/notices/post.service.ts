import { Injectable } from '@nestjs/common';
import { Engine } from '../engine/index.ts';
import { Persons } from '../identity/index.ts';
import { Organisation } from '../organisation/index.ts';
import { Config, Jobs, type Db, type Job } from '../platform/index.ts';
import { Choices } from './choices.service.ts';
import { digestId, type Delivery } from './delivery.rules.ts';
import { lockWaiting, markDelivered, type Effect } from './effects.sql.ts';
import { DeliveryFault } from './fault.rules.ts';
import { Mailer } from './mailer.service.ts';
import { digestLetter, letter, noChoice, type Told } from './notice.rules.ts';
import { Parking } from './parking.service.ts';
import { SystemCommands } from './system-commands.service.ts';

/**
 * Brings mails to the mail server. Under the lock of what it delivers: looks whether it still waits, sends, and writes
 * down that it was accepted. A server that dies between acceptance and commit sends once more, under the same
 * Message-ID: the one doubling there is, and the reader's mail server can see it.
 */
@Injectable()
export class Post {
  readonly #commands: SystemCommands;
  readonly #config: Config;
  readonly #engine: Engine;
  readonly #organisation: Organisation;
  readonly #persons: Persons;
  readonly #choices: Choices;
  readonly #mailer: Mailer;
  readonly #parking: Parking;

  constructor(
    commands: SystemCommands,
    config: Config,
    engine: Engine,
    organisation: Organisation,
    persons: Persons,
    choices: Choices,
    mailer: Mailer,
    parking: Parking,
    jobs: Jobs,
  ) {
    this.#commands = commands;
    this.#config = config;
    this.#engine = engine;
    this.#organisation = organisation;
    this.#persons = persons;
    this.#choices = choices;
    this.#mailer = mailer;
    this.#parking = parking;
    jobs.worker({ queue: 'mail', perSecond: 10, work: (job) => this.deliver(job) });
  }

  deliver(job: Job): Promise<void> {
    const delivery = job.data as unknown as Delivery;
    const { tenant, effect, person, dueAt } = delivery;
    const messageId = this.#mailer.messageId(effect ?? digestId(person!, dueAt!));
    return this.#parking.attempt(delivery, () =>
      this.#commands.run(tenant, 'deliverMail', job.id, async (tx) => {
        const effects = await lockWaiting(tx, delivery);
        if (effects.length === 0) return { delivered: 0 };
        await this.#send(tx, effects, messageId);
        await markDelivered(
          tx,
          effects.map(({ id }) => id),
          messageId,
        );
        return { delivered: effects.length };
      }),
    );
  }

  async #send(db: Db, effects: readonly Effect[], messageId: string): Promise<void> {
    const personId = effects[0]!.personId!;
    const record = (await this.#persons.records(db, [personId])).get(personId);
    if (!record?.mail) throw new DeliveryFault('NO_ADDRESS', true);
    const { language } = (await this.#choices.of(db, [personId])).get(personId) ?? noChoice;
    const told = await this.#told(db, effects);
    const written = told.length === 1 ? letter(told[0]!, language) : digestLetter(told, language);
    await this.#mailer.send({ ...written, to: record.mail, messageId, language });
  }

  async #told(db: Db, effects: readonly Effect[]): Promise<Told[]> {
    const processes = await this.#engine.processes(db, [
      ...new Set(effects.map(({ processId }) => processId)),
    ]);
    const scopes = new Map(processes.map(({ id, scopeId }) => [id, scopeId]));
    const tree = await this.#organisation.tree(db);
    return effects.map(({ kind, processId }) => ({
      kind,
      unit: tree.node(scopes.get(processId) ?? '')?.name,
      link: `${this.#config.settings.publicUrl}/processes/${processId}`,
    }));
  }
}

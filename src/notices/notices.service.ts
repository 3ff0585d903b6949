import { Injectable } from '@nestjs/common';
import { Engine, EngineRegistry, noticeId, type NoticeJob, type ProcessRow } from '../engine/index.ts';
import { Persons } from '../identity/index.ts';
import { Jobs, type Job, type Tx } from '../platform/index.ts';
import { Choices } from './choices.service.ts';
import { digestId, effectId, jobId } from './delivery.rules.ts';
import { insertEffects, readNextDigest, type Effect, type NewEffect } from './effects.queries.ts';
import { noChoice, rhythmOf } from './notice.rules.ts';
import { SystemCommands } from './system-commands.service.ts';
import { Webhooks } from './webhooks.service.ts';

/**
 * Finds out who a notice is for: who holds its functions at its process today, deputies included, and what each of
 * them chose; and which webhooks want it. Everything that is to leave becomes a row and a job in one command.
 */
@Injectable()
export class Notices {
  readonly #commands: SystemCommands;
  readonly #engine: Engine;
  readonly #registry: EngineRegistry;
  readonly #persons: Persons;
  readonly #choices: Choices;
  readonly #webhooks: Webhooks;
  readonly #jobs: Jobs;

  constructor(
    commands: SystemCommands,
    engine: Engine,
    registry: EngineRegistry,
    persons: Persons,
    choices: Choices,
    webhooks: Webhooks,
    jobs: Jobs,
  ) {
    this.#commands = commands;
    this.#engine = engine;
    this.#registry = registry;
    this.#persons = persons;
    this.#choices = choices;
    this.#webhooks = webhooks;
    this.#jobs = jobs;
    jobs.worker({ queue: 'notice', work: (job) => this.tell(job) });
  }

  async tell({ id, data }: Job): Promise<void> {
    const notice = data as unknown as NoticeJob;
    await this.#commands.run(notice.tenant, 'tellNotice', id, async (tx) => {
      const [process] = await this.#engine.processes(tx, [notice.processId]);
      if (!process) return { told: 0 };
      const webhooks = await this.#webhooks.wanting(tx, notice.kind);
      const effects = [
        ...(await this.#mails(tx, notice, process)),
        ...webhooks.map((webhookId) => ofWebhook(notice, webhookId)),
      ];
      const fresh = new Set((await insertEffects(tx, effects)).map((row) => row.id));
      const waiting = effects.filter((effect) => fresh.has(effect.id) && !effect.fault);
      await this.send(
        tx,
        waiting.map((effect) => ({ ...effect, released: 0 })),
      );
      return { told: fresh.size };
    });
  }

  /** Makes the jobs of effects that wait: at once, or with the next daily mail. */
  async send(
    tx: Tx,
    effects: readonly (Pick<Effect, 'id' | 'channel' | 'personId' | 'released'> & { dueAt: string | null })[],
  ): Promise<void> {
    const { tenant } = tx.actor;
    for (const channel of ['MAIL', 'WEBHOOK'] as const) {
      const mine = effects.filter((effect) => effect.channel === channel && effect.dueAt === null);
      const jobs = mine.map((effect) => ({ id: jobId(effect), data: { tenant, effect: effect.id } }));
      await this.#jobs.add(tx, channel.toLowerCase(), jobs);
    }
    const daily = effects.filter(({ dueAt }) => dueAt !== null);
    await this.#jobs.add(
      tx,
      'mail',
      daily.map(({ personId, dueAt }) => ({
        id: digestId(personId!, dueAt!),
        data: { tenant, person: personId, dueAt },
        startAfter: new Date(dueAt!),
      })),
    );
  }

  /** Sends a notice on its way once more whose receivers could not be found. */
  async tellAgain(tx: Tx, effects: readonly Effect[]): Promise<void> {
    const jobs = effects.map((effect) => {
      const { processId, seq, no, kind, functions: to } = effect;
      return { id: jobId(effect), data: { tenant: tx.actor.tenant, processId, seq, no, kind, to } };
    });
    await this.#jobs.add(tx, 'notice', jobs);
  }

  async #mails(tx: Tx, notice: NoticeJob, process: ProcessRow): Promise<NewEffect[]> {
    const functions = await this.#receivers(tx, notice, process);
    const ids = [...functions.keys()];
    const records = await this.#persons.records(tx, ids);
    const choices = await this.#choices.of(tx, ids);
    const wanting = ids.flatMap((id) => {
      const rhythm = rhythmOf(choices.get(id) ?? noChoice, notice.kind);
      return rhythm === 'OFF' ? [] : [{ id, rhythm }];
    });
    const morning = wanting.some(({ rhythm }) => rhythm === 'DAILY') ? await readNextDigest(tx) : null;
    return wanting.map(({ id, rhythm }) => ({
      ...common(notice),
      id: effectId(noticeId(notice), id),
      channel: 'MAIL' as const,
      functions: functions.get(id)!,
      personId: id,
      webhookId: null,
      dueAt: rhythm === 'DAILY' ? morning : null,
      ...(!records.get(id)?.mail && { fault: 'NO_ADDRESS' }),
    }));
  }

  /** Person → the functions they are told for. */
  async #receivers(tx: Tx, { to }: NoticeJob, process: ProcessRow): Promise<Map<string, string[]>> {
    const { id: processId, scopeId: unitId, seriesId } = process;
    const place = { processId, unitId, ...(seriesId && { seriesId }) };
    const found = new Map<string, string[]>();
    for (const fn of to)
      for (const { personId } of await this.#registry.authority.holders(tx, fn, place)) {
        const functions = found.get(personId) ?? [];
        if (!functions.includes(fn)) found.set(personId, [...functions, fn]);
      }
    return found;
  }
}

const common = ({ processId, seq, no, kind }: NoticeJob) => ({ processId, seq, no, kind });

const ofWebhook = (notice: NoticeJob, webhookId: string): NewEffect => ({
  ...common(notice),
  id: effectId(noticeId(notice), webhookId),
  channel: 'WEBHOOK',
  functions: notice.to,
  personId: null,
  webhookId,
  dueAt: null,
});

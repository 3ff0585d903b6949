import { Injectable } from '@nestjs/common';
import { v5 } from 'uuid';
import { Clock, Commands, isRefusal, Reads, refuse, systemActor, type Text } from '../platform/index.ts';
import { Engine } from './engine.service.ts';

interface Due {
  readonly tenant: string;
  readonly processId: string;
  readonly name: string;
  readonly epoch: number;
}

export interface DueReport {
  /** Steps taken, in order. */
  readonly taken: readonly { readonly processId: string; readonly deadline: string; readonly step: string }[];
  /** What was due and could not be done; it stays due. */
  readonly refused: readonly {
    readonly processId: string;
    readonly deadline: string;
    readonly message: Text;
  }[];
}

const page = 500;
const whatIsDue = `select tenant_id as tenant, process_id as "processId", name, epoch from engine.deadline
  where next_at <= $1 order by next_at, process_id limit $2`;
const nextDue = `select process_id as "processId", name, epoch, next_at as at from engine.deadline
  where process_id = $1 and next_at <= $2 order by next_at limit 1`;
const namespace = 'a0c55b3d-0b6e-5b0f-9d3c-6f4b2d3f7a11';

/** One firing has one command id, so any number of pollers and repetitions do it once. */
const commandIdOf = ({ processId, name, epoch }: Due) => v5(`${processId} ${name} ${epoch}`, namespace);

/** Not due any more, not yet (the database's clock decides), or suspended: a refusal, so that no receipt is kept. */
const notDue = refuse('NotPossibleNow', { de: 'Nicht fällig.', en: 'Not due.' });

/**
 * Takes what is due in all administrations: reminders, escalations and steps whose time has come. Each is an ordinary
 * command by the system, in its own transaction, and looks again under the lock whether it is still due.
 */
@Injectable()
export class DueSteps {
  readonly #reads: Reads;
  readonly #commands: Commands;
  readonly #engine: Engine;
  readonly #clock: Clock;

  constructor(reads: Reads, commands: Commands, engine: Engine, clock: Clock) {
    this.#reads = reads;
    this.#commands = commands;
    this.#engine = engine;
    this.#clock = clock;
  }

  /** Until nothing new is due: one firing may make the next one due at once when nobody looked for weeks. */
  async run(): Promise<DueReport> {
    const report = {
      taken: [] as DueReport['taken'][number][],
      refused: [] as DueReport['refused'][number][],
    };
    const tried = new Set<string>();
    for (;;) {
      const due = await this.#reads.asJobs<Due>(whatIsDue, [this.#clock.now(), page + tried.size]);
      const fresh = due.filter((one) => !tried.has(commandIdOf(one)));
      if (fresh.length === 0) return report;
      for (const one of fresh) {
        tried.add(commandIdOf(one));
        const { processId, name: deadline } = one;
        const outcome = await this.#fire(one);
        if (outcome === notDue) continue;
        if (isRefusal(outcome)) report.refused.push({ processId, deadline, message: outcome.message });
        else report.taken.push({ processId, deadline, step: outcome.step });
      }
    }
  }

  /** One process's history told afterwards: what fell due by then, each step at its own moment. For the demo's clock. */
  async catchUp(tenant: string, processId: string, until: Date): Promise<void> {
    const db = await this.#reads.db(systemActor(tenant));
    for (;;) {
      const [due] = await db.call<Omit<Due, 'tenant'> & { at: Date }>(nextDue, [processId, until]);
      if (!due) return;
      const outcome = await this.#clock.at(due.at, () => this.#fire({ tenant, ...due }));
      if (isRefusal(outcome)) throw new Error(`${processId} ${due.name}: ${outcome.message.en}`);
    }
  }

  #fire(due: Due) {
    const { tenant, processId, name, epoch } = due;
    const ahead = this.#engine.lockAhead(processId);
    const request = { name: 'due', commandId: commandIdOf(due), input: { processId, name, epoch }, ahead };
    return this.#commands.run(systemActor(tenant), request, async (tx) => {
      const taken = (await this.#engine.fire(tx, { processId, name, epoch })) ?? notDue;
      return isRefusal(taken) ? taken : { step: taken.step };
    });
  }
}

import { Injectable, Logger } from '@nestjs/common';
import { v5 } from 'uuid';
import {
  Clock,
  Commands,
  isRefusal,
  newId,
  Reads,
  refuse,
  systemActor,
  type Refusal,
  type Text,
} from '../../platform/index.ts';
import { claimDue, nextDue, waitAfterRefusal, whatIsDue, type Due } from './due.sql.ts';
import { Engine } from './engine.service.ts';

export interface DueReport {
  /** Steps taken, in order. */
  readonly taken: { readonly processId: string; readonly deadline: string; readonly step: string }[];
  /** The deadlines that were due and whose step was refused or failed; they stay due and are tried again. */
  readonly refused: { readonly processId: string; readonly deadline: string; readonly message: Text }[];
}

const log = new Logger('Deadlines');
const page = 500;
/** How many processes one server claims at a time, and how many of them it works on at once. */
const batch = 40;
const lanes = 4;
const namespace = 'a0c55b3d-0b6e-5b0f-9d3c-6f4b2d3f7a11';

/** One firing has one command id, so any number of servers and repetitions do it once. */
const commandIdOf = ({ processId, name, epoch }: Due) => v5(`${processId} ${name} ${epoch}`, namespace);

/** The deadline is no longer due, not yet due by the database's clock, or paused. A refusal keeps no receipt of it. */
const notDue = refuse('NotPossibleNow', { de: 'Nicht fällig.', en: 'Not due.' });
const broken: Text = {
  de: 'Dabei ist ein Fehler im Programm aufgetreten; das Protokoll des Servers nennt ihn.',
  en: 'A fault of the programme prevented it; the log of the server names it.',
};

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

  /** Repeats until nothing is due: after weeks without a run, one firing may make the next one due at once. */
  async run(): Promise<DueReport> {
    const report: DueReport = { taken: [], refused: [] };
    const tried = new Set<string>();
    for (;;) {
      const due = await this.#reads.asJobs<Due>(whatIsDue, [this.#instant(), page + tried.size]);
      const fresh = due.filter((one) => !tried.has(commandIdOf(one)));
      if (fresh.length === 0) return report;
      for (const one of fresh) {
        tried.add(commandIdOf(one));
        await this.#attempt(one, report);
      }
    }
  }

  /** One server's share: some of what no other server works on now. Empty when there is nothing left to do. */
  batch(): Promise<DueReport> {
    return this.#reads.whileAsJobs<Due, DueReport>(claimDue, [this.#instant(), batch], async (due) => {
      const report: DueReport = { taken: [], refused: [] };
      const queue = [...Map.groupBy(due, ({ processId }) => processId).values()];
      const lane = async () => {
        for (let next = queue.shift(); next; next = queue.shift())
          for (const one of next) await this.#attempt(one, report);
      };
      await Promise.all(Array.from({ length: lanes }, lane));
      return report;
    });
  }

  /** Fires what fell due in one process up to a past moment, each step at its own time. Serves the demo's clock. */
  async catchUp(tenant: string, processId: string, until: Date): Promise<void> {
    const db = await this.#reads.db(systemActor(tenant));
    for (;;) {
      const [due] = await db.call<Omit<Due, 'tenant'> & { at: Date }>(nextDue, [processId, until]);
      if (!due) return;
      const outcome = await this.#clock.at(due.at, () => this.#fire({ tenant, ...due }));
      if (isRefusal(outcome)) throw new Error(`${processId} ${due.name}: ${outcome.message.en}`);
    }
  }

  #instant(): Date | null {
    return this.#clock.travelled() ?? null;
  }

  /** Fires one deadline, or records the reason why not. A failure does not stop the others. */
  async #attempt(due: Due, report: DueReport): Promise<void> {
    const { processId, name: deadline } = due;
    const outcome = await this.#fire(due).catch((error: Error) => {
      log.error(`${processId} ${deadline}: ${error.stack}`);
      return refuse('NotPossibleNow', broken);
    });
    if (!isRefusal(outcome)) report.taken.push({ processId, deadline, step: outcome.step });
    else if (outcome !== notDue) {
      report.refused.push({ processId, deadline, message: outcome.message });
      if (outcome.__typename !== 'Busy') await this.#wait(due, outcome);
    }
  }

  async #fire(due: Due): Promise<{ step: string } | Refusal> {
    const { tenant, processId, name, epoch } = due;
    const ahead = this.#engine.lockAhead(processId);
    const request = { name: 'due', commandId: commandIdOf(due), input: { processId, name, epoch }, ahead };
    let isOurs = false;
    const outcome = await this.#commands.run(systemActor(tenant), request, async (tx) => {
      isOurs = true;
      const taken = (await this.#engine.fire(tx, { processId, name, epoch })) ?? notDue;
      return isRefusal(taken) ? taken : { step: taken.step };
    });
    // A receipt without our work: another server has done it meanwhile.
    return isOurs || isRefusal(outcome) ? outcome : notDue;
  }

  /** Keeps the deadline due, to be retried at growing intervals, and records the reason for readers of the process. */
  async #wait({ tenant, processId, name, epoch }: Due, { message }: Refusal): Promise<void> {
    const ahead = this.#engine.lockAhead(processId);
    const request = { name: 'dueRefused', commandId: newId(), input: { processId, name, epoch }, ahead };
    await this.#commands.run(systemActor(tenant), request, async (tx) => {
      tx.permit(true);
      await this.#engine.lock(tx, processId); // a step that ends the deadline must not meet it on its way
      await tx.call(waitAfterRefusal, [processId, name, epoch, JSON.stringify(message)]);
      return {};
    });
  }
}

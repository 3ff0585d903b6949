import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { v5 } from 'uuid';
import {
  Access,
  Background,
  Commands,
  found,
  isRefusal,
  Loop,
  Reads,
  refuse,
  systemActor,
  type Actor,
  type Refusal,
  type Text,
  type Tx,
} from '../../platform/index.ts';
import {
  readPending,
  readRuns,
  readStillPending,
  recordResults,
  type Result,
  type RunRow,
  type WaitingItem,
  unfinished,
} from './bulk.sql.ts';
import type { Agreed, BulkTaken } from './bulk.rules.ts';
import { BulkWorks } from './bulk-works.service.ts';
import { lockFreeProcesses, lockProcesses } from '../steps/process.sql.ts';

const batch = 500;
const lookMs = 30_000;
const namespace = '0b6b5f0e-3c0e-5d57-8a8f-5d0a4a1c1d31';

const aRun: Text = { de: 'Sammellauf', en: 'Bulk run' };
const nothing: ReadonlySet<string> = new Set();

/**
 * Runs over thousands of processes (ADR 0048). The processes of a run are fixed when it begins. It goes on in batches;
 * each batch is one command whose id follows from how much is left, so that several servers may work on the same run and
 * nothing happens twice. Each batch checks anew the permission of the person who began the run.
 */
@Injectable()
export class BulkRuns implements BeforeApplicationShutdown {
  readonly #access: Access;
  readonly #commands: Commands;
  readonly #reads: Reads;
  readonly #works: BulkWorks;
  readonly #log = new Logger('BulkRuns');
  /** The runs that this server works on. */
  readonly #carried = new Map<string, Promise<void>>();
  #isEnding = false;

  constructor(access: Access, commands: Commands, reads: Reads, works: BulkWorks, background: Background) {
    this.#access = access;
    this.#commands = commands;
    this.#reads = reads;
    this.#works = works;
    let idleMs = 0; // on start it takes up every run, later only runs that no other server works on
    const look = async () => {
      await this.resume(idleMs);
      idleMs = lookMs;
    };
    const loop = new Loop(look, lookMs, (error) => this.#log.warn(error.message));
    background.add({ name: 'bulk runs', start: () => loop.start(), stop: () => this.#end(loop) });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#end();
  }

  /** Ends after the batches under way; another server, or the next start, continues the runs. */
  async #end(loop?: Loop): Promise<void> {
    this.#isEnding = true;
    await loop?.stop();
    await Promise.allSettled(this.#carried.values());
  }

  /** Waits for the end of the run, but no longer than this; the run does not depend on the waiting. */
  async carryFor(patienceMs: number, tenant: string, runId: string): Promise<void> {
    const carried = this.carryOn(tenant, runId).catch((error: Error) =>
      this.#log.warn(`Run ${runId} waits to be taken up again: ${error.message}`),
    );
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => (timer = setTimeout(resolve, patienceMs)));
    await Promise.race([carried, patience]);
    clearTimeout(timer);
  }

  /** Works on a run to its end, unless this server is closed. Further calls meanwhile wait for the same end. */
  carryOn(tenant: string, runId: string): Promise<void> {
    let carried = this.#carried.get(runId);
    if (!carried) {
      carried = this.#carry(tenant, runId).finally(() => this.#carried.delete(runId));
      this.#carried.set(runId, carried);
    }
    return carried;
  }

  /** Takes up the runs that no server has touched for this long. */
  async resume(idleMs: number): Promise<void> {
    const left = await this.#reads.asJobs<{ tenant: string; id: string }>(unfinished, [idleMs / 1000]);
    await Promise.all(left.map(({ tenant, id }) => this.carryOn(tenant, id)));
  }

  async #carry(tenant: string, runId: string): Promise<void> {
    const run = await this.#run(systemActor(tenant), runId);
    while (!this.#isEnding) {
      const actor = await this.#actor({ tenant, account: run.accountId, person: run.personId });
      const db = await this.#reads.db(actor);
      const waiting = await readPending(db, runId, batch);
      if (waiting.length === 0) return;
      const { left } = waiting[0]!;
      const outcome = await this.#command(actor, `${runId} ${left}`, (tx) =>
        this.#batch(tx, run, waiting),
      ).catch(asBroken);
      // Busy means that others hold all that is left, and that the database has waited for them.
      if (isRefusal(outcome) && outcome.__typename !== 'Busy') await this.#oneByOne(actor, run, waiting);
    }
  }

  async #run(actor: Actor, runId: string): Promise<RunRow> {
    const [run] = await readRuns(await this.#reads.db(actor), [runId]);
    return found(run, aRun);
  }

  /** The person who began the run, with the functions held now. */
  #actor(who: Pick<Actor, 'tenant' | 'account' | 'person'>): Promise<Actor> {
    const base = { ...who, name: '', language: 'de' as const, posts: [], functionsAt: () => nothing };
    return this.#access.complete(base, (actor) => this.#reads.db(actor));
  }

  #command(actor: Actor, name: string, work: (tx: Tx) => Promise<Refusal | null>) {
    const request = { name: 'bulkBatch', commandId: v5(name, namespace), input: { name } };
    return this.#commands.run(actor, request, async (tx) => (await work(tx)) ?? {});
  }

  async #batch(tx: Tx, run: RunRow, waiting: readonly WaitingItem[]): Promise<Refusal | null> {
    const ids = waiting.map(({ processId }) => processId);
    let locked = await lockFreeProcesses(tx, ids);
    // Other commands hold all of these processes, so this waits for one of them.
    if (locked.length === 0) locked = await lockProcesses(tx, ids.slice(0, 1));
    // Another server may have been here since they were read.
    const noOf = await readStillPending(tx, run.id, waiting);
    const processes = locked.filter(({ id }) => noOf.has(id));
    const work = await this.#works.of(tx, agreedOf(run));
    const taken = await work.take(tx, processes);
    if (isRefusal(taken)) return taken;
    const results = processes.map(({ id }) => resultOf(noOf.get(id)!, id, taken));
    if (results.length > 0) recordResults(tx, run.id, results);
    return null;
  }

  /** A process that refuses or fails while it is written rolls back its whole batch, so each is then tried alone. */
  async #oneByOne(actor: Actor, run: RunRow, waiting: readonly WaitingItem[]): Promise<void> {
    for (const one of waiting) {
      if (this.#isEnding) return;
      const name = `${run.id} ${one.processId}`;
      const outcome = await this.#command(actor, name, (tx) => this.#batch(tx, run, [one])).catch(asBroken);
      if (!isRefusal(outcome) || outcome.__typename === 'Busy') continue;
      const how = outcome.__typename === broken ? 'FAILED' : 'REFUSED';
      await this.#command(actor, `${name} ${how}`, async (tx) => {
        tx.permit(true);
        recordResults(tx, run.id, [{ no: one.no, outcome: how, seq: null, reason: outcome.message }]);
        return null;
      });
      if ('fault' in outcome) this.#log.error(`Run ${name}: ${String(outcome.fault)}`);
    }
  }
}

const agreedOf = ({ kind, step, payload, planId, undoesId }: RunRow): Agreed => ({
  kind,
  ...(step !== null && { step }),
  ...(payload != null && { payload: payload as never }),
  ...(planId !== null && { planId }),
  ...(undoesId !== null && { undoesId }),
});

function resultOf(no: number, id: string, { done, refused }: BulkTaken): Result {
  const refusal = refused.get(id);
  return refusal
    ? { no, outcome: 'REFUSED', seq: null, reason: refusal.message }
    : { no, outcome: 'DONE', seq: done.get(id)!, reason: null };
}

const broken = 'Broken';
/** Reads the database's code or the socket's, and the driver's message where there is neither. */
const lostCodes = /^(08|57|ECONN|EPIPE|ETIMEDOUT)/;
const lostTexts =
  /^(Connection terminated|timeout exceeded when trying to connect|Client (was closed|has encountered a connection error))/;

/** A fault of the work is recorded with its process; a lost database only ends this server's work on the run. */
function asBroken(error: Error & { code?: string }): Refusal {
  const isLost = lostCodes.test(error.code ?? '') || lostTexts.test(error.message);
  if (isLost) throw error;
  return refuse(
    broken,
    {
      de: 'Hier ist ein Fehler aufgetreten; nichts wurde geändert. Bitte der Betreuung melden.',
      en: 'Something broke here; nothing was changed. Please tell whoever runs the server.',
    },
    { fault: error.message },
  );
}

import { Injectable } from '@nestjs/common';
import {
  afterKey,
  ClientError,
  isRefusal,
  page,
  pageSize,
  Reads,
  type Actor,
  type Db,
  type PageArgs,
  type Refusal,
} from '../../platform/index.ts';
import { readCounts, readItems, readNewestRuns, readRuns, type RunRow } from './bulk.sql.ts';
import type { Outcome } from './bulk.rules.ts';
import { readProcesses } from '../steps/process.sql.ts';

/** Runs as they are shown: with their counts, and what became of each process. */
@Injectable()
export class BulkViews {
  readonly #reads: Reads;

  constructor(reads: Reads) {
    this.#reads = reads;
  }

  async run(actor: Actor, id: string) {
    const db = await this.#reads.db(actor);
    const [run] = await this.#counted(db, await readRuns(db, [id]));
    return run;
  }

  async newest(actor: Actor) {
    const db = await this.#reads.db(actor);
    return this.#counted(db, await readNewestRuns(db));
  }

  async outcomes(actor: Actor, runId: string, only: Outcome | null, args: PageArgs) {
    const db = await this.#reads.db(actor);
    const after = Number(afterKey(args)?.[0]) || 0;
    const rows = await readItems(db, runId, after, only, pageSize(args) + 1);
    const { nodes, pageInfo } = page(rows, args, ({ no }) => [String(no)]);
    const ids = nodes.map(({ processId }) => processId);
    const processes = new Map((await readProcesses(db, ids)).map((process) => [process.id, process]));
    return { nodes: nodes.map((item) => ({ ...item, process: processes.get(item.processId) })), pageInfo };
  }

  /** A mutation's answer: the refusal, or its success with the run. */
  async answer(actor: Actor, success: string, begun: { readonly runId: string } | Refusal) {
    return isRefusal(begun) ? begun : { __typename: success, run: await this.run(actor, begun.runId) };
  }

  async #counted(db: Db, runs: readonly RunRow[]) {
    const ids = runs.map(({ id }) => id);
    const counts = await readCounts(db, ids);
    return runs.map((run) => {
      const count = (outcome: Outcome) => counts.get(run.id)?.get(outcome) ?? 0;
      return {
        ...run,
        done: count('DONE'),
        refused: count('REFUSED'),
        failed: count('FAILED'),
        pending: count('PENDING'),
      };
    });
  }
}

/** A question has no refusals: what cannot be asked is the client's fault. */
export function orBadInput<T>(outcome: T | Refusal): T {
  if (isRefusal(outcome)) throw new ClientError('BAD_INPUT', outcome.message);
  return outcome as T;
}

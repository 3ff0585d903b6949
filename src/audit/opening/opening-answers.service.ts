import { Injectable } from '@nestjs/common';
import { isRefusal, Reads, type Actor, type Refusal } from '../../platform/index.ts';
import type { Done } from './opening-gate.service.ts';
import { OpeningProcesses } from './opening-processes.service.ts';

/** What a command on an opening process answers: the refusal, or its success with the process as it stands now. */
@Injectable()
export class OpeningAnswers {
  readonly #openings: OpeningProcesses;
  readonly #reads: Reads;

  constructor(openings: OpeningProcesses, reads: Reads) {
    this.#openings = openings;
    this.#reads = reads;
  }

  async of(success: string, actor: Actor, outcome: Done | Refusal) {
    if (isRefusal(outcome)) return outcome;
    const openingProcess = await this.#openings.one(await this.#reads.db(actor), outcome.processId);
    return { __typename: success, openingProcess };
  }
}

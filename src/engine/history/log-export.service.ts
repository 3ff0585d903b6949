import { Injectable } from '@nestjs/common';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Reads, type Actor, type Db } from '../../platform/index.ts';
import { Definitions, type PublishedDefinition } from '../publish/definitions.service.ts';
import {
  asCsv,
  asOcel,
  asXes,
  wordsOf,
  type ExportFormat,
  type MinedCase,
  type MinedEvent,
} from './log-export.rules.ts';
import { endLine, lineOf, LOG_FORMAT, type LogFileHead } from './log-file.rules.ts';
import { MigrationPlans, planOf } from '../plan/migration-plans.service.ts';
import { EngineRegistry } from '../machine/registry.ts';
import type { Stored } from '../replay/replay.rules.ts';
import { readStored } from '../replay/stored.sql.ts';
import { page, nextIds } from './log-export.sql.ts';

/** Which processes an export holds; by default all of the administration. */
export interface ExportFilter {
  readonly processId?: string | undefined;
  readonly seriesId?: string | undefined;
}

/** How much has been handed out so far. */
interface Tally {
  processes: number;
  entries: number;
}

const beforeAll = '00000000-0000-0000-0000-000000000000';

/**
 * The log as a file: for process mining with persons replaced by pseudonyms that hold for this one export, or as
 * `oa.log/1` for the offline verifier, whose chain needs the ids as they are (ids, never names). Read page by page,
 * each page in one moment, so memory stays bounded however long the log is.
 */
@Injectable()
export class LogExport {
  readonly #reads: Reads;
  readonly #definitions: Definitions;
  readonly #plans: MigrationPlans;
  readonly #registry: EngineRegistry;

  constructor(reads: Reads, definitions: Definitions, plans: MigrationPlans, registry: EngineRegistry) {
    this.#reads = reads;
    this.#definitions = definitions;
    this.#plans = plans;
    this.#registry = registry;
  }

  /** Whoever holds the function for a part of the administration only does not get the whole log. */
  async isAllowed(actor: Actor): Promise<boolean> {
    const [may] = await this.#registry.authority.may(await this.#reads.db(actor), actor, 'log.export', [{}]);
    return may === true;
  }

  /** The file's text in pieces; `tally` counts what has left. The caller asks for permission. */
  of(actor: Actor, format: ExportFormat, filter: ExportFilter, tally: Tally): AsyncIterable<string> {
    if (format === 'oalog') return this.#logFile(actor, filter, tally);
    const cases = this.#cases(actor, filter, tally);
    return { csv: asCsv, xes: asXes, ocel: asOcel }[format](cases);
  }

  async *#logFile(actor: Actor, filter: ExportFilter, tally: Tally): AsyncGenerator<string> {
    const hash = createHash('sha256');
    const line = (text: string) => {
      hash.update(`${text}\n`);
      return `${text}\n`;
    };
    const db = await this.#reads.db(actor);
    const head: LogFileHead = {
      format: LOG_FORMAT,
      administration: actor.tenant,
      exportedAt: db.at.toISOString(),
      definitions: (await this.#definitions.list(db)).map(({ id, body }) => ({ id, body })),
      plans: (await this.#plans.all(db)).map(planOf),
    };
    yield line(JSON.stringify(head));
    for await (const stored of this.#stored(actor, filter, tally)) yield line(lineOf(stored));
    yield `${endLine(tally.processes, tally.entries, hash.digest('hex'))}\n`;
  }

  async *#cases(actor: Actor, filter: ExportFilter, tally: Tally): AsyncGenerator<MinedCase> {
    const published = await this.#definitions.list(await this.#reads.db(actor));
    const definitions = new Map(published.map((one) => [one.id, one]));
    // Forgotten with this export: who had the key could name everybody.
    const key = randomBytes(32);
    const pseudonym = (person: string) =>
      `P-${createHmac('sha256', key).update(person).digest('hex').slice(0, 12)}`;
    for await (const { process, entries } of this.#stored(actor, filter, tally)) {
      const { key: name, version } = definitions.get(process.definitionId)!;
      yield {
        id: process.id,
        unit: process.scopeId,
        series: process.seriesId,
        definition: `${name} v${version}`,
        events: entries.map((entry) => mined(entry, definitions, actor, pseudonym)),
      };
    }
  }

  async *#stored(actor: Actor, filter: ExportFilter, tally: Tally): AsyncGenerator<Stored> {
    let last = beforeAll;
    for (;;) {
      const stored = await this.#reads.within(actor, (db) => this.#page(db, last, filter));
      for (const one of stored) {
        tally.processes += 1;
        tally.entries += one.entries.length;
        yield one;
      }
      if (stored.length < page) return;
      last = stored.at(-1)!.process.id;
    }
  }

  async #page(db: Db, last: string, { processId, seriesId }: ExportFilter): Promise<Stored[]> {
    const rows = await db.call<{ id: string }>(nextIds, [last, processId ?? null, seriesId ?? null]);
    const stored = await readStored(
      db,
      rows.map(({ id }) => id),
    );
    return stored.sort((a, b) => (a.process.id < b.process.id ? -1 : 1));
  }
}

function mined(
  { seq, step, at, personId, onBehalfOf, stage, definitionId }: Stored['entries'][number],
  definitions: ReadonlyMap<string, PublishedDefinition>,
  { language }: Actor,
  pseudonym: (person: string) => string,
): MinedEvent {
  const label = definitions.get(definitionId)?.body.steps[step]?.label;
  return {
    seq,
    step,
    at,
    stage,
    label: wordsOf(label, step, language),
    person: pseudonym(personId),
    onBehalfOf: onBehalfOf && pseudonym(onBehalfOf),
  };
}

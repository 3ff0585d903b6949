import { createHash } from 'node:crypto';
import { z } from 'zod';
import { definitionSchema } from '../definition/definition.rules.ts';
import type { GuardCalls } from '../definition/guard.rules.ts';
import { movesSchema } from '../plan/migration-plan.rules.ts';
import { replay, type Difference, type Stored } from '../replay/replay.rules.ts';
import { DefinitionLibrary } from '../replay/definition-library.rules.ts';

/**
 * The file `oa.log/1`: one JSON text a line. First a head with the definitions, then a line for each process with its
 * log and where it stands, last an end line with counts and the SHA-256 of everything before it. What people wrote is
 * not in it: of payloads the chain holds only the salted digest.
 */
export const LOG_FORMAT = 'oa.log/1';

const head = z.object({
  format: z.literal(LOG_FORMAT),
  administration: z.string(),
  exportedAt: z.string(),
  definitions: z.array(z.object({ id: z.uuid(), body: definitionSchema })),
  /** By which processes changed from one definition to another. */
  plans: z.array(movesSchema.extend({ from: z.uuid(), to: z.uuid() })).default([]),
});
const end = z.object({ processes: z.int(), entries: z.int(), sha256: z.string() });

export type LogFileHead = z.input<typeof head>;

const instants = ['stageSince', 'startedAt', 'suspendedAt'] as const;

/** The line of one process. */
export const lineOf = ({ payloads: _erased, ...stored }: Stored): string => JSON.stringify(stored);

export const endLine = (processes: number, entries: number, sha256: string): string =>
  JSON.stringify({ end: { processes, entries, sha256 } });

interface LogFileReport {
  processes: number;
  entries: number;
  readonly differences: Difference[];
  /** What is wrong with the file itself; empty when it is whole. */
  readonly faults: string[];
}

/**
 * Checks a log file as a stranger can, without a database: every definition is what its id says, every process's chain
 * is whole and its replay leads to where it stands, and nothing of the file is missing.
 */
export class LogFileCheck {
  readonly report: LogFileReport = { processes: 0, entries: 0, differences: [], faults: [] };
  readonly #calls: GuardCalls;
  #library = new DefinitionLibrary([], []);
  readonly #hash = createHash('sha256');
  #line = 0;
  #hasEnded = false;

  constructor(calls: GuardCalls = new Map()) {
    this.#calls = calls;
  }

  /** The next line of the file, without its line break. */
  take(line: string): void {
    this.#line += 1;
    if (this.#hasEnded) return this.#fault('stands behind the end');
    try {
      const value = JSON.parse(line) as Record<string, unknown>;
      if (this.#line === 1) this.#head(value);
      else if ('end' in value) return this.#end(value['end']);
      else this.#process(value as unknown as Stored);
    } catch (error) {
      this.#fault(error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message);
    }
    this.#hash.update(`${line}\n`);
  }

  /** After the last line. */
  finish(): LogFileReport {
    if (!this.#hasEnded) this.report.faults.push('The file has no end line: it was cut off.');
    return this.report;
  }

  #head(value: unknown): void {
    const { definitions, plans } = head.parse(value);
    this.#library = new DefinitionLibrary(definitions, plans);
    for (const { id } of definitions) this.#library.machineOf(id);
  }

  #process(value: Stored): void {
    const process = { ...value.process } as Record<string, unknown>;
    for (const key of instants) if (process[key]) process[key] = new Date(process[key] as string);
    const stored = { ...value, process, payloads: new Map() } as unknown as Stored;
    this.report.processes += 1;
    this.report.entries += stored.entries.length;
    this.report.differences.push(...this.#replay(stored));
  }

  #replay(stored: Stored): Difference[] {
    try {
      return replay(this.#library, stored, this.#calls);
    } catch (error) {
      return [{ processId: stored.process.id, step: undefined, what: (error as Error).message }];
    }
  }

  #end(value: unknown): void {
    this.#hasEnded = true;
    const { processes, entries, sha256 } = end.parse(value);
    if (processes !== this.report.processes || entries !== this.report.entries)
      this.#fault(`says ${processes} processes with ${entries} steps, found were others`);
    if (sha256 !== this.#hash.digest('hex')) this.#fault('the file was changed after its export');
  }

  #fault(what: string): void {
    this.report.faults.push(`Line ${this.#line}: ${what}`);
  }
}

import type { Json } from '../../platform/bare.ts';
import { canonical, sha256 } from '../definition/definition-file.rules.ts';
import type { FactValue } from '../definition/definition.rules.ts';
import type { Answer } from '../definition/guard.rules.ts';
import type { Clocks } from './clock.rules.ts';
import type { ProcessRow, Snapshot } from '../machine/process.rules.ts';

/** What the log says about one step. Names, numbers and ids only: what people wrote is the payload, beside the chain. */
export interface LogEntry {
  readonly processId: string;
  readonly seq: number;
  readonly commandId: string;
  readonly step: string;
  readonly accountId: string;
  readonly personId: string;
  readonly onBehalfOf: string | null;
  /** ISO 8601, milliseconds. */
  readonly at: string;
  readonly definitionId: string;
  readonly facts: Readonly<Record<string, FactValue>>;
  readonly guards: readonly Answer[];
  readonly payloadDigest: string | null;
  readonly effects: readonly Json[];
  readonly clocks: Clocks;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly stage: string;
  readonly tags: readonly string[];
}

/** The command that an entry comes from, and who sent it. */
export type EntryOrigin = Pick<LogEntry, 'commandId' | 'accountId' | 'personId' | 'at'>;

/** What an entry must say for itself; the rest is the process's own, or nothing. */
type Said = Pick<LogEntry, 'step' | 'to' | 'stage' | 'tags'> &
  Partial<
    Pick<
      LogEntry,
      'onBehalfOf' | 'definitionId' | 'facts' | 'guards' | 'payloadDigest' | 'effects' | 'clocks'
    >
  >;

/** The next entry of a process's log. */
export const entryOf = (origin: EntryOrigin, process: ProcessRow, said: Said): LogEntry => ({
  processId: process.id,
  seq: process.version + 1,
  commandId: origin.commandId,
  step: said.step,
  accountId: origin.accountId,
  personId: origin.personId,
  onBehalfOf: said.onBehalfOf ?? null,
  at: origin.at,
  definitionId: said.definitionId ?? process.definitionId,
  facts: said.facts ?? {},
  guards: said.guards ?? [],
  payloadDigest: said.payloadDigest ?? null,
  effects: said.effects ?? [],
  clocks: said.clocks ?? { started: [], stopped: [] },
  from: process.states,
  to: said.to,
  stage: said.stage,
  tags: said.tags,
});

/**
 * The chain's next link: SHA-256 over the previous link, the entry and the snapshot after it, each as RFC 8785 text.
 * One chain for each process, so no lock is shared.
 */
export function link(previous: string, entry: LogEntry, snapshot: Snapshot): string {
  return sha256(`oa.log/1\n${previous}\n${canonical(entry)}\n${canonical(snapshot)}`);
}

/** The payload's commitment: without the salt an erased text cannot be guessed from what remains in the chain. */
export const digestOf = (salt: string, payload: unknown): string => sha256(`${salt}\n${canonical(payload)}`);

/** The step of every first entry. */
export const START = '$start';
/** The entry with which a process goes on by another definition, and the one that takes it back. */
export const MIGRATE = '$migrate';
export const MIGRATE_BACK = '$migrateBack';
/** The entry with which a process goes on at another place. */
export const HAND_OVER = '$handOver';
export const isMigration = ({ step }: Pick<LogEntry, 'step'>): boolean =>
  step === MIGRATE || step === MIGRATE_BACK;

import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import {
  howMany,
  Commands,
  found,
  isRefusal,
  newId,
  Reads,
  refuse,
  type Actor,
  type CommandRefusal,
  type Db,
  type Refusal,
  type Text,
} from '../../platform/index.ts';
import { applyCorrections, type Correction } from '../file/correction.rules.ts';
import { isStopping, type ImportFault } from '../plan/import-fault.rules.ts';
import { addImport, forgetImports, importById, importSlice, sliceBytes } from './imports.sql.ts';
import { planFormats } from '../file/plan-columns.rules.ts';
import type { Reading } from '../file/plan-file.rules.ts';
import { merged, readUpload } from '../file/statement.rules.ts';
import { Plans, type Draft } from '../change/plans.service.ts';

/** What may be uploaded; `catalogue.yaml` is kept here and read by the catalogue. */
export const importFormats = [...planFormats, 'organigramm.json', 'catalogue.yaml'] as const;
export type ImportFormat = (typeof importFormats)[number];

export interface Upload {
  readonly format: ImportFormat;
  readonly fileName: string;
  readonly bytes: Buffer;
}

/** An uploaded file as it is known by its id. */
export interface UploadedFile {
  readonly id: string;
  readonly format: ImportFormat;
  readonly fileName: string;
  readonly size: number;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly digest: string;
}

/** What to do with uploaded files: one plan, read together, from one day on. */
export interface ImportRequest {
  readonly commandId: string;
  readonly importIds: readonly string[];
  readonly validFrom?: string | null | undefined;
  /** Whether what complete files do not name ends (default) or is kept. */
  readonly missing?: 'END' | 'KEEP' | null | undefined;
  readonly corrections?: readonly Correction[] | null | undefined;
  /** The name of the unit that is the top, where a chart has several at its top. */
  readonly chartTop?: string | null | undefined;
  readonly expectedPlanVersion?: number | null | undefined;
}

export interface Preview {
  readonly planVersion: number;
  readonly validFrom: string;
  readonly draft: Draft;
  readonly consequences: readonly Text[];
}

/** Counts of an applied import; small enough to be the command's receipt. */
export type Applied = Record<
  'planVersion' | 'added' | 'changed' | 'moved' | 'ended' | 'unchanged' | 'warnings',
  number
>;

export type ImportRefused = Refusal<'ImportRefused'> & { faults: readonly ImportFault[]; faultCount: number };
export type ImportOutcome<T> = T | ImportRefused | Refusal<'ChangedMeanwhile'> | CommandRefusal;

const mostFaults = 500;

/** Uploaded files, and what they do to the plan: shown first, then applied as a whole or not at all. */
@Injectable()
export class Imports {
  readonly #commands: Commands;
  readonly #reads: Reads;
  readonly #plan: Plans;

  constructor(commands: Commands, reads: Reads, plan: Plans) {
    this.#commands = commands;
    this.#reads = reads;
    this.#plan = plan;
  }

  /** Keeps a file for thirty days; nothing in it is looked at yet. */
  async upload(
    actor: Actor,
    { format, fileName, bytes }: Upload,
    allowed: boolean,
  ): Promise<UploadedFile | Refusal> {
    const file = { id: newId(), format, fileName, size: bytes.length, digest: digestOf(bytes) };
    const input = { format, fileName, digest: file.digest };
    const outcome = await this.#commands.run(
      actor,
      { name: 'uploadImport', commandId: newId(), input },
      async (tx) => {
        tx.permit(allowed);
        await tx.call(forgetImports);
        await tx.call(addImport, [file.id, format, fileName, bytes, file.size, file.digest, actor.account]);
        return file.id;
      },
    );
    return isRefusal(outcome) ? outcome : file;
  }

  /** The file with its bytes, for the room that reads its format; undefined when the id is not known here. */
  async bytes(db: Db, id: string): Promise<(UploadedFile & { bytes: Buffer }) | undefined> {
    const [file] = await db.call<UploadedFile>(importById, [id]);
    if (!file) return undefined;
    const bytes = Buffer.alloc(file.size);
    for (let at = 0; at < file.size; at += sliceBytes) {
      const [row] = await db.call<{ slice: Buffer }>(importSlice, [id, at + 1]);
      row!.slice.copy(bytes, at);
    }
    return { ...file, bytes };
  }

  /**
   * The dry run: what an import would change, what is wrong, and what would follow. Writes nothing of the plan. Refuses
   * files with faults with ImportRefused.
   * @throws ClientError NOT_FOUND when a file is not there (any more) or holds no plan
   */
  async preview(actor: Actor, request: ImportRequest): Promise<ImportOutcome<Preview>> {
    const { commandId, ...input } = request;
    let shown: Preview | undefined;
    const outcome = await this.#commands.run(
      actor,
      { name: 'previewImport', commandId, input },
      async (tx) => {
        tx.permit(this.#plan.mayChange(actor));
        const preview = await this.#preview(tx, request);
        if (isRefusal(preview)) return preview;
        shown = preview;
        return preview.planVersion;
      },
    );
    if (isRefusal(outcome)) return outcome as ImportOutcome<never>;
    return shown ?? this.#reads.within(actor, (db) => this.#preview(db, request));
  }

  /**
   * Applies an import: all or nothing, and a second time nothing. Refuses files with faults with ImportRefused, and a
   * plan that is not the expected one any more with ChangedMeanwhile.
   * @throws ClientError NOT_FOUND when a file is not there (any more) or holds no plan
   */
  async apply(actor: Actor, request: ImportRequest): Promise<ImportOutcome<Applied>> {
    const { commandId, ...input } = request;
    const outcome = await this.#commands.run(actor, { name: 'applyImport', commandId, input }, async (tx) => {
      tx.permit(this.#plan.mayChange(actor));
      const version = await this.#plan.lock(tx);
      if ((request.expectedPlanVersion ?? version) !== version) return changedMeanwhile(version);
      const draft = await this.#draft(tx, request);
      if (isRefusal(draft)) return draft;
      return { planVersion: await this.#plan.write(tx, draft), ...countsOf(draft) };
    });
    return outcome as ImportOutcome<Applied>;
  }

  async #preview(db: Db, request: ImportRequest): Promise<Preview | ImportRefused> {
    const draft = await this.#draft(db, request);
    if (isRefusal(draft)) return draft as ImportRefused;
    return {
      planVersion: await this.#plan.version(db),
      validFrom: draft.change.day,
      draft,
      consequences: await this.#plan.foresee(db, draft),
    };
  }

  async #draft(db: Db, request: ImportRequest): Promise<Draft | ImportRefused> {
    const readings = await this.#read(db, request);
    const { statement, faults } = applyCorrections(
      merged(readings, request.missing ?? 'END'),
      request.corrections ?? [],
    );
    if (faults.some(isStopping)) return refused(faults);
    const files = readings.map(({ fileName }) => fileName).join(', ');
    const draft = await this.#plan.draft(db, statement, request.validFrom ?? db.today, files);
    const all = [...faults, ...draft.faults];
    return all.some(isStopping) ? refused(all) : { ...draft, faults: all };
  }

  async #read(db: Db, { importIds, chartTop }: ImportRequest): Promise<(Reading & { fileName: string })[]> {
    const readings: (Reading & { fileName: string })[] = [];
    for (const id of importIds) {
      const file = found(await this.bytes(db, id), { de: 'Hochgeladene Datei', en: 'Uploaded file' });
      const reading = readUpload(file, chartTop);
      readings.push({
        ...found(reading, { de: 'Plan in dieser Datei', en: 'Plan in this file' }),
        fileName: file.fileName,
      });
    }
    return readings;
  }
}

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function refused(faults: readonly ImportFault[]): ImportRefused {
  const count = faults.filter(isStopping).length;
  const message = {
    de: `Nichts wurde übernommen: ${howMany(count, 'ein Fehler', 'Fehler')}. Jeder nennt die Stelle und was zu tun ist.`,
    en: `Nothing was imported: ${howMany(count, 'one fault', 'faults')}. Each names the place and what to do.`,
  };
  const first = faults.toSorted((a, b) => Number(isStopping(b)) - Number(isStopping(a))).slice(0, mostFaults);
  return refuse('ImportRefused', message, { faults: first, faultCount: count });
}

const changedMeanwhile = (currentVersion: number) =>
  refuse(
    'ChangedMeanwhile',
    {
      de: 'Der Plan wurde seit der Vorschau geändert. Bitte die Vorschau wiederholen.',
      en: 'The plan changed since the dry run. Please run it again.',
    },
    { currentVersion },
  );

export function countsOf({ differences, change, faults }: Draft): Omit<Applied, 'planVersion'> {
  const count = (kind: string) => differences.filter((one) => one.change === kind).length;
  return {
    added: count('ADDED'),
    changed: count('CHANGED'),
    moved: count('MOVED'),
    ended: count('ENDED'),
    unchanged: change.unchanged,
    warnings: faults.length,
  };
}

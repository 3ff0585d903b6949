import { Injectable } from '@nestjs/common';
import {
  afterKey,
  ClientError,
  Commands,
  newId,
  page,
  pageSize,
  Reads,
  type Actor,
  type Db,
  type PageArgs,
} from '../../platform/index.ts';
import type { ExportFormat } from './log-export.rules.ts';
import { LogExport, type ExportFilter } from './log-export.service.ts';
import { EngineRegistry } from '../machine/registry.ts';
import { insert, end, list } from './log-downloads.sql.ts';

interface DownloadRow {
  readonly id: string;
  readonly personId: string;
  readonly at: Date;
  readonly format: string;
  readonly seriesId: string | null;
  readonly processId: string | null;
  readonly processes: number | null;
  readonly entries: number | null;
  readonly isWhole: boolean | null;
}

/** Nobody takes the log along unseen: each download is written down before its first line leaves. */
@Injectable()
export class LogDownloads {
  readonly #commands: Commands;
  readonly #reads: Reads;
  readonly #registry: EngineRegistry;
  readonly #export: LogExport;

  constructor(commands: Commands, reads: Reads, registry: EngineRegistry, log: LogExport) {
    this.#commands = commands;
    this.#reads = reads;
    this.#registry = registry;
    this.#export = log;
  }

  /** Writes down who takes what. Refuses with NotAllowed. */
  begin(actor: Actor, format: ExportFormat, filter: ExportFilter) {
    const input = { format, seriesId: filter.seriesId ?? null, processId: filter.processId ?? null };
    const request = { name: 'downloadLog', commandId: newId(), input };
    return this.#commands.run(actor, request, async (tx) => {
      tx.permit(await this.#may(tx, 'log.export'));
      const id = newId();
      await tx.call(insert, [
        id,
        actor.account,
        actor.person,
        format,
        input.seriesId,
        input.processId,
        tx.at,
      ]);
      return { downloadId: id };
    });
  }

  /** The file in pieces; when the last one left, or nobody wants more, it is written down how much it was. */
  async *file(
    actor: Actor,
    downloadId: string,
    format: ExportFormat,
    filter: ExportFilter,
  ): AsyncGenerator<string> {
    const tally = { processes: 0, entries: 0 };
    let isWhole = false;
    try {
      yield* this.#export.of(actor, format, filter, tally);
      isWhole = true;
    } finally {
      const request = { name: 'endLogDownload', commandId: newId(), input: { downloadId } };
      await this.#commands.run(actor, request, async (tx) => {
        tx.permit(true);
        await tx.call(end, [downloadId, tally.processes, tally.entries, isWhole]);
        return tally;
      });
    }
  }

  /** A page of them, the newest first. */
  async list(actor: Actor, args: PageArgs) {
    const db = await this.#reads.db(actor);
    if (!(await this.#may(db, 'logDownload.read'))) throw new ClientError('FORBIDDEN', notForAll);
    const [after = null] = afterKey(args) ?? [];
    const rows = await db.call<DownloadRow>(list, [after, pageSize(args) + 1]);
    const { nodes, pageInfo } = page(rows, args, ({ id }) => [id]);
    return { nodes: nodes.map((row) => ({ ...row, format: row.format.toUpperCase() })), pageInfo };
  }

  /** For the whole administration: whoever holds the function for a part of it does not see all. */
  async #may(db: Db, action: string): Promise<boolean> {
    const [may] = await this.#registry.authority.may(db, db.actor, action, [{}]);
    return may === true;
  }
}

const notForAll = {
  de: 'Das sieht, wer das Recht dazu für die ganze Verwaltung hat. Rechte vergibt das Personalamt.',
  en: 'Whoever holds the right to it for the whole administration sees this. Rights are granted by human resources.',
};

import { Controller, Get, HttpException, Query, Req, StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import { Access, ClientError, isRefusal, type Actor, type Text } from '../../platform/index.ts';
import { exportFormats, type ExportFormat } from './log-export.rules.ts';
import { LogDownloads } from './log-downloads.service.ts';
import { LogExport } from './log-export.service.ts';

interface Request {
  readonly headers: Record<string, string | string[] | undefined>;
}

const types: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xes: 'application/xml; charset=utf-8',
  ocel: 'application/json; charset=utf-8',
  oalog: 'application/x-ndjson; charset=utf-8',
};
const endings: Readonly<Record<ExportFormat, string>> = {
  csv: 'csv',
  xes: 'xes',
  ocel: 'jsonocel',
  oalog: 'oalog.ndjson',
};

/** `GET /exports/log?format=csv|xes|ocel|oalog[&seriesId=…][&processId=…]`: files stream past GraphQL. */
@Controller('exports')
export class LogExportController {
  readonly #access: Access;
  readonly #export: LogExport;
  readonly #downloads: LogDownloads;

  constructor(access: Access, log: LogExport, downloads: LogDownloads) {
    this.#access = access;
    this.#export = log;
    this.#downloads = downloads;
  }

  @Get('log')
  async log(
    @Req() { headers }: Request,
    @Query('format') format: unknown,
    @Query('seriesId') seriesId: unknown,
    @Query('processId') processId: unknown,
  ): Promise<StreamableFile> {
    const actor = await this.#actorOf(headers);
    if (!(await this.#export.isAllowed(actor))) throw refused(403, notAllowed, actor);
    const known = exportFormats.find((one) => one === format);
    if (!known) throw refused(400, unknownFormat, actor);
    const filter = {
      seriesId: idOf(seriesId, 'seriesId', actor),
      processId: idOf(processId, 'processId', actor),
    };
    const begun = await this.#downloads.begin(actor, known, filter);
    if (isRefusal(begun)) throw refused(begun.__typename === 'Busy' ? 503 : 403, begun.message, actor);
    const file = this.#downloads.file(actor, begun.downloadId, known, filter);
    return new StreamableFile(Readable.from(file), {
      type: types[known],
      disposition: `attachment; filename="log.${endings[known]}"`,
    });
  }

  async #actorOf(headers: Request['headers']): Promise<Actor> {
    try {
      return await this.#access.authenticate(headers);
    } catch (error) {
      if (error instanceof ClientError) throw refused(401, error.text);
      throw error;
    }
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function idOf(value: unknown, name: string, actor: Actor): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && uuid.test(value)) return value;
  throw refused(400, { de: `${name}: UUID erwartet.`, en: `${name}: UUID expected.` }, actor);
}

const unknownFormat: Text = {
  de: `format: Möglich sind ${exportFormats.join(', ')}.`,
  en: `format: possible are ${exportFormats.join(', ')}.`,
};
const notAllowed: Text = {
  de: 'Ihnen fehlt das Recht, das Protokoll herunterzuladen. Rechte vergibt das Personalamt.',
  en: 'You do not hold the right to download the log. Rights are granted by human resources.',
};

function refused(status: number, text: Text, actor?: Actor): HttpException {
  return new HttpException({ status, message: text[actor?.language ?? 'de'] }, status);
}

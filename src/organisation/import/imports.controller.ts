import { Controller, HttpException, Post, Query, Req, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Readable } from 'node:stream';
import { Access, ClientError, Config, isRefusal, type Actor, type Text } from '../../platform/index.ts';
import { importFormats, Imports, type ImportFormat, type UploadedFile } from './imports.service.ts';

interface UploadRequest {
  readonly headers: Record<string, string | string[] | undefined>;
  /** The request's body, unread. */
  readonly body: Readable;
}
interface Fastify {
  addContentTypeParser(types: string[], parser: (request: unknown, body: Readable, done: (error: null, body: Readable) => void) => void): void; // prettier-ignore
}

/** Files come here and not through GraphQL: with their own limit, and read only after the sender is known. */
@Controller('imports')
export class ImportsController implements OnModuleInit {
  readonly #http: HttpAdapterHost;
  readonly #access: Access;
  readonly #config: Config;
  readonly #imports: Imports;

  constructor(http: HttpAdapterHost, access: Access, config: Config, imports: Imports) {
    this.#http = http;
    this.#access = access;
    this.#config = config;
    this.#imports = imports;
  }

  onModuleInit(): void {
    // Tools run without a server.
    const fastify = this.#http.httpAdapter?.getInstance<Fastify>();
    fastify?.addContentTypeParser(['application/octet-stream', 'text/csv'], (_, body, done) =>
      done(null, body),
    );
  }

  @Post()
  async upload(
    @Req() request: UploadRequest,
    @Query('format') format: string,
    @Query('name') name: string | undefined,
  ): Promise<UploadedFile> {
    const actor = await this.#actorOf(request);
    const known = importFormats.find((one) => one === format);
    if (!known) throw refused(400, { de: `Unbekanntes Format. Möglich sind ${formats}.`, en: `Unknown format. Possible are ${formats}.` }, actor); // prettier-ignore
    const fileName = clean(name) || known;
    const bytes = await this.#read(request, actor);
    const file = await this.#imports.upload(
      actor,
      { format: known, fileName, bytes },
      this.#mayUpload(actor, known),
    );
    if (isRefusal(file)) throw refused(403, file.message, actor);
    return file;
  }

  async #actorOf({ headers }: UploadRequest): Promise<Actor> {
    try {
      return await this.#access.authenticate(headers);
    } catch (error) {
      if (error instanceof ClientError) throw refused(401, error.text);
      throw error;
    }
  }

  #mayUpload(actor: Actor, format: ImportFormat): boolean {
    const action = format === 'catalogue.yaml' ? 'edition.draft' : 'organisation.import';
    return this.#access.rules.get(action)?.({}, actor, 'ANYWHERE') ?? false;
  }

  /** The body, as long as it keeps the limit: what is too long is not even held in memory. */
  async #read({ headers, body }: UploadRequest, actor: Actor): Promise<Buffer> {
    const most = this.#config.settings.maxImportBytes;
    const tooLarge = () => refused(413, sizeText(most), actor);
    if (Number(headers['content-length'] ?? 0) > most) throw tooLarge();
    const chunks: Buffer[] = [];
    let size = 0;
    // The stream outlives the loop: destroyed, it would take the connection along before the answer is out.
    for await (const chunk of isStream(body) ? body.iterator({ destroyOnReturn: false }) : []) {
      if ((size += (chunk as Buffer).length) > most) throw tooLarge();
      chunks.push(chunk as Buffer);
    }
    if (!size) throw refused(400, emptyText, actor);
    return Buffer.concat(chunks);
  }
}

const formats = importFormats.join(', ');
const isStream = (body: unknown): body is Readable =>
  typeof (body as Readable | undefined)?.pipe === 'function';
const clean = (name: string | undefined) =>
  (typeof name === 'string' ? name : '').replace(/[^\p{L}\p{N} ._-]/gu, '_').slice(0, 200);
const emptyText: Text = {
  de: 'Es kam keine Datei an. Den Inhalt als application/octet-stream oder text/csv senden.',
  en: 'No file arrived. Send its content as application/octet-stream or text/csv.',
};
const sizeText = (bytes: number): Text => ({
  de: `Die Datei ist größer als ${bytes / 1024 / 1024} MB.`,
  en: `The file is larger than ${bytes / 1024 / 1024} MB.`,
});

function refused(status: number, text: Text, actor?: Actor): HttpException {
  return new HttpException({ status, message: text[actor?.language ?? 'de'] }, status);
}

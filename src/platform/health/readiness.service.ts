import { Injectable, Logger } from '@nestjs/common';
import pg from 'pg';
import { Config } from '../config.ts';
import { appliedMigrations, missingMigrations } from '../database/schema-version.ts';

const stepMs = 1000;
const log = new Logger('Readiness');

/**
 * Whether this server can do its work now: the database answers and has had every migration of this version. A newer
 * server may have brought more, and both work side by side until this one is replaced (docs/release.md).
 */
@Injectable()
export class Readiness {
  readonly #config: Config;
  #asking: Promise<boolean> | undefined;
  #lastFault: string | undefined;

  constructor(config: Config) {
    this.#config = config;
  }

  /** Answers within three seconds. Whoever asks meanwhile shares the answer, so that many cost no more than one. */
  isReady(): Promise<boolean> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(): Promise<boolean> {
    const fault = await this.#fault();
    if (fault && fault !== this.#lastFault) log.warn(`Not ready: ${fault}.`); // once, not at every probe
    this.#lastFault = fault;
    return fault === undefined;
  }

  /** What is told to the log alone: whoever asks from outside learns no name and no address. */
  async #fault(): Promise<string | undefined> {
    // The pool may be busy with people's work, which is no reason to send them elsewhere.
    const client = new pg.Client({
      connectionString: this.#config.database.serverUrl,
      application_name: 'offenes-amt ready',
      connectionTimeoutMillis: stepMs,
      query_timeout: stepMs,
    });
    client.on('error', () => {}); // told by the query that was under way
    try {
      await client.connect();
      const [missing] = missingMigrations(await appliedMigrations(client));
      return missing && `the schema lacks ${missing}`;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      return `the database does not answer (${code ?? message})`;
    } finally {
      void client.end().catch(() => {}); // a connection that hangs ends by itself, and nobody waits for it
    }
  }
}

import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SideThread, SideThreadStopped } from '../platform/index.ts';
import type { FaultyFile } from './edition-file.rules.ts';
import type { EditionContent } from './edition.rules.ts';

/** Ten times what a catalogue of 2,000 criteria takes. */
const limits = { milliseconds: 10_000, megabytes: 512 };

/** Reads catalogue files in a thread of its own: a large one takes a second, and others are answered meanwhile. */
@Injectable()
export class EditionFiles implements OnApplicationShutdown {
  readonly #thread = new SideThread<Uint8Array, EditionContent | FaultyFile>(
    new URL(`./edition-file.worker${import.meta.url.slice(-3)}`, import.meta.url),
    limits,
  );

  /** The file's content, or all of its faults; a file that takes longer than any catalogue is such a fault. */
  async read(bytes: Uint8Array): Promise<EditionContent | FaultyFile> {
    try {
      return await this.#thread.ask(bytes);
    } catch (error) {
      if (!(error instanceof SideThreadStopped)) throw error;
      return { faults: [tooLarge] };
    }
  }

  onApplicationShutdown(): Promise<void> {
    return this.#thread.close();
  }
}

const tooLarge = {
  line: 1,
  column: 1,
  path: '',
  message: {
    de: 'Die Datei ließ sich nicht in zehn Sekunden lesen. Ein Katalog hat höchstens 2.000 Kriterien.',
    en: 'The file could not be read within ten seconds. A catalogue has at most 2,000 criteria.',
  },
};

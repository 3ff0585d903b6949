import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ClientError, SideThread, SideThreadStopped, type Language } from '../../platform/index.ts';
import { Chart } from '../definition/chart.rules.ts';
import { identityOf } from '../definition/definition-file.rules.ts';
import type { Definition } from '../definition/definition.rules.ts';
import { drawing, type DrawingFormat } from './drawing.rules.ts';
import type { DrawingTask } from './drawing.worker.ts';

const limits = { milliseconds: 15_000, megabytes: 256 };
/** How many drawings are kept: one definition in two languages and a few dozen positions is viewed again and again. */
const mostKept = 300;

/** Draws definitions. An SVG is laid out in a thread of its own (half a second each), once for all viewers. */
@Injectable()
export class Drawings implements OnApplicationShutdown {
  readonly #thread = new SideThread<DrawingTask, string>(
    new URL(`./drawing.worker${import.meta.url.slice(-3)}`, import.meta.url),
    limits,
  );
  readonly #kept = new Map<string, Promise<string>>();

  /** Where a process stands is marked by `states`. */
  draw(
    definition: Definition,
    format: DrawingFormat,
    language: Language,
    states: readonly string[] = [],
  ): Promise<string> {
    const { sha256 } = identityOf(definition);
    return this.#once([sha256, format, language, ...states].join(' '), async () =>
      format === 'SVG'
        ? this.#picture({ definition, language, states })
        : drawing(format, new Chart(definition), language, states),
    );
  }

  onApplicationShutdown(): Promise<void> {
    return this.#thread.close();
  }

  async #picture(picture: DrawingTask): Promise<string> {
    try {
      return await this.#thread.ask(picture);
    } catch (error) {
      if (error instanceof SideThreadStopped) throw tooLarge();
      throw error;
    }
  }

  /** The same is drawn once; what was not looked at longest goes first, and a failure is not kept. */
  #once(key: string, draw: () => Promise<string>): Promise<string> {
    const kept = this.#kept.get(key) ?? draw();
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    kept.catch(() => this.#kept.delete(key));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break;
      this.#kept.delete(oldest);
    }
    return kept;
  }
}

const tooLarge = () =>
  new ClientError('TOO_COMPLEX', {
    de: 'Dieser Ablauf ist zu groß für ein Bild. Die Tabelle zeigt ihn ganz.',
    en: 'This process is too large for a picture. The table shows all of it.',
  });

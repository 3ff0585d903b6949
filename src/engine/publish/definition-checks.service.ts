import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SideThread, SideThreadStopped } from '../../platform/index.ts';
import { checkStopped } from './check-stopped.rules.ts';
import type { Checked, Source } from './definition-check.rules.ts';
import { EngineRegistry, type Vocabulary } from '../machine/registry.ts';

/** The check of shipped definitions takes a fifth of a second; a hostile one must not take much more. */
const limits = { milliseconds: 10_000, megabytes: 256 };

/** Checks what strangers send, in a thread of its own: a hostile definition costs its sender the answer, nobody else. */
@Injectable()
export class DefinitionChecks implements OnApplicationShutdown {
  readonly #registry: EngineRegistry;
  readonly #thread = new SideThread<{ source: Source; known: Vocabulary }, Checked>(
    new URL(`./definition-check.worker${import.meta.url.slice(-3)}`, import.meta.url),
    limits,
  );

  constructor(registry: EngineRegistry) {
    this.#registry = registry;
  }

  async check(source: Source): Promise<Checked> {
    const { facts, effects, calls, functions, single } = this.#registry;
    const types = new Map([...facts].map(([name, { type }]) => [name, { type }]));
    try {
      return await this.#thread.ask({ source, known: { facts: types, effects, calls, functions, single } });
    } catch (error) {
      if (!(error instanceof SideThreadStopped)) throw error;
      return { faults: [checkStopped(error.isLate, limits.milliseconds / 1000, '$')] };
    }
  }

  onApplicationShutdown(): Promise<void> {
    return this.#thread.close();
  }
}

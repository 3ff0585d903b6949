import { Injectable } from '@nestjs/common';
import { OpenWorkSources, type OpeningKey } from '../audit/index.ts';
import type { Db } from '../platform/index.ts';
import { coSigning } from './target.rules.ts';
import { Targets } from './targets.service.ts';

/** Shows targets to each function that still has to sign them, and to no other. */
@Injectable()
export class CoSigningWork {
  readonly #targets: Targets;

  constructor(sources: OpenWorkSources, targets: Targets) {
    this.#targets = targets;
    sources.register({
      about: { tag: coSigning },
      kind: 'SIGN',
      of: (db, processes) => this.#of(db, processes),
    });
  }

  async #of(db: Db, processes: readonly OpeningKey[]): Promise<ReadonlySet<string>> {
    const signable = await this.#targets.signable(
      db,
      processes.map(({ id }) => id),
    );
    const waits = ({ id, unitId, roundId }: OpeningKey) => {
      const held = db.actor.functionsAt({ unitId, seriesId: roundId, processId: id });
      return (signable.get(id) ?? []).some((fn) => held.has(fn));
    };
    return new Set(processes.filter(waits).map(({ id }) => id));
  }
}

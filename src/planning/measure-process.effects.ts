import { Injectable } from '@nestjs/common';
import { placeOf } from '../audit/index.ts';
import { Engine, EngineRegistry, type ProcessRow, type StepContext } from '../engine/index.ts';
import { refuseFaults, type Refusal, type Text, type Tx } from '../platform/index.ts';
import { insertMeasureSignature } from './measure-signature.sql.ts';
import { enterStatuses, theMeasure } from './measure.sql.ts';
import type { MeasureStatus } from './measure.rules.ts';

/** What people enter with a step of a measure's process. */
interface StatusPayload {
  readonly note?: string;
  readonly reason?: string;
  readonly effect?: string;
  readonly until?: string;
}

/** What the steps of a measure's process write: how it stands, and who has co-signed it. */
@Injectable()
export class MeasureProcessEffects {
  readonly #engine: Engine;
  readonly #registry: EngineRegistry;

  constructor(engine: Engine, registry: EngineRegistry) {
    this.#engine = engine;
    this.#registry = registry;
    registry.registerEffects({
      enterMeasureStatus: {
        apply: (tx, process, { status }, step) => this.#enter(tx, process, status as MeasureStatus, step),
      },
      signMeasure: { apply: (tx, process, _params, step) => this.#sign(tx, process, step) },
    });
  }

  async #enter(
    tx: Tx,
    { id }: ProcessRow,
    status: MeasureStatus,
    { payload }: StepContext,
  ): Promise<Refusal | undefined> {
    const { note, reason, effect, until } = payload as StatusPayload;
    const postponedUntil = status === 'POSTPONED' ? until! : null;
    if (postponedUntil && postponedUntil <= tx.today)
      return refuseFaults([{ path: 'payload.until', message: notAhead }]);
    // Guards of the process it came from count its measures: who changes one holds that process.
    await this.#engine.lock(tx, (await theMeasure(tx, id)).processId);
    await enterStatuses(tx, [
      { measureId: id, status, note: note ?? reason ?? null, effect, postponedUntil },
    ]);
    return undefined;
  }

  async #sign(tx: Tx, process: ProcessRow, { payload }: StepContext): Promise<void> {
    const fn = (payload as { as: string }).as;
    const place = placeOf(process);
    const { authority } = this.#registry;
    const [held] = await authority.functionsAt(tx, tx.actor, [place]);
    tx.permit(held?.has(fn) ?? false);
    const [represents] = (await authority.onBehalfOf?.(tx, tx.actor, [{ function: fn, place }])) ?? [null];
    const { version } = await theMeasure(tx, process.id);
    await insertMeasureSignature(
      tx,
      { measureId: process.id, termsVersion: version, fn },
      represents ?? null,
    );
  }
}

const notAhead: Text = {
  de: 'Der neue Beginn muss in der Zukunft liegen.',
  en: 'The new start must lie in the future.',
};

import { Injectable } from '@nestjs/common';
import { OpeningGate, placeOf, type StateNeeded } from '../audit/index.ts';
import { Engine, type ProcessRow } from '../engine/index.ts';
import {
  blankFaults,
  Commands,
  found,
  refuseFaults,
  repeatedFaults,
  type Actor,
  type Refusal,
  type Tx,
} from '../platform/index.ts';
import { Responsibility } from '../responsibility/index.ts';
import { MeasureProcess } from './measure-process.service.ts';
import {
  measureName,
  measuresOf,
  processOf,
  reporterOf,
  theMeasure,
  type MeasureRow,
} from './measure.sql.ts';
import { postponementFaults, refuseConfirmation, refuseReport, type StatusReport } from './measure.rules.ts';

/** What the receipt of a command on measures names beside their process. */
export type OfMeasures = { readonly measureIds: readonly string[] };
export type DoneMeasures = { readonly processId: string } & OfMeasures;

export interface ReportOnMeasuresInput {
  readonly commandId: string;
  readonly processId: string;
  readonly reports: readonly (StatusReport & {
    readonly measureId: string;
    readonly effect?: string | null;
  })[];
}

export interface ConfirmEffectInput {
  readonly commandId: string;
  readonly measureId: string;
  readonly effect: string;
}
/** Measures outlive the process they came from: they are reported on until they are closed. */
const onceReleased: StateNeeded = {
  tags: ['released'],
  says: { de: 'Der Prüfbericht ist noch nicht freigegeben.', en: 'The audit report is not released yet.' },
};

/** What became of measures: reported by who carries them out, confirmed by somebody else. */
@Injectable()
export class MeasureProgress {
  readonly #commands: Commands;
  readonly #gate: OpeningGate;
  readonly #engine: Engine;
  readonly #responsibility: Responsibility;
  readonly #process: MeasureProcess;

  constructor(
    commands: Commands,
    gate: OpeningGate,
    engine: Engine,
    responsibility: Responsibility,
    process: MeasureProcess,
  ) {
    this.#process = process;
    this.#commands = commands;
    this.#gate = gate;
    this.#engine = engine;
    this.#responsibility = responsibility;
  }

  /**
   * Reports on measures, all or none: by the unit's head or owner, or by whoever holds the competent post. Refuses with
   * InvalidInput or NotPossibleNow.
   * @throws ClientError NOT_FOUND when the process or a measure of it is not there
   */
  report(actor: Actor, input: ReportOnMeasuresInput) {
    return this.#commands.run(
      actor,
      {
        name: 'reportOnMeasures',
        commandId: input.commandId,
        input,
        ahead: this.#engine.lockAhead(input.processId),
      },
      async (tx): Promise<DoneMeasures | Refusal> => {
        const process = await this.#engine.lock(tx, input.processId);
        const measures = new Map((await measuresOf(tx, [process.id])).map((m) => [m.id, m]));
        const named = input.reports.map(({ measureId }) => found(measures.get(measureId), measureName));
        await this.#permitReport(tx, process, named);
        const ids = input.reports.map(({ measureId }) => measureId);
        const faulty = refuseFaults([
          ...repeatedFaults(ids, (at) => `reports.${at}.measureId`),
          ...postponementFaults(input.reports),
        ]);
        if (faulty) return faulty;
        for (const [at, report] of input.reports.entries()) {
          const no = refuseReport(named[at]!.status, report, tx.today);
          if (no) return no;
        }
        const refusal = await this.#process.enter(tx, input.reports);
        return refusal ?? { processId: process.id, measureIds: ids };
      },
    );
  }

  /**
   * Confirms that a measure reported done has had its effect. Refuses whoever reported it with FourEyesNeeded, and any
   * other status with NotPossibleNow.
   * @throws ClientError NOT_FOUND when the measure is not there
   */
  confirm(actor: Actor, input: ConfirmEffectInput) {
    const command = {
      name: 'confirmEffect',
      input,
      action: 'measure.confirm',
      moment: onceReleased,
      processOf: (tx: Tx) => processOf(tx, input.measureId),
      faults: blankFaults({ effect: input.effect }),
    };
    return this.#gate.command<OfMeasures>(actor, command, async (tx, process) => {
      const measure = await theMeasure(tx, input.measureId);
      const reporter = await reporterOf(tx, measure.id);
      const isOne = reporter ? (await this.#gate.countsAs(tx, process.scopeId, [reporter]))(reporter) : false;
      const no = refuseConfirmation(measure.status, isOne);
      if (no) return no;
      const confirmed = { measureId: measure.id, status: 'EFFECT_CONFIRMED' as const, effect: input.effect };
      return (await this.#process.enter(tx, [confirmed])) ?? { measureIds: [measure.id] };
    });
  }

  /** Head and owner report on every measure, whoever holds a competent post on its own. */
  async #permitReport(tx: Tx, process: ProcessRow, measures: readonly MeasureRow[]): Promise<void> {
    const places = measures.map(({ competentPostId }) => ({
      ...placeOf(process),
      ...(competentPostId && { postId: competentPostId }),
    }));
    const may = await this.#responsibility.mayEach(tx, 'measure.report', places, process.tags);
    tx.permit(may.every(Boolean));
  }
}

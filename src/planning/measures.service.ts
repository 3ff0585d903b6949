import { Injectable } from '@nestjs/common';
import { OpeningGate, Findings, type StateNeeded } from '../audit/index.ts';
import type { ProcessRow } from '../engine/index.ts';
import { Organisation } from '../organisation/index.ts';
import { blankFaults, found, newId, refuse, type Actor, type Tx } from '../platform/index.ts';
import { MeasureProcess } from './measure-process.service.ts';
import type { OfMeasures } from './measure-progress.service.ts';
import { refuseDrop, termsFaults, type MeasureTerms } from './measure.rules.ts';
import { processOf, theMeasure, type MeasureRow, addMeasures, addTerms } from './measure.sql.ts';

type TermsInput = { [K in keyof MeasureTerms]?: MeasureTerms[K] | null } & { readonly title: string };

export interface ProposeMeasuresInput {
  readonly commandId: string;
  readonly processId: string;
  readonly measures: readonly TermsInput[];
}

export interface ReviseMeasureInput {
  readonly commandId: string;
  readonly measureId: string;
  readonly expectedVersion: number;
  readonly terms: TermsInput;
}

export interface DropMeasureInput {
  readonly commandId: string;
  readonly measureId: string;
  readonly reason: string;
}

const whileTargets: StateNeeded = {
  tags: ['targets'],
  says: {
    de: 'Maßnahmen werden geschrieben, während die Ziele vereinbart werden.',
    en: 'Measures are written down while targets are being agreed.',
  },
};

/** Measures while targets are being agreed: what a unit undertakes, by whom, until when, with what. */
@Injectable()
export class Measures {
  readonly #gate: OpeningGate;
  readonly #process: MeasureProcess;
  readonly #organisation: Organisation;
  readonly #findings: Findings;

  constructor(gate: OpeningGate, process: MeasureProcess, organisation: Organisation, findings: Findings) {
    this.#gate = gate;
    this.#process = process;
    this.#organisation = organisation;
    this.#findings = findings;
  }

  /** Drafts measures; what an agreement asks for may still be missing. Refuses with InvalidInput or NotPossibleNow. */
  propose(actor: Actor, input: ProposeMeasuresInput) {
    const command = {
      name: 'proposeMeasures',
      input,
      action: 'measure.write',
      moment: whileTargets,
      faults: input.measures.flatMap((terms, at) => termsFaults(terms, `measures.${at}`)),
    };
    return this.#gate.command<OfMeasures>(actor, command, async (tx, process) => {
      await this.#checkLinks(tx, process, input.measures);
      const rows = input.measures.map((terms) => ({ ...terms, id: newId() }));
      await tx.call(addMeasures, [process.id, process.scopeId, JSON.stringify(rows), actor.person]);
      await tx.call(addTerms, [JSON.stringify(rows), actor.person]);
      return { measureIds: rows.map(({ id }) => id) };
    });
  }

  /**
   * New terms for a measure; signatures on an agreement with the old ones no longer fit. Refuses with ChangedMeanwhile
   * when `expectedVersion` is not the latest, else as `propose`.
   * @throws ClientError NOT_FOUND when the measure, its criterion or its post is not there
   */
  revise(actor: Actor, input: ReviseMeasureInput) {
    const command = {
      name: 'reviseMeasure',
      input,
      action: 'measure.write',
      moment: whileTargets,
      processOf: (tx: Tx) => processOf(tx, input.measureId),
      faults: termsFaults(input.terms, 'terms'),
    };
    return this.#gate.command<OfMeasures>(actor, command, async (tx, process) => {
      const measure = await theMeasure(tx, input.measureId);
      if (measure.version !== input.expectedVersion) return changed(measure);
      await this.#checkLinks(tx, process, [input.terms]);
      await tx.call(addTerms, [JSON.stringify([{ ...input.terms, id: measure.id }]), actor.person]);
      return { measureIds: [measure.id] };
    });
  }

  /** Takes a measure out of the targets; it stays on record with the reason. Refuses with InvalidInput or NotPossibleNow. */
  drop(actor: Actor, input: DropMeasureInput) {
    const command = {
      name: 'dropMeasure',
      input,
      action: 'measure.write',
      moment: whileTargets,
      processOf: (tx: Tx) => processOf(tx, input.measureId),
      faults: blankFaults({ reason: input.reason }),
    };
    return this.#gate.command<OfMeasures>(actor, command, async (tx) => {
      const measure = await theMeasure(tx, input.measureId);
      const no = refuseDrop(measure.status);
      if (no) return no;
      const dropped = { measureId: measure.id, status: 'REJECTED' as const, note: input.reason };
      return (await this.#process.enter(tx, [dropped])) ?? { measureIds: [measure.id] };
    });
  }

  async #checkLinks(tx: Tx, process: ProcessRow, terms: readonly TermsInput[]): Promise<void> {
    const known = (await this.#findings.of(tx, [process.id])).get(process.id);
    for (const { criterionId } of terms)
      if (criterionId)
        found(known?.criteria.has(criterionId) || undefined, { de: 'Kriterium', en: 'Criterion' });
    const postIds = [...new Set(terms.flatMap(({ competentPostId }) => competentPostId ?? []))];
    if (postIds.length === 0) return;
    const posts = await this.#organisation.posts(tx, { ids: postIds });
    found(posts.length === postIds.length || undefined, { de: 'Stelle', en: 'Post' });
  }
}

const changed = ({ version }: MeasureRow) =>
  refuse(
    'ChangedMeanwhile',
    {
      de: 'Die Maßnahme wurde inzwischen geändert. Bitte neu lesen und entscheiden.',
      en: 'The measure was changed meanwhile. Please read again and decide.',
    },
    { currentVersion: version },
  );

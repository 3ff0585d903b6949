import { Injectable } from '@nestjs/common';
import { OpeningGate, placeOf, type StateNeeded } from '../audit/index.ts';
import { Engine, type Holder, type ProcessRow, type StepContext } from '../engine/index.ts';
import { Organisation } from '../organisation/index.ts';
import { isRefusal, newId, refuse, type Actor, type Db, type Tx } from '../platform/index.ts';
import { Responsibility } from '../responsibility/index.ts';
import { enterStatuses, measuresOf } from './measure.sql.ts';
import { MeasureProcess } from './measure-process.service.ts';
import {
  coSignatures,
  currentAgreements,
  type AgreementRow,
  type EndKind,
  submit,
  sign,
  end,
} from './target.sql.ts';
import {
  agreementHash,
  coSigning,
  refuseCoSignature,
  requiredCoSigners,
  type CoSigner,
} from './target.rules.ts';

export interface CoSignTargetsInput {
  readonly commandId: string;
  readonly processId: string;
  readonly as: CoSigner;
  /** The hash of the agreement the signer has read. */
  readonly contentHash: string;
}

const whileCoSigning: StateNeeded = {
  tags: [coSigning],
  says: {
    de: 'Zurzeit liegt keine Zielvereinbarung zur Mitzeichnung vor.',
    en: 'No targets wait for co-signatures.',
  },
};

const endOf: Readonly<Record<string, EndKind>> = {
  OBJECT_TARGETS: 'OBJECTED',
  REJECT_TARGETS: 'REJECTED',
  REVISE_TARGETS: 'REVISED',
};

/** The agreement on a unit's targets: submitted by its hash, co-signed by whoever it touches, approved from above. */
@Injectable()
export class Targets {
  readonly #gate: OpeningGate;
  readonly #engine: Engine;
  readonly #responsibility: Responsibility;
  readonly #organisation: Organisation;
  readonly #process: MeasureProcess;

  constructor(
    gate: OpeningGate,
    engine: Engine,
    responsibility: Responsibility,
    organisation: Organisation,
    process: MeasureProcess,
  ) {
    this.#gate = gate;
    this.#engine = engine;
    this.#responsibility = responsibility;
    this.#organisation = organisation;
    this.#process = process;
  }

  /**
   * Signs for one function. With the last signature the agreement goes to approval, in the same transaction. Refuses
   * with ChangedMeanwhile when another agreement was read, or as `refuseCoSignature`.
   */
  coSign(actor: Actor, input: CoSignTargetsInput) {
    const command = {
      name: 'coSignTargets',
      input,
      action: 'targets.coSign',
      as: input.as,
      moment: whileCoSigning,
    };
    return this.#gate.command(actor, command, async (tx, process) => {
      const agreement = (await currentAgreements(tx, [process.id])).get(process.id)!;
      const given = await coSignatures(tx, [agreement.id]);
      const hash = agreementHash(process.id, await measuresOf(tx, [process.id]));
      if (hash !== input.contentHash) return changed(agreement);
      const isOwn = (await this.#gate.countsAs(tx, process.scopeId, [agreement.personId]))(
        agreement.personId,
      );
      const no = refuseCoSignature(input.as, { ...agreement, signed: given.map(({ fn }) => fn), isOwn });
      if (no) return no;
      const represents = await this.#responsibility.onBehalfOf(tx, input.as, placeOf(process));
      await tx.call(sign, [agreement.id, input.as, hash, actor.person, represents, tx.commandId]);
      const settled = await this.#engine.settle(tx, process.id);
      return isRefusal(settled) ? settled : undefined;
    });
  }

  /** Freezes what is agreed on by its hash, and says who has to sign. */
  async submit(tx: Tx, process: ProcessRow) {
    const measures = await measuresOf(tx, [process.id]);
    const tree = await this.#organisation.tree(tx);
    const hasDirectorateAbove = tree.ancestors(process.scopeId).some(({ level }) => level === 'L1');
    const required = requiredCoSigners(measures, { hasDirectorateAbove });
    const contentHash = agreementHash(process.id, measures);
    const values = [newId(), process.id, contentHash, tx.actor.person, required];
    const [row] = await tx.call<{ version: number }>(submit, values);
    return { version: row!.version, contentHash, required };
  }

  /** The agreement ends, its signatures with it; the targets are written down anew. */
  async reopen(tx: Tx, process: ProcessRow, step: StepContext): Promise<void> {
    const agreement = (await currentAgreements(tx, [process.id])).get(process.id);
    if (!agreement) return;
    const { reason } = step.payload as { reason?: string };
    await tx.call(end, [agreement.id, endOf[step.name], reason ?? null, tx.actor.person]);
  }

  /** Approved: drafts become agreed measures, each with a process of its own. */
  async approve(tx: Tx, process: ProcessRow) {
    const agreement = (await currentAgreements(tx, [process.id])).get(process.id)!;
    await tx.call(end, [agreement.id, 'APPROVED', null, tx.actor.person]);
    const drafts = (await measuresOf(tx, [process.id])).filter(({ status }) => status === 'DRAFT');
    await enterStatuses(
      tx,
      drafts.map(({ id }) => ({ measureId: id, status: 'AGREED' })),
    );
    const refusal = await this.#process.agree(tx, process, await measuresOf(tx, [process.id]));
    if (refusal) return refusal;
    return { version: agreement.version, contentHash: agreement.contentHash, agreed: drafts.length };
  }

  /** Required signatures that are not there, or that were given for other terms. Silence is not consent. */
  async missing(db: Db, processIds: readonly string[]): Promise<Map<string, CoSigner[]>> {
    const agreements = await this.#withMissing(db, processIds);
    return new Map(agreements.map(({ agreement, missing }) => [agreement.processId, missing]));
  }

  /** What is missing under agreements that the asker did not submit: nobody signs what is their own. */
  async signable(db: Db, processIds: readonly string[]): Promise<Map<string, CoSigner[]>> {
    const agreements = await this.#withMissing(db, processIds);
    const foreign = agreements.filter(({ agreement }) => agreement.personId !== db.actor.person);
    return new Map(foreign.map(({ agreement, missing }) => [agreement.processId, missing]));
  }

  async #withMissing(db: Db, processIds: readonly string[]) {
    const agreements = await currentAgreements(db, processIds);
    const given = await coSignatures(
      db,
      [...agreements.values()].map(({ id }) => id),
    );
    const measures = Map.groupBy(await measuresOf(db, processIds), ({ processId }) => processId);
    const byAgreement = Map.groupBy(given, ({ agreementId }) => agreementId);
    return [...agreements.values()].map((agreement) => {
      const hash = agreementHash(agreement.processId, measures.get(agreement.processId) ?? []);
      const signed = (byAgreement.get(agreement.id) ?? []).filter(({ contentHash }) => contentHash === hash);
      const missing = agreement.required.filter((fn) => !signed.some((signature) => signature.fn === fn));
      return { agreement, missing };
    });
  }

  /** Who could sign for a function today. */
  holders(db: Db, fn: CoSigner, process: ProcessRow): Promise<readonly Holder[]> {
    return this.#responsibility.holders(db, fn, placeOf(process));
  }
}

const changed = ({ version }: AgreementRow) =>
  refuse(
    'ChangedMeanwhile',
    {
      de: 'Die Zielvereinbarung ist nicht die, die Sie gelesen haben. Bitte neu lesen und dann zeichnen.',
      en: 'These are not the targets you have read. Please read again, then sign.',
    },
    { currentVersion: version },
  );

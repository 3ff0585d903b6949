import { LockMode } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { Persons } from '../identity/index.ts';
import {
  afterKey,
  Commands,
  found,
  page,
  pageSize,
  Reads,
  type Actor,
  type Db,
  type Page,
  type PageArgs,
  type Refusal,
  type Tx,
  notPossible,
  textOrNull,
} from '../platform/index.ts';
import { Responsibility } from '../responsibility/index.ts';
import {
  refuseEvidence,
  type EvidenceFault,
  type EvidenceKind,
  type EvidenceType,
  type NewEvidence,
  type WithdrawalReason,
} from './evidence.rules.ts';
import { ProofRow } from './evidence.entity.ts';
import { byIds, ofUnit } from './evidence.sql.ts';

/** A proof as it stands. Its content is null once it was withdrawn for holding personal data. */
export interface Proof {
  readonly id: string;
  readonly unitId: string;
  readonly kind: EvidenceKind;
  readonly evidenceType: EvidenceType;
  readonly url: string | null;
  readonly reference: string | null;
  readonly note: string | null;
  /** YYYY-MM-DD. */
  readonly proofOn: string;
  readonly attachedBy: { readonly id: string; readonly displayName: string };
  readonly attachedAt: Date;
  readonly withdrawal: { readonly at: Date; readonly reason: WithdrawalReason } | null;
}
/** Ids of proofs, and where their list stands in the input, such as `ratings.3.evidenceIds`. */
export interface ProofsNamed {
  readonly path: string;
  readonly ids: readonly string[];
}
export interface Withdrawal {
  readonly commandId: string;
  readonly evidenceId: string;
  readonly reason: WithdrawalReason;
}
type StoredProof = Omit<Proof, 'attachedBy' | 'withdrawal'> & {
  readonly attachedBy: string;
  readonly withdrawnAt: Date | null;
  readonly withdrawalReason: WithdrawalReason | null;
};

/** Proofs of units. */
@Injectable()
export class Evidence {
  readonly #commands: Commands;
  readonly #persons: Persons;
  readonly #reads: Reads;
  readonly #responsibility: Responsibility;

  constructor(commands: Commands, persons: Persons, reads: Reads, responsibility: Responsibility) {
    this.#commands = commands;
    this.#persons = persons;
    this.#reads = reads;
    this.#responsibility = responsibility;
  }

  /**
   * Attaches proofs to a unit within a caller's command, which has asked for permission. Returns their ids in order,
   * or `InvalidInput` with each fault; `path` is the list's place in the caller's input.
   */
  async attach(
    tx: Tx,
    unitId: string,
    items: readonly NewEvidence[],
    path?: string,
  ): Promise<string[] | (Refusal<'InvalidInput'> & { readonly faults: readonly EvidenceFault[] })> {
    if (items.length === 0) return [];
    const refusal = refuseEvidence(items, tx.today, path);
    if (refusal) return refusal;
    const rows = items.map(({ kind, evidenceType, url, reference, note, proofOn }) => {
      const content = {
        url: textOrNull(url),
        reference: textOrNull(reference),
        note: textOrNull(note),
      };
      const who = { unitId, attachedBy: tx.actor.person };
      return tx.em.create(ProofRow, { ...who, kind, evidenceType, proofOn, ...content });
    });
    await tx.em.flush(); // what the caller writes next refers to them
    return rows.map(({ id }) => id);
  }

  /** The given proofs, withdrawn ones included; unknown ids are left out. */
  async of(db: Db, ids: readonly string[]): Promise<Map<string, Proof>> {
    if (ids.length === 0) return new Map();
    const proofs = await this.#named(db, await db.call<StoredProof>(byIds, [ids]));
    return new Map(proofs.map((proof) => [proof.id, proof]));
  }

  /**
   * The proofs of a unit that somebody names in lists: those that stand, by id, and a fault at the place of each one that
   * was withdrawn, because that proves nothing any more.
   * @throws ClientError NOT_FOUND for an id that is no proof of this unit; that of another unit reads like an unknown one.
   */
  async ofThisUnit(
    db: Db,
    unitId: string,
    lists: readonly ProofsNamed[],
  ): Promise<{ readonly standing: ReadonlyMap<string, Proof>; readonly faults: readonly EvidenceFault[] }> {
    const known = await this.of(db, [...new Set(lists.flatMap(({ ids }) => ids))]);
    const named = lists.flatMap(({ path, ids }) =>
      ids.map((id, at) => {
        const proof = known.get(id);
        const own = proof?.unitId === unitId ? proof : undefined;
        return { proof: found(own, aProofOfThisUnit), path: `${path}.${at}` };
      }),
    );
    const withdrawn = named.filter(({ proof }) => proof.withdrawal);
    const standing = named.map(({ proof }) => proof).filter(({ withdrawal }) => !withdrawal);
    return {
      standing: new Map(standing.map((proof) => [proof.id, proof])),
      faults: withdrawn.map(({ path }) => ({ path, message: provesNothing })),
    };
  }

  /** One page of a unit's standing proofs, newest first; empty for whoever may not read the unit's answers. */
  async ofUnit(actor: Actor, unitId: string, args: PageArgs): Promise<Page<Proof>> {
    const db = await this.#reads.db(actor);
    const may = await this.#responsibility.may(db, 'evidence.read', { unitId });
    const after = afterKey(args)?.[0] ?? null;
    const rows = may === true ? await db.call<StoredProof>(ofUnit, [unitId, after, pageSize(args) + 1]) : [];
    return page(await this.#named(db, rows), args, ({ id }) => [id]);
  }

  /**
   * Withdraws a proof, and erases its content when it held personal data. Refuses one that was withdrawn already.
   * @throws ClientError NOT_FOUND for an unknown proof.
   */
  withdrawProof(actor: Actor, { commandId, evidenceId, reason }: Withdrawal) {
    const request = { name: 'withdrawProof', commandId, input: { evidenceId, reason } };
    return this.#commands.run(actor, request, async (tx) => {
      const row = await tx.em.findOne(ProofRow, evidenceId, { lockMode: LockMode.PESSIMISTIC_WRITE });
      const proof = found(row, { de: 'Nachweis', en: 'Evidence' });
      tx.permit(await this.#responsibility.may(tx, 'evidence.withdraw', { unitId: proof.unitId }));
      if (proof.withdrawnAt) return notPossible('WITHDRAWN', withdrawnAlready);
      const withdrawal = { withdrawnAt: tx.at, withdrawnBy: actor.person, withdrawalReason: reason };
      const isErased = reason === 'CONTAINS_PERSONAL_DATA';
      tx.em.assign(proof, { ...withdrawal, ...(isErased && { url: null, reference: null, note: null }) });
      return { evidenceId };
    });
  }

  async #named(db: Db, rows: readonly StoredProof[]): Promise<Proof[]> {
    const names = await this.#persons.names(db, [...new Set(rows.map(({ attachedBy }) => attachedBy))]);
    return rows.map(({ withdrawnAt, withdrawalReason, attachedBy, ...row }) => ({
      ...row,
      attachedBy: { id: attachedBy, displayName: names.get(attachedBy) ?? '' },
      withdrawal: withdrawnAt && { at: withdrawnAt, reason: withdrawalReason! },
    }));
  }
}

const withdrawnAlready = {
  de: 'Der Nachweis ist schon zurückgezogen.',
  en: 'The evidence is withdrawn already.',
};
const provesNothing = {
  de: 'Dieser Nachweis wurde zurückgezogen und belegt nichts mehr. Bitte einen anderen angeben.',
  en: 'This evidence was withdrawn and proves nothing any more. Please name another.',
};
const aProofOfThisUnit = { de: 'Nachweis dieser Einheit', en: 'Evidence of this unit' };

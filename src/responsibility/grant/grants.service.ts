import { Injectable } from '@nestjs/common';
import { Engine } from '../../engine/index.ts';
import { Persons } from '../../identity/index.ts';
import { Organisation } from '../../organisation/index.ts';
import { Commands, found, newId, type Actor, type Db, type Place, type Tx } from '../../platform/index.ts';
import { AssignmentGate } from '../assignment/assignment-gate.service.ts';
import { Functions } from '../functions/functions.service.ts';
import { fourEyesNeeded } from '../assignment/assignment-refusal.rules.ts';
import {
  endsByTwo,
  keyHolders,
  refuseConfirmation,
  refuseEnd,
  refuseGrant,
  refuseLastHolder,
  type Grant,
  type GrantInput,
  type KeyFunction,
} from './grant.rules.ts';
import { KeyHolders } from './key-holders.service.ts';
import { insert, retract, oneLocked, matching, listed, oneById, any } from './grants.sql.ts';

/** A grant as it is asked for; without a first day it begins today. */
export type ProposedGrant = Omit<GrantInput, 'from'> & { readonly from: string | null };

/** Grants of one unit, round or process; what is left out does not matter. */
export interface GrantMatch {
  readonly scopeId: string;
  readonly fn?: string;
  readonly personId?: string | null;
  readonly postId?: string | null;
}

const theGrant = { de: 'Die Funktion', en: 'The grant' };

/** Functions that are granted: proposed by one person, confirmed by a second, ended by a day. */
@Injectable()
export class Grants {
  readonly #commands: Commands;
  readonly #gate: AssignmentGate;
  readonly #functions: Functions;
  readonly #organisation: Organisation;
  readonly #persons: Persons;
  readonly #engine: Engine;
  readonly #keyHolders: KeyHolders;

  constructor(
    commands: Commands,
    gate: AssignmentGate,
    functions: Functions,
    organisation: Organisation,
    persons: Persons,
    engine: Engine,
    keyHolders: KeyHolders,
  ) {
    this.#commands = commands;
    this.#gate = gate;
    this.#functions = functions;
    this.#organisation = organisation;
    this.#persons = persons;
    this.#engine = engine;
    this.#keyHolders = keyHolders;
  }

  /**
   * Proposes a standing function; it counts once a second person has confirmed it. Refuses with InvalidInput.
   * @throws ClientError NOT_FOUND when person, post or unit is not there
   */
  propose(actor: Actor, { commandId, ...input }: ProposedGrant & { readonly commandId: string }) {
    const request = { name: 'grantFunction', commandId, input: { ...input } };
    return this.#commands.run(actor, request, async (tx) => {
      const grant = { ...input, from: input.from ?? tx.today };
      tx.permit(await this.#gate.may(tx, 'grant.propose', [placeOf(grant)]));
      const refusal = refuseGrant(grant);
      if (refusal) return refusal;
      await this.#mustExist(tx, grant);
      const [grantId] = await this.give(tx, [grant]);
      return { grantId: grantId! };
    });
  }

  /**
   * The second signature: from now on the function counts within its period. Refuses with FourEyesNeeded or
   * NotPossibleNow.
   * @throws ClientError NOT_FOUND when the grant is not there or has been withdrawn
   */
  confirm(actor: Actor, { commandId, grantId }: { readonly commandId: string; readonly grantId: string }) {
    return this.#commands.run(actor, { name: 'confirmGrant', commandId, input: { grantId } }, async (tx) => {
      const grant = await this.#locked(tx, grantId);
      tx.permit(await this.#gate.may(tx, 'grant.confirm', [placeOf(grant)]));
      const refusal = refuseConfirmation(grant, {
        by: actor.person,
        heldPosts: new Set((await this.#functions.postsOf(tx, actor.person)).map(({ postId }) => postId)),
        isGranter:
          grant.grantedBy !== null && (await this.#functions.countAsOne(tx, actor.person, grant.grantedBy)),
      });
      if (refusal) return refusal;
      await this.#replace(tx, grant, { ...grant, confirmedBy: actor.person });
      return { grantId };
    });
  }

  /**
   * Ends a function on a day (default today); what has not begun is withdrawn. Where it gives others their rights, a
   * second person must send the same, and it stays as it is until then. Refuses with NotPossibleNow, also when nobody
   * would hold it any more, or FourEyesNeeded.
   * @throws ClientError NOT_FOUND when the grant is not there or has been withdrawn
   */
  end(
    actor: Actor,
    command: { readonly commandId: string; readonly grantId: string; readonly on?: string | null },
  ) {
    const { commandId, grantId, on } = command;
    const request = { name: 'endGrant', commandId, input: { grantId, on: on ?? null } };
    return this.#commands.run(actor, request, async (tx) => {
      const grant = await this.#locked(tx, grantId);
      tx.permit(await this.#gate.may(tx, 'grant.end', [placeOf(grant)]));
      const refusal = refuseEnd(grant);
      if (refusal) return refusal;
      const day = on ?? grant.endOn ?? tx.today;
      if (endsByTwo(grant)) return this.#endByTwo(tx, grant, day);
      await this.#endOn(tx, [grant], day);
      return { grantId, awaitsSecond: false, fewLeft: null };
    });
  }

  async #endByTwo(tx: Tx, grant: Grant, day: string) {
    const { grantId, fn, endBy, endOn } = grant;
    const left = await this.#keyHolders.count(tx, fn as KeyFunction, grant);
    // What has an end already is not counted as held: putting it forward takes nothing from anybody.
    const refusal = grant.validUntil === null ? refuseLastHolder(fn, left) : undefined;
    if (refusal) return refusal;
    const receipt = { grantId, fewLeft: left < keyHolders ? fn : null };
    const isFirst = endBy === null || endOn !== day;
    if (!isFirst && (await this.#functions.countAsOne(tx, tx.actor.person, endBy))) return fourEyesNeeded();
    if (isFirst) await this.#replace(tx, grant, { ...grant, endOn: day, endBy: tx.actor.person });
    else await this.#endOn(tx, [{ ...grant, endOn: null, endBy: null }], day);
    return { ...receipt, awaitsSecond: isFirst };
  }

  /** Writes grants without asking: the calling command has asked. Those of a unit lock its processes first. */
  async give(tx: Tx, given: readonly GrantInput[]): Promise<string[]> {
    await this.#lockUnits(tx, given);
    const rows = given.map((grant) => ({
      id: newId(),
      grantId: newId(),
      personId: grant.personId ?? null,
      postId: grant.postId ?? null,
      fn: grant.fn,
      scope: grant.scope,
      scopeId: grant.scopeId ?? null,
      levels: grant.levels ?? [],
      validFrom: grant.from,
      validUntil: grant.until ?? null,
      grantedBy: tx.actor.system ? null : tx.actor.person,
      confirmedBy: null,
      endOn: null,
      endBy: null,
    }));
    if (rows.length > 0) await tx.call(insert, [JSON.stringify(rows)]);
    return rows.map(({ grantId }) => grantId);
  }

  async areThere(db: Db): Promise<boolean> {
    return (await db.call(any)).length > 0;
  }

  /** Ends all grants that match without asking: the calling command has asked. Returns how many. */
  async endMatching(tx: Tx, which: readonly GrantMatch[], on = tx.today): Promise<number> {
    if (which.length === 0) return 0;
    const grants = await tx.call<Grant>(matching, [JSON.stringify(which), on]);
    await this.#endOn(tx, grants, on);
    return grants.length;
  }

  /** Standing functions that are proposed or in force, of one code if wished. */
  list(
    db: Db,
    { fn, after, limit }: { fn: string | null; after: string | null; limit: number },
  ): Promise<Grant[]> {
    return db.call<Grant>(listed, [fn, db.today, after, limit]);
  }

  byId(db: Db, grantId: string): Promise<Grant[]> {
    return db.call<Grant>(oneById, [grantId]);
  }

  /** Processes first, then the grant: the order in which every command locks. */
  async #locked(tx: Tx, grantId: string): Promise<Grant> {
    const [seen] = await this.byId(tx, grantId);
    await this.#lockUnits(tx, [found(seen, theGrant)]);
    const [grant] = await tx.call<Grant>(oneLocked, [grantId]);
    return found(grant, theGrant);
  }

  async #endOn(tx: Tx, grants: readonly Grant[], on: string): Promise<void> {
    const running = grants.filter(({ validUntil }) => validUntil === null || validUntil > on);
    if (running.length === 0) return;
    await tx.call(retract, [running.map(({ id }) => id)]);
    const begun = running.filter(({ validFrom }) => validFrom < on);
    const rows = begun.map((grant) => ({ ...grant, id: newId(), validUntil: on }));
    if (rows.length > 0) await tx.call(insert, [JSON.stringify(rows)]);
  }

  async #replace(tx: Tx, before: Grant, after: Grant): Promise<void> {
    await tx.call(retract, [[before.id]]);
    await tx.call(insert, [JSON.stringify([{ ...after, id: newId() }])]);
  }

  /** The guards of a unit's processes ask who may take a step, so those processes stand still meanwhile. */
  async #lockUnits(tx: Tx, grants: readonly Pick<GrantInput, 'scope' | 'scopeId'>[]): Promise<void> {
    const units = grants.flatMap(({ scope, scopeId }) => (scope === 'UNIT' && scopeId ? [scopeId] : []));
    if (units.length > 0) await this.#engine.lockScopes(tx, units);
  }

  async #mustExist(tx: Tx, { personId, postId, scopeId }: GrantInput): Promise<void> {
    if (personId)
      found((await this.#persons.names(tx, [personId])).get(personId), {
        de: 'Die Person',
        en: 'The person',
      });
    if (postId)
      found((await this.#organisation.posts(tx, { ids: [postId] }))[0], { de: 'Die Stelle', en: 'The post' });
    if (scopeId)
      found((await this.#organisation.tree(tx)).node(scopeId), { de: 'Die Einheit', en: 'The unit' });
  }
}

/** A right over a unit is decided there; one for the whole administration by who holds theirs for the whole. */
const placeOf = ({ scope, scopeId }: Pick<GrantInput, 'scope' | 'scopeId'>): Place =>
  scope === 'TENANT' || !scopeId ? {} : { unitId: scopeId };

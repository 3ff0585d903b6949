import { Injectable } from '@nestjs/common';
import { Persons } from '../../identity/index.ts';
import { Organisation } from '../../organisation/index.ts';
import { Commands, found, refuseFaults, type Actor, type Tx } from '../../platform/index.ts';
import { Responsibility } from '../../responsibility/index.ts';
import { Independence } from '../opening/independence.service.ts';
import { RoundAuditors } from './round-auditors.service.ts';
import { endPeople, insertPeople, who, type NamedHolder } from '../opening/round-people.sql.ts';
import {
  auditorsOf,
  lockRound,
  peopleOf,
  touchRound,
  type RoundPersonRow,
  type RoundRow,
} from '../opening/round.sql.ts';
import { quorumFaults, refuseChairs, refuseUnclear, roundEnded } from './round.rules.ts';

export interface NameRoundPeople {
  readonly commandId: string;
  readonly roundId: string;
  readonly people: readonly (NamedHolder & { readonly chair: boolean })[];
  readonly release: readonly string[];
  readonly boardQuorum: number | null;
}

/** These work in the units assigned to them only; all others in the whole round. */
const worksByUnit = new Set(['AUD', 'AUD2']);
const anEntry = { de: 'Eintrag unter den Personen der Runde', en: 'Entry among the people of the round' };

/** Who has which function in a round. Each name becomes a dated grant; independence is judged before. */
@Injectable()
export class RoundPeople {
  readonly #commands: Commands;
  readonly #persons: Persons;
  readonly #organisation: Organisation;
  readonly #responsibility: Responsibility;
  readonly #independence: Independence;
  readonly #auditors: RoundAuditors;

  constructor(
    commands: Commands,
    persons: Persons,
    organisation: Organisation,
    responsibility: Responsibility,
    independence: Independence,
    auditors: RoundAuditors,
  ) {
    this.#commands = commands;
    this.#persons = persons;
    this.#organisation = organisation;
    this.#responsibility = responsibility;
    this.#independence = independence;
    this.#auditors = auditors;
  }

  /** Adds and releases people. Refuses functions that exclude each other, a second chair, and an ended round. */
  nameRoundPeople(actor: Actor, { commandId, ...input }: NameRoundPeople) {
    return this.#commands.run(actor, { name: 'nameRoundPeople', commandId, input }, async (tx) => {
      tx.permit(await this.#responsibility.may(tx, 'round.prepare', {}));
      const round = found(await lockRound(tx, input.roundId), { de: 'Runde', en: 'Round' });
      if (round.phase === 'ENDED') return roundEnded();
      const standing = await peopleOf(tx, round.id, tx.today);
      const released = input.release.map((id) =>
        found(
          standing.find((row) => row.id === id),
          anEntry,
        ),
      );
      const kept = standing.filter((row) => !released.includes(row));
      const isFirst = (one: NamedHolder, at: number) =>
        input.people.findIndex((other) => sameHolder(other, one)) === at;
      const added = input.people.filter(
        (one, at) => isFirst(one, at) && !kept.some((row) => sameHolder(row, one)),
      );
      const after = [...kept, ...added];
      const unclear =
        refuseUnclear(added) ?? refuseChairs(after) ?? refuseFaults(quorumFaults(input.boardQuorum));
      if (unclear) return unclear;
      await this.#mustExist(tx, added);
      const dependent = await this.#independence.refuseExclusive(tx, after);
      if (dependent) return dependent;
      await this.release(tx, round, released);
      await this.#name(tx, round, added);
      await touchRound(tx, round.id, input.boardQuorum);
      return { roundId: round.id };
    });
  }

  /** Ends functions today, with their grants and, for auditors, their units. */
  async release(tx: Tx, round: RoundRow, released: readonly RoundPersonRow[]): Promise<void> {
    if (released.length === 0) return;
    await endPeople(
      tx,
      released.map(({ id }) => id),
    );
    await this.#responsibility.endGrants(tx, inSeries(tx, round, released));
    const auditors = await auditorsOf(tx, round.id, tx.today);
    const gone = auditors.filter((row) => released.some((one) => sameHolder(row, one)));
    await this.#auditors.unassign(tx, round, gone);
  }

  async #name(tx: Tx, round: RoundRow, added: NameRoundPeople['people']): Promise<void> {
    if (added.length === 0) return;
    await insertPeople(tx, round.id, added);
    await this.#responsibility.grant(tx, inSeries(tx, round, added));
  }

  /** Unknown and foreign persons and posts read alike: NOT_FOUND. */
  async #mustExist(tx: Tx, added: readonly NamedHolder[]): Promise<void> {
    const personIds = added.flatMap(({ personId }) => personId ?? []);
    const postIds = added.flatMap(({ postId }) => postId ?? []);
    const names = await this.#persons.names(tx, personIds);
    for (const id of personIds) found(names.get(id), { de: 'Person', en: 'Person' });
    const posts = new Set((await this.#organisation.posts(tx, { ids: postIds })).map(({ id }) => id));
    for (const id of postIds) found(posts.has(id) || undefined, { de: 'Stelle', en: 'Post' });
  }
}

const sameHolder = (one: NamedHolder, other: NamedHolder) =>
  one.fn === other.fn && one.personId === other.personId && one.postId === other.postId;

const inSeries = ({ today: from }: Tx, round: RoundRow, people: readonly NamedHolder[]) =>
  people
    .filter(({ fn }) => !worksByUnit.has(fn))
    .map((one) => ({ ...who(one), fn: one.fn, scope: 'SERIES' as const, scopeId: round.id, from }));

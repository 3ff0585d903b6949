import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import { Persons } from '../../identity/index.ts';
import type { UnitNode } from '../../organisation/index.ts';
import { found, Reads, type Actor, type Db } from '../../platform/index.ts';
import { OpeningProcesses, type OpeningProcess } from '../opening/opening-processes.service.ts';
import { RoundViews } from '../round/round-views.service.ts';
import {
  handedOverTo,
  heirsOf,
  successionById,
  successionsOf,
  unitsInheritedFrom,
} from './succession.sql.ts';
import type { Succession } from './succession.rules.ts';

interface Carried {
  readonly carriedFrom: string;
  readonly ratedIn: string;
}

/** Successions as their readers see them, and what went over from whom. */
@Injectable()
export class SuccessionViews {
  readonly #reads: Reads;
  readonly #persons: Persons;
  readonly #rounds: RoundViews;
  readonly #openings: OpeningProcesses;
  /** An actor is made afresh for each request, so it stands for the request. */
  readonly #inherited = new WeakMap<Actor, DataLoader<Carried, UnitNode | null, string>>();

  constructor(reads: Reads, persons: Persons, rounds: RoundViews, openings: OpeningProcesses) {
    this.#reads = reads;
    this.#persons = persons;
    this.#rounds = rounds;
    this.#openings = openings;
  }

  async list(db: Db, unitId: string | null) {
    return this.#shown(db, await successionsOf(db, unitId === null ? null : [unitId]));
  }

  async one(db: Db, id: string) {
    const succession = found(await successionById(db, id), { de: 'Nachfolge', en: 'Succession' });
    return (await this.#shown(db, [succession]))[0];
  }

  async supersededBy(db: Db, { id }: OpeningProcess): Promise<OpeningProcess[]> {
    const heirs = await heirsOf(db, [id]);
    return this.#openings.byIds(
      db,
      heirs.map(({ successorId }) => successorId),
    );
  }

  async supersedes(db: Db, { id }: OpeningProcess): Promise<OpeningProcess[]> {
    const from = await handedOverTo(db, id);
    return this.#openings.byIds(
      db,
      from.map((process) => process.id),
    );
  }

  /** The other unit that a carried rating came from; null for one of the unit itself. */
  inheritedFrom(actor: Actor, carried: Carried): Promise<UnitNode | null> {
    let loader = this.#inherited.get(actor);
    if (!loader) {
      loader = new DataLoader((asked) => this.#unitsOf(actor, asked), {
        cacheKeyFn: ({ carriedFrom, ratedIn }) => `${carriedFrom} ${ratedIn}`,
        maxBatchSize: 500,
      });
      this.#inherited.set(actor, loader);
    }
    return loader.load(carried);
  }

  async #unitsOf(actor: Actor, asked: readonly Carried[]): Promise<(UnitNode | null)[]> {
    const db = await this.#reads.db(actor);
    const ids = await unitsInheritedFrom(db, asked);
    const unit = await this.#rounds.units(db, [...new Set(ids.values())]);
    return asked.map(({ carriedFrom }) => unit(ids.get(carriedFrom) ?? '') ?? null);
  }

  async #shown(db: Db, successions: readonly Succession[]) {
    const people = successions.flatMap(({ proposedBy, confirmedBy }) =>
      [proposedBy, confirmedBy ?? []].flat(),
    );
    const names = await this.#persons.names(db, [...new Set(people)]);
    const person = (id: string | null) => id && { id, displayName: names.get(id) ?? '' };
    const unit = await this.#rounds.units(
      db,
      successions.flatMap(({ unitId, successorIds }) => [unitId, ...successorIds]),
    );
    return successions.map((succession) => ({
      ...succession,
      unit: unit(succession.unitId),
      successors: succession.successorIds.map(unit),
      proposedBy: person(succession.proposedBy),
      confirmedBy: person(succession.confirmedBy),
    }));
  }
}

import { Injectable } from '@nestjs/common';
import { Catalogue } from '../../catalogue/index.ts';
import { Persons } from '../../identity/index.ts';
import type { Db } from '../../platform/index.ts';
import { maturity, sum } from '../rating/counters.rules.ts';
import { deltasUntil, returnReasonsOf, signaturesOf, teamOf } from '../opening/opening-process.sql.ts';
import type { OpeningProcess } from '../opening/opening-processes.service.ts';
import { RoundViews } from '../round/round-views.service.ts';

/** What hangs on an opening process, with names in the place of ids. */
@Injectable()
export class OpeningProcessViews {
  readonly #persons: Persons;
  readonly #catalogue: Catalogue;
  readonly #rounds: RoundViews;

  constructor(persons: Persons, catalogue: Catalogue, rounds: RoundViews) {
    this.#persons = persons;
    this.#catalogue = catalogue;
    this.#rounds = rounds;
  }

  /** Small teams that are rated within the unit. */
  async ratesAlso(db: Db, { round, unit }: OpeningProcess) {
    const pairs = await this.#rounds.ratedWithin(db, round);
    return pairs.flatMap((pair) => (pair.within?.id === unit.id && pair.unit ? [pair.unit] : []));
  }

  /** The counters as they stood at the end of a day; undefined before the process began. */
  async asOf(db: Db, opening: OpeningProcess, day: string): Promise<OpeningProcess | undefined> {
    const deltas = await deltasUntil(db, opening.id, day);
    const last = deltas.at(-1);
    return last && { ...opening, ...sum(deltas, opening.field_applicable.length), countedAt: last.countedAt };
  }

  async maturity(db: Db, opening: OpeningProcess) {
    const edition = await this.#catalogue.edition(db, opening.editionId);
    const fields = edition!.fields.map(({ code, title }, at) => ({
      field: code,
      title,
      percent: maturity(opening.field_points[at] ?? 0, opening.field_points_of[at] ?? 0),
      n: opening.field_rated[at] ?? 0,
      applicable: opening.field_applicable[at] ?? 0,
    }));
    return {
      percent: maturity(opening.points, opening.points_of),
      n: opening.rated,
      closed: opening.processTags.includes('ratingsClosed'),
      fields: fields.filter(({ applicable }) => applicable > 0),
    };
  }

  async team(db: Db, { id }: OpeningProcess) {
    const rows = await teamOf(db, id);
    const person = await this.#named(
      db,
      rows.map(({ personId }) => personId),
    );
    return rows.map(({ role, personId }) => ({ role, person: person(personId) }));
  }

  async signatures(db: Db, { id }: OpeningProcess) {
    const rows = await signaturesOf(db, id);
    const person = await this.#named(
      db,
      rows.flatMap(({ personId, representsId }) => [personId, representsId ?? []].flat()),
    );
    return rows.map(({ personId, representsId, ...signature }) => ({
      ...signature,
      person: person(personId),
      represents: representsId && person(representsId),
    }));
  }

  async returnReasons(db: Db, { id, editionId }: OpeningProcess) {
    const criteria = new Map(
      (await this.#catalogue.edition(db, editionId))?.criteria.map((one) => [one.id, one]),
    );
    return (await returnReasonsOf(db, id)).map(({ criterionId, ...reason }) => {
      return { ...reason, criterion: criteria.get(criterionId) };
    });
  }

  async #named(db: Db, ids: readonly string[]) {
    const names = await this.#persons.names(db, [...new Set(ids)]);
    return (id: string) => ({ id, displayName: names.get(id) ?? '' });
  }
}

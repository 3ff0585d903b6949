import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import { newId, Reads, type Actor, type Db, type Tx } from '../platform/index.ts';
import { upsert, idsByKey, recordsById, namesById } from './persons.sql.ts';

/** A person as the administration's register gives them. */
export interface PersonRecord {
  /** The key in the administration's own register; never shown to other persons. */
  readonly personKey: string;
  readonly displayName: string;
  readonly mail?: string | undefined;
}

/** A person as others may see them. */
export interface Person {
  readonly id: string;
  readonly displayName: string;
}

/** The persons of an administration. They are brought up to date as a set, by SQL. */
@Injectable()
export class Persons {
  readonly #reads: Reads;
  /** An actor is made afresh for each request, so it stands for the request. */
  readonly #loaders = new WeakMap<Actor, DataLoader<string, Person | null>>();

  constructor(reads: Reads) {
    this.#reads = reads;
  }

  /** One person by id, as others see them; all that one request asks for are read together. Null for unknown ids. */
  person(actor: Actor, id: string): Promise<Person | null> {
    let loader = this.#loaders.get(actor);
    if (!loader) {
      loader = new DataLoader(async (ids) => {
        const names = await this.names(await this.#reads.db(actor), ids);
        return ids.map((one) => (names.has(one) ? { id: one, displayName: names.get(one)! } : null));
      });
      this.#loaders.set(actor, loader);
    }
    return loader.load(id);
  }

  /**
   * Brings the given persons up to date: new ones are added, changed names and addresses replace the old ones, nobody
   * is removed. Of a key that occurs twice the last record counts. Returns the id of every given key.
   */
  async upsert(tx: Tx, people: readonly PersonRecord[]): Promise<Map<string, string>> {
    const byKey = new Map(people.map((person) => [person.personKey, person]));
    const rows = [...byKey.values()].map(({ personKey, displayName, mail }) => ({
      id: newId(),
      person_key: personKey,
      display_name: displayName,
      mail: mail || null,
    }));
    await tx.call(upsert, [JSON.stringify(rows)]);
    return this.idsByKey(tx, [...byKey.keys()]);
  }

  /** The ids of the given register keys; unknown keys are left out. */
  async idsByKey(db: Db, keys: readonly string[]): Promise<Map<string, string>> {
    const rows = await db.call<{ person_key: string; id: string }>(idsByKey, [keys]);
    return new Map(rows.map(({ person_key, id }) => [person_key, id]));
  }

  /** The display names of the given persons; unknown ids are left out. */
  async names(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await db.call<{ id: string; display_name: string }>(namesById, [ids]);
    return new Map(rows.map(({ id, display_name }) => [id, display_name]));
  }

  /** What the register says of the given persons, for rooms that compare a register with it. */
  async records(db: Db, ids: readonly string[]): Promise<Map<string, PersonRecord>> {
    const rows = await db.call<{ id: string; person_key: string; display_name: string; mail: string | null }>(
      recordsById,
      [ids],
    );
    return new Map(
      rows.map(({ id, person_key, display_name, mail }) => [
        id,
        { personKey: person_key, displayName: display_name, mail: mail ?? undefined },
      ]),
    );
  }
}

import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import { Persons } from '../../identity/index.ts';
import { Reads, type Actor, type Text } from '../../platform/index.ts';
import { Organisation, type PostOnDay, type TaskOnDay } from './organisation.service.ts';
import { dated, type Dated, type Moment } from '../plan/unit-tree.rules.ts';

interface Day {
  readonly posts: DataLoader<string, Dated<PostOnDay>[]>;
  readonly tasks: DataLoader<string, Dated<TaskOnDay>[]>;
  readonly postsById: DataLoader<string, Dated<PostOnDay> | null>;
}
interface Batch {
  readonly kinds: Promise<Map<string, Text>>;
  readonly persons: DataLoader<string, string>;
  readonly days: Map<string, Day>;
}

/** Gathers what the fields of one request ask for one by one into one read each. An actor lives as long as its request. */
@Injectable()
export class Batches {
  readonly #reads: Reads;
  readonly #organisation: Organisation;
  readonly #persons: Persons;
  readonly #batches = new WeakMap<Actor, Batch>();

  constructor(reads: Reads, organisation: Organisation, persons: Persons) {
    this.#reads = reads;
    this.#organisation = organisation;
    this.#persons = persons;
  }

  /** The label of a kind; a kind of the past that is gone keeps its code. */
  async kind(actor: Actor, code: string): Promise<{ code: string; label: Text }> {
    const label = (await this.#of(actor).kinds).get(code) ?? { de: code, en: code };
    return { code, label };
  }

  personName(actor: Actor, id: string): Promise<string> {
    return this.#of(actor).persons.load(id);
  }

  postsOf(actor: Actor, unitId: string, moment: Moment): Promise<Dated<PostOnDay>[]> {
    return this.#on(actor, moment).posts.load(unitId);
  }

  tasksOf(actor: Actor, unitId: string, moment: Moment): Promise<Dated<TaskOnDay>[]> {
    return this.#on(actor, moment).tasks.load(unitId);
  }

  post(actor: Actor, id: string | null, moment: Moment): Promise<Dated<PostOnDay> | null> {
    return id === null ? Promise.resolve(null) : this.#on(actor, moment).postsById.load(id);
  }

  #of(actor: Actor): Batch {
    let batch = this.#batches.get(actor);
    if (!batch) this.#batches.set(actor, (batch = this.#start(actor)));
    return batch;
  }

  #start(actor: Actor): Batch {
    const db = this.#reads.db(actor);
    return {
      kinds: db
        .then((ready) => this.#organisation.kinds(ready))
        .then((kinds) => new Map(kinds.map(({ code, label }) => [code, label]))),
      persons: new DataLoader(async (ids) => {
        const names = await this.#persons.names(await db, ids);
        return ids.map((id) => names.get(id) ?? '');
      }),
      days: new Map(),
    };
  }

  #on(actor: Actor, moment: Moment) {
    const { days } = this.#of(actor);
    const key = `${moment.on} ${moment.asOf}`;
    let day = days.get(key);
    if (!day) days.set(key, (day = this.#day(actor, moment)));
    return day;
  }

  #day(actor: Actor, moment: Moment): Day {
    const db = () => this.#reads.db(actor);
    const grouped = <T extends { unitId: string }>(ids: readonly string[], rows: readonly T[]) => {
      const byUnit = Map.groupBy(dated(rows, moment), ({ unitId }) => unitId);
      return ids.map((id) => byUnit.get(id) ?? []);
    };
    return {
      posts: new DataLoader(async (unitIds) =>
        grouped(unitIds, await this.#organisation.posts(await db(), { ...moment, unitIds })),
      ),
      tasks: new DataLoader(async (unitIds) =>
        grouped(unitIds, await this.#organisation.tasks(await db(), unitIds, moment)),
      ),
      postsById: new DataLoader(async (ids) => {
        const read = await this.#organisation.posts(await db(), { ...moment, ids });
        const posts = new Map(dated(read, moment).map((post) => [post.id, post]));
        return ids.map((id) => posts.get(id) ?? null);
      }),
    };
  }
}

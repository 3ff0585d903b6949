import { Injectable } from '@nestjs/common';
import { applicableCriteria, Catalogue, type Edition, type UnitProfile } from '../../catalogue/index.ts';
import { Calendars } from '../../engine/index.ts';
import { Organisation, type PostOnDay } from '../../organisation/index.ts';
import { found, type Db } from '../../platform/index.ts';
import {
  coverageOf,
  vacancyWorkingDays,
  type AskedCodes,
  type CoveringPost,
  type Deputy,
  type UnitCoverage,
} from './coverage.rules.ts';
import { Register, type OnDay } from './register.service.ts';

export type { UnitCoverage } from './coverage.rules.ts';

export interface CoverageQuestion {
  readonly unitIds: readonly string[];
  readonly editionId: string;
  /** The day asked about; default today. */
  readonly on?: string;
  /** As recorded by the end of this day; default now. */
  readonly asOf?: string;
}

/** Counts how well units are covered: all of them in a handful of reads. */
@Injectable()
export class Coverage {
  readonly #register: Register;
  readonly #organisation: Organisation;
  readonly #catalogue: Catalogue;
  readonly #calendars: Calendars;

  constructor(register: Register, organisation: Organisation, catalogue: Catalogue, calendars: Calendars) {
    this.#register = register;
    this.#organisation = organisation;
    this.#catalogue = catalogue;
    this.#calendars = calendars;
  }

  async of(db: Db, { unitIds, editionId, on, asOf }: CoverageQuestion): Promise<Map<string, UnitCoverage>> {
    const day: OnDay = { on: on ?? asOf ?? db.today, asOf };
    const edition = found(await this.#catalogue.edition(db, editionId), {
      de: 'Die Fassung',
      en: 'The edition',
    });
    const tree = await this.#organisation.tree(db, day);
    const active = await this.#register.activeIn(db, unitIds, edition.key, day);
    const posts = await this.#posts(db, unitIds, [...new Set(active.map(({ postId }) => postId))], day);
    const lines = Map.groupBy(
      active.map((line) => ({ ...line, post: posts.get(line.postId) })),
      ({ unitId }) => unitId,
    );
    const asked = askedOf(edition);
    const units = unitIds.flatMap((id) => tree.node(id) ?? []);
    return new Map(units.map((unit) => [unit.id, coverageOf(unit, asked(unit), lines.get(unit.id) ?? [])]));
  }

  async #posts(db: Db, unitIds: readonly string[], postIds: readonly string[], day: OnDay) {
    const all = await this.#organisation.posts(db, day);
    const byId = new Map(all.map((post) => [post.id, post]));
    const seats = seatsOf(all);
    const tasks = await this.#organisation.tasks(db, unitIds, day);
    const planned = Map.groupBy(
      tasks.filter((task) => task.deputyPostId),
      ({ postId }) => postId ?? '',
    );
    const longVacant = await this.#longVacant(db, postIds, day);
    return new Map(
      postIds.flatMap((id): [string, CoveringPost][] => {
        const post = byId.get(id);
        if (!post) return []; // the post has ended: nobody
        const deputies = [...named(post, seats), ...fromPlan(planned.get(id) ?? [], byId)];
        return [[id, { unitId: post.unitId, deputies, longVacant: longVacant.has(id) }]];
      }),
    );
  }

  async #longVacant(db: Db, postIds: readonly string[], day: OnDay): Promise<ReadonlySet<string>> {
    const since = await this.#organisation.vacantSince(db, postIds, day);
    const { calendar } = await this.#calendars.at(db);
    const before = calendar.workingDay(day.on, -vacancyWorkingDays);
    return new Set([...since].filter(([, from]) => from <= before).map(([postId]) => postId));
  }
}

/** What is asked of a unit depends on its class alone, and there are few of them. */
function askedOf(edition: Edition): (unit: UnitProfile) => AskedCodes {
  const known = new Map<string, AskedCodes>();
  return (unit) => {
    const key = `${unit.level} ${unit.kind} ${unit.tags.join(' ')}`;
    let asked = known.get(key);
    if (!asked) {
      const criteria = applicableCriteria(edition, unit);
      const codes = new Set(criteria.map(({ code }) => code));
      known.set(key, (asked = { criteria: codes, fields: new Set(criteria.map(({ field }) => field)) }));
    }
    return asked;
  };
}

function seatsOf(posts: readonly PostOnDay[]): Map<string, string[]> {
  const seats = new Map<string, string[]>();
  for (const { unitId, holders } of posts)
    for (const { personId, as } of holders)
      if (as === 'HOLDER') seats.set(personId, [...(seats.get(personId) ?? []), unitId]);
  return seats;
}

const named = ({ holders }: PostOnDay, seats: ReadonlyMap<string, string[]>): Deputy[] =>
  holders.filter(({ as }) => as === 'DEPUTY').map(({ personId }) => ({ seats: seats.get(personId) ?? [] }));

/** Deputies of the distribution-of-business plan: the named post, if somebody is at it. */
const fromPlan = (
  tasks: readonly { readonly deputyPostId: string | null }[],
  posts: ReadonlyMap<string, PostOnDay>,
): Deputy[] =>
  tasks.flatMap(({ deputyPostId }) => {
    const post = posts.get(deputyPostId ?? '');
    return post?.holders.some(({ as }) => as !== 'DEPUTY') ? [{ seats: [post.unitId] }] : [];
  });

import { Injectable } from '@nestjs/common';
import { Persons } from '../../identity/index.ts';
import { Organisation, type UnitNode } from '../../organisation/index.ts';
import { found, type Db } from '../../platform/index.ts';
import type { Finding } from './finding.rules.ts';
import type { IndependenceConflict } from '../opening/independence.service.ts';
import type { RoundCheck } from './round-checks.service.ts';
import type { NamedHolder } from '../opening/round-people.sql.ts';
import {
  allRounds,
  auditorsOf,
  peopleOf,
  ratedWithinOf,
  roundsById,
  scopeOf,
  type RoundRow,
} from '../opening/round.sql.ts';

/** Rounds as their readers see them: units, persons and posts in the place of their ids. */
@Injectable()
export class RoundViews {
  readonly #organisation: Organisation;
  readonly #persons: Persons;

  constructor(organisation: Organisation, persons: Persons) {
    this.#organisation = organisation;
    this.#persons = persons;
  }

  all(db: Db): Promise<RoundRow[]> {
    return allRounds(db);
  }

  /** The round; undefined for an id that is unknown here. */
  async byId(db: Db, id: string): Promise<RoundRow | undefined> {
    return (await roundsById(db, [id]))[0];
  }

  async one(db: Db, id: string): Promise<RoundRow> {
    return found(await this.byId(db, id), { de: 'Runde', en: 'Round' });
  }

  async scope(db: Db, round: RoundRow) {
    const rows = await scopeOf(db, round.id);
    const unit = await this.units(
      db,
      rows.map(({ unitId }) => unitId),
    );
    return rows.map(({ unitId, kind, reason }) => ({
      unit: unit(unitId),
      kind,
      reason,
    }));
  }

  async people(db: Db, round: RoundRow) {
    const rows = await peopleOf(db, round.id, db.today);
    const holder = await this.#holders(db, rows);
    return rows.map((row) => ({
      id: row.id,
      function: row.fn,
      ...holder(row),
      chair: row.chair,
      since: row.since,
    }));
  }

  async auditors(db: Db, round: RoundRow) {
    const rows = await auditorsOf(db, round.id, db.today);
    const holder = await this.#holders(db, rows);
    const unit = await this.units(
      db,
      rows.map(({ unitId }) => unitId),
    );
    return rows.map((row) => ({
      unit: unit(row.unitId),
      function: row.fn,
      ...holder(row),
      since: row.since,
    }));
  }

  async ratedWithin(db: Db, round: RoundRow) {
    const rows = await ratedWithinOf(db, round.id);
    const unit = await this.units(
      db,
      rows.flatMap(({ unitId, withinUnitId }) => [unitId, withinUnitId]),
    );
    return rows.map(({ unitId, withinUnitId }) => ({ unit: unit(unitId), within: unit(withinUnitId) }));
  }

  async check(db: Db, round: RoundRow, check: RoundCheck, first: number) {
    const counts = Map.groupBy(check.findings, ({ kind }) => kind);
    return {
      canStart: round.phase === 'DRAFT' && !check.findings.some(({ severity }) => severity === 'BLOCKS'),
      processes: check.starting.length,
      ratedWithin: check.plan.within.length,
      counts: [...counts].map(([kind, found]) => ({
        kind,
        severity: found[0]!.severity,
        count: found.length,
      })),
      findings: await this.findings(db, check.findings.slice(0, first)),
    };
  }

  async findings(db: Db, findings: readonly Finding[]) {
    const unit = await this.units(
      db,
      findings.flatMap(({ unitId }) => unitId ?? []),
    );
    return findings.map(({ unitId, ...finding }) => ({ ...finding, unit: unitId ? unit(unitId) : null }));
  }

  async conflicts(db: Db, conflicts: readonly IndependenceConflict[]) {
    const names = await this.#persons.names(
      db,
      conflicts.map(({ personId }) => personId),
    );
    const unit = await this.units(
      db,
      conflicts.flatMap(({ unitId }) => unitId ?? []),
    );
    return conflicts.map(({ personId, unitId, message }) => ({
      person: { id: personId, displayName: names.get(personId) ?? '' },
      unit: unitId ? unit(unitId) : null,
      message,
    }));
  }

  /** Units as they stand today, those that have ended as they last stood. */
  async units(db: Db, ids: readonly string[]): Promise<(id: string) => UnitNode | undefined> {
    const tree = await this.#organisation.tree(db);
    const ended = ids.filter((id) => !tree.node(id));
    const past = ended.length === 0 ? [] : await this.#organisation.lastKnown(db, [...new Set(ended)]);
    const byId = new Map(past.map((unit) => [unit.id, unit]));
    return (id) => tree.node(id) ?? byId.get(id);
  }

  async #holders(db: Db, rows: readonly NamedHolder[]) {
    const names = await this.#persons.names(
      db,
      rows.flatMap(({ personId }) => personId ?? []),
    );
    const ids = [...new Set(rows.flatMap(({ postId }) => postId ?? []))];
    const posts = ids.length === 0 ? [] : await this.#organisation.posts(db, { ids });
    const byId = new Map(posts.map((post) => [post.id, post]));
    return ({ personId, postId }: NamedHolder) => ({
      person: personId ? { id: personId, displayName: names.get(personId) ?? '' } : null,
      post: postId ? (byId.get(postId) ?? null) : null,
    });
  }
}

import { Injectable } from '@nestjs/common';
import { Organisation } from '../organisation/index.ts';
import type { Db } from '../platform/index.ts';
import { Responsibility } from '../responsibility/index.ts';
import { teamOf } from './opening-process.queries.ts';
import type { OpeningProcess } from './opening-process.service.ts';
import { staffingOf } from './staffing.rules.ts';

/** Shows from the register of responsibilities whether a process has everybody it needs. */
@Injectable()
export class Staffings {
  readonly #organisation: Organisation;
  readonly #responsibility: Responsibility;

  constructor(organisation: Organisation, responsibility: Responsibility) {
    this.#organisation = organisation;
    this.#responsibility = responsibility;
  }

  async of(db: Db, { id, unitId, editionId }: Pick<OpeningProcess, 'id' | 'unitId' | 'editionId'>) {
    const coverage = (await this.#responsibility.coverage(db, { unitIds: [unitId], editionId })).get(unitId);
    const { criteria = 0, competent = 0, fields = 0, accountable = 0 } = coverage ?? {};
    const gaps = {
      criteriaWithoutPost: criteria - competent,
      fieldsWithoutAccountable: fields - accountable,
    };
    const team = [];
    for (const { personId } of await teamOf(db, id))
      team.push({ awaySince: await this.#organisation.awaySince(db, personId) });
    return { ...staffingOf({ team, headlessSince: await this.#headless(db, unitId), ...gaps }), ...gaps };
  }

  async #headless(db: Db, unitId: string): Promise<string | null> {
    const post = (await this.#organisation.headPost(db, [unitId])).get(unitId);
    if (!post) return null;
    return (await this.#organisation.vacantSince(db, [post.id])).get(post.id) ?? null;
  }
}

import { Injectable } from '@nestjs/common';
import { Calendars } from '../../engine/index.ts';
import { Organisation } from '../../organisation/index.ts';
import type { Db } from '../../platform/index.ts';
import { Responsibility } from '../../responsibility/index.ts';
import { teamsOf } from './opening-process.sql.ts';
import type { OpeningProcess } from './opening-processes.service.ts';
import { staffingOf, vacantForTooLong, type Carrier } from './staffing.rules.ts';

const nothingElse = { headlessSince: null, criteriaWithoutPost: 0, fieldsWithoutAccountable: 0 };

/** Shows from the register of responsibilities whether a process has everybody it needs. */
@Injectable()
export class Staffings {
  readonly #organisation: Organisation;
  readonly #responsibility: Responsibility;
  readonly #calendars: Calendars;

  constructor(organisation: Organisation, responsibility: Responsibility, calendars: Calendars) {
    this.#calendars = calendars;
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
    const team = (await this.#teams(db, [id])).get(id) ?? [];
    return { ...staffingOf({ team, headlessSince: await this.#headless(db, unitId), ...gaps }), ...gaps };
  }

  /** The processes that nobody of their team is left for, for longer than human resources should wait (Konzept §2.3). */
  async vacantTooLong(db: Db, processIds: readonly string[]): Promise<Set<string>> {
    const teams = await this.#teams(db, processIds);
    const { calendar } = await this.#calendars.at(db);
    const latest = calendar.workingDay(db.today, -vacantForTooLong);
    const isVacant = ([, team]: [string, Carrier[]]) => {
      const { state, since } = staffingOf({ ...nothingElse, team });
      return state === 'VACANT' && since! < latest;
    };
    return new Set([...teams].filter(isVacant).map(([id]) => id));
  }

  async #teams(db: Db, processIds: readonly string[]): Promise<Map<string, Carrier[]>> {
    const rows = await teamsOf(db, processIds);
    const away = await this.#organisation.awaySince(
      db,
      rows.map(({ personId }) => personId),
    );
    const teams = Map.groupBy(rows, ({ processId }) => processId);
    const carrier = (personId: string) => ({ awaySince: away.get(personId) ?? null });
    return new Map([...teams].map(([id, team]) => [id, team.map(({ personId }) => carrier(personId))]));
  }

  async #headless(db: Db, unitId: string): Promise<string | null> {
    const post = (await this.#organisation.headPost(db, [unitId])).get(unitId);
    if (!post) return null;
    return (await this.#organisation.vacantSince(db, [post.id])).get(post.id) ?? null;
  }
}

import { Injectable } from '@nestjs/common';
import type { Db } from '../../platform/index.ts';
import { calendarOf, type Calendar, type Day } from '../definition/calendar.rules.ts';
import { ofTenant } from './calendars.sql.ts';

/** Each administration's calendar. Zone and Land are set at its founding, so they are read once. */
@Injectable()
export class Calendars {
  readonly #calendars = new Map<string, Calendar>();

  async at(db: Db): Promise<{ calendar: Calendar; today: Day }> {
    const { tenant } = db.actor;
    let calendar = this.#calendars.get(tenant);
    if (!calendar) {
      const [row] = await db.call<{ zone: string; land: string }>(ofTenant);
      if (!row) throw new Error(`Administration ${tenant} does not exist`);
      this.#calendars.set(tenant, (calendar = calendarOf(row.land, row.zone)));
    }
    return { calendar, today: calendar.dayOf(db.at) };
  }
}

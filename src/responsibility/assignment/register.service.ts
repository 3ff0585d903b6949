import { Injectable } from '@nestjs/common';
import { newId, type Db, type Tx } from '../../platform/index.ts';
import { changeBetween, type Draft, type Line } from './assignment.rules.ts';
import { standing, asRecorded, historyOf, lock, retract, insert, numbers, number } from './register.sql.ts';

/** A line as it is read: with the time it was written. */
export interface RecordedLine extends Line {
  readonly recordedAt: Date;
}

/** Which day counts, and as recorded by the end of which day; without `asOf` as recorded now. */
export interface OnDay {
  readonly on: string;
  readonly asOf?: string | undefined;
}

/** An assignment in force: who does what where. */
export interface ActiveAssignment extends Pick<
  Line,
  'assignmentId' | 'unitId' | 'kind' | 'subjects' | 'postId'
> {
  readonly since: string;
}

type ActiveRow = Omit<ActiveAssignment, 'subjects'> & { readonly subjects: string };

const ofUnits = `${standing} and unit_id = any($1::uuid[]) order by recorded_at, id`;
const ofPosts = `${standing} and post_id = any($1::uuid[]) order by recorded_at, id`;
const ofAssignments = `${standing} and assignment_id = any($1::uuid[])`;
const ofRule = `${standing} and rule_id = $1`;
/**
 * What is in force on a day, in as few columns as counting needs. Thousands of lines name the same few lists of codes:
 * they come as one text each, so that a list is taken apart once.
 */
const active = (recorded: string) => `
  select unit_id as "unitId", kind, array_to_string(subjects, chr(31)) as subjects, post_id as "postId", assignment_id as "assignmentId", valid_from as since
  from responsibility.assignment
  where unit_id = any($1::uuid[]) and catalogue = $2 and stage = 'CONFIRMED'
    and valid_from <= $3 and (valid_until is null or valid_until > $3) and ${recorded}`;
const activeNow = active('retracted_at is null');
const activeThen = active(`
    recorded_at < (select ($4::date + 1)::timestamp at time zone platform.zone())
    and (retracted_at is null or retracted_at >= (select ($4::date + 1)::timestamp at time zone platform.zone()))`);

/** Who is written down as the one who did it; null is the installation itself. */
export const personOf = ({ actor }: Tx): string | null => (actor.system ? null : actor.person);

/** The register on its tables: reads lines, and writes what a rule made of them. Decides nothing. */
@Injectable()
export class Register {
  /**
   * One writer per administration at a time, so that what was read is what is changed. Lock the processes of the units
   * first (`engine.lockScopes`): the order is the same everywhere.
   */
  async lock(tx: Tx): Promise<void> {
    await tx.call(lock);
  }

  /** Lines of these units that are not over on the day. */
  ofUnits(db: Db, unitIds: readonly string[], { on, asOf }: OnDay): Promise<RecordedLine[]> {
    return asOf ? db.call(asRecorded, [unitIds, on, asOf]) : db.call(ofUnits, [unitIds, on]);
  }

  /** What is in force in these units on a day, for one catalogue. */
  async activeIn(
    db: Db,
    unitIds: readonly string[],
    catalogue: string,
    { on, asOf }: OnDay,
  ): Promise<ActiveAssignment[]> {
    const rows = await (asOf
      ? db.call<ActiveRow>(activeThen, [unitIds, catalogue, on, asOf])
      : db.call<ActiveRow>(activeNow, [unitIds, catalogue, on]));
    const lists = new Map<string, readonly string[]>();
    const listOf = (text: string) => {
      let list = lists.get(text);
      if (!list) lists.set(text, (list = text.split('\u001f')));
      return list;
    };
    return rows.map((row) => ({ ...row, subjects: listOf(row.subjects) }));
  }

  ofPosts(db: Db, postIds: readonly string[], on: string): Promise<RecordedLine[]> {
    return db.call(ofPosts, [postIds, on]);
  }

  ofAssignments(db: Db, assignmentIds: readonly string[], on: string): Promise<RecordedLine[]> {
    return db.call(ofAssignments, [assignmentIds, on]);
  }

  ofRule(db: Db, ruleId: string, on: string): Promise<RecordedLine[]> {
    return db.call(ofRule, [ruleId, on]);
  }

  /** All that was ever recorded under one assignment, oldest first. */
  historyOf(
    db: Db,
    assignmentId: string,
  ): Promise<(RecordedLine & { retractedAt: Date | null; recordedBy: string | null })[]> {
    return db.call(historyOf, [assignmentId]);
  }

  /** Makes `after` stand where `before` stood. Returns the lines that were written. */
  async replace(tx: Tx, before: readonly Line[], after: readonly Draft[]): Promise<Line[]> {
    const change = changeBetween(before, after);
    if (change.retract.length > 0) await tx.call(retract, [change.retract]);
    if (change.write.length === 0) return [];
    const slots = await this.#slots(tx, change.write);
    const lines = change.write.map((line) => ({
      ...line,
      id: newId(),
      assignmentId: line.assignmentId ?? newId(),
      slots: line.subjects.map((code) => slots.get(`${line.catalogue} ${code}`)),
    }));
    await tx.call(insert, [JSON.stringify(lines), personOf(tx)]);
    return lines;
  }

  /** The number of every code, given once and kept. */
  async #slots(tx: Tx, lines: readonly Draft[]): Promise<Map<string, number>> {
    const codes = new Map(
      lines.flatMap(({ catalogue, subjects }) =>
        subjects.map((code) => [`${catalogue} ${code}`, { catalogue, code }]),
      ),
    );
    const lists = (of: { catalogue: string; code: string }[]) => [
      of.map((c) => c.catalogue),
      of.map((c) => c.code),
    ];
    const read = async () => {
      const rows = await tx.call<{ no: number; catalogue: string; code: string }>(
        numbers,
        lists([...codes.values()]),
      );
      return new Map(rows.map(({ no, catalogue, code }) => [`${catalogue} ${code}`, no]));
    };
    const known = await read();
    const missing = [...codes].filter(([key]) => !known.has(key)).map(([, code]) => code);
    if (missing.length === 0) return known;
    await tx.call(number, lists(missing));
    return read();
  }
}

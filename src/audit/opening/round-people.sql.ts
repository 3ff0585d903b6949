import type { Tx } from '../../platform/index.ts';

/** A function of a round held by a person or, whoever holds it, by a post. */
export interface NamedHolder {
  readonly fn: string;
  readonly personId: string | null;
  readonly postId: string | null;
}

const name = `
  insert into audit.round_person (id, round_id, fn, person_id, post_id, chair, valid_from)
  select gen_random_uuid(), $1, fn, "personId", "postId", chair, $3::date
  from jsonb_to_recordset($2::jsonb) as given (fn text, "personId" uuid, "postId" uuid, chair boolean)`;
const release = `
  with ended as (update audit.round_person set retracted_at = platform.now() where id = any($1) returning *)
  insert into audit.round_person (id, round_id, fn, person_id, post_id, chair, valid_from, valid_until)
  select gen_random_uuid(), round_id, fn, person_id, post_id, chair, valid_from, $2::date
  from ended where valid_from < $2::date`;
const assign = `
  insert into audit.auditor_assignment (round_id, unit_id, fn, person_id, post_id, valid_from)
  select $1, "unitId", fn, "personId", "postId", $3::date
  from jsonb_to_recordset($2::jsonb) as given ("unitId" uuid, fn text, "personId" uuid, "postId" uuid)`;
const unassign = `
  with ended as (update audit.auditor_assignment set retracted_at = platform.now() where id = any($1) returning *)
  insert into audit.auditor_assignment (round_id, unit_id, fn, person_id, post_id, valid_from, valid_until)
  select round_id, unit_id, fn, person_id, post_id, valid_from, $2::date from ended where valid_from < $2::date`;

/** Names people from today on. */
export const insertPeople = (
  tx: Tx,
  roundId: string,
  people: readonly (NamedHolder & { chair: boolean })[],
) => tx.call(name, [roundId, JSON.stringify(people), tx.today]);
/** Ends entries today: what began today never was, what began before gets its last day. */
export const endPeople = (tx: Tx, ids: readonly string[]) => tx.call(release, [ids, tx.today]);
/** Assigns auditors from today on. */
export const insertAuditors = (
  tx: Tx,
  roundId: string,
  rows: readonly (NamedHolder & { unitId: string })[],
) => tx.call(assign, [roundId, JSON.stringify(rows), tx.today]);
export const endAuditors = (tx: Tx, ids: readonly string[]) => tx.call(unassign, [ids, tx.today]);

/** The holder as a grant names it. */
export const who = ({ personId, postId }: NamedHolder) => (personId ? { personId } : { postId: postId! });

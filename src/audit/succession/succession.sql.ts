import type { Db, Tx } from '../../platform/index.ts';
import type { Succession } from './succession.rules.ts';

const columns = `s.id, s.unit_id as "unitId", s.reason, s.proposed_by as "proposedBy", s.proposed_at as "proposedAt",
  s.confirmed_by as "confirmedBy", s.confirmed_at as "confirmedAt", s.withdrawn_at as "withdrawnAt",
  array(select u.unit_id::text from audit.succession_unit u where u.succession_id = s.id order by u.no) as "successorIds"`;

const all = `select ${columns} from audit.succession s
  where $1::uuid[] is null or s.unit_id = any($1) order by s.proposed_at desc, s.id limit 500`;
/** The newest first; of these units, or of all. */
export const successionsOf = (db: Db, unitIds: readonly string[] | null): Promise<Succession[]> =>
  db.call<Succession>(all, [unitIds]);

const byId = `select ${columns} from audit.succession s where s.id = $1`;
export const successionById = async (db: Db, id: string): Promise<Succession | undefined> =>
  (await db.call<Succession>(byId, [id]))[0];

const locked = `select ${columns} from audit.succession s where s.id = $1 for update of s`;
export const lockSuccession = async (tx: Tx, id: string): Promise<Succession | undefined> =>
  (await tx.call<Succession>(locked, [id]))[0];

const open = `select id from audit.succession where unit_id = $1 and confirmed_at is null and withdrawn_at is null`;
export const hasOpenSuccession = async (db: Db, unitId: string): Promise<boolean> =>
  (await db.call(open, [unitId])).length > 0;

const confirmedOf = `select ${columns} from audit.succession s
  where s.unit_id = any($1) and s.confirmed_at is not null order by s.confirmed_at desc`;
/** The settled ones of these units, the latest first. */
export const confirmedSuccessions = (db: Db, unitIds: readonly string[]): Promise<Succession[]> =>
  db.call<Succession>(confirmedOf, [unitIds]);

const propose = `insert into audit.succession (id, unit_id, reason, proposed_by) values ($1, $2, $3, $4)`;
const name = `insert into audit.succession_unit (succession_id, no, unit_id)
  select $1, no, unit_id from unnest($2::uuid[]) with ordinality as given (unit_id, no)`;
export const insertSuccession = async (
  tx: Tx,
  { id, unitId, reason, successorIds }: Pick<Succession, 'id' | 'unitId' | 'reason' | 'successorIds'>,
): Promise<void> => {
  await tx.call(propose, [id, unitId, reason, tx.actor.person]);
  await tx.call(name, [id, successorIds]);
};

const confirm = `update audit.succession set confirmed_by = $2, confirmed_at = platform.now() where id = $1`;
export const confirmSuccession = (tx: Tx, id: string) => tx.call(confirm, [id, tx.actor.person]);

const withdraw = `update audit.succession set withdrawn_by = $2, withdrawn_at = platform.now() where id = $1`;
export const withdrawSuccession = (tx: Tx, id: string) => tx.call(withdraw, [id, tx.actor.person]);

const supersede = `insert into audit.supersession (process_id, no, successor_id, succession_id)
  select $1, no, successor_id, $3 from unnest($2::uuid[]) with ordinality as given (successor_id, no)`;
export const insertSupersession = (
  tx: Tx,
  processId: string,
  successorIds: readonly string[],
  successionId: string,
) => tx.call(supersede, [processId, successorIds, successionId]);

const heirs = `select process_id as "processId", successor_id as "successorId" from audit.supersession
  where process_id = any($1) order by process_id, no`;
/** The processes to which these were handed over, the first successor first. */
export const heirsOf = (db: Db, processIds: readonly string[]) =>
  db.call<{ processId: string; successorId: string }>(heirs, [processIds]);

const handedTo = `select p.id, p.unit_id as "unitId", p.round_id as "roundId", p.edition_id as "editionId"
  from audit.supersession s join audit.opening_process p on p.id = s.process_id
  where s.successor_id = $1 order by s.recorded_at, p.id`;
/** The processes that were handed over to this one, the earliest first. */
export const handedOverTo = (db: Db, processId: string) =>
  db.call<{ id: string; unitId: string; roundId: string; editionId: string }>(handedTo, [processId]);

const strangers = `select r.id, p.unit_id as "unitId"
  from jsonb_to_recordset($1::jsonb) as asked ("carriedFrom" uuid, "ratedIn" uuid)
  join audit.rating r on r.id = asked."carriedFrom"
  join audit.opening_process p on p.id = r.process_id
  join audit.opening_process own on own.id = asked."ratedIn"
  where p.unit_id <> own.unit_id`;
/** Of ratings that were carried over, those that came from another unit: that unit, by the first rating's id. */
export const unitsInheritedFrom = async (
  db: Db,
  asked: readonly { readonly carriedFrom: string; readonly ratedIn: string }[],
): Promise<Map<string, string>> =>
  new Map(
    (await db.call<{ id: string; unitId: string }>(strangers, [JSON.stringify(asked)])).map(
      ({ id, unitId }) => [id, unitId],
    ),
  );

import type { Db, Text, Tx } from '../../platform/index.ts';
import type { ScopeKind, SmallTeams } from './scope.rules.ts';

/** A round as its row tells it; units and people are read when asked for. */
export interface RoundRow {
  readonly id: string;
  readonly name: Text;
  readonly phase: 'DRAFT' | 'RUNNING' | 'ENDED';
  readonly editionId: string;
  readonly definitionId: string;
  readonly opensOn: string;
  readonly closesOn: string;
  readonly mandate: {
    readonly title: string;
    readonly reference: string;
    readonly decidedOn: string;
    readonly body: string;
  };
  /** The council's focus area it carries out; null when it carries out none. */
  readonly focusArea: string | null;
  readonly boardQuorum: number | null;
  /** As decided at the start; units that join are treated the same. */
  readonly smallTeams: SmallTeams;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly version: number;
}

const columns = `id, jsonb_build_object('de', name_de, 'en', name_en) as name, phase, edition_id as "editionId",
  definition_id as "definitionId", opens_on as "opensOn", closes_on as "closesOn",
  jsonb_build_object('title', mandate_title, 'reference', mandate_reference,
    'decidedOn', mandate_decided_on, 'body', mandate_body) as mandate,
  focus_area as "focusArea", board_quorum as "boardQuorum", small_teams as "smallTeams",
  started_at as "startedAt", ended_at as "endedAt", version`;
const all = `select ${columns} from audit.round order by opened_at desc, id desc`;
const byIds = `select ${columns} from audit.round where id = any($1)`;
const forUpdate = `select ${columns} from audit.round where id = $1 for update`;

export const allRounds = (db: Db): Promise<RoundRow[]> => db.call<RoundRow>(all);
export const roundsById = (db: Db, ids: readonly string[]): Promise<RoundRow[]> =>
  db.call<RoundRow>(byIds, [ids]);
/** The round, held until the command ends. */
export const lockRound = async (tx: Tx, id: string): Promise<RoundRow | undefined> =>
  (await tx.call<RoundRow>(forUpdate, [id]))[0];

const insert = `
  insert into audit.round (id, name_de, name_en, edition_id, definition_id, opens_on, closes_on,
    mandate_title, mandate_reference, mandate_decided_on, mandate_body, opened_by, focus_area)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`;
interface NewRound extends Pick<
  RoundRow,
  'name' | 'editionId' | 'definitionId' | 'opensOn' | 'closesOn' | 'mandate'
> {
  readonly focusArea?: string | null;
}
export const insertRound = (tx: Tx, id: string, { name, mandate, ...round }: NewRound) =>
  tx.call(insert, [
    id,
    name.de,
    name.en,
    round.editionId,
    round.definitionId,
    round.opensOn,
    round.closesOn,
    mandate.title,
    mandate.reference,
    mandate.decidedOn,
    mandate.body,
    tx.actor.person,
    round.focusArea ?? null,
  ]);

const start = `update audit.round set phase = 'RUNNING', small_teams = $2, started_at = platform.now(), version = version + 1 where id = $1`;
export const startRound = (tx: Tx, id: string, smallTeams: SmallTeams) => tx.call(start, [id, smallTeams]);
const end = `update audit.round set phase = 'ENDED', ended_at = platform.now(), version = version + 1 where id = $1`;
export const endRound = (tx: Tx, id: string) => tx.call(end, [id]);

const touch = `update audit.round set version = version + 1, board_quorum = coalesce($2, board_quorum) where id = $1`;
/** Counts a change of the round. */
export const touchRound = (tx: Tx, id: string, boardQuorum: number | null = null) =>
  tx.call(touch, [id, boardQuorum]);

const startsLock = `select pg_advisory_xact_lock(hashtextextended('audit.start ' || platform.tenant(), 0))`;
/** Rounds start one after the other, so that no unit gets two processes at once from two of them. */
export const lockStarts = (tx: Tx) => tx.call(startsLock);

interface ScopeRow {
  readonly unitId: string;
  readonly kind: ScopeKind;
  readonly reason: string | null;
}
const scope = `select unit_id as "unitId", kind, reason from audit.round_scope
  where round_id = $1 and retracted_at is null order by recorded_at, unit_id`;
const replaceScope = `
  with given as (select * from jsonb_to_recordset($2::jsonb) as g ("unitId" uuid, kind text)),
  before as (
    update audit.round_scope set retracted_at = platform.now()
    where round_id = $1 and retracted_at is null and unit_id in (select "unitId" from given) returning unit_id
  )
  insert into audit.round_scope (round_id, unit_id, kind, reason)
  select $1, "unitId", kind, $3 from given left join before on unit_id = "unitId"`;
/** Says anew how units take part; what was said of them before is retracted. */
export const addScope = (
  tx: Tx,
  roundId: string,
  entries: readonly { unitId: string; kind: ScopeKind }[],
  reason: string | null,
) => tx.call(replaceScope, [roundId, JSON.stringify(entries), reason]);
export const scopeOf = (db: Db, roundId: string): Promise<ScopeRow[]> => db.call<ScopeRow>(scope, [roundId]);

export interface RoundPersonRow {
  readonly id: string;
  readonly fn: string;
  readonly personId: string | null;
  readonly postId: string | null;
  readonly chair: boolean;
  readonly since: string;
}
const onDay = `retracted_at is null and valid_from <= $2::date and (valid_until is null or valid_until > $2::date)`;
const people = `select id, fn, person_id as "personId", post_id as "postId", chair, valid_from as since
  from audit.round_person where round_id = $1 and ${onDay} order by fn, id`;
/** Who holds which function of the round on a day. */
export const peopleOf = (db: Db, roundId: string, day: string): Promise<RoundPersonRow[]> =>
  db.call<RoundPersonRow>(people, [roundId, day]);

export interface AuditorRow {
  readonly id: string;
  readonly unitId: string;
  readonly fn: 'AUD' | 'AUD2';
  readonly personId: string | null;
  readonly postId: string | null;
  readonly since: string;
}
const auditors = `select id, unit_id as "unitId", fn, person_id as "personId", post_id as "postId", valid_from as since
  from audit.auditor_assignment where round_id = $1 and ${onDay} order by unit_id, fn`;
/** Who looks at which unit on a day. */
export const auditorsOf = (db: Db, roundId: string, day: string): Promise<AuditorRow[]> =>
  db.call<AuditorRow>(auditors, [roundId, day]);

interface RatedWithinRow {
  readonly unitId: string;
  readonly withinUnitId: string;
}
const within = `select unit_id as "unitId", within_unit_id as "withinUnitId" from audit.rated_within
  where round_id = $1 and retracted_at is null order by unit_id`;
export const ratedWithinOf = (db: Db, roundId: string): Promise<RatedWithinRow[]> =>
  db.call<RatedWithinRow>(within, [roundId]);
const addWithin = `
  with given as (select * from jsonb_to_recordset($2::jsonb) as g ("unitId" uuid, "withinUnitId" uuid)),
  before as (
    update audit.rated_within set retracted_at = platform.now()
    where round_id = $1 and retracted_at is null and unit_id in (select "unitId" from given) returning unit_id
  )
  insert into audit.rated_within (round_id, unit_id, within_unit_id)
  select $1, "unitId", "withinUnitId" from given left join before on unit_id = "unitId"`;
export const addRatedWithin = (tx: Tx, roundId: string, rows: readonly RatedWithinRow[]) =>
  tx.call(addWithin, [roundId, JSON.stringify(rows)]);

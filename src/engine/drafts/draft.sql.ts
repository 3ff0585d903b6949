import type { Db, Tx } from '../../platform/index.ts';
import type { Definition } from '../definition/definition.rules.ts';
import type { DraftRow, DraftStatus } from './draft.rules.ts';

const columns = `id, key, version, source, status, revision, authors, sha256,
  returned_because as "returnedBecause", definition_id as "definitionId", changed_at as "changedAt"`;
const one = `select ${columns} from engine.definition_draft where id = $1`;
const locked = `${one} for update`;
const all = `select ${columns} from engine.definition_draft where status in ('DRAFT', 'IN_REVIEW')
  order by changed_at desc, id`;
const published = `select ${columns} from engine.definition_draft where definition_id = $1`;
const insert = `insert into engine.definition_draft (id, key, version, source, status, authors)
  values ($1, $2, $3, $4, 'DRAFT', array[$5::uuid])`;
const rewrite = `update engine.definition_draft
  set key = $2, version = $3, source = $4, revision = revision + 1, changed_at = platform.now(),
      authors = case when $5 = any(authors) then authors else authors || $5::uuid end
  where id = $1`;
const move = `update engine.definition_draft
  set status = $2, sha256 = $3, definition_id = $4, returned_because = $5, revision = revision + 1,
      changed_at = platform.now()
  where id = $1`;
const newest = `select max(version) as version from (
    select version from engine.process_definition where key = $1
    union all select version from engine.definition_draft where key = $1 and status in ('DRAFT', 'IN_REVIEW')
  ) known`;
const body = `select id, body from engine.process_definition where key = $1 and version = $2`;
const retire = `insert into engine.definition_retirement (definition_id, reason, retired_by) values ($1, $2, $3)`;

export const readDraft = async (db: Db, id: string) => (await db.call<DraftRow>(one, [id]))[0];
export const lockDraft = async (tx: Tx, id: string) => (await tx.call<DraftRow>(locked, [id]))[0];
export const readDrafts = (db: Db) => db.call<DraftRow>(all);
export const readDraftOf = async (db: Db, definitionId: string) =>
  (await db.call<DraftRow>(published, [definitionId]))[0];

export const insertDraft = (tx: Tx, draft: Pick<DraftRow, 'id' | 'key' | 'version' | 'source'>) =>
  tx.call(insert, [draft.id, draft.key, draft.version, draft.source, tx.actor.person]);
export const rewriteDraft = (tx: Tx, draft: Pick<DraftRow, 'id' | 'key' | 'version' | 'source'>) =>
  tx.call(rewrite, [draft.id, draft.key, draft.version, draft.source, tx.actor.person]);
export const moveDraft = (
  tx: Tx,
  id: string,
  status: DraftStatus,
  {
    sha256,
    definitionId,
    returnedBecause,
  }: Partial<Pick<DraftRow, 'sha256' | 'definitionId' | 'returnedBecause'>>,
) => tx.call(move, [id, status, sha256 ?? null, definitionId ?? null, returnedBecause ?? null]);

/** The version after the newest one that is published or being drafted. */
export async function nextVersion(db: Db, key: string): Promise<number> {
  const [known] = await db.call<{ version: number | null }>(newest, [key]);
  return (known?.version ?? 0) + 1;
}

export async function readBody(
  db: Db,
  key: string,
  version: number,
): Promise<{ id: string; body: Definition } | undefined> {
  const [row] = await db.call<{ id: string; body: Definition }>(body, [key, version]);
  return row;
}

export const insertRetirement = (tx: Tx, definitionId: string, reason: string) =>
  tx.call(retire, [definitionId, reason, tx.actor.account]);

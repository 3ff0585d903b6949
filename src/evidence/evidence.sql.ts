const columns = `id, unit_id as "unitId", kind, evidence_type as "evidenceType", url, reference, note,
  proof_on as "proofOn", attached_by as "attachedBy", recorded_at as "attachedAt", withdrawn_at as "withdrawnAt",
  withdrawal_reason as "withdrawalReason"`;
export const byIds = `select ${columns} from evidence.evidence where id = any($1::uuid[])`;
export const ofUnit = `select ${columns} from evidence.evidence
  where unit_id = $1 and withdrawn_at is null and ($2::uuid is null or id < $2) order by id desc limit $3`;
export const attach = `insert into evidence.evidence (id, unit_id, kind, evidence_type, url, reference, note, proof_on, attached_by)
  select id, $2, kind, "evidenceType", url, reference, note, "proofOn", $3
  from jsonb_to_recordset($1::jsonb) as item (id uuid, kind text, "evidenceType" text, url text, reference text,
    note text, "proofOn" date)`;
export const lock = `select unit_id as "unitId", withdrawn_at as "withdrawnAt" from evidence.evidence where id = $1 for update`;
export const withdraw = `update evidence.evidence set withdrawn_at = platform.now(), withdrawn_by = $2, withdrawal_reason = $3
  where id = $1`;
export const erase = `update evidence.evidence set withdrawn_at = platform.now(), withdrawn_by = $2, withdrawal_reason = $3,
  url = null, reference = null, note = null where id = $1`;

const columns = `id, unit_id as "unitId", kind, evidence_type as "evidenceType", url, reference, note,
  proof_on as "proofOn", attached_by as "attachedBy", recorded_at as "attachedAt", withdrawn_at as "withdrawnAt",
  withdrawal_reason as "withdrawalReason"`;
export const byIds = `select ${columns} from evidence.evidence where id = any($1::uuid[])`;
export const ofUnit = `select ${columns} from evidence.evidence
  where unit_id = $1 and withdrawn_at is null and ($2::uuid is null or id < $2) order by id desc limit $3`;

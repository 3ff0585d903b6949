export const insert = `insert into engine.migration_plan (id, from_id, to_id, body, sha256, configurations, proposed_by)
  values ($1, $2, $3, $4::jsonb, $5, $6, $7)`;
const columns = `id, from_id as "from", to_id as "to", body, sha256, configurations, proposed_by as "proposedBy",
  proposed_at as "proposedAt"`;
export const byId = `select ${columns} from engine.migration_plan where id = $1`;
export const every = `select ${columns} from engine.migration_plan order by id`;
export const newest = `select ${columns} from engine.migration_plan order by proposed_at desc, id desc limit 100`;

export const bodyOf = `select body, sha256 from engine.process_definition where id = $1`;
export const newestOf = `select id from engine.process_definition where key = $1 order by version desc limit 1`;
export const existing = `select sha256 from engine.process_definition where key = $1 and version = $2`;
export const listed = `select d.id, d.key, d.version, d.body, d.sha256, d.published_at as "publishedAt",
    r.retired_at as "retiredAt"
  from engine.process_definition d
  left join engine.definition_retirement r on r.definition_id = d.id
  order by d.key, d.version`;
export const insert = `insert into engine.process_definition (id, key, version, body, sha256, task_tags, published_by)
  values ($1, $2, $3, $4::jsonb, $5, $6::jsonb, $7)`;

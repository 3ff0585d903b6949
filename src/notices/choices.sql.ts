const columns = `person_id as "personId", language, rhythm, kinds`;
export const read = `select ${columns} from notices.choice where person_id = any($1::uuid[])`;
export const choose = `insert into notices.choice (person_id, language, rhythm, kinds) values ($1, $2, $3, $4::jsonb)
  on conflict (tenant_id, person_id) do update
    set language = excluded.language, rhythm = excluded.rhythm, kinds = excluded.kinds, chosen_at = platform.now()`;
export const lock = `select ${columns} from notices.choice where person_id = $1 for update`;

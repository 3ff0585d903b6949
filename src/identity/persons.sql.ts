export const upsert = `insert into identity.person (id, person_key, display_name, mail)
  select id, person_key, display_name, mail
  from jsonb_to_recordset($1::jsonb) as given (id uuid, person_key text, display_name text, mail text)
  on conflict (tenant_id, person_key) do update
    set display_name = excluded.display_name, mail = coalesce(excluded.mail, person.mail), version = person.version + 1
    where (person.display_name, person.mail)
      is distinct from (excluded.display_name, coalesce(excluded.mail, person.mail))`;
export const idsByKey = `select person_key, id from identity.person where person_key = any($1)`;
export const recordsById = `select id, person_key, display_name, mail from identity.person where id = any($1)`;
export const namesById = `select id, display_name from identity.person where id = any($1)`;

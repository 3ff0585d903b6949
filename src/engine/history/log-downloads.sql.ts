export const insert = `insert into engine.log_download (id, account_id, person_id, format, series_id, process_id, at)
  values ($1, $2, $3, $4, $5, $6, $7)`;
export const end = 'update engine.log_download set processes = $2, entries = $3, whole = $4 where id = $1';
// Ids are UUIDv7: they follow each other as they were given. What is no id in a cursor is merely compared.
export const list = `select id, person_id as "personId", at, format, series_id as "seriesId", process_id as "processId", processes,
    entries, whole as "isWhole"
  from engine.log_download where $1::text is null or id::text collate "C" < $1 order by id desc limit $2`;

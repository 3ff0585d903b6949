export const page = 200;
export const nextIds = `select id from engine.process
  where id > $1 and ($2::uuid is null or id = $2) and ($3::uuid is null or series_id = $3) order by id limit ${page}`;

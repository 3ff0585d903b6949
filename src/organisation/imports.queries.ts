export const addImport = `
  insert into organisation.import (id, format, file_name, bytes, size, digest, account_id)
  values ($1, $2, $3, $4, $5, $6, $7)`;
export const importBytes = `select format, file_name as "fileName", bytes from organisation.import where id = $1`;
export const importsById = `
  select id, format, file_name as "fileName", bytes, size, digest from organisation.import where id = any($1)`;

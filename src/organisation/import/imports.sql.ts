export const addImport = `
  insert into organisation.import (id, format, file_name, bytes, size, digest, account_id)
  values ($1, $2, $3, $4, $5, $6, $7)`;
export const forgetImports = `delete from organisation.import where recorded_at < platform.now() - interval '30 days'`;
export const importById = `
  select id, format, file_name as "fileName", size, digest from organisation.import where id = $1`;

/** The wire carries bytes as twice as much text; a slice at a time keeps a large file from being held three times. */
export const sliceBytes = 1024 * 1024;
export const importSlice = `
  select substring(bytes from $2 for ${sliceBytes}) as slice from organisation.import where id = $1`;

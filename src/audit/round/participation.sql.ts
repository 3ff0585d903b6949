export const ofProcesses = `
  select id, process_id as "processId", body, matter, co_determined as "coDetermined", person_id as "personId",
    recorded_at as "recordedAt"
  from audit.participation where process_id = any($1) order by process_id, participation_no desc`;
export const entries = `
  select participation_id as "participationId", kind, said, person_id as "personId", recorded_at as "recordedAt"
  from audit.participation_entry where participation_id = any($1) order by participation_id, entry_no`;
export const add = `
  insert into audit.participation (id, process_id, participation_no, body, matter, co_determined, person_id)
  select $1, $2, 1 + coalesce(max(participation_no), 0), $3, $4, $5, $6 from audit.participation where process_id = $2`;
export const addEntry = `
  insert into audit.participation_entry (participation_id, entry_no, kind, said, person_id)
  select $1, 1 + coalesce(max(entry_no), 0), $2, $3, $4 from audit.participation_entry where participation_id = $1`;

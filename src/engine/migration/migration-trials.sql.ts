export const histories = `
  select process_id as "processId", seq, step, person_id as "personId", on_behalf_of as "onBehalfOf", facts
    from engine.log_entry where process_id = any($1) order by process_id, seq`;

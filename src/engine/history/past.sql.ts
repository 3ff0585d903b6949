export const entries = `
  select process_id as "processId", seq, step, at, definition_id as "definitionId", from_states as "from",
         to_states as "to", stage, tags, clocks, effects
    from engine.log_entry where process_id = any($1) and at < $2 order by process_id, seq`;
export const tasks = `select id, process_id as "processId", name, function, due_on as "dueOn", opened_at as "openedAt"
  from engine.task where process_id = any($1) and opened_at < $2 and (closed_at is null or closed_at >= $2)
  order by due_on nulls last, name`;

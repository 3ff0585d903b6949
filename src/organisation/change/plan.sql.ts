// The SQL of the plan. Each statement is a constant, so that PostgreSQL keeps its plan; each takes many rows at once.

export const lockPlan = `select id, plan_version from organisation.administration for update`;
export const bumpPlan = `update organisation.administration
  set plan_version = plan_version + 1, plan_stamp = pg_current_xact_id()::text || '-' || plan_version + 1`;
export const planVersion = `select plan_version from organisation.administration`;
export const planStamp = `
  select plan_stamp, minimum_shown_size as "minimumShown" from organisation.administration`;
export const kinds = `select code, label_de, label_en from organisation.unit_kind order by position, code`;

export const defineKind = `
  insert into organisation.unit_kind (code, label_de, label_en, position)
  values ($1, $2, $3, (select coalesce(max(position), 0) + 1 from organisation.unit_kind))
  on conflict (tenant_id, code) do update
    set label_de = excluded.label_de, label_en = excluded.label_en, version = unit_kind.version + 1`;

// Read without joins and put together in memory: right after a large import the planner knows no sizes yet, and joined
// 5,000 units took 2.5 s instead of 0.1 s.
export const units = `select id, code from organisation.unit`;
export const posts = `select id, post_no as code from organisation.post`;
export const standingUnits = `
  select id, unit_id as thing_id, name, parent_id, level, kind, tags, headcount, valid_from, valid_until
  from organisation.unit_version where retracted_at is null order by valid_from`;
export const standingPosts = `
  select id, post_id as thing_id, unit_id, function, is_management, fte, status, valid_from, valid_until
  from organisation.post_version where retracted_at is null order by valid_from`;
export const standingHolders = `
  select id, post_id, person_id, capacity, valid_from, valid_until
  from organisation.holder where retracted_at is null order by valid_from`;
export const standingTasks = `
  select id, ref, unit_id, task, post_id, deputy_post_id, edition, valid_from, valid_until
  from organisation.task_entry where retracted_at is null order by valid_from`;

const rows = (columns: string) => `from jsonb_to_recordset($1::jsonb) as row (${columns})`;

export const addUnits = `insert into organisation.unit (id, code) select id, code ${rows('id uuid, code text')}`;
export const addPosts = `insert into organisation.post (id, post_no) select id, code ${rows('id uuid, code text')}`;
export const addUnitVersions = `
  insert into organisation.unit_version
    (id, unit_id, name, parent_id, level, kind, tags, headcount, valid_from, valid_until)
  select id, unit_id, name, parent_id, level, kind, tags, headcount, valid_from, valid_until
  ${rows(`id uuid, unit_id uuid, name text, parent_id uuid, level text, kind text, tags text[], headcount integer,
    valid_from date, valid_until date`)}`;
export const addPostVersions = `
  insert into organisation.post_version
    (id, post_id, unit_id, function, is_management, fte, status, valid_from, valid_until)
  select id, post_id, unit_id, function, is_management, fte, status, valid_from, valid_until
  ${rows(`id uuid, post_id uuid, unit_id uuid, function text, is_management boolean, fte numeric, status text,
    valid_from date, valid_until date`)}`;
export const addHolders = `
  insert into organisation.holder (id, post_id, person_id, capacity, valid_from, valid_until)
  select id, post_id, person_id, capacity, valid_from, valid_until
  ${rows('id uuid, post_id uuid, person_id uuid, capacity text, valid_from date, valid_until date')}`;
export const addTasks = `
  insert into organisation.task_entry
    (id, ref, unit_id, task, post_id, deputy_post_id, edition, valid_from, valid_until)
  select id, ref, unit_id, task, post_id, deputy_post_id, edition, valid_from, valid_until
  ${rows(`id uuid, ref text, unit_id uuid, task text, post_id uuid, deputy_post_id uuid, edition text,
    valid_from date, valid_until date`)}`;
export const addSuccessions = `
  insert into organisation.unit_succession (unit_id, predecessor_id)
  select unit.id, predecessor.id ${rows('code text, predecessor_code text')}
  join organisation.unit on unit.code = row.code
  join organisation.unit predecessor on predecessor.code = row.predecessor_code
  on conflict do nothing`;

const retract = (table: string) =>
  `update organisation.${table} set retracted_at = platform.now() where id = any($1)`;
export const retractUnitVersions = retract('unit_version');
export const retractPostVersions = retract('post_version');
export const retractHolders = retract('holder');
export const retractTasks = retract('task_entry');

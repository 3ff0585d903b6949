// The SQL of the plan. Each statement is a constant, so that PostgreSQL keeps its plan; each takes many rows at once.

export const lockPlan = `select id, plan_version from organisation.administration for update`;
export const bumpPlan = `update organisation.administration
  set plan_version = plan_version + 1, plan_stamp = pg_current_xact_id()::text || '-' || plan_version + 1
  returning plan_version`;
export const planVersion = `select plan_version from organisation.administration`;
export const planStamp = `select plan_stamp from organisation.administration`;
export const kinds = `select code, label_de, label_en from organisation.unit_kind order by position, code`;

export const standingUnits = `
  select unit.id as thing_id, unit.code, version.id, version.name, parent.code as parent_code, version.level, version.kind,
    version.tags, version.headcount, version.valid_from, version.valid_until
  from organisation.unit
  left join organisation.unit_version version on version.unit_id = unit.id and version.retracted_at is null
  left join organisation.unit parent on parent.id = version.parent_id
  order by unit.code, version.valid_from`;
export const standingPosts = `
  select post.id as thing_id, post.post_no as code, version.id, unit.code as unit_code, version.function,
    version.is_management, version.fte, version.status, version.valid_from, version.valid_until
  from organisation.post
  left join organisation.post_version version on version.post_id = post.id and version.retracted_at is null
  left join organisation.unit on unit.id = version.unit_id
  order by post.post_no, version.valid_from`;
export const standingHolders = `
  select holder.id, post.post_no, holder.person_id, holder.capacity, holder.valid_from, holder.valid_until
  from organisation.holder join organisation.post on post.id = holder.post_id
  where holder.retracted_at is null
  order by post.post_no, holder.valid_from`;
export const standingTasks = `
  select entry.id, entry.ref, unit.code as unit_code, entry.task, post.post_no, deputy.post_no as deputy_post_no,
    entry.edition, entry.valid_from, entry.valid_until
  from organisation.task_entry entry
  join organisation.unit on unit.id = entry.unit_id
  left join organisation.post on post.id = entry.post_id
  left join organisation.post deputy on deputy.id = entry.deputy_post_id
  where entry.retracted_at is null
  order by entry.ref, entry.valid_from`;

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

-- What is published never changes (trigger): running processes are pinned to it.
create table engine.process_definition (
  tenant_id uuid not null,
  id uuid not null,
  key text not null check (key ~ '^[a-z][a-z0-9-]{0,59}$'),
  version int not null check (version between 1 and 10000),
  body jsonb not null check (pg_column_size(body) <= 524288),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  task_tags jsonb not null,                -- of each task by its name: the tags of the state that asks for it
  published_by uuid not null,
  published_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  unique (tenant_id, key, version)
);

-- Own processes on their way to publication.
create table engine.definition_draft (
  tenant_id uuid not null,
  id uuid not null,
  key text not null check (key ~ '^[a-z][a-z0-9-]{0,59}$'),
  version int not null check (version between 1 and 10000),
  source text not null check (octet_length(source) <= 262144),  -- oa.process/1 or oa.variant/1, faults included
  status text not null check (status in ('DRAFT', 'IN_REVIEW', 'PUBLISHED', 'DISCARDED')),
  revision int not null default 1,
  authors uuid[] not null,                 -- the natural persons who wrote it: none of them may publish it
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),  -- of the definition that is reviewed, then published
  returned_because text check (char_length(returned_because) <= 4000),
  definition_id uuid,
  changed_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, definition_id) references engine.process_definition (tenant_id, id),
  check ((status in ('IN_REVIEW', 'PUBLISHED')) = (sha256 is not null)),
  check ((status = 'PUBLISHED') = (definition_id is not null))
);
create index on engine.definition_draft (tenant_id, definition_id);

-- What was reviewed is what is published: from submission on the source and its hash stand.
create function engine.reviewed_stands() returns trigger language plpgsql as $$
begin
  raise exception 'a definition in review does not change' using errcode = '23514';
end $$;
create trigger reviewed_stands before update on engine.definition_draft for each row
  when (old.sha256 is not null and new.sha256 is not null
    and (old.sha256, old.source, old.key, old.version, old.authors)
      is distinct from (new.sha256, new.source, new.key, new.version, new.authors))
  execute function engine.reviewed_stands();
create trigger published_stands before update on engine.definition_draft for each row
  when (old.status in ('PUBLISHED', 'DISCARDED')) execute function engine.reviewed_stands();

-- Running processes stay with their definition; no new one starts with it.
create table engine.definition_retirement (
  tenant_id uuid not null,
  definition_id uuid not null,
  reason text not null check (char_length(reason) between 1 and 4000),
  retired_by uuid not null,
  retired_at timestamptz not null default platform.now(),
  primary key (tenant_id, definition_id),
  foreign key (tenant_id, definition_id) references engine.process_definition (tenant_id, id)
);

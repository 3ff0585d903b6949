-- A cycle that ended when the next one began, as the process stood then.
create table audit.cycle (
  tenant_id uuid not null,
  process_id uuid not null,
  cycle_no int not null check (cycle_no >= 1),
  edition_id uuid not null,
  ended_at timestamptz not null default platform.now(),
  primary key (tenant_id, process_id, cycle_no),
  foreign key (tenant_id, edition_id) references catalogue.edition (tenant_id, id),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id)
);
create index on audit.cycle (tenant_id, edition_id);

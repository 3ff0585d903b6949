-- Which posts (or persons who hold a function without one) were reminded by hand, by which entry; one a day each.
create table engine.hand_reminder (
  tenant_id uuid not null,
  day date not null,                       -- in the administration's zone
  holder_id uuid not null,
  process_id uuid not null,
  seq int not null,
  primary key (tenant_id, day, holder_id)
);
create index on engine.hand_reminder (process_id, seq, tenant_id);

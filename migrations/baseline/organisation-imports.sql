-- Uploaded files as they came: what a dry run read is what the import applies. They hold names and addresses, so
-- they are forgotten after thirty days (Art. 5 (1) e DSGVO); what was applied stands in the plan.
create table organisation.import (
  tenant_id uuid not null,
  id uuid not null,
  format text not null check (char_length(format) <= 40),
  file_name text not null check (char_length(file_name) between 1 and 200),
  bytes bytea not null,
  size integer not null,
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  account_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id)
);

-- Read back slice by slice: kept uncompressed, so that a slice does not unpack the whole.
alter table organisation.import alter column bytes set storage external;

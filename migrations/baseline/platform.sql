create schema if not exists platform;
grant usage on schema platform to oa_server, oa_jobs;

-- At boot the server compares the schema's version with its own.
grant select on platform.migration to oa_server;

-- The asking administration. NULL when none is set: then nothing is visible and nothing can be written.
create function platform.tenant() returns uuid language sql stable
  return nullif(current_setting('app.tenant', true), '')::uuid;

-- The command's time: the database's clock, unless the platform's clock travels.
create function platform.now() returns timestamptz language sql stable
  return coalesce(nullif(current_setting('app.now', true), '')::timestamptz, transaction_timestamp());

create table platform.tenant (
  id uuid primary key,
  key text not null unique check (key ~ '^[a-z][a-z0-9-]{1,39}$'),
  name text not null check (char_length(name) between 1 and 200),
  zone text not null default 'Europe/Berlin',
  -- Code of the Land whose public holidays count (ISO 3166-2:DE without the prefix).
  federal_state text not null default 'NW' check (federal_state ~ '^[A-Z]{2}$'),
  founded_at timestamptz not null default transaction_timestamp()
);
alter table platform.tenant enable row level security;
alter table platform.tenant force row level security;

-- Founding happens as the owner; the server reads its own administration, and by key before sign-in.
create policy door on platform.tenant using (true) with check (true);
grant select on platform.tenant to oa_server;

-- What a column may hold, said by its type: a CHECK is read, parsed and planned anew by every statement that writes its
-- table, a domain's is kept by the session.
create domain platform.command_name as text check (char_length(value) <= 100);
create domain platform.digest as text check (char_length(value) = 64);

-- The receipt of a command. The transaction that wrote it tells the relay what is new (ADR 50).
create table platform.command (
  tenant_id uuid not null,
  command_id uuid not null,
  account_id uuid not null,
  name platform.command_name not null,
  payload_digest platform.digest not null,
  answer jsonb,
  at timestamptz not null default platform.now(),
  xact xid8 default pg_current_xact_id(),
  primary key (tenant_id, command_id)
);
create index on platform.command (xact);

-- A bi-temporal row is corrected by retracting it and writing another, never by changing it.
create function platform.retract_only() returns trigger language plpgsql as $$
begin
  if old.retracted_at is not null then
    raise exception 'row of % is already retracted', tg_table_name using errcode = '23514';
  end if;
  if to_jsonb(new) - 'retracted_at' <> to_jsonb(old) - 'retracted_at' then
    raise exception 'rows of % may only be retracted', tg_table_name using errcode = '23514';
  end if;
  return new;
end $$;

create function platform.append_only() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % stand as they were written', tg_table_name using errcode = '23514';
end $$;

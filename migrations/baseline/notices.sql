create table notices.choice (
  tenant_id uuid not null,
  person_id uuid not null,
  language text not null check (language in ('de', 'en')),
  rhythm text not null check (rhythm in ('AT_ONCE', 'DAILY', 'OFF')),
  kinds jsonb not null default '{}',     -- those with a rhythm of their own
  chosen_at timestamptz not null default platform.now(),
  primary key (tenant_id, person_id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);

create table notices.webhook (
  tenant_id uuid not null,
  id uuid not null,
  url text not null check (char_length(url) <= 2000),
  events text[] not null,                -- names of notices; empty: all
  secret text not null check (char_length(secret) between 32 and 200),
  registered_by uuid not null,
  registered_at timestamptz not null default platform.now(),
  ended_at timestamptz,
  primary key (tenant_id, id)
);

-- The id follows from the notice and its receiver: a repetition finds its row.
create table notices.effect (
  tenant_id uuid not null,
  id uuid not null,
  channel text not null check (channel in ('NOTICE', 'MAIL', 'WEBHOOK')),
  process_id uuid not null,
  seq int not null,
  no int not null,
  kind text not null check (char_length(kind) <= 60),
  functions text[] not null,
  person_id uuid,
  webhook_id uuid,
  state text not null check (state in ('WAITING', 'DELIVERED', 'PARKED', 'DROPPED')),
  due_at timestamptz not null default platform.now(),
  released int not null default 0,
  attempts int not null default 0,
  fault text check (char_length(fault) <= 60),
  message_id text check (char_length(message_id) <= 300),
  created_at timestamptz not null default platform.now(),
  settled_at timestamptz,
  settled_by uuid,
  reason text check (char_length(reason) <= 500),
  primary key (tenant_id, id),
  check ((channel = 'MAIL') = (person_id is not null)),
  check ((channel = 'WEBHOOK') = (webhook_id is not null)),
  foreign key (tenant_id, process_id) references engine.process (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  foreign key (tenant_id, webhook_id) references notices.webhook (tenant_id, id)
);
create index on notices.effect (process_id, tenant_id);
create index on notices.effect (person_id, tenant_id, due_at);
create index on notices.effect (webhook_id, tenant_id);
create index on notices.effect (settled_at, tenant_id) where state = 'PARKED';

-- What is long past is found by the day on which it was settled, and deleted.
create index effect_settled on notices.effect (coalesce(settled_at, due_at), tenant_id)
  where state in ('DELIVERED', 'DROPPED');

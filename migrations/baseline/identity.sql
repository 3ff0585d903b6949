create table identity.person (
  tenant_id uuid not null,
  id uuid not null,
  person_key text not null check (char_length(person_key) between 1 and 200),
  display_name text not null check (char_length(display_name) between 1 and 200),
  mail text check (char_length(mail) <= 320),
  version integer not null default 1,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  unique (tenant_id, person_key)
);

-- Who an issuer says somebody is. Made at the first sign-in of a person who is known by key.
create table identity.account (
  tenant_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  issuer text not null check (char_length(issuer) <= 500),
  subject text not null check (char_length(subject) between 1 and 500),
  first_seen_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  unique (tenant_id, issuer, subject),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
create index account_person on identity.account (person_id, tenant_id);

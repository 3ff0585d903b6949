create table audit.round (
  tenant_id uuid not null,
  id uuid not null,
  name_de text not null check (char_length(name_de) between 1 and 200),
  name_en text not null check (char_length(name_en) between 1 and 200),
  edition_id uuid not null,
  definition_id uuid not null,
  opens_on date not null,
  closes_on date not null check (closes_on > opens_on),
  -- The opening is a self-commitment of the administration: no round without the paper that orders it.
  mandate_title text not null check (char_length(mandate_title) between 1 and 300),
  mandate_reference text not null check (char_length(mandate_reference) between 1 and 100),
  mandate_decided_on date not null,
  mandate_body text not null check (char_length(mandate_body) between 1 and 200),
  board_quorum int check (board_quorum between 1 and 100),
  small_teams text not null default 'WITHIN_SUPERIOR' check (small_teams in ('WITHIN_SUPERIOR', 'ALONE')),
  phase text not null default 'DRAFT' check (phase in ('DRAFT', 'RUNNING', 'ENDED')),
  opened_by uuid not null,
  opened_at timestamptz not null default platform.now(),
  started_at timestamptz check (started_at is not null or phase = 'DRAFT'),
  ended_at timestamptz check ((ended_at is not null) = (phase = 'ENDED')),
  version int not null default 1,
  -- A focus area of the council that the round carries out: none of its processes is cancelled behind its back.
  focus_area text check (char_length(focus_area) between 1 and 300),
  primary key (tenant_id, id),
  foreign key (tenant_id, edition_id) references catalogue.edition (tenant_id, id),
  foreign key (tenant_id, definition_id) references engine.process_definition (tenant_id, id),
  foreign key (tenant_id, opened_by) references identity.person (tenant_id, id)
);
create index on audit.round (edition_id, tenant_id);
create index on audit.round (definition_id, tenant_id);
create index on audit.round (opened_by, tenant_id);

-- The last entry of a unit decides; a subtree means the unit and everything below it on the day of the start.
create table audit.round_scope (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  round_id uuid not null,
  unit_id uuid not null,
  kind text not null check (kind in ('SUBTREE', 'UNIT', 'EXCEPT')),
  reason text check (char_length(reason) <= 500),
  recorded_at timestamptz not null default platform.now(),
  retracted_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, round_id) references audit.round (tenant_id, id),
  foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id)
);
create unique index round_scope_once on audit.round_scope (tenant_id, round_id, unit_id) where retracted_at is null;
create index on audit.round_scope (round_id, tenant_id);
create index on audit.round_scope (unit_id, tenant_id);

create table audit.round_person (
  tenant_id uuid not null,
  id uuid not null,
  round_id uuid not null,
  fn text not null check (fn in
    ('AUDLEAD', 'AUD', 'AUD2', 'BOARD', 'STEERING', 'APPEAL', 'PR', 'GB', 'SBV', 'DSB')),
  person_id uuid,
  post_id uuid,
  chair boolean not null default false check (not chair or fn in ('BOARD', 'STEERING', 'APPEAL')),
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  recorded_at timestamptz not null default platform.now(),
  retracted_at timestamptz,
  primary key (tenant_id, id),
  check (num_nonnulls(person_id, post_id) = 1),
  foreign key (tenant_id, round_id) references audit.round (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  foreign key (tenant_id, post_id) references organisation.post (tenant_id, id),
  constraint round_person_once exclude using gist (
    tenant_id with =, round_id with =, fn with =, (coalesce(person_id, post_id)) with =,
    daterange(valid_from, valid_until) with &&) where (retracted_at is null)
);
create index on audit.round_person (round_id, tenant_id);
create index on audit.round_person (person_id, tenant_id);
create index on audit.round_person (post_id, tenant_id);

-- At most one auditor and one second auditor look at a unit in a round.
create table audit.auditor_assignment (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  round_id uuid not null,
  unit_id uuid not null,
  fn text not null check (fn in ('AUD', 'AUD2')),
  person_id uuid,
  post_id uuid,
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  recorded_at timestamptz not null default platform.now(),
  retracted_at timestamptz,
  primary key (tenant_id, id),
  check (num_nonnulls(person_id, post_id) = 1),
  foreign key (tenant_id, round_id) references audit.round (tenant_id, id),
  foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  foreign key (tenant_id, post_id) references organisation.post (tenant_id, id),
  constraint auditor_assignment_once exclude using gist (
    tenant_id with =, round_id with =, unit_id with =, fn with =,
    daterange(valid_from, valid_until) with &&) where (retracted_at is null)
);
create index on audit.auditor_assignment (round_id, tenant_id);
create index on audit.auditor_assignment (unit_id, tenant_id);
create index on audit.auditor_assignment (person_id, tenant_id);
create index on audit.auditor_assignment (post_id, tenant_id);

-- Teams of fewer than five are rated within the unit above: a figure about them would be a figure about persons.
create table audit.rated_within (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  round_id uuid not null,
  unit_id uuid not null,
  within_unit_id uuid not null check (within_unit_id <> unit_id),
  recorded_at timestamptz not null default platform.now(),
  retracted_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, round_id) references audit.round (tenant_id, id),
  foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
  foreign key (tenant_id, within_unit_id) references organisation.unit (tenant_id, id)
);
create unique index rated_within_once on audit.rated_within (tenant_id, round_id, unit_id) where retracted_at is null;
create index on audit.rated_within (round_id, tenant_id);
create index on audit.rated_within (unit_id, tenant_id);
create index on audit.rated_within (within_unit_id, tenant_id);

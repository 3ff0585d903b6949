create table catalogue.catalogue (
  tenant_id uuid not null,
  id uuid not null,
  key text not null check (key ~ '^[a-z][a-z0-9-]{1,39}$'),
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  unique (tenant_id, key)
);

create table catalogue.edition (
  tenant_id uuid not null,
  id uuid not null,
  catalogue_id uuid not null,
  version text not null check (version ~ '^\d{1,4}\.\d{1,4}\.\d{1,4}$'),
  status text not null default 'DRAFT' check (status in ('DRAFT', 'PUBLISHED')),
  languages text[] not null check (array_to_string(languages, ' ', '?') ~ '^[a-z]{2,3}( [a-z]{2,3})*$'),
  title jsonb not null,
  scale jsonb not null,
  -- SHA-256 of the content in canonical JSON: two files that say the same are the same edition.
  digest text not null check (char_length(digest) = 64),
  -- NULL: shipped with the product.
  imported_by uuid,
  imported_at timestamptz not null default platform.now(),
  published_by uuid,
  published_at timestamptz,
  revision integer not null default 1,
  primary key (tenant_id, id),
  unique (tenant_id, catalogue_id, version),
  foreign key (tenant_id, catalogue_id) references catalogue.catalogue (tenant_id, id),
  foreign key (tenant_id, imported_by) references identity.person (tenant_id, id),
  foreign key (tenant_id, published_by) references identity.person (tenant_id, id),
  check ((status = 'PUBLISHED') = (published_at is not null)),
  constraint four_eyes check (published_by is null or imported_by is null or published_by <> imported_by)
);
create index edition_imported_by on catalogue.edition (imported_by, tenant_id);
create index edition_published_by on catalogue.edition (published_by, tenant_id);

create table catalogue.field (
  tenant_id uuid not null,
  id uuid not null,
  edition_id uuid not null,
  position smallint not null,
  code text not null check (code ~ '^[A-Z]{2,8}$'),
  title jsonb not null,
  primary key (tenant_id, id),
  unique (tenant_id, edition_id, code),
  foreign key (tenant_id, edition_id) references catalogue.edition (tenant_id, id)
);

create table catalogue.criterion (
  tenant_id uuid not null,
  id uuid not null,
  edition_id uuid not null,
  field_id uuid not null,
  position smallint not null,
  code text not null check (code ~ '^[A-Z]{2,8}-\d{2,4}$'),
  core boolean not null,
  weight smallint not null check (weight between 1 and 3),
  -- What the criterion is called where it was taken from.
  reference text,
  title jsonb not null,
  description jsonb not null,
  indicator jsonb not null,
  evidence jsonb not null,
  levels text[] not null,
  unit_kinds text[] not null check (cardinality(unit_kinds) > 0),
  primary key (tenant_id, id),
  unique (tenant_id, edition_id, code),
  foreign key (tenant_id, edition_id) references catalogue.edition (tenant_id, id),
  foreign key (tenant_id, field_id) references catalogue.field (tenant_id, id)
);
create index criterion_field on catalogue.criterion (field_id, tenant_id);

create function catalogue.published_edition_stands() returns trigger language plpgsql as $$
begin
  if old.status = 'PUBLISHED' then
    raise exception 'edition % is published and never changes', old.id using errcode = '23514';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger published_stands before update or delete on catalogue.edition
  for each row execute function catalogue.published_edition_stands();

create function catalogue.published_content_stands() returns trigger language plpgsql as $$
declare
  touched uuid := case tg_op when 'INSERT' then new.edition_id else old.edition_id end;
begin
  if exists (select from catalogue.edition where id = touched and status = 'PUBLISHED') then
    raise exception 'edition % is published and never changes', touched using errcode = '23514';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger published_stands before insert or update or delete on catalogue.field
  for each row execute function catalogue.published_content_stands();
create trigger published_stands before insert or update or delete on catalogue.criterion
  for each row execute function catalogue.published_content_stands();

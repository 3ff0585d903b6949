create table evidence.evidence (
  tenant_id uuid not null,
  id uuid not null,
  unit_id uuid not null,
  kind text not null check (kind in ('LINK', 'FILE_REFERENCE', 'NOTE')),
  evidence_type text not null check (evidence_type in ('RULE', 'PLAN', 'MINUTES', 'STATISTIC', 'SAMPLE',
    'PHOTO_NO_PERSONS', 'AGREEMENT', 'SURVEY', 'LINK', 'STATEMENT')),
  url text check (char_length(url) between 1 and 2000),
  reference text check (char_length(reference) between 1 and 200),
  note text check (char_length(note) between 1 and 2000),
  -- The day the proof speaks of, not the day it was attached.
  proof_on date not null,
  attached_by uuid not null,
  recorded_at timestamptz not null default platform.now(),
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  withdrawal_reason text
    check (withdrawal_reason in ('MISTAKE', 'OUTDATED', 'CONTAINS_PERSONAL_DATA')),
  primary key (tenant_id, id),
  foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
  foreign key (tenant_id, attached_by) references identity.person (tenant_id, id),
  foreign key (tenant_id, withdrawn_by) references identity.person (tenant_id, id),
  check ((withdrawn_at is null) = (withdrawal_reason is null)),
  constraint content_fits_kind check (case
    when withdrawal_reason = 'CONTAINS_PERSONAL_DATA' then coalesce(url, reference, note) is null
    when kind = 'LINK' then url is not null and coalesce(reference, note) is null
    when kind = 'FILE_REFERENCE' then reference is not null and coalesce(url, note) is null
    else note is not null and coalesce(url, reference) is null end)
);
create index evidence_unit on evidence.evidence (unit_id, tenant_id);
create index evidence_attached_by on evidence.evidence (attached_by, tenant_id);
create index evidence_withdrawn_by on evidence.evidence (withdrawn_by, tenant_id);

create function evidence.withdraw_only() returns trigger language plpgsql as $$
declare
  withdrawal text[] := array['withdrawn_at', 'withdrawn_by', 'withdrawal_reason', 'url', 'reference', 'note'];
  wiped boolean := new.withdrawal_reason = 'CONTAINS_PERSONAL_DATA';
begin
  if old.withdrawn_at is not null or new.withdrawn_at is null
    or to_jsonb(new) - withdrawal <> to_jsonb(old) - withdrawal
    or not wiped and (new.url, new.reference, new.note) is distinct from (old.url, old.reference, old.note)
  then
    raise exception 'a proof may only be withdrawn, once' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger withdraw_only before update on evidence.evidence
  for each row execute function evidence.withdraw_only();

-- Who took the log along: written before the first line leaves, and once more when the last one has left.
-- No foreign keys to process or series: what was asked for is kept also where there is nothing of the kind.
create table engine.log_download (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  person_id uuid not null,
  format text not null check (char_length(format) <= 20),
  series_id uuid,
  process_id uuid,
  at timestamptz not null,
  processes int check (processes >= 0),    -- handed out; null while it lasts, or when the server died over it
  entries int check ((entries is null) = (processes is null)),
  whole boolean check ((whole is null) = (processes is null)),
  primary key (tenant_id, id)
);

-- How much it was is set once; who, what and when never change, for anybody.
create function engine.end_download_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.processes is not null
     or to_jsonb(new) - '{processes,entries,whole}'::text[] <> to_jsonb(old) - '{processes,entries,whole}'::text[]
  then raise exception 'a download that was recorded stays as it is' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger end_only before update or delete on engine.log_download
  for each row execute function engine.end_download_only();

-- What other rooms may read here (see engine-published.sql).
create view organisation.disclosure with (security_invoker = true) as
  select minimum_shown_size from organisation.administration;
comment on view organisation.disclosure is 'How many people a figure must tell of at least to be shown; one row.';

grant select on organisation.disclosure to oa_server;

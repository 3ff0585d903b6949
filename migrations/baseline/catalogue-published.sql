-- What other rooms may read here (see engine-published.sql).
create view catalogue.edition_catalogue with (security_invoker = true) as
  select id as edition_id, catalogue_id from catalogue.edition;
comment on view catalogue.edition_catalogue is 'Which catalogue an edition is one of.';

create view catalogue.core_criterion with (security_invoker = true) as
  select id as criterion_id from catalogue.criterion where core;
comment on view catalogue.core_criterion is 'The criteria, of all editions, that are core criteria.';

grant select on catalogue.edition_catalogue, catalogue.core_criterion to oa_server;

-- The zone of the asking administration.
create or replace function platform.zone() returns text language sql stable
  return coalesce((select zone from platform.tenant where id = platform.tenant()), 'Europe/Berlin');

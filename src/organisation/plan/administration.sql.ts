export const insertTenant = `insert into platform.tenant (id, key, name, zone, federal_state) values ($1, $2, $3, $4, $5)
  on conflict (key) do nothing`;
export const tenantByKey = 'select id from platform.tenant where key = $1';
export const becomeTenant = "select set_config('app.tenant', $1, true)";
export const insertAdministration = `insert into organisation.administration (tenant_id, id) values ($1, $1)
  on conflict do nothing`;
export const insertUnitKinds = `insert into organisation.unit_kind (code, label_de, label_en, position)
  select code, de, en, position from unnest($1::text[], $2::text[], $3::text[])
    with ordinality as kind (code, de, en, position)
  on conflict do nothing`;

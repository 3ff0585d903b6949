export const accountOf = `select account.id as account, person.id as person, person.display_name as name
  from identity.account join identity.person on person.id = account.person_id
  where issuer = $1 and subject = $2`;
export const openAccount = `insert into identity.account (id, person_id, issuer, subject) values ($1, $2, $3, $4)
  on conflict do nothing`;
export const tenantByKey = { name: 'identity-tenant', text: 'select id from platform.tenant where key = $1' };

export const accountOf = `select account.id as account, person.id as person, person.display_name as name
  from identity.account join identity.person on person.id = account.person_id
  where issuer = $1 and subject = $2`;
export const tenantByKey = { name: 'identity-tenant', text: 'select id from platform.tenant where key = $1' };

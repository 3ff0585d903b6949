export const everybody = `select id, person_key as "personKey", display_name as name from identity.person
  order by display_name limit 1000`;

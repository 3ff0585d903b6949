export const read = `select person_id as "personId", language, rhythm, kinds from notices.choice
  where person_id = any($1::uuid[])`;

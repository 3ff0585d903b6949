export const page = 100;
export const nextIds = `select id from engine.process where id > $1 order by id limit ${page}`;

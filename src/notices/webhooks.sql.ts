const columns = `id, url, events, registered_at as "registeredAt", ended_at as "endedAt"`;
export const insert = `insert into notices.webhook (id, url, events, secret, registered_by) values ($1, $2, $3, $4, $5)`;
export const oneLocked = `select ${columns} from notices.webhook where id = $1 for update`;
export const end = `update notices.webhook set ended_at = platform.now() where id = $1`;
export const all = `select ${columns} from notices.webhook order by ended_at is not null, registered_at desc limit 200`;
export const one = `select ${columns} from notices.webhook where id = $1`;
export const wanting = `select id from notices.webhook where ended_at is null and (events = '{}' or $1 = any(events)) order by id`;
export const target = `select url, secret, ended_at as "endedAt" from notices.webhook where id = $1`;

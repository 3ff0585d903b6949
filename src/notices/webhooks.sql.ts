const columns = `id, url, events, registered_at as "registeredAt", ended_at as "endedAt"`;
export const all = `select ${columns} from notices.webhook order by ended_at is not null, registered_at desc limit 200`;
export const one = `select ${columns} from notices.webhook where id = $1`;
export const wanting = `select id from notices.webhook where ended_at is null and (events = '{}' or $1 = any(events)) order by id`;
export const target = `select url, secret, ended_at as "endedAt" from notices.webhook where id = $1`;

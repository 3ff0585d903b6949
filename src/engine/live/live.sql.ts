export const belongs = `select id, scope_id as "scopeId", series_id as "seriesId" from engine.process where id = any($1)`;

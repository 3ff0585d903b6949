export const oneAtATime = `select pg_advisory_xact_lock(hashtextextended('catalogue ' || platform.tenant() || $1, 0))`;

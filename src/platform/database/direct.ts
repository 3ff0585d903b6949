import pg from 'pg';
import type { DatabaseUrls } from '../config.ts';

/**
 * Connections of our own beside the pool, for what lives as long as a session: LISTEN, an advisory lock, the jobs
 * role. A pooler by transaction cannot serve these, so they take the direct address where there is one.
 */
const address = ({ listenUrl, serverUrl }: DatabaseUrls): string => listenUrl ?? serverUrl;
const asJobs = '-c role=oa_jobs';

/**
 * One session that may be lost at any time: `onLost` is told once, then it is of no more use. Nobody waits for the disk
 * on the relay's behalf: what it did and a crash forgets, it does again.
 */
export async function openSession(
  database: DatabaseUrls,
  { relays = false, onLost }: { relays?: boolean; onLost: () => void },
): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: address(database),
    application_name: relays ? 'offenes-amt relay' : 'offenes-amt live',
    keepAlive: true,
    ...(relays && { options: `${asJobs} -c synchronous_commit=off` }),
  });
  let isLost = false;
  const lost = () => {
    if (!isLost) onLost();
    isLost = true;
  };
  client.on('error', lost).on('end', lost);
  await client.connect();
  return client;
}

/** A few sessions in the jobs role. */
export function jobsPool(database: DatabaseUrls, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: address(database),
    application_name: 'offenes-amt jobs',
    options: asJobs,
    max,
  });
  pool.on('error', () => {}); // an idle session that was cut is replaced by the next that is asked for
  return pool;
}

// npm run found -- <key> "<official name>" [federal state] [time zone]
import pg from 'pg';
import type { Config } from '../platform/index.ts';
import { createAdministration } from './administration.ts';

/** Founds an administration in a running installation; one that is there already is left as it is. */
export async function found(_open: unknown, config: Config, args: readonly string[]): Promise<number> {
  const [key, name, federalState = 'NW', zone = 'Europe/Berlin'] = args;
  const { ownerUrl } = config.database;
  if (!key || !name || !ownerUrl) {
    console.error(ownerUrl ? usage : 'Founding is the owner’s act: set DATABASE_OWNER_URL.');
    return 1;
  }
  const owner = new pg.Client(ownerUrl);
  await owner.connect();
  try {
    const id = await createAdministration(owner, { key, name, zone, federalState });
    console.info(
      `${name} (${key}) is founded: ${id}. Name its issuer in ISSUERS, then let its HR office in.`,
    );
    return 0;
  } finally {
    await owner.end();
  }
}

const usage = 'npm run found -- <key> "<official name>" [federal state, as NW] [time zone, as Europe/Berlin]';

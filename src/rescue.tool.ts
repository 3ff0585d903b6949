// npm run rescue -- <administration> <person key> <HR|ADMIN> "<reason>" ["<name>"]: the way back in for the operator.
import type { INestApplicationContext } from '@nestjs/common';
import { BootFault } from './platform/words/boot-fault.ts';
import type { Config } from './platform/config.ts';
import { isRefusal, Reads } from './platform/index.ts';
import { keyFunctions, Responsibility } from './responsibility/index.ts';

const usage = `npm run rescue -- <administration> <person key> <${keyFunctions.join('|')}> "<reason>" ["<name>"]`;

/** Gives a person HR or ADMIN where fewer than two people are left who could; everybody sees it (`rescues`). */
export async function rescue(
  open: () => Promise<INestApplicationContext>,
  config: Config,
  [key, personKey, asked, reason, displayName]: readonly string[],
): Promise<number> {
  const fn = keyFunctions.find((one) => one === asked);
  if (!key || !personKey || !fn) throw new BootFault(`Say who: ${usage}.`);
  if (!reason || reason.length < 10)
    throw new BootFault(`Say why, in a sentence that everybody will read: ${usage}.`);
  if (!config.database.ownerUrl)
    throw new BootFault('Set DATABASE_OWNER_URL: only the owner of the database rescues.');
  const app = await open();
  const tenant = (await app.get(Reads).administrations()).find((one) => one.key === key);
  if (!tenant) throw new BootFault(`There is no administration ${key}.`);
  const given = { personKey, displayName: displayName ?? personKey, fn, reason };
  const outcome = await app.get(Responsibility, { strict: false }).rescue(tenant.id, given);
  if (isRefusal(outcome)) throw new BootFault(outcome.message.en);
  console.log(`${personKey} holds ${fn} in ${key} from today on. It stands in the log and in \`rescues\`.`);
  return 0;
}

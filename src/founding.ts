import type { INestApplicationContext } from '@nestjs/common';
import pg from 'pg';
import { Editions } from './catalogue/index.ts';
import { Definitions } from './engine/index.ts';
import { Persons } from './identity/index.ts';
import { createAdministration, type NewAdministration } from './organisation/index.ts';
import { ClientError, Commands, isRefusal, newId, systemActor } from './platform/index.ts';
import { keyFunctions, Responsibility } from './responsibility/index.ts';

/** Somebody who holds a standing function from the first day; everything later goes through two people of HR. */
export interface Founder {
  readonly key: string;
  readonly name: string;
  readonly mail?: string;
  readonly functions: readonly string[];
}

/**
 * Founds an administration: its row and kinds of unit, the shipped catalogues and process definitions, the first
 * people. Repeatable: what is there stays. The only command that grants without a second
 * person, which is why it works only while nobody holds a function there.
 */
export async function foundAdministration(
  app: INestApplicationContext,
  ownerUrl: string,
  administration: NewAdministration,
  founders: readonly Founder[],
): Promise<Founded> {
  const tenant = await createTenant(ownerUrl, administration);
  return { tenant, ...(await furnish(app, tenant, founders)) };
}

export interface Founded {
  readonly tenant: string;
  /** False: somebody was granted a function there before, so nobody was granted any now. */
  readonly isNew: boolean;
  /** How many people hold HR and ADMIN for good. */
  readonly holders: Readonly<Record<string, number>>;
}

/** The second half of founding, as the server: catalogues, definitions, first people. */
export async function furnish(
  app: INestApplicationContext,
  tenant: string,
  founders: readonly Founder[],
): Promise<Omit<Founded, 'tenant'>> {
  const commands = app.get(Commands);
  const services = [Persons, Responsibility, Editions, Definitions] as const;
  const [persons, responsibility, editions, definitions] = services.map((service) =>
    app.get<unknown>(service, { strict: false }),
  ) as [Persons, Responsibility, Editions, Definitions];

  const request = {
    name: 'foundAdministration',
    commandId: newId(),
    input: { founders: founders.map(({ key }) => key) },
  };
  const outcome = await commands.run(systemActor(tenant), request, async (tx) => {
    tx.permit(true); // whoever holds the owner's address of the database founds
    await editions.loadShippedCatalogues(tx);
    await definitions.publishShipped(tx);
    const records = founders.map(({ key, name, mail }) => ({ personKey: key, displayName: name, mail }));
    const ids = await persons.upsert(tx, records);
    const isNew = !(await responsibility.hasGrants(tx));
    const given = founders.flatMap(({ key, functions }) =>
      functions.map((fn) => ({ personId: ids.get(key)!, fn, scope: 'TENANT' as const, from: tx.today })),
    );
    if (isNew) await responsibility.grant(tx, given);
    const holders: Record<string, number> = {};
    for (const fn of keyFunctions) holders[fn] = await responsibility.keyHolders(tx, fn);
    return { isNew, holders };
  });
  if (isRefusal(outcome)) throw new ClientError('INTERNAL', outcome.message);
  return outcome;
}

/** The first half, as the database's owner: the tenant and what every tenant has. */
export async function createTenant(ownerUrl: string, administration: NewAdministration): Promise<string> {
  const owner = new pg.Client(ownerUrl);
  await owner.connect();
  try {
    return await createAdministration(owner, administration);
  } finally {
    await owner.end();
  }
}

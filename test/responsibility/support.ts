import pg from 'pg';
import { v7 } from 'uuid';
import { Editions } from '../../src/catalogue/index.ts';
import { Persons } from '../../src/identity/index.ts';
import { createAdministration, Imports, Organisation } from '../../src/organisation/index.ts';
import {
  Access,
  Clock,
  Commands,
  isRefusal,
  Reads,
  systemActor,
  type Actor,
  type Db,
  type Tx,
} from '../../src/platform/index.ts';
import { Responsibility, ResponsibilityModule } from '../../src/responsibility/index.ts';
import { cloneDatabase } from '../support/database.ts';
import { actorWith, bootServices } from '../support/services.ts';

export type PlanFiles = Partial<
  Record<'units.csv' | 'posts.csv' | 'holders.csv' | 'business-distribution.csv', string>
>;

/** The rooms up to responsibility on a database of their own, with an administration as its files tell it. */
export async function setOffice(files: PlanFiles, key = 'probe') {
  const database = await cloneDatabase();
  const owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  const tenant = await createAdministration(owner, { key, name: 'Probe' });
  await owner.end();
  const module = await bootServices(database.serverUrl, [ResponsibilityModule]);
  const get = <T>(type: abstract new (...args: never[]) => T): T =>
    module.get(type as never, { strict: false });
  const reads = get(Reads);
  const system = systemActor(tenant);
  const command = () => ({ commandId: v7() });

  const run = <T>(actor: Actor, work: (tx: Tx) => Promise<T>) =>
    get(Commands).run(actor, { name: 'test', ...command(), input: null }, async (tx) => {
      tx.permit(true);
      return ((await work(tx)) ?? null) as never;
    });
  const load = async (some: PlanFiles, validFrom?: string) => {
    const importIds: string[] = [];
    for (const [format, text] of Object.entries(some)) {
      const file = await get(Imports).upload(
        system,
        { format: format as 'units.csv', fileName: format, bytes: Buffer.from(text) },
        true,
      );
      importIds.push(succeeded(file).id);
    }
    return { importIds, ...command(), missing: 'KEEP' as const, ...(validFrom && { validFrom }) };
  };
  const bring = async (some: PlanFiles, validFrom?: string) =>
    get(Imports).apply(system, await load(some, validFrom));

  await run(system, (tx) => get(Editions).loadShippedCatalogues(tx));
  succeeded(await bring(files));

  const db = (): Promise<Db> => reads.db(system);
  const personId = async (name: string) => (await get(Persons).idsByKey(await db(), [name])).get(name)!;
  return {
    database,
    module,
    tenant,
    get,
    run,
    bring,
    load,
    command,
    system,
    db,
    personId,
    responsibility: get(Responsibility),
    clock: get(Clock),
    unit: async (code: string) => (await get(Organisation).tree(await db())).byCode(code)!.id,
    post: async (postNo: string) =>
      (await get(Organisation).posts(await db())).find((one) => one.postNo === postNo)!.id,
    /** Somebody who is signed in, completed by all rooms as a request would. */
    as: async (name: string): Promise<Actor> =>
      get(Access).complete(actorWith(tenant, [], { person: await personId(name), name }), (actor) =>
        reads.db(actor),
      ),
    /** A standing function given by the installation itself. */
    give: async (
      name: string,
      fn: string,
      scope: 'TENANT' | 'SUBTREE' | 'UNIT' = 'TENANT',
      scopeId: string | null = null,
    ) => {
      const grant = { personId: await personId(name), fn, scope, scopeId, from: '2020-01-01' };
      return run(system, (tx) => get(Responsibility).grant(tx, [grant]));
    },
    async close() {
      await module.close();
      await database.drop();
    },
  };
}
export type Office = Awaited<ReturnType<typeof setOffice>>;

/** The outcome, or a failing test that tells the refusal. */
export function succeeded<T>(outcome: T): Exclude<T, { __typename: string }> {
  if (isRefusal(outcome)) throw new Error(JSON.stringify(outcome));
  return outcome as Exclude<T, { __typename: string }>;
}

import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { once } from 'node:events';
import { connect as connectTo, createServer, type AddressInfo } from 'node:net';
import { BootFault } from '../../src/platform/words/boot-fault.ts';
import { readSettings } from '../../src/platform/config.ts';
import { knownMigrations } from '../../src/platform/database/schema-version.ts';
import { openDatabase } from '../../src/platform/postgres/database.ts';
import { asSuperuser, inDatabase } from '../support/cluster.ts';
import { cloneDatabase, cluster, emptyDatabase, type TestDatabase } from '../support/database.ts';

const roles = `test_${process.pid}`;
let migrated: TestDatabase;
let empty: TestDatabase;

const asAdministrator = (database: TestDatabase, sql: string) =>
  asSuperuser(database.superUrl, (client) => client.query(sql));

beforeAll(async () => {
  [migrated, empty] = await Promise.all([cloneDatabase(), emptyDatabase()]);
  await asAdministrator(
    migrated,
    `create role ${roles}_stranger login password 'x'; grant connect on database ${migrated.name} to ${roles}_stranger;
     create role ${roles}_super superuser login password 'x';
     create role ${roles}_bypass bypassrls login password 'x' in role oa_server;
     create role ${roles}_owning login password 'x' in role oa_server, oa_owner;
     create role ${roles}_jobs login password 'x' in role oa_server, oa_jobs;
     create role ${roles}_second login password 'x' in role oa_server`,
  );
});
afterAll(async () => {
  await Promise.all([migrated.drop(), empty.drop()]);
  await asSuperuser(cluster().superUrl, async (client) => {
    for (const name of ['stranger', 'super', 'bypass', 'owning', 'jobs', 'second'])
      await client.query(`drop role if exists ${roles}_${name}`);
  });
});

function as(role: string, url = migrated.serverUrl): string {
  const address = new URL(url);
  address.username = role;
  address.password = 'x';
  return address.href;
}

async function faultOf(serverUrl: string, ownerUrl?: string): Promise<string> {
  const environment = {
    PROFILE: 'demo',
    DATABASE_WAIT_S: '0',
    DATABASE_URL: serverUrl,
    ...(ownerUrl && { DATABASE_OWNER_URL: ownerUrl }),
  };
  try {
    await (await openDatabase(readSettings(environment))).close();
    return 'none';
  } catch (error) {
    if (error instanceof BootFault) return error.message;
    throw error;
  }
}

describe('a foreign database', () => {
  test('is taken as it is when it has our schema', async () => {
    expect(await faultOf(migrated.serverUrl)).toBe('none');
    expect(await faultOf(as(`${roles}_second`))).toBe('none');
  });

  test('without a schema wants the owner once, who makes it', async () => {
    const sentence =
      'The database has no schema yet; set DATABASE_OWNER_URL once so that it can be brought up to date.';
    expect(await faultOf(empty.serverUrl)).toBe(sentence);
    const both = await Promise.all([1, 2].map(() => faultOf(empty.serverUrl, empty.ownerUrl)));
    expect(both).toEqual(['none', 'none']);
    expect(await faultOf(empty.serverUrl)).toBe('none');
  });

  test('with an older schema is refused, with a newer one as well', async () => {
    const last = knownMigrations().at(-1)!;
    const other = await cloneDatabase();
    await asAdministrator(
      other,
      `update platform.migration set name = 'Migration209901010000_later' where name = '${last}'`,
    );
    const newer =
      'The database has a newer schema (Migration209901010000_later) than this version knows; start the newer version.';
    expect(await faultOf(other.serverUrl)).toBe(newer);
    expect(await faultOf(other.serverUrl, other.ownerUrl)).toBe(newer);
    await asAdministrator(other, `delete from platform.migration where name = 'Migration209901010000_later'`);
    expect(await faultOf(other.serverUrl)).toContain(`has an older schema (${last} is missing)`);
    await other.drop();
  });

  test('founded before the first release is refused, and stays as it is', async () => {
    const other = await cloneDatabase();
    // As such a database looks: of the oldest room the name of then, and names that no version has any more.
    await asAdministrator(
      other,
      `update platform.migration set name = replace(name, 'Migration20261201', 'Migration20261124')`,
    );
    const sentence =
      'The database was founded by a trial version from before the first release and cannot be brought up to this one; take out with that version what is to be kept, and set DATABASE_URL to an empty database.';
    expect(await faultOf(other.serverUrl)).toBe(sentence);
    expect(await faultOf(other.serverUrl, other.ownerUrl)).toBe(sentence);
    const { rows } = await asAdministrator(other, 'select count(*)::int as tables from pg_tables');
    const { rows: ours } = await asAdministrator(migrated, 'select count(*)::int as tables from pg_tables');
    expect(rows).toEqual(ours);
    await other.drop();
  });

  test('with functions of another version wants the owner once, who makes ours', async () => {
    const other = await cloneDatabase();
    await asAdministrator(other, `comment on function engine.commit_step is 'sha256 of another text'`);
    expect(await faultOf(other.serverUrl)).toBe(
      'The database has other functions than this version (engine.commit_step); set DATABASE_OWNER_URL once so that it can be brought up to date.',
    );
    expect(await faultOf(other.serverUrl, other.ownerUrl)).toBe('none');
    expect(await faultOf(other.serverUrl)).toBe('none');
    await other.drop();
  });
});

/** A door before the database that lets nobody in until it is opened, and then cuts off the first so many callers. */
async function doorTo(url: string, cuts: number) {
  const { hostname, port } = new URL(url);
  let left = cuts;
  const door = createServer((caller) => {
    const inside = connectTo(Number(port), hostname);
    const end = () => [caller, inside].forEach((socket) => socket.destroy());
    for (const socket of [caller, inside]) socket.on('error', end).on('close', end);
    caller.pipe(inside);
    inside.on('data', (bytes) => (left > 0 && (left -= 1) >= 0 ? end() : caller.write(bytes)));
  });
  const listen = (at: number) => once(door.listen(at, '127.0.0.1'), 'listening');
  await listen(0);
  const { port: own } = door.address() as AddressInfo;
  await new Promise((resolve) => door.close(resolve));
  const through = new URL(url);
  through.host = `127.0.0.1:${own}`;
  return {
    url: through.href,
    open: () => listen(own),
    cutsLeft: () => left,
    close: () => new Promise((resolve) => door.close(resolve)),
  };
}

describe('a start waits, and says so once, for a database', () => {
  let said: string[];
  afterEach(() => void jest.restoreAllMocks());
  const hearing = (first: () => unknown) => {
    said = [];
    jest.spyOn(console, 'log').mockImplementation((line) => {
      if (said.push(String(line)) === 1) void first();
    });
  };
  const start = async (url: string) => {
    const environment = { PROFILE: 'demo', DATABASE_URL: url, DATABASE_WAIT_S: '60' };
    await (await openDatabase(readSettings(environment))).close();
  };

  test('that is not up yet', async () => {
    const door = await doorTo(migrated.serverUrl, 0);
    hearing(door.open);
    await start(door.url);
    expect(said).toEqual([
      expect.stringMatching(
        /^DATABASE_URL: 127\.0\.0\.1:\d+ does not answer yet \(connect ECONNREFUSED .*\); trying again for up to 60 s\.$/,
      ),
    ]);
    await door.close();
  });

  test.each([1, 4, 7])('whose line is cut at answer %s', async (cuts) => {
    const door = await doorTo(migrated.serverUrl, cuts);
    await door.open();
    hearing(() => undefined);
    await start(door.url);
    expect(door.cutsLeft()).toBe(0);
    expect(said.length).toBeGreaterThan(0);
    await door.close();
  });
});

describe('one sentence for', () => {
  const wrongPassword = () => as('oa_server');
  const elsewhere = () => migrated.serverUrl.replace(/:\d+\//, ':1/');
  const noDatabase = () => inDatabase(migrated.serverUrl, 'nowhere');
  test.each<[string, () => string, RegExp]>([
    [
      'nobody listening',
      elsewhere,
      /^DATABASE_URL: cannot connect to 127.0.0.1:1 \(connect ECONNREFUSED .*\)\.$/,
    ],
    [
      'a wrong password',
      wrongPassword,
      /^DATABASE_URL: cannot connect to .* \(password authentication failed .*\)\.$/,
    ],
    [
      'a missing database',
      noDatabase,
      /^DATABASE_URL: cannot connect to .* \(database "nowhere" does not exist\)\.$/,
    ],
    ['a superuser', () => as(`${roles}_super`), /^DATABASE_URL: the role .*_super is a superuser, whom/],
    [
      'a role past row-level security',
      () => as(`${roles}_bypass`),
      /^DATABASE_URL: the role .*_bypass bypasses/,
    ],
    ['a role that owns', () => as(`${roles}_owning`), /^DATABASE_URL: the role .*_owning owns [a-z_.]+, and/],
    [
      'a role that always sees all',
      () => as(`${roles}_jobs`),
      /^DATABASE_URL: the role .*_jobs inherits the rights/,
    ],
    [
      'a role without rights',
      () => as(`${roles}_stranger`),
      /^DATABASE_URL: the role .*_stranger is neither/,
    ],
  ])('%s', async (_name, url, sentence) => {
    const fault = await faultOf(url());
    expect(fault).toMatch(sentence);
    expect(fault).not.toContain('\n');
  });

  test('an owner who may not create', async () => {
    expect(await faultOf(migrated.serverUrl, migrated.serverUrl)).toMatch(
      /^DATABASE_OWNER_URL: .* may not create schemas/,
    );
  });

  test('a missing extension', async () => {
    const bare = await emptyDatabase();
    await asAdministrator(bare, 'drop extension btree_gist');
    expect(await faultOf(bare.serverUrl, bare.ownerUrl)).toMatch(
      /^DATABASE_OWNER_URL: the extension btree_gist is missing/,
    );
    await bare.drop();
  });
});

// What can be known of Containerfile and compose.yaml without building: that they speak of what is there.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { Issuers } from '../../src/identity/index.ts';
import { Config, readSettings, settingNames } from '../../src/platform/config.ts';

interface Service {
  readonly build?: { readonly dockerfile: string; readonly target: string };
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const containerfile = read('Containerfile');
const compose = parse(read('compose.yaml'), { merge: true }) as { services: Record<string, Service> };
const { services } = compose;
/** As compose fills it in where nobody sets anything. */
const filled = (environment: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value.replace(/\$\{\w+:-([^}]*)\}/g, '$1')]),
  );

describe('the Containerfile', () => {
  const stages = [...containerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name!);

  test('copies only what is there, and what .containerignore lets through', () => {
    const copied = [...containerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths]) =>
      paths!.split(' '),
    );
    expect(copied).toContain('migrations');
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const allowed = read('.containerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => new RegExp(`^${line.slice(1).replaceAll('.', '\\.').replaceAll('*', '[^/]*')}(/|$)`));
    expect(copied.filter((path) => !allowed.some((pattern) => pattern.test(path)))).toEqual([]);
  });

  test('copies between its own stages alone, ends with the server, and runs as nobody who may write', () => {
    const from = [...containerfile.matchAll(/--from=(\S+)/g)].map(([, name]) => name!);
    expect(from.filter((name) => !stages.includes(name))).toEqual([]);
    expect(stages.at(-1)).toBe('server');
    expect(containerfile.slice(containerfile.indexOf(' AS server'))).toMatch(/^USER 1000:1000$/m);
  });

  test('takes the Node that .nvmrc names', () => {
    expect(/^ARG NODE_VERSION=(\S+)$/m.exec(containerfile)![1]).toBe(read('.nvmrc').trim());
  });
});

describe('compose.yaml', () => {
  test('builds stages that exist, read-only, and mounts files that exist', () => {
    for (const { build, volumes = [], read_only } of Object.values(services)) {
      if (build) {
        expect([build.target, read(build.dockerfile).includes(` AS ${build.target}\n`)]).toEqual([
          build.target,
          true,
        ]);
        expect(read_only).toBe(true);
      }
      const mounted = volumes.map((volume) => volume.split(':')[0]!).filter((path) => path.startsWith('.'));
      expect(mounted.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    }
  });

  test.each(['founding', 'server'])('gives %s settings that are known, fit and belong together', (name) => {
    const { environment } = services[name]!;
    expect(Object.keys(environment).filter((key) => !settingNames.includes(key))).toEqual([]);
    const settings = readSettings(filled(environment));
    expect(settings.profile).toBe('production');
    const { key } = parse(read('trial/administration.yaml')) as { key: string };
    expect(settings.issuers.map(({ tenant }) => tenant)).toEqual([key]);
  });

  test('prepares the database as docs/operation.md says', () => {
    const docs = read('docs/operation.md').replace(/\s+/g, ' ');
    const statements = read('trial/database.sql')
      .replace(/^(--|\\getenv).*$/gm, '')
      .replace(/:'\w+'/g, "'…'")
      .split('\n')
      .filter(Boolean);
    expect(statements.length).toBeGreaterThan(8);
    expect(statements.filter((statement) => !docs.includes(statement))).toEqual([]);
    const command = (services['database'] as unknown as { command: string[] }).command.slice(1);
    for (const setting of command)
      expect(docs).toContain(`\`${setting.replace('-c', '').replace('=', ' = ')}\``);
  });
});

describe('the trial issuer', () => {
  let issuer: ChildProcess;
  let environment: Record<string, string>;
  const run = (script: string) => [join(root, 'trial', script)];

  beforeAll(async () => {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const file = join(root, 'trial/administration.yaml');
    environment = { TRIAL_ISSUER_URL: url, TRIAL_ADMINISTRATION: file, PORT: port };
    issuer = spawn(process.execPath, run('issuer.mjs'), { env: environment });
    for await (const line of issuer.stdout!) if (String(line).includes('is open at')) break;
  });
  afterAll(async () => {
    if (issuer.exitCode !== null) return;
    issuer.kill('SIGTERM');
    expect(await once(issuer, 'exit')).toEqual([0, null]);
  });
  const tokenFor = (person: string) =>
    spawnSync(process.execPath, [...run('token.mjs'), person], { env: environment, encoding: 'utf8' });

  test('signs in whom the administration names, for a server in production', async () => {
    const url = environment['TRIAL_ISSUER_URL']!;
    const { ISSUERS } = filled(services['server']!.environment);
    const issuers = ISSUERS!.replace('http://localhost:4001', url).replace('http://issuer:4001', url);
    const database = { serverUrl: '', ownerUrl: undefined, listenUrl: undefined, backupUrl: undefined };
    const settings = readSettings({ PROFILE: 'production', ISSUERS: issuers });
    const vouched = await new Issuers(new Config(settings, database)).verify(
      tokenFor('p-0001').stdout.trim(),
    );
    expect(vouched).toMatchObject({ tenant: 'region', personKey: 'p-0001' });
  });

  test('knows nobody else', () => {
    expect(tokenFor('p-9999')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'The trial issuer knows nobody called p-9999.\n',
    });
  });
});

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return String(port);
}

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly licenses?: readonly unknown[];
  readonly hashes: readonly { readonly content: string }[];
}

test('npm run sbom names what the server is made of, with licence, hash and what it needs', () => {
  const { stdout } = spawnSync(process.execPath, [join(root, 'scripts/sbom.mjs')], { encoding: 'utf8' });
  const bill = JSON.parse(stdout) as {
    components: Component[];
    dependencies: { ref: string; dependsOn: string[] }[];
  };
  const names = bill.components.map(({ name }) => name);
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
  expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  for (const name of ['jest', 'typescript', 'esbuild']) expect(names).not.toContain(name);
  expect(bill.components.filter(({ licenses }) => !licenses).map(({ name }) => name)).toEqual([]);
  for (const { hashes } of bill.components) expect(hashes[0]!.content).toMatch(/^[0-9a-f]{128}$/);
  const known = new Set(bill.components.map((component) => component['bom-ref']));
  const lost = bill.dependencies.flatMap(({ dependsOn }) => dependsOn.filter((ref) => !known.has(ref)));
  expect(lost).toEqual([]);
});

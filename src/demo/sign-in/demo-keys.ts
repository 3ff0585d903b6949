import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The demo provider's secrets. They outlive a restart, so that nobody is signed out by one. */
export interface DemoKeys {
  /** A private key (ES256) with `kid`. */
  readonly signingKey: JWK & { readonly kid: string };
  readonly cookieSecret: string;
}

/** Reads the keys from the data folder; made there once, readable by this user alone. */
export async function demoKeys(dataDir: string): Promise<DemoKeys> {
  const path = join(dataDir, 'demo-sign-in.json');
  try {
    return JSON.parse(await readFile(path, 'utf8')) as DemoKeys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await mkdir(dataDir, { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(await newKeys()), { mode: 0o600 });
  try {
    await link(draft, path); // fails where another server was faster: then its keys count
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
  return JSON.parse(await readFile(path, 'utf8')) as DemoKeys;
}

async function newKeys(): Promise<DemoKeys> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const signingKey = { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: 'ES256', use: 'sig' };
  return { signingKey, cookieSecret: randomBytes(32).toString('base64url') };
}

/** What others may know of a key. */
export function publicHalf(key: JWK): JWK {
  const { kty, crv, x, y, kid, alg, use } = key;
  return { kty, crv, x, y, kid, alg, use };
}

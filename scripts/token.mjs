// npm run token -- <person>: a bearer token for somebody of the demo, by register key or name. The key that the demo's
// server keeps in the data folder suffices, so neither server nor database are loaded; who or what is not found here is
// left to the full command (src/tool.ts), which knows everybody in the register.
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from './ensure.mjs';

const wanted = process.argv.slice(2).join(' ').trim();
const person = isDemo() && wanted ? personCalled(wanted) : undefined;
const key = person && signingKey();
if (key) console.log(token(person, key));
else {
  process.argv.splice(2, 0, 'token');
  await import('./tool.mjs');
}

function isDemo() {
  const { PROFILE, DATABASE_URL } = process.env;
  return PROFILE ? PROFILE === 'demo' : !DATABASE_URL;
}

/** The register key of the one person who is meant; undefined when it is nobody of the story, or several. */
function personCalled(name) {
  const story = (file) => readFileSync(join(root, 'data/demo', file), 'utf8');
  const holders = story('holders.csv').matchAll(/^[^,]*,(P-\d+),([^,]+)/gm);
  const outsiders = story('story.yaml').matchAll(/key: (X-\d+), name: ([^,]+)/g);
  const people = new Map([...holders, ...outsiders].map(([, key, called]) => [key, called]));
  if (people.has(name)) return name;
  const fitting = [...people].filter(([, called]) => called.toLowerCase().includes(name.toLowerCase()));
  return fitting.length === 1 ? fitting[0][0] : undefined;
}

/** Made by the server's first start, as a JWK with `kid`. */
function signingKey() {
  try {
    const folder = resolve(root, process.env.DATA_DIR || '.data');
    return JSON.parse(readFileSync(join(folder, 'demo-sign-in.json'), 'utf8')).signingKey;
  } catch {
    return undefined;
  }
}

/** As `DemoSignIn.token`: ES256, good for a day. A test holds that the server takes it. */
function token(person, { kid, ...jwk }) {
  const now = Math.floor(Date.now() / 1000);
  const head = { alg: 'ES256', kid, typ: 'at+jwt' };
  const claims = { scope: 'api', iss: 'urn:offenes-amt:demo-token', aud: 'offenes-amt', sub: person };
  const parts = [head, { ...claims, iat: now, exp: now + 24 * 60 * 60 }];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signer = { key: createPrivateKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' };
  return `${text}.${sign('sha256', text, signer).toString('base64url')}`;
}

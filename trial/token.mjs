// node trial/token.mjs PERSON: signs in at the trial issuer as a browser would, and prints the access token for curl.
import { createHash, randomBytes } from 'node:crypto';

const { TRIAL_ISSUER_URL: issuer = 'http://localhost:4001', PORT: port = '4001' } = process.env;
const [person] = process.argv.slice(2);
const redirectUri = `${issuer}/arrived`;
const verifier = randomBytes(32).toString('base64url');
const cookies = new Map();

/** Visits an address of the issuer; it is the same machine, whatever port people reach it by. */
async function visit(address, body) {
  const { pathname, search } = new URL(address, issuer);
  const response = await fetch(`http://127.0.0.1:${port}${pathname}${search}`, {
    method: body ? 'POST' : 'GET',
    redirect: 'manual',
    headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    ...(body && { body: new URLSearchParams(body) }),
  });
  for (const line of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    cookies.set(name, value);
  }
  return response;
}
const next = (response) => {
  const location = response.headers.get('location');
  if (location) return location;
  console.error(`The trial issuer knows nobody called ${person}.`);
  process.exit(1);
};

const asked = new URLSearchParams({
  client_id: 'trial',
  response_type: 'code',
  scope: 'openid api',
  redirect_uri: redirectUri,
  resource: 'urn:offenes-amt:graphql',
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
});
const picking = next(await visit(`/auth?${asked}`));
const resuming = next(await visit(picking, { person: person ?? '' }));
const code = new URL(next(await visit(resuming))).searchParams.get('code');
const redeemed = await visit('/token', {
  grant_type: 'authorization_code',
  client_id: 'trial',
  redirect_uri: redirectUri,
  code,
  code_verifier: verifier,
});
const { access_token: token, error_description: fault } = await redeemed.json();
if (!token) throw new Error(fault);
console.log(token);

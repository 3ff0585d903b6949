// For trial only: a sign-in service that asks for no password. Whoever reaches it signs in as anybody whom the trial's
// administration names. It is a real OpenID provider (code flow with PKCE, access tokens as JWT), so that what is tried with it
// holds for the real one. Keys and sign-ins last as long as the process.
import { exportJWK, generateKeyPair } from 'jose';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { parse } from 'yaml';

const {
  TRIAL_ISSUER_URL: issuer = 'http://localhost:4001',
  TRIAL_ADMINISTRATION: file = '/trial/administration.yaml',
  TRIAL_REDIRECT_URIS: redirectUris = '',
  PORT: port = '4001',
  HOST: host = '127.0.0.1',
} = process.env;
const resource = 'urn:offenes-amt:graphql';
const dayS = 24 * 60 * 60;
const mostFormBytes = 4096;

const { founders } = parse(readFileSync(file, 'utf8'));
const nameOf = (key) => founders.find((founder) => founder.key === key)?.name;
const { privateKey } = await generateKeyPair('ES256', { extractable: true });
const signingKey = { ...(await exportJWK(privateKey)), kid: 'trial', alg: 'ES256', use: 'sig' };

const provider = new Provider(issuer, {
  jwks: { keys: [signingKey] },
  clients: [
    {
      client_id: 'trial',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: [`${issuer}/arrived`, ...redirectUris.split(' ').filter(Boolean)], // `arrived`: trial/token.mjs
      id_token_signed_response_alg: 'ES256',
    },
  ],
  enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
  cookies: { keys: [randomBytes(32).toString('base64url')] },
  clientBasedCORS: () => true,
  pkce: { required: () => true },
  scopes: ['openid'],
  findAccount: (_context, sub) =>
    nameOf(sub) && { accountId: sub, claims: () => ({ sub, name: nameOf(sub) }) },
  loadExistingGrant: grantEverything,
  interactions: { url: (_context, { uid }) => `/pick/${uid}` },
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'api',
        audience: 'offenes-amt',
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  ttl: {
    AccessToken: dayS,
    AuthorizationCode: 60,
    Grant: dayS,
    IdToken: 600,
    Interaction: 3600,
    Session: dayS,
  },
});
provider.on('server_error', (_context, error) => console.error(error.message));

/** Nobody is asked for consent: there is no real account behind it. */
async function grantEverything({ oidc: { client, session } }) {
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid');
  grant.addResourceScope(resource, 'api');
  await grant.save();
  return grant;
}

const escaped = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
const page = `<!doctype html><html lang="de"><meta charset="utf-8"><title>Probe-Anmeldung</title>
<h1>Probe-Anmeldung / Trial sign-in</h1>
<p>Nur zum Ausprobieren: hier meldet man sich ohne Kennwort an. / For trial only: one signs in without a password.</p>
<form method="post">${founders
  .map(
    ({ key, name, functions }) =>
      `<p><button name="person" value="${escaped(key)}">${escaped(name)} (${escaped(functions.join(', '))})</button></p>`,
  )
  .join('')}</form></html>`;
const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
};

async function bodyOf(request) {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
    if (body.length > mostFormBytes) throw new Error('The form is too long');
  }
  return body;
}

async function pick(request, response) {
  await provider.interactionDetails(request, response);
  if (request.method !== 'POST') return response.writeHead(200, pageHeaders).end(page);
  const accountId = new URLSearchParams(await bodyOf(request)).get('person');
  if (!nameOf(accountId)) throw new Error('Nobody was picked');
  await provider.interactionFinished(request, response, { login: { accountId } });
}

const answer = provider.callback();
const server = createServer((request, response) => {
  if (!request.url.startsWith('/pick/')) return answer(request, response);
  pick(request, response).catch((error) => response.writeHead(400).end(`${error.message}\n`));
});
server.listen(Number(port), host, () => console.log(`The trial issuer is open at ${issuer}`));
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    server.close(() => process.exit());
    server.closeAllConnections();
  });

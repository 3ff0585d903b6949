import Provider, { type Context } from 'oidc-provider';
import type { DemoKeys } from './demo-keys.ts';
import { memoryStore } from './memory-store.ts';

/** The API as the provider knows it: what a token is asked for, and what it then says in `aud`. */
export const resource = 'urn:offenes-amt:graphql';
export const audience = 'offenes-amt';
export const clientId = 'explorer';
export const mount = '/oidc';

const dayS = 24 * 60 * 60;

export interface ProviderOptions {
  readonly issuer: string;
  readonly keys: DemoKeys;
  /** Where browsers may be sent back to. */
  readonly redirectUris: readonly string[];
  readonly nameOf: (personKey: string) => Promise<string | undefined>;
}

/**
 * A real OpenID provider in which one picks who one is: the code flow with PKCE, access tokens as JWT. It knows one
 * public client and asks no consent, for there is nobody's password and nobody's real account behind it.
 */
export function demoProvider({ issuer, keys, redirectUris, nameOf }: ProviderOptions): Provider {
  return new Provider(issuer, {
    adapter: memoryStore(),
    jwks: { keys: [keys.signingKey] },
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: redirectUris,
        id_token_signed_response_alg: 'ES256',
      },
    ],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    cookies: { keys: [keys.cookieSecret] },
    clientBasedCORS: (_: unknown, origin: string) =>
      redirectUris.some((uri) => new URL(uri).origin === origin),
    pkce: { required: () => true },
    scopes: ['openid'],
    findAccount: async (_: unknown, personKey: string) => {
      const name = await nameOf(personKey);
      return name && { accountId: personKey, claims: () => ({ sub: personKey, name }) };
    },
    loadExistingGrant: grantEverything,
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `${mount}/pick/${uid}` },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'api',
          audience,
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
    renderError: (context: Context, { error, error_description: description }: Record<string, string>) => {
      context.type = 'text/plain';
      context.body = `Anmeldung nicht möglich / sign-in failed: ${error} (${description ?? ''})\n`;
    },
  });
}

async function grantEverything({ oidc }: Context) {
  const { client, session, provider } = oidc;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid');
  grant.addResourceScope(resource, 'api');
  await grant.save();
  return grant;
}

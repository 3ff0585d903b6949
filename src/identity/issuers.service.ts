import { Injectable } from '@nestjs/common';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { ClientError, Config, type Text } from '../platform/index.ts';

/** Who may vouch for persons of one administration, and with which keys. */
export interface TrustedIssuer {
  readonly issuer: string;
  /** The key of the administration. */
  readonly tenant: string;
  readonly audience: string;
  readonly personKeyClaim: string;
  /** Given here the keys are never fetched. */
  readonly jwks?: JSONWebKeySet | undefined;
  readonly jwksUri?: string | undefined;
}

/** What a verified token says. */
export interface Vouched {
  readonly issuer: string;
  readonly tenant: string;
  readonly subject: string;
  readonly personKey: string;
  /** When it ends to be true. */
  readonly until?: Date;
}

// No HMAC and no `none`: a public key must never serve as a shared secret.
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const fetchTimeoutMs = 5000;

/** The configured issuers and their keys. Verifies tokens; knows nobody. */
@Injectable()
export class Issuers {
  readonly #trusted = new Map<string, TrustedIssuer>();
  readonly #keys = new Map<string, Promise<JWTVerifyGetKey>>();

  constructor(config: Config) {
    for (const issuer of config.settings.issuers) this.trust(issuer);
  }

  trust(issuer: TrustedIssuer): void {
    this.#trusted.set(issuer.issuer, issuer);
    this.#keys.delete(issuer.issuer);
  }

  /** Checks signature, issuer, audience and times; throws UNAUTHENTICATED with what is wrong with the token. */
  async verify(token: string): Promise<Vouched> {
    const trusted = this.#trusted.get(issuerNamedIn(token));
    if (!trusted)
      throw unauthenticated('Dieser Aussteller ist hier nicht bekannt.', 'This issuer is not known here.');
    const keys = await this.#keysOf(trusted);
    const { issuer, audience } = trusted;
    const options = { issuer, audience, algorithms, clockTolerance: 30, requiredClaims: ['exp', 'sub'] };
    const payload = await jwtVerify(token, keys, options).then((verified) => verified.payload, refuseToken);
    const personKey = payload[trusted.personKeyClaim];
    if (typeof personKey !== 'string' || personKey === '')
      throw unauthenticated(
        `Dem Token fehlt die Angabe „${trusted.personKeyClaim}“, an der die Person erkannt wird.`,
        `The token lacks the claim “${trusted.personKeyClaim}” by which the person is known.`,
      );
    const until = new Date(payload.exp! * 1000);
    return { issuer, tenant: trusted.tenant, subject: payload.sub!, personKey, until };
  }

  #keysOf(trusted: TrustedIssuer): Promise<JWTVerifyGetKey> {
    let keys = this.#keys.get(trusted.issuer);
    if (!keys) {
      keys = keySet(trusted);
      this.#keys.set(trusted.issuer, keys);
      keys.catch(() => this.#keys.delete(trusted.issuer)); // the next request asks again
    }
    return keys;
  }
}

async function keySet({ issuer, jwks, jwksUri }: TrustedIssuer): Promise<JWTVerifyGetKey> {
  if (jwks) return createLocalJWKSet(jwks);
  const address = jwksUri ?? (await discover(issuer));
  return createRemoteJWKSet(new URL(address), { timeoutDuration: fetchTimeoutMs });
}

/** Source: OpenID Connect Discovery 1.0 §4. */
async function discover(issuer: string): Promise<string> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(fetchTimeoutMs), redirect: 'error' });
    const document = (await response.json()) as { issuer?: string; jwks_uri?: string };
    if (document.issuer === issuer && document.jwks_uri) return document.jwks_uri;
  } catch {
    // The refusal below says it.
  }
  throw keysUnreachable();
}

function issuerNamedIn(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch {
    throw unauthenticated('Das Zugangstoken ist unleserlich.', 'The access token cannot be read.');
  }
}

function refuseToken(error: unknown): never {
  if (error instanceof errors.JWTExpired)
    throw unauthenticated(
      'Die Anmeldung ist abgelaufen. Bitte neu anmelden.',
      'The sign-in has expired. Please sign in again.',
    );
  if (error instanceof errors.JWTClaimValidationFailed)
    throw unauthenticated(
      `Das Zugangstoken gilt hier nicht: Angabe „${error.claim}“.`,
      `The access token is not valid here: claim “${error.claim}”.`,
    );
  if (
    error instanceof errors.JWKSTimeout ||
    error instanceof TypeError ||
    error instanceof errors.JWKSInvalid
  )
    throw keysUnreachable();
  if (error instanceof errors.JWKSNoMatchingKey)
    throw unauthenticated(
      'Das Zugangstoken wurde für einen anderen Server unterschrieben. Bitte bei diesem neu anmelden.',
      'The access token was signed for another server. Please sign in at this one.',
    );
  if (error instanceof errors.JOSEError)
    throw unauthenticated(
      'Die Unterschrift des Zugangstokens ist ungültig.',
      'The signature of the access token is not valid.',
    );
  throw error;
}

const keysUnreachable = () =>
  unauthenticated(
    'Die Schlüssel der Anmeldestelle sind gerade nicht erreichbar. Bitte in einigen Minuten erneut versuchen.',
    'The keys of the sign-in service cannot be fetched right now. Please try again in a few minutes.',
  );

export function unauthenticated(de: Text['de'], en: Text['en']): ClientError {
  return new ClientError('UNAUTHENTICATED', { de, en });
}

export type { JSONWebKeySet, JWTPayload };

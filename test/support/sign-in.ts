import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

const { publicKey, privateKey } = await generateKeyPair('ES256');
const issuer = 'https://sign-in.example';
const audience = 'offenes-amt';
const keyId = 'test';

/** An issuer as `ISSUERS` names one: vouches for the persons of the administration with this key. */
export const testIssuer = async (tenant: string) => ({
  issuer: `${issuer}/${tenant}`,
  tenant,
  audience,
  jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: keyId, alg: 'ES256', use: 'sig' }] },
});

export interface TokenDetails {
  /** Overrides claims; `undefined` leaves one out. */
  readonly claims?: JWTPayload;
  readonly expires?: string | number;
  readonly key?: typeof privateKey;
}

/** A token of the test issuer for the person of this register key. */
export function signIn(personKey: string, tenant = 'ahornau', details: TokenDetails = {}): Promise<string> {
  const { claims = {}, expires = '1h', key = privateKey } = details;
  return new SignJWT({ iss: `${issuer}/${tenant}`, aud: audience, sub: personKey, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: keyId })
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(key);
}

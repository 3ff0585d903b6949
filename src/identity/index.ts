// The face of identity: who is asking, and which persons there are.
export { IdentityModule } from './identity.module.ts';
export { Persons, type Person, type PersonRecord } from './persons.service.ts';
export { Issuers, type TrustedIssuer, type Vouched } from './issuers.service.ts';
export { SignIn } from './sign-in.service.ts';

import { Module } from '@nestjs/common';
import { DemoDoor } from './demo-door.service.ts';
import { DemoSignIn } from './demo-sign-in.service.ts';
import { ActedByResolver, DownloadedByResolver, MeResolver } from './identity.resolver.ts';
import { Issuers } from './issuers.service.ts';
import { Persons } from './persons.service.ts';
import { SignIn } from './sign-in.service.ts';

@Module({
  providers: [
    Issuers,
    SignIn,
    Persons,
    MeResolver,
    ActedByResolver,
    DownloadedByResolver,
    DemoSignIn,
    DemoDoor,
  ],
  exports: [Issuers, SignIn, Persons, DemoSignIn],
})
export class IdentityModule {}

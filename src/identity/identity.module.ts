import { Module } from '@nestjs/common';
import { ActedByResolver, DownloadedByResolver, MeResolver } from './identity.resolver.ts';
import { Issuers } from './issuers.service.ts';
import { Persons } from './persons.service.ts';
import { SignIn } from './sign-in.service.ts';

@Module({
  providers: [Issuers, SignIn, Persons, MeResolver, ActedByResolver, DownloadedByResolver],
  exports: [Issuers, SignIn, Persons],
})
export class IdentityModule {}

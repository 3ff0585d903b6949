import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/index.ts';
import { EngineModule } from '../engine/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { OrganisationModule } from '../organisation/index.ts';
import { Assignments } from './assignments.service.ts';
import { Coverage } from './coverage.service.ts';
import { FieldPolicy } from './field-policy.service.ts';
import { Functions } from './functions.service.ts';
import { Grants } from './grants.service.ts';
import { Register } from './register.service.ts';
import { Responsibility } from './responsibility.service.ts';

@Module({
  imports: [EngineModule, IdentityModule, OrganisationModule, CatalogueModule],
  providers: [Functions, FieldPolicy, Register, Grants, Coverage, Responsibility, Assignments],
  exports: [Responsibility],
})
export class ResponsibilityModule {}

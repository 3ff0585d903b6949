import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.ts';
import { CatalogueModule } from '../catalogue/index.ts';
import { EngineModule } from '../engine/index.ts';
import { OrganisationModule } from '../organisation/index.ts';
import { ResponsibilityModule } from '../responsibility/index.ts';
import { AnchoringStatus } from './anchoring.service.ts';
import { Pictures } from './picture.service.ts';
import { RatingsStatus } from './ratings-status.service.ts';
import * as resolvers from './status.resolver.ts';
import { StatusService } from './status.service.ts';

@Module({
  imports: [EngineModule, OrganisationModule, CatalogueModule, ResponsibilityModule, AuditModule],
  providers: [Pictures, StatusService, RatingsStatus, AnchoringStatus, ...Object.values(resolvers)],
})
export class StatusModule {}

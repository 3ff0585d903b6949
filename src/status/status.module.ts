import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.ts';
import { CatalogueModule } from '../catalogue/index.ts';
import { EngineModule } from '../engine/index.ts';
import { OrganisationModule } from '../organisation/index.ts';
import { ResponsibilityModule } from '../responsibility/index.ts';
import { AnchoringStatus } from './anchoring-status.service.ts';
import { StatusDataLoader } from './status-data-loader.service.ts';
import { RatingsStatus } from './ratings-status.service.ts';
import * as resolvers from './status.resolver.ts';
import { StatusQuestions } from './status-questions.service.ts';

@Module({
  imports: [EngineModule, OrganisationModule, CatalogueModule, ResponsibilityModule, AuditModule],
  providers: [StatusDataLoader, StatusQuestions, RatingsStatus, AnchoringStatus, ...Object.values(resolvers)],
})
export class StatusModule {}

import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.ts';
import { CatalogueModule } from '../catalogue/index.ts';
import { EngineModule } from '../engine/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { OrganisationModule } from '../organisation/index.ts';
import { ResponsibilityModule } from '../responsibility/index.ts';
import { CoSigningWork } from './co-signing-work.service.ts';
import { MeasureProcess } from './measure-process.service.ts';
import { MeasureProcessEffects } from './measure-process.effects.ts';
import { MeasureProcessFacts } from './measure-process.facts.ts';
import { MeasureOwnership } from './measure-ownership.service.ts';
import { MeasureWork } from './measure-work.service.ts';
import { MeasureViews } from './measure-views.service.ts';
import { MeasureResolver, OpenWorkMeasureResolver } from './measure.resolver.ts';
import { MeasureProgress } from './measure-progress.service.ts';
import { Measures } from './measures.service.ts';
import { PlanningEffects } from './planning.effects.ts';
import { PlanningFacts } from './planning.facts.ts';
import { TargetResolver } from './target.resolver.ts';
import { Targets } from './targets.service.ts';

@Module({
  imports: [
    EngineModule,
    IdentityModule,
    OrganisationModule,
    CatalogueModule,
    ResponsibilityModule,
    AuditModule,
  ],
  providers: [
    Measures,
    MeasureOwnership,
    MeasureProgress,
    MeasureProcess,
    MeasureProcessFacts,
    MeasureProcessEffects,
    MeasureWork,
    OpenWorkMeasureResolver,
    Targets,
    CoSigningWork,
    MeasureViews,
    PlanningFacts,
    PlanningEffects,
    MeasureResolver,
    TargetResolver,
  ],
  exports: [Measures, Targets],
})
export class PlanningModule {}

import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.ts';
import { CatalogueModule } from '../catalogue/index.ts';
import { EngineModule } from '../engine/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { OrganisationModule } from '../organisation/index.ts';
import { ResponsibilityModule } from '../responsibility/index.ts';
import { CoSigningWork } from './co-signing-work.service.ts';
import { MeasureCourse } from './measure-course.service.ts';
import { MeasureCourseEffects } from './measure-course.effects.ts';
import { MeasureCourseFacts } from './measure-course.facts.ts';
import { MeasureHomes } from './measure-home.service.ts';
import { MeasureWork } from './measure-work.service.ts';
import { MeasureViews } from './measure-view.service.ts';
import { MeasureResolver, OpenWorkMeasureResolver } from './measure.resolver.ts';
import { MeasureProgress } from './measure-progress.service.ts';
import { Measures } from './measure.service.ts';
import { PlanningEffects } from './planning.effects.ts';
import { PlanningFacts } from './planning.facts.ts';
import { TargetResolver } from './target.resolver.ts';
import { Targets } from './target.service.ts';

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
    MeasureHomes,
    MeasureProgress,
    MeasureCourse,
    MeasureCourseFacts,
    MeasureCourseEffects,
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

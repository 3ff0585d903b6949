import { Module } from '@nestjs/common';
import { EngineModule } from '../engine/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { Batches } from './batches.service.ts';
import { ImportResolver, PreviewResolver } from './import.resolver.ts';
import { ImportsController } from './imports.controller.ts';
import { Imports } from './imports.service.ts';
import {
  AdministrationResolver,
  HeldPostsResolver,
  OrganisationResolver,
  UnitResolver,
} from './organisation.resolver.ts';
import { Organisation } from './organisation.service.ts';
import { PlanHooks } from './plan-hooks.ts';
import { PlanService } from './plan.service.ts';
import { PlanStore } from './plan-store.service.ts';
import { HolderResolver, PostResolver, TaskResolver } from './post.resolver.ts';
import { StaffingResolver } from './staffing.resolver.ts';
import { Staffing } from './staffing.service.ts';
import { UnitKinds } from './unit-kinds.service.ts';

@Module({
  imports: [EngineModule, IdentityModule],
  controllers: [ImportsController],
  providers: [
    Organisation,
    PlanHooks,
    PlanStore,
    PlanService,
    Imports,
    Staffing,
    UnitKinds,
    Batches,
    OrganisationResolver,
    AdministrationResolver,
    HeldPostsResolver,
    UnitResolver,
    PostResolver,
    HolderResolver,
    TaskResolver,
    ImportResolver,
    PreviewResolver,
    StaffingResolver,
  ],
  exports: [Organisation, PlanHooks, Imports],
})
export class OrganisationModule {}

import { Module } from '@nestjs/common';
import { EngineModule } from '../engine/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { Batches } from './tree/batches.service.ts';
import { ImportResolver, PreviewResolver } from './import/import.resolver.ts';
import { ImportsController } from './import/imports.controller.ts';
import { Imports } from './import/imports.service.ts';
import {
  AdministrationResolver,
  HeldPostsResolver,
  OrganisationResolver,
  UnitResolver,
} from './tree/organisation.resolver.ts';
import { Organisation } from './tree/organisation.service.ts';
import { PlanHooks } from './change/plan-hooks.ts';
import { Plans } from './change/plans.service.ts';
import { PlanStore } from './change/plan-store.service.ts';
import { HolderResolver, PostResolver, TaskResolver } from './tree/post.resolver.ts';
import { StaffingResolver } from './staffing/staffing.resolver.ts';
import { Staffing } from './staffing/staffing.service.ts';
import { UnitKinds } from './staffing/unit-kinds.service.ts';

@Module({
  imports: [EngineModule, IdentityModule],
  controllers: [ImportsController],
  providers: [
    Organisation,
    PlanHooks,
    PlanStore,
    Plans,
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

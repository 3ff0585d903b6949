import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/index.ts';
import { EngineModule } from '../engine/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { OrganisationModule } from '../organisation/index.ts';
import { Answers } from './answers.service.ts';
import { AssignmentResolver } from './assignment.resolver.ts';
import { AssignmentRuleResolver } from './assignment-rule.resolver.ts';
import { AssignmentRules } from './assignment-rules.service.ts';
import { AssignmentViews } from './assignment-view.service.ts';
import { Assignments } from './assignments.service.ts';
import { Coverage } from './coverage.service.ts';
import { Desk } from './desk.service.ts';
import { FieldPolicy } from './field-policy.service.ts';
import { Functions } from './functions.service.ts';
import { GrantResolver, MyFunctionsResolver } from './grant.resolver.ts';
import { GrantViews } from './grant-view.service.ts';
import { Grants } from './grants.service.ts';
import { Holders } from './holders.service.ts';
import { PlanFollowing } from './plan-following.service.ts';
import { Questions } from './questions.service.ts';
import { Register } from './register.service.ts';
import { Responsibility } from './responsibility.service.ts';
import { RuleStore } from './rule-store.service.ts';
import { RuleViews } from './rule-view.service.ts';

@Module({
  imports: [EngineModule, IdentityModule, OrganisationModule, CatalogueModule],
  providers: [
    Functions,
    Holders,
    FieldPolicy,
    Register,
    RuleStore,
    Desk,
    Assignments,
    Answers,
    AssignmentRules,
    PlanFollowing,
    Grants,
    Coverage,
    Responsibility,
    Questions,
    AssignmentViews,
    RuleViews,
    GrantViews,
    AssignmentResolver,
    AssignmentRuleResolver,
    GrantResolver,
    MyFunctionsResolver,
  ],
  exports: [Responsibility],
})
export class ResponsibilityModule {}

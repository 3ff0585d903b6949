import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/index.ts';
import { EngineModule } from '../engine/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { OrganisationModule } from '../organisation/index.ts';
import { Answers } from './assignment/answers.service.ts';
import { AssignmentResolver } from './assignment/assignment.resolver.ts';
import { AssignmentRuleResolver } from './rule/assignment-rule.resolver.ts';
import { AssignmentRules } from './rule/assignment-rules.service.ts';
import { AssignmentViews } from './assignment/assignment-views.service.ts';
import { Assignments } from './assignment/assignments.service.ts';
import { Coverage } from './assignment/coverage.service.ts';
import { AssignmentGate } from './assignment/assignment-gate.service.ts';
import { FieldPolicy } from './functions/field-policy.service.ts';
import { Functions } from './functions/functions.service.ts';
import { GrantResolver, MyFunctionsResolver, RescueResolver } from './grant/grant.resolver.ts';
import { GrantViews } from './grant/grant-views.service.ts';
import { Grants } from './grant/grants.service.ts';
import { KeyHolders } from './grant/key-holders.service.ts';
import { Rescues } from './grant/rescues.service.ts';
import { Holders } from './functions/holders.service.ts';
import { PlanFollowing } from './rule/plan-following.service.ts';
import { Questions } from './assignment/questions.service.ts';
import { Register } from './assignment/register.service.ts';
import { Responsibility } from './responsibility.service.ts';
import { RuleContexts } from './rule/rule-contexts.service.ts';
import { RuleStore } from './assignment/rule-store.service.ts';
import { RuleViews } from './rule/rule-views.service.ts';

@Module({
  imports: [EngineModule, IdentityModule, OrganisationModule, CatalogueModule],
  providers: [
    Functions,
    Holders,
    FieldPolicy,
    Register,
    RuleStore,
    RuleContexts,
    AssignmentGate,
    Assignments,
    Answers,
    AssignmentRules,
    PlanFollowing,
    KeyHolders,
    Grants,
    Rescues,
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
    RescueResolver,
  ],
  exports: [Responsibility],
})
export class ResponsibilityModule {}

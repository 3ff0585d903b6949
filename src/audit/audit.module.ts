import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/index.ts';
import { EngineModule } from '../engine/index.ts';
import { EvidenceModule } from '../evidence/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { OrganisationModule } from '../organisation/index.ts';
import { ResponsibilityModule } from '../responsibility/index.ts';
import { AuditWork } from './audit-work.service.ts';
import { Board } from './board.service.ts';
import { CarryOver } from './carry-over.service.ts';
import { Cases } from './case.service.ts';
import { ChecklistAccess } from './checklist-access.service.ts';
import { ChecklistFacts } from './checklist.facts.ts';
import { ChecklistResolver, CompetentResolver } from './checklist.resolver.ts';
import { Checklists } from './checklist.service.ts';
import { ChecklistViews } from './checklist-view.service.ts';
import { ConditionResolver } from './condition.resolver.ts';
import { Conditions } from './condition.service.ts';
import { Cycles } from './cycle.service.ts';
import { DecisionResolver } from './decision.resolver.ts';
import { Decisions } from './decision.service.ts';
import { DecisionViews } from './decision-view.service.ts';
import { Findings } from './findings.service.ts';
import { Independence } from './independence.service.ts';
import { MyWork } from './my-work.service.ts';
import { MyWorkResolver } from './my-work.resolver.ts';
import { ObjectionViews } from './objection-view.service.ts';
import { Objections } from './objection.service.ts';
import { OpenWorkSources } from './open-work-sources.service.ts';
import { OpeningAnswers } from './opening-answer.service.ts';
import { OpeningProcessEffects } from './opening-process.effects.ts';
import { OpeningProcessFacts } from './opening-process.facts.ts';
import { OpeningProcessResolver } from './opening-process.resolver.ts';
import { OpeningProcesses } from './opening-process.service.ts';
import { OpeningProcessViews } from './opening-process-view.service.ts';
import { Participations } from './participation.service.ts';
import { Proofs } from './proofs.service.ts';
import { Ratings } from './rating.service.ts';
import { ReportResolver } from './report.resolver.ts';
import { Reports } from './report.service.ts';
import { ReportViews } from './report-view.service.ts';
import { ReviewEffects } from './review.effects.ts';
import { ReviewFacts } from './review.facts.ts';
import { ReviewResolver } from './review.resolver.ts';
import { Reviews } from './review.service.ts';
import { ReviewViews } from './review-view.service.ts';
import { RoundAuditors } from './round-auditors.service.ts';
import { RoundChecks } from './round-check.service.ts';
import { RoundPeople } from './round-people.service.ts';
import { RoundStarts } from './round-start.service.ts';
import { RoundFieldsResolver, RoundResolver } from './round.resolver.ts';
import { Rounds } from './round.service.ts';
import { RoundViews } from './round-view.service.ts';
import { Staffings } from './staffing.service.ts';
import { SuccessionEffects } from './succession.effects.ts';
import { InheritedRatingResolver, SuccessionResolver } from './succession.resolver.ts';
import { Successions } from './succession.service.ts';
import { SuccessionViews } from './succession-view.service.ts';
import { Surveillance } from './surveillance.service.ts';

const beside = [Objections, ObjectionViews, Participations, Staffings, Cycles];
const rounds = [
  Rounds,
  RoundPeople,
  RoundAuditors,
  RoundChecks,
  RoundStarts,
  RoundViews,
  Independence,
  RoundResolver,
  RoundFieldsResolver,
];
const processes = [
  OpeningProcesses,
  OpeningProcessViews,
  OpeningProcessFacts,
  OpeningProcessEffects,
  OpeningProcessResolver,
];
const checklists = [
  Ratings,
  Checklists,
  ChecklistAccess,
  ChecklistViews,
  ChecklistFacts,
  CarryOver,
  ChecklistResolver,
  CompetentResolver,
  OpenWorkSources,
  AuditWork,
  MyWork,
  MyWorkResolver,
];
const reviews = [
  Cases,
  OpeningAnswers,
  Proofs,
  Reviews,
  ReviewViews,
  ReviewFacts,
  ReviewEffects,
  ReviewResolver,
  Reports,
  ReportViews,
  ReportResolver,
];
const decisions = [
  Board,
  Findings,
  Decisions,
  DecisionViews,
  DecisionResolver,
  Conditions,
  Surveillance,
  ConditionResolver,
];

const successions = [
  Successions,
  SuccessionEffects,
  SuccessionViews,
  SuccessionResolver,
  InheritedRatingResolver,
];

@Module({
  imports: [
    EngineModule,
    IdentityModule,
    OrganisationModule,
    CatalogueModule,
    ResponsibilityModule,
    EvidenceModule,
  ],
  providers: [...rounds, ...processes, ...checklists, ...reviews, ...decisions, ...beside, ...successions],
  exports: [Cases, Findings, OpenWorkSources, OpeningProcesses, RoundViews],
})
export class AuditModule {}

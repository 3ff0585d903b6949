import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/index.ts';
import { EngineModule } from '../engine/index.ts';
import { EvidenceModule } from '../evidence/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { OrganisationModule } from '../organisation/index.ts';
import { ResponsibilityModule } from '../responsibility/index.ts';
import { AuditWork } from './work/audit-work.service.ts';
import { Board } from './decision/board.service.ts';
import { CarryOverResolver } from './succession/carry-over.resolver.ts';
import { CarryOver } from './succession/carry-over.service.ts';
import { Cases } from './opening/case.service.ts';
import { ChecklistAccess } from './checklist/checklist-access.service.ts';
import { ChecklistFacts } from './checklist/checklist.facts.ts';
import { ChecklistResolver, CompetentResolver } from './checklist/checklist.resolver.ts';
import { Checklists } from './checklist/checklist.service.ts';
import { ChecklistViews } from './checklist/checklist-view.service.ts';
import { ConditionResolver } from './decision/condition.resolver.ts';
import { Conditions } from './decision/condition.service.ts';
import { Cycles } from './succession/cycle.service.ts';
import { DecisionResolver } from './decision/decision.resolver.ts';
import { Decisions } from './decision/decision.service.ts';
import { DecisionViews } from './decision/decision-view.service.ts';
import { Findings } from './review/findings.service.ts';
import { Independence } from './opening/independence.service.ts';
import { MyWork } from './work/my-work.service.ts';
import { MyWorkResolver } from './work/my-work.resolver.ts';
import { ObjectionViews } from './objection/objection-view.service.ts';
import { Objections } from './objection/objection.service.ts';
import { OpenWorkSources } from './opening/open-work-sources.service.ts';
import { OpeningAnswers } from './opening/opening-answer.service.ts';
import { OpeningProcessEffects } from './course/opening-process.effects.ts';
import { OpeningProcessFacts } from './course/opening-process.facts.ts';
import { OpeningProcessResolver } from './course/opening-process.resolver.ts';
import { OpeningProcesses } from './opening/opening-process.service.ts';
import { OpeningProcessViews } from './course/opening-process-view.service.ts';
import { Participations } from './round/participation.service.ts';
import { Proofs } from './opening/proofs.service.ts';
import { Ratings } from './rating/rating.service.ts';
import { ReportResolver } from './review/report.resolver.ts';
import { Reports } from './review/report.service.ts';
import { ReportViews } from './review/report-view.service.ts';
import { ReviewEffects } from './decision/review.effects.ts';
import { ReviewFacts } from './decision/review.facts.ts';
import { ReviewResolver } from './review/review.resolver.ts';
import { Reviews } from './review/review.service.ts';
import { ReviewViews } from './review/review-view.service.ts';
import { RoundAuditors } from './round/round-auditors.service.ts';
import { RoundChecks } from './round/round-check.service.ts';
import { RoundPeople } from './round/round-people.service.ts';
import { RoundStarts } from './round/round-start.service.ts';
import { RoundFieldsResolver, RoundResolver } from './round/round.resolver.ts';
import { Rounds } from './round/round.service.ts';
import { RoundViews } from './round/round-view.service.ts';
import { Staffings } from './opening/staffing.service.ts';
import { SuccessionEffects } from './succession/succession.effects.ts';
import { InheritedRatingResolver, SuccessionResolver } from './succession/succession.resolver.ts';
import { Successions } from './succession/succession.service.ts';
import { SuccessionViews } from './succession/succession-view.service.ts';
import { Surveillance } from './decision/surveillance.service.ts';

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
  CarryOverResolver,
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

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
import { OpeningGate } from './opening/opening-gate.service.ts';
import { ChecklistGate } from './checklist/checklist-gate.service.ts';
import { ChecklistFacts } from './checklist/checklist.facts.ts';
import { ChecklistResolver, CompetentResolver } from './checklist/checklist.resolver.ts';
import { Checklists } from './checklist/checklists.service.ts';
import { ChecklistViews } from './checklist/checklist-views.service.ts';
import { ConditionResolver } from './decision/condition.resolver.ts';
import { Conditions } from './decision/conditions.service.ts';
import { Cycles } from './succession/cycles.service.ts';
import { DecisionResolver } from './decision/decision.resolver.ts';
import { Decisions } from './decision/decisions.service.ts';
import { DecisionViews } from './decision/decision-views.service.ts';
import { Findings } from './review/findings.service.ts';
import { Independence } from './opening/independence.service.ts';
import { MyWork } from './work/my-work.service.ts';
import { MyWorkResolver } from './work/my-work.resolver.ts';
import { ObjectionViews } from './objection/objection-views.service.ts';
import { Objections } from './objection/objections.service.ts';
import { OpenWorkSources } from './opening/open-work-sources.service.ts';
import { OpeningAnswers } from './opening/opening-answers.service.ts';
import { OpeningProcessEffects } from './course/opening-process.effects.ts';
import { OpeningProcessFacts } from './course/opening-process.facts.ts';
import { OpeningProcessResolver } from './course/opening-process.resolver.ts';
import { OpeningProcesses } from './opening/opening-processes.service.ts';
import { OpeningProcessViews } from './course/opening-process-views.service.ts';
import { Participations } from './round/participations.service.ts';
import { Proofs } from './opening/proofs.service.ts';
import { Ratings } from './rating/ratings.service.ts';
import { ReportResolver } from './review/report.resolver.ts';
import { Reports } from './review/reports.service.ts';
import { ReportViews } from './review/report-views.service.ts';
import { ReviewEffects } from './decision/review.effects.ts';
import { ReviewFacts } from './decision/review.facts.ts';
import { ReviewResolver } from './review/review.resolver.ts';
import { Reviews } from './review/reviews.service.ts';
import { ReviewViews } from './review/review-views.service.ts';
import { RoundAuditors } from './round/round-auditors.service.ts';
import { RoundChecks } from './round/round-checks.service.ts';
import { RoundPeople } from './round/round-people.service.ts';
import { RoundStarts } from './round/round-starts.service.ts';
import { RoundFieldsResolver, RoundResolver } from './round/round.resolver.ts';
import { Rounds } from './round/rounds.service.ts';
import { RoundViews } from './round/round-views.service.ts';
import { Staffings } from './opening/staffings.service.ts';
import { SuccessionEffects } from './succession/succession.effects.ts';
import { InheritedRatingResolver, SuccessionResolver } from './succession/succession.resolver.ts';
import { Successions } from './succession/successions.service.ts';
import { SuccessionViews } from './succession/succession-views.service.ts';
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
  ChecklistGate,
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
  OpeningGate,
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
  exports: [OpeningGate, Findings, OpenWorkSources, OpeningProcesses, RoundViews],
})
export class AuditModule {}

import { Injectable } from '@nestjs/common';
import { EngineRegistry, type Effect, type ProcessRow } from '../../engine/index.ts';
import type { Tx } from '../../platform/index.ts';
import { Decisions, type Verdict } from './decisions.service.ts';
import type { Outcome } from '../rating/recognition.rules.ts';
import { Ratings } from '../rating/ratings.service.ts';
import { Reports } from '../review/reports.service.ts';
import { stepOf } from './review.facts.ts';
import { Reviews } from '../review/reviews.service.ts';

/** What steps of review and decision do beside moving. Payloads were checked against the definition before. */
@Injectable()
export class ReviewEffects {
  constructor(
    registry: EngineRegistry,
    reviews: Reviews,
    reports: Reports,
    decisions: Decisions,
    ratings: Ratings,
  ) {
    registry.registerEffects({
      requestEvidence: effect<{ items: { criterionId: string; text: string }[] }>((tx, process, { items }) =>
        reviews.request(tx, process, items),
      ),
      sendDraft: effect((tx, process) => reports.sendDraft(tx, process)),
      recordComment: effect<{ text: string }>((tx, process, { text }) =>
        reports.addComments(tx, process, [{ comment: text }]),
      ),
      publishReport: effect<{ visibility?: 'INTERNAL' | 'PUBLIC' }>((tx, process, { visibility }) =>
        reports.publish(tx, process, visibility ?? 'INTERNAL'),
      ),
      // Nothing is written when the final review begins: what was rated again is told by the order of the ratings.
      beginFinalReview: { isOwn: true, apply: async () => undefined },
      recordRecommendation: effect<{ recommendation: string; reason: string }>((tx, process, payload) =>
        decisions.recommend(tx, process, outcomeOf(payload.recommendation), payload.reason),
      ),
      finaliseRatings: effect(async (tx, { id }) => ({
        finalRatings: await reports.finalise(tx, await ratings.sheet(tx, id)),
      })),
      decide: {
        apply: (tx, process, { outcome }, step) => decisions.record(tx, process, outcome as Verdict, step),
      },
    });
  }
}

function effect<P>(apply: (tx: Tx, process: ProcessRow, payload: P) => ReturnType<Effect['apply']>): Effect {
  return { apply: (tx, process, _params, step) => apply(tx, process, step.payload as P) };
}

const outcomeOf = (step: string): Outcome =>
  (Object.keys(stepOf) as Outcome[]).find((outcome) => stepOf[outcome] === step)!;

import { Injectable } from '@nestjs/common';
import { Evidence } from '../../evidence/index.ts';
import { Definitions } from '../../engine/index.ts';
import type { Db } from '../../platform/index.ts';
import { Board } from './board.service.ts';
import { Conditions } from './conditions.service.ts';
import type { ConditionEntryKind } from './condition.rules.ts';
import type { Verdict } from './decisions.service.ts';
import type { Choice } from './decision.rules.ts';
import type { OpeningProcess } from '../opening/opening-processes.service.ts';
import { percentOf, type Outcome } from '../rating/recognition.rules.ts';
import { placed, ReviewViews } from '../review/review-views.service.ts';
import { recommendations, outcomes, ownChoice, entries, statements } from './decision-view.sql.ts';

interface WrittenDecision {
  readonly personId: string;
  readonly recordedAt: Date;
}
interface RecommendationRow extends WrittenDecision {
  readonly recommended: Outcome;
  readonly reason: string;
}
interface OutcomeRow extends WrittenDecision {
  readonly outcome: Verdict;
  readonly allowed: Outcome;
  readonly exemplary: boolean;
  readonly points: number;
  readonly of: number;
  readonly forFull: number;
  readonly forConditions: number;
  readonly forRefusal: number;
  readonly abstentions: number;
  readonly excluded: number;
  readonly reason: string | null;
}
interface EntryRow extends WrittenDecision {
  readonly conditionId: string;
  readonly state: ConditionEntryKind;
  readonly note: string;
  readonly evidenceIds: readonly string[];
}
interface StatementRow extends WrittenDecision {
  readonly criterionId: string;
  readonly upheld: boolean;
  readonly statement: string;
}

/** Reads decisions, the ballot and what follows as their readers see them. */
@Injectable()
export class DecisionViews {
  readonly #board: Board;
  readonly #conditions: Conditions;
  readonly #evidence: Evidence;
  readonly #views: ReviewViews;
  readonly #definitions: Definitions;

  constructor(
    board: Board,
    conditions: Conditions,
    evidence: Evidence,
    views: ReviewViews,
    definitions: Definitions,
  ) {
    this.#definitions = definitions;
    this.#board = board;
    this.#conditions = conditions;
    this.#evidence = evidence;
    this.#views = views;
  }

  /** What the final ratings allow; null before there are any, and where the process never comes to be recognised. */
  async recognition(db: Db, { id, processTags, process }: OpeningProcess) {
    if (!processTags.includes('released')) return null;
    const { chart } = await this.#definitions.machineOf(db, process.definitionId);
    if (![...chart.nodes.values()].some(({ state }) => state.tags?.includes('recognised'))) return null;
    const known = (await this.#board.recognitions(db, [id])).get(id);
    if (!known) return null;
    const { outcome, exemplary, score, shortfalls } = known.recognition;
    return {
      allowed: outcome,
      exemplary,
      points: score.points,
      pointsOf: score.of,
      percent: percentOf(score),
      shortfalls,
    };
  }

  async recommendations(db: Db, opening: OpeningProcess) {
    const rows = await db.call<RecommendationRow>(recommendations, [opening.id]);
    const { person } = await this.#views.lookup(
      db,
      opening,
      rows.map(({ personId }) => personId),
    );
    return rows.map((row) => ({ ...row, by: person(row.personId), at: row.recordedAt }));
  }

  /** The case on the board's table; null while it is not there. */
  async ballot(db: Db, opening: OpeningProcess) {
    if (!opening.processTags.includes('deciding')) return null;
    const ballots = (await this.#board.ballots(db, [opening.process])).get(opening.id);
    if (!ballots) return null;
    const { count, quorum, decisionId, contentHash } = ballots;
    const { person } = await this.#views.lookup(db, opening, [...count.missing, ...count.excluded]);
    const [own] = await db.call<{ choice: Choice }>(ownChoice, [decisionId, db.actor.person]);
    return {
      quorum,
      isQuorate: count.isQuorate,
      forFull: count.votes.FOR_FULL,
      forConditions: count.votes.FOR_CONDITIONS,
      forRefusal: count.votes.FOR_REFUSAL,
      abstentions: count.votes.ABSTAIN,
      missing: count.missing.map(person),
      excluded: count.excluded.map(person),
      result: count.result,
      ownChoice: own?.choice ?? null,
      contentHash,
    };
  }

  async decisions(db: Db, opening: OpeningProcess) {
    const rows = await db.call<OutcomeRow>(outcomes, [opening.id]);
    const { person } = await this.#views.lookup(
      db,
      opening,
      rows.map(({ personId }) => personId),
    );
    return rows.map((row) => ({
      ...row,
      ...placed(opening),
      percent: percentOf({ points: row.points, of: row.of }),
      by: person(row.personId),
      at: row.recordedAt,
    }));
  }

  async conditions(db: Db, opening: OpeningProcess) {
    const rows = (await this.#conditions.of(db, [opening.id])).get(opening.id) ?? [];
    const noted = await db.call<EntryRow>(entries, [rows.map(({ id }) => id)]);
    const proofs = await this.#evidence.of(db, [...new Set(noted.flatMap(({ evidenceIds }) => evidenceIds))]);
    const { person, criterion } = await this.#views.lookup(
      db,
      opening,
      noted.map(({ personId }) => personId),
    );
    return rows.map((row) => ({
      ...row,
      ...placed(opening),
      criterion: row.criterionId && criterion(row.criterionId),
      entries: noted
        .filter(({ conditionId }) => conditionId === row.id)
        .map((entry) => ({
          ...entry,
          evidence: entry.evidenceIds.flatMap((id) => proofs.get(id) ?? []),
          by: person(entry.personId),
          at: entry.recordedAt,
        })),
    }));
  }

  async surveillance(db: Db, opening: OpeningProcess) {
    const rows = await db.call<StatementRow>(statements, [opening.id]);
    const { person, criterion } = await this.#views.lookup(
      db,
      opening,
      rows.map(({ personId }) => personId),
    );
    return rows.map((row) => ({
      ...row,
      criterion: criterion(row.criterionId),
      by: person(row.personId),
      at: row.recordedAt,
    }));
  }
}

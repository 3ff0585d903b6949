import { Injectable } from '@nestjs/common';
import type { ProcessRow, StepContext } from '../../engine/index.ts';
import {
  newId,
  refuse,
  refuseFaults,
  type Actor,
  type Db,
  type Refusal,
  type Tx,
  notPossible,
} from '../../platform/index.ts';
import { Board, type Ballots } from './board.service.ts';
import { OpeningGate, type StateNeeded } from '../opening/opening-gate.service.ts';
import { refuseExcluded, refuseVote, type Choice } from './decision.rules.ts';
import { Ratings } from '../rating/ratings.service.ts';
import { thresholds, type Outcome } from '../rating/recognition.rules.ts';
import { Reports } from '../review/reports.service.ts';
import { openDecision, addVote, addRecommendation, addOutcome } from './decision.sql.ts';

export interface CastVoteInput {
  readonly commandId: string;
  readonly processId: string;
  readonly choice: Choice;
  /** Of the ballot as it was read. */
  readonly contentHash: string;
  readonly rationale?: string | null;
}

/** How a case ended for the time being. */
export type Verdict = Outcome | 'WITHDRAWN';

const whileDeciding: StateNeeded = {
  tags: ['deciding'],
  says: {
    de: 'Der Fall liegt dem Gremium nicht zur Entscheidung vor.',
    en: 'The case is not before the board.',
  },
};

/** The board's decision: votes bound to the ratings they were cast on, the computed result, what is kept of it. */
@Injectable()
export class Decisions {
  readonly #gate: OpeningGate;
  readonly #board: Board;
  readonly #ratings: Ratings;
  readonly #reports: Reports;

  constructor(gate: OpeningGate, board: Board, ratings: Ratings, reports: Reports) {
    this.#gate = gate;
    this.#board = board;
    this.#ratings = ratings;
    this.#reports = reports;
  }

  /** A member's vote; it may be changed until the decision is taken, the latest one counts. */
  castVote(actor: Actor, input: CastVoteInput) {
    const command = { name: 'castVote', input, action: 'decision.vote', moment: whileDeciding };
    return this.#gate.command(actor, command, async (tx, process) => {
      const ballots = await this.#ballots(tx, process);
      const no = refuseBallot(ballots, process, input, actor.person);
      if (no) return no;
      const decisionId = ballots.decisionId ?? (await this.#open(tx, process));
      const values = [decisionId, input.choice, ballots.contentHash, input.rationale ?? null, actor.person];
      await tx.call(addVote, values);
    });
  }

  /** The audit lead's recommendation: re-ratings become final, and the case comes before the board. */
  async recommend(tx: Tx, process: ProcessRow, recommended: Outcome, reason: string) {
    await tx.call(addRecommendation, [process.id, recommended, reason, tx.actor.person]);
    const finalRatings = await this.#reports.finalise(tx, await this.#ratings.sheet(tx, process.id));
    await this.#open(tx, process);
    return { finalRatings };
  }

  /** Keeps what was decided, by which votes, on which ratings and under which thresholds. */
  async record(tx: Tx, process: ProcessRow, verdict: Verdict, step: StepContext) {
    const { hearingHeldOn } = step.payload as { hearingHeldOn?: string };
    if (hearingHeldOn && hearingHeldOn > tx.today) {
      return refuseFaults([{ path: 'payload.hearingHeldOn', message: notHeard }])!;
    }
    const { recognition, contentHash, count, quorum, decisionId, members } = await this.#ballots(tx, process);
    const member = members.find(({ personId }) => personId === tx.actor.person);
    const excluded = member && refuseExcluded(member);
    if (excluded) return refuse('NotAllowed', excluded.message);
    const voted = process.tags.includes('deciding');
    const facts = {
      allowed: recognition.outcome,
      exemplary: verdict === 'FULL' && recognition.exemplary,
      points: recognition.score.points,
      pointsOf: recognition.score.of,
      thresholdsVersion: thresholds.version,
      contentHash,
      ...(voted ? count.votes : { FOR_FULL: 0, FOR_CONDITIONS: 0, FOR_REFUSAL: 0, ABSTAIN: 0 }),
      excluded: voted ? count.excluded.length : 0,
      quorum: voted ? quorum : 0,
    };
    const reason = reasonOf(step);
    const values = [
      process.id,
      voted ? decisionId : null,
      verdict,
      JSON.stringify(facts),
      reason,
      tx.actor.person,
    ];
    await tx.call(addOutcome, values);
    return { outcome: verdict, contentHash };
  }

  async #ballots(db: Db, process: ProcessRow): Promise<Ballots> {
    const ballots = (await this.#board.ballots(db, [process])).get(process.id);
    if (!ballots) throw new Error(`Process ${process.id} has come to a decision without criteria`);
    return ballots;
  }

  async #open(tx: Tx, process: ProcessRow): Promise<string> {
    const id = newId();
    await tx.call(openDecision, [id, process.id]);
    return id;
  }
}

function refuseBallot(
  { members, recognition, contentHash }: Ballots,
  process: ProcessRow,
  input: CastVoteInput,
  personId: string,
): Refusal<'NotPossibleNow' | 'VoteExcluded' | 'ChangedMeanwhile' | 'BeyondThresholds'> | undefined {
  const member = members.find((m) => m.personId === personId);
  if (!member) return notPossible(process.stage, noMember);
  const unread = input.contentHash === contentHash ? undefined : changed();
  return refuseExcluded(member) ?? unread ?? refuseVote(member, input.choice, recognition.outcome);
}

/** Ratings have no version of their own as a whole. */
const changed = () =>
  refuse(
    'ChangedMeanwhile',
    {
      de: 'Die Bewertungen wurden seit dem Lesen geändert. Bitte neu lesen und dann abstimmen.',
      en: 'The ratings were changed since you read them. Please read them again, then vote.',
    },
    { currentVersion: null },
  );

const noMember = {
  de: 'Ihre Stimme führt heute jemand anderes im Gremium, etwa die Person, die Sie auf ihrer Stelle vertreten.',
  en: 'Today somebody else has your vote on the board, such as the holder of the post you are deputy of.',
};

const notHeard = {
  de: 'Die Anhörung der Leitung liegt in der Zukunft; zuerst anhören, dann zurücknehmen.',
  en: 'The hearing of the head lies in the future; hear first, then withdraw.',
};

/** Steps by the clockwork carry no reason. */
const reasonOf = ({ payload }: StepContext): string | null => {
  const { reason, note } = payload as { reason?: string; note?: string };
  return reason ?? note ?? null;
};

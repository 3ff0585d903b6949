import { refuse, type Refusal, type Text } from '../../platform/bare.ts';
import { outcomes, type Outcome } from '../rating/recognition.rules.ts';

export const choices = ['FOR_FULL', 'FOR_CONDITIONS', 'FOR_REFUSAL', 'ABSTAIN'] as const;
export type Choice = (typeof choices)[number];

export interface BoardMember {
  readonly personId: string;
  readonly isChair: boolean;
  /** Holds a post in the unit that is decided on. */
  readonly ofTheUnit: boolean;
  /** Audits this unit in this round. */
  readonly isAuditor: boolean;
}

export interface Ballot {
  readonly personId: string;
  readonly choice: Choice;
}

export interface Count {
  readonly votes: Readonly<Record<Choice, number>>;
  /** Members who may vote and have not yet. */
  readonly missing: readonly string[];
  /** Members kept out: own unit, or auditor here. They do not count towards the quorum. */
  readonly excluded: readonly string[];
  readonly isQuorate: boolean;
  /** Null while no quorum is reached or everybody abstained. */
  readonly result: Outcome | null;
}

const meaning: Readonly<Record<Exclude<Choice, 'ABSTAIN'>, Outcome>> = {
  FOR_FULL: 'FULL',
  FOR_CONDITIONS: 'CONDITIONAL',
  FOR_REFUSAL: 'REFUSED',
};
const strictness = (outcome: Outcome) => outcomes.indexOf(outcome);

export const mayVote = (member: BoardMember): boolean => !member.ofTheUnit && !member.isAuditor;

/** Own-unit members and auditors have no part in a decision (Konzept §2.2 T26, §6.2). */
export function refuseExcluded(member: BoardMember): Refusal<'VoteExcluded'> | undefined {
  return mayVote(member) ? undefined : refuse('VoteExcluded', exclusionOf(member));
}

/** Who is kept out has no vote, and nobody votes for more than the ratings allow. */
export function refuseVote(
  member: BoardMember,
  choice: Choice,
  allowed: Outcome,
): Refusal<'VoteExcluded' | 'BeyondThresholds'> | undefined {
  const excluded = refuseExcluded(member);
  if (excluded || choice === 'ABSTAIN' || strictness(meaning[choice]) >= strictness(allowed)) return excluded;
  return refuse(
    'BeyondThresholds',
    {
      de: `Die Bewertungen erlauben höchstens „${labels[allowed].de}“.`,
      en: `The ratings allow “${labels[allowed].en}” at most.`,
    },
    { allowed },
  );
}

/**
 * The strictest result a majority of the votes cast supports: who votes for full recognition also prefers conditions
 * to a refusal, so the median vote is the result. In a tie the chair's vote decides between the two middle votes;
 * without it the stricter one stands, as a tied motion fails. Abstaining counts for the quorum, being excluded does not.
 */
export function countVotes(
  members: readonly BoardMember[],
  ballots: readonly Ballot[],
  { quorum, allowed }: { quorum: number; allowed: Outcome },
): Count {
  const entitled = members.filter(mayVote);
  const cast = new Map(ballots.map((b) => [b.personId, b.choice]));
  const present = entitled.filter((m) => cast.has(m.personId));
  const counted = (choice: Choice) => present.filter((m) => cast.get(m.personId) === choice).length;
  const isQuorate = present.length > 0 && present.length >= quorum;
  const chair = entitled.find((m) => m.isChair);
  return {
    votes: {
      FOR_FULL: counted('FOR_FULL'),
      FOR_CONDITIONS: counted('FOR_CONDITIONS'),
      FOR_REFUSAL: counted('FOR_REFUSAL'),
      ABSTAIN: counted('ABSTAIN'),
    },
    missing: entitled.filter((m) => !cast.has(m.personId)).map((m) => m.personId),
    excluded: members.filter((m) => !mayVote(m)).map((m) => m.personId),
    isQuorate,
    result: isQuorate
      ? within(
          allowed,
          middle(
            present.flatMap((m) => asOutcome(cast.get(m.personId))),
            asOutcome(cast.get(chair?.personId ?? ''))[0],
          ),
        )
      : null,
  };
}

function asOutcome(choice: Choice | undefined): Outcome[] {
  return choice === undefined || choice === 'ABSTAIN' ? [] : [meaning[choice]];
}

function middle(votes: readonly Outcome[], chair: Outcome | undefined): Outcome | null {
  const sorted = votes.map(strictness).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const milder = sorted[Math.floor((sorted.length - 1) / 2)]!;
  const stricter = sorted[Math.floor(sorted.length / 2)]!;
  const chosen = chair === undefined ? stricter : Math.min(Math.max(strictness(chair), milder), stricter);
  return outcomes[chosen]!;
}

/** Ratings may have been corrected after votes were cast: the bound holds when counting, too. */
const within = (allowed: Outcome, result: Outcome | null): Outcome | null =>
  result && strictness(result) < strictness(allowed) ? allowed : result;

const exclusionOf = ({ isAuditor }: BoardMember): Text =>
  isAuditor
    ? {
        de: 'Wer diese Einheit auditiert, stimmt über sie nicht mit ab.',
        en: 'Whoever audits this unit does not vote on it.',
      }
    : {
        de: 'Über die eigene Einheit stimmen Mitglieder nicht mit ab; Ihre Enthaltung ist vermerkt.',
        en: 'Members do not vote on their own unit; your abstention is on record.',
      };

export const labels: Readonly<Record<Outcome, Text>> = {
  FULL: { de: 'anerkannt', en: 'recognised' },
  CONDITIONAL: { de: 'mit Auflagen anerkannt', en: 'recognised with conditions' },
  REFUSED: { de: 'nicht anerkannt', en: 'not recognised' },
};

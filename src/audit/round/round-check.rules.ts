import type { Text } from '../../platform/bare.ts';
import type { GroupSize } from '../../organisation/index.ts';
import { functionName } from '../../responsibility/bare.ts';
import { finding, inOrder, type Finding } from './finding.rules.ts';
import { lacksForRounds, successionStep, type DefinitionShape } from '../opening/definition-needs.rules.ts';
import { boardFaults } from '../opening/independence.rules.ts';
import type { RatingPlan, TreeUnit } from '../opening/scope.rules.ts';

export interface CheckedUnit extends TreeUnit {
  readonly name: string;
}
export interface UnitFacts {
  readonly criteria: number;
  readonly fieldsWithoutAccountable: number;
  readonly criteriaWithoutCompetent: number;
  readonly hasHead: boolean;
  readonly hasAuditor: boolean;
  /** Auditors assigned who stand in the unit's line today. */
  readonly dependentAuditors: number;
  readonly hasIndependentLead: boolean;
  readonly openElsewhere: boolean;
  readonly size: GroupSize;
}
/** All that a check looks at; gathered by the service, judged here. */
export interface RoundFacts<N extends CheckedUnit> {
  readonly today: string;
  readonly closesOn: string;
  readonly editionPublished: boolean;
  readonly definition: DefinitionShape;
  readonly members: readonly { readonly fn: string; readonly chair: boolean }[];
  readonly boardQuorum: number | null;
  /** Figures about fewer staff are hidden. */
  readonly smallest: number;
  readonly plan: RatingPlan<N>;
  readonly unit: (unit: N) => UnitFacts;
}

/** Everything that would go wrong, what blocks first; without anything that blocks the round can start. */
export function roundFindings<N extends CheckedUnit>(facts: RoundFacts<N>): Finding[] {
  const { rated, within, leftOut } = facts.plan;
  const { smallest: n } = facts;
  return inOrder([
    ...ofTheRound(facts),
    ...ofTheBodies(facts),
    ...rated.flatMap((unit) => ofUnit(unit, facts.unit(unit), n)),
    ...within.map(({ unit, within }) =>
      finding('SMALL_TEAM_WITHIN_SUPERIOR', { unit, other: bothWays(within.name), n }),
    ),
    ...leftOut.map((unit) => finding('SMALL_TEAM_LEFT_OUT', { unit, n })),
  ]);
}

const bothWays = (name: string): Text => ({ de: name, en: name });

function ofTheRound<N extends CheckedUnit>({
  editionPublished,
  definition,
  closesOn,
  today,
  plan,
}: RoundFacts<N>): Finding[] {
  const findings: Finding[] = [];
  if (!editionPublished) findings.push(finding('EDITION_NOT_PUBLISHED'));
  const lacking = lacksForRounds(definition);
  if (lacking.length > 0) findings.push(finding('DEFINITION_UNFIT', { other: bothWays(lacking.join(', ')) }));
  if (!definition.steps.includes(successionStep)) findings.push(finding('NO_SUCCESSION'));
  if (closesOn < today) findings.push(finding('PERIOD_OVER'));
  if (plan.rated.length === 0) findings.push(finding('NO_UNITS'));
  return findings;
}

function ofTheBodies<N extends CheckedUnit>({ members, boardQuorum }: RoundFacts<N>): Finding[] {
  const lacks = (fn: string) => !members.some((member) => member.fn === fn);
  const findings: Finding[] = [];
  if (lacks('AUDLEAD')) findings.push(finding('AUDIT_LEAD_MISSING'));
  if (lacks('AUD2')) findings.push(finding('SECOND_AUDITOR_MISSING'));
  if (lacks('APPEAL')) findings.push(finding('APPEAL_BODY_MISSING'));
  const board = members.filter(({ fn }) => fn === 'BOARD');
  const unnamed = ['PR', 'GB'].filter(lacks);
  return [
    ...findings,
    ...boardFaults(board, boardQuorum).map((other) => finding('BOARD_INCOMPLETE', { other })),
    ...unnamed.map((fn) => finding('REPRESENTATION_MISSING', { other: functionName(fn) })),
  ];
}

function ofUnit(unit: CheckedUnit, facts: UnitFacts, smallest: number): Finding[] {
  if (facts.criteria === 0) return [finding('NO_CRITERIA', { unit })];
  const findings: Finding[] = [];
  if (facts.openElsewhere) findings.push(finding('OPEN_PROCESS_ELSEWHERE', { unit }));
  if (facts.dependentAuditors > 0) findings.push(finding('AUDITOR_NOT_INDEPENDENT', { unit }));
  if (!facts.hasHead) findings.push(finding('HEAD_MISSING', { unit }));
  if (facts.fieldsWithoutAccountable > 0)
    findings.push(finding('ACCOUNTABLE_MISSING', { unit, n: facts.fieldsWithoutAccountable }));
  if (facts.criteriaWithoutCompetent > 0)
    findings.push(finding('COMPETENT_MISSING', { unit, n: facts.criteriaWithoutCompetent }));
  if (!facts.hasIndependentLead) findings.push(finding('AUDIT_LEAD_IN_LINE', { unit }));
  if (!facts.hasAuditor) findings.push(finding('AUDITOR_MISSING', { unit }));
  if (facts.size === 'FEW') findings.push(finding('FIGURES_HIDDEN', { unit, n: smallest }));
  if (facts.size === 'UNKNOWN') findings.push(finding('HEADCOUNT_UNKNOWN', { unit }));
  return findings;
}

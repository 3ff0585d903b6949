import { expect, test } from '@jest/globals';
import { roundFindings, type CheckedUnit, type RoundFacts, type UnitFacts } from './round-check.rules.ts';

const office: CheckedUnit = { id: 'o1', name: 'Amt 1', level: 'L2', headcount: 30, isHeadcountStated: true };
const team: CheckedUnit = { id: 't1', name: 'Team 1', level: 'L4', headcount: 3, isHeadcountStated: true };
const well: UnitFacts = {
  criteria: 30,
  fieldsWithoutAccountable: 0,
  criteriaWithoutCompetent: 0,
  hasHead: true,
  hasAuditor: true,
  dependentAuditors: 0,
  hasIndependentLead: true,
  openElsewhere: false,
  size: 'ENOUGH',
};
const members = ['AUDLEAD', 'AUD', 'AUD2', 'BOARD', 'BOARD', 'APPEAL', 'PR', 'GB'].map((fn, at) => ({
  fn,
  chair: at === 3,
}));
const ready: RoundFacts<CheckedUnit> = {
  today: '2026-11-24',
  closesOn: '2027-12-31',
  editionPublished: true,
  definition: {
    steps: ['COMMISSION', 'CANCEL', 'ORG_CHANGE'],
    tags: ['editable', 'ratingsClosed', 'released', 'terminal'],
  },
  members,
  boardQuorum: 2,
  smallest: 5,
  plan: { rated: [office], within: [], leftOut: [] },
  unit: () => well,
};
const without = (fn: string) => ({ members: members.filter((member) => member.fn !== fn) });
const lacking = (word: string) => {
  const { definition } = ready;
  const rest = (words: readonly string[]) => words.filter((one) => one !== word);
  return { definition: { ...definition, steps: rest(definition.steps), tags: rest(definition.tags) } };
};
const unit = (facts: Partial<UnitFacts>) => ({ unit: () => ({ ...well, ...facts }) });

test('a round where all is in place has no findings', () => expect(roundFindings(ready)).toEqual([]));

test.each<[string, string, Partial<RoundFacts<CheckedUnit>>]>([
  ['EDITION_NOT_PUBLISHED', 'BLOCKS', { editionPublished: false }],
  ['DEFINITION_UNFIT', 'BLOCKS', lacking('COMMISSION')],
  ['DEFINITION_UNFIT', 'BLOCKS', lacking('CANCEL')],
  ['DEFINITION_UNFIT', 'BLOCKS', lacking('released')],
  ['NO_SUCCESSION', 'TELLS', lacking('ORG_CHANGE')],
  ['PERIOD_OVER', 'BLOCKS', { closesOn: '2026-11-23' }],
  ['NO_UNITS', 'BLOCKS', { plan: { rated: [], within: [], leftOut: [] } }],
  ['AUDIT_LEAD_MISSING', 'BLOCKS', without('AUDLEAD')],
  ['SECOND_AUDITOR_MISSING', 'BLOCKS', without('AUD2')],
  ['BOARD_INCOMPLETE', 'BLOCKS', without('BOARD')],
  ['BOARD_INCOMPLETE', 'BLOCKS', { boardQuorum: 3 }],
  ['OPEN_PROCESS_ELSEWHERE', 'BLOCKS', unit({ openElsewhere: true })],
  ['AUDITOR_NOT_INDEPENDENT', 'BLOCKS', unit({ dependentAuditors: 1 })],
  ['APPEAL_BODY_MISSING', 'WARNS', without('APPEAL')],
  ['REPRESENTATION_MISSING', 'WARNS', without('PR')],
  ['REPRESENTATION_MISSING', 'WARNS', without('GB')],
  ['HEAD_MISSING', 'WARNS', unit({ hasHead: false })],
  ['ACCOUNTABLE_MISSING', 'WARNS', unit({ fieldsWithoutAccountable: 2 })],
  ['COMPETENT_MISSING', 'WARNS', unit({ criteriaWithoutCompetent: 7 })],
  ['AUDIT_LEAD_IN_LINE', 'WARNS', unit({ hasIndependentLead: false })],
  ['AUDITOR_MISSING', 'WARNS', unit({ hasAuditor: false })],
  ['NO_CRITERIA', 'WARNS', unit({ criteria: 0, hasHead: false })],
  ['SMALL_TEAM_LEFT_OUT', 'WARNS', { plan: { rated: [office], within: [], leftOut: [team] } }],
  [
    'SMALL_TEAM_WITHIN_SUPERIOR',
    'TELLS',
    { plan: { rated: [office], within: [{ unit: team, within: office }], leftOut: [] } },
  ],
  ['HEADCOUNT_UNKNOWN', 'WARNS', unit({ size: 'UNKNOWN' })],
  ['FIGURES_HIDDEN', 'TELLS', unit({ size: 'FEW' })],
])('%s %s', (kind, severity, facts) =>
  expect(roundFindings({ ...ready, ...facts }).map((f) => [f.kind, f.severity])).toEqual([[kind, severity]]),
);

test('what blocks stands first, and texts name unit and number', () => {
  const findings = roundFindings({ ...ready, ...unit({ criteriaWithoutCompetent: 7, openElsewhere: true }) });
  expect(findings.map(({ kind }) => kind)).toEqual(['OPEN_PROCESS_ELSEWHERE', 'COMPETENT_MISSING']);
  expect(findings[1]!.message.de).toBe('Amt 1: Kriterien, für die keine Stelle zuständig ist: 7.');
});

const written = `person_id as "personId", recorded_at as "recordedAt"`;
export const recommendations = `
  select recommended, reason, ${written} from audit.recommendation where process_id = $1 order by recorded_at desc`;
export const outcomes = `
  select outcome, allowed, exemplary, points, points_of as "of", votes_full as "forFull",
    votes_conditions as "forConditions", votes_refusal as "forRefusal", votes_abstain as abstentions, excluded, reason,
    ${written}
  from audit.decision_outcome where process_id = $1 order by recorded_at desc`;
export const ownChoice = `
  select choice from audit.vote where decision_id = $1 and person_id = $2 order by vote_no desc limit 1`;
export const entries = `
  select condition_id as "conditionId", kind as state, note, ${written},
    array(select v.evidence_id::text from audit.condition_evidence v where v.entry_id = e.id) as "evidenceIds"
  from audit.condition_entry e where condition_id = any($1) order by condition_id, entry_no`;
export const statements = `
  select criterion_id as "criterionId", upheld, statement, ${written}
  from audit.surveillance_statement where process_id = $1 order by recorded_at desc, criterion_id`;

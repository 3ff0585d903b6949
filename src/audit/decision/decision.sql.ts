export const openDecision = `
  insert into audit.decision (id, process_id, decision_no)
  select $1, $2, 1 + coalesce(max(decision_no), 0) from audit.decision where process_id = $2`;
export const addVote = `
  insert into audit.vote (decision_id, vote_no, choice, content_hash, rationale, person_id)
  select $1, 1 + coalesce(max(vote_no), 0), $2, $3, $4, $5 from audit.vote where decision_id = $1 and person_id = $5`;
export const addRecommendation = `
  insert into audit.recommendation (process_id, recommended, reason, person_id) values ($1, $2, $3, $4)`;
export const addOutcome = `
  insert into audit.decision_outcome (process_id, decision_id, outcome, allowed, exemplary, points, points_of,
    thresholds_version, content_hash, votes_full, votes_conditions, votes_refusal, votes_abstain, excluded, quorum,
    reason, person_id)
  select $1, $2, $3, o.allowed, o.exemplary, o.points, o."pointsOf", o."thresholdsVersion", o."contentHash",
    o."FOR_FULL", o."FOR_CONDITIONS", o."FOR_REFUSAL", o."ABSTAIN", o.excluded, o.quorum, $5, $6
  from jsonb_to_record($4::jsonb) as o(allowed text, exemplary boolean, points int, "pointsOf" int,
    "thresholdsVersion" int, "contentHash" text, "FOR_FULL" int, "FOR_CONDITIONS" int, "FOR_REFUSAL" int,
    "ABSTAIN" int, excluded int, quorum int)`;

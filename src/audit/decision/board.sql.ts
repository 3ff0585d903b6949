export const openDecisions = `
  select d.process_id as "processId", d.id from audit.decision d
  where d.process_id = any($1) and not exists (select from audit.decision_outcome o where o.decision_id = d.id)`;
export const latestVotes = `
  select distinct on (v.decision_id, v.person_id) d.process_id as "processId", v.person_id as "personId", v.choice,
    v.content_hash as "contentHash"
  from audit.vote v join audit.decision d on d.id = v.decision_id
  where d.id = any($1) order by v.decision_id, v.person_id, v.vote_no desc`;

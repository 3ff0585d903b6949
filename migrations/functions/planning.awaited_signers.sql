-- The functions whose signature a process's latest agreement lacked before an instant. Whether they are waited for says
-- the process: with the tag coSigning. Written to be inlined: plans see through it.
create or replace function planning.awaited_signers(process uuid, until timestamptz)
returns table (fn text) language sql stable
begin atomic
  select r.fn from planning.required_signature r
   where r.agreement_id = (
         select a.id from planning.target_agreement a
          where a.process_id = process and a.submitted_at < until order by a.version desc limit 1)
     and not exists (
         select from planning.co_signature s
          where s.agreement_id = r.agreement_id and s.fn = r.fn and s.signed_at < until);
end;

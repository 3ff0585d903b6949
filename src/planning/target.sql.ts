import type { Db } from '../platform/index.ts';
import type { CoSigner } from './target.rules.ts';

/** An agreement as it was submitted, and how it ended. */
export interface AgreementRow {
  readonly id: string;
  readonly processId: string;
  readonly version: number;
  readonly contentHash: string;
  readonly personId: string;
  readonly submittedAt: Date;
  readonly required: readonly CoSigner[];
  readonly ends: readonly { kind: EndKind; reason: string | null; personId: string; at: string }[];
}

interface CoSignatureRow {
  readonly agreementId: string;
  readonly fn: CoSigner;
  readonly contentHash: string;
  readonly personId: string;
  readonly representsId: string | null;
  readonly signedAt: Date;
}
export type EndKind = 'APPROVED' | 'OBJECTED' | 'REJECTED' | 'REVISED';

const latest = `
  select distinct on (a.process_id) a.id, a.process_id as "processId", a.version, a.content_hash as "contentHash",
    a.person_id as "personId", a.submitted_at as "submittedAt",
    array(select fn from planning.required_signature r where r.agreement_id = a.id) as required,
    (select coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'reason', e.reason, 'personId', e.person_id,
      'at', e.recorded_at) order by e.recorded_at), '[]') from planning.agreement_end e where e.agreement_id = a.id) as ends
  from planning.target_agreement a where a.process_id = any($1) order by a.process_id, a.version desc`;
const signatures = `
  select agreement_id as "agreementId", fn, content_hash as "contentHash", person_id as "personId",
    represents_id as "representsId", signed_at as "signedAt"
  from planning.co_signature where agreement_id = any($1) order by signed_at`;

/** The latest agreement of each process that has one. */
export const currentAgreements = async (
  db: Db,
  processIds: readonly string[],
): Promise<Map<string, AgreementRow>> => {
  const rows = await db.call<AgreementRow>(latest, [processIds]);
  return new Map(rows.map((row) => [row.processId, row]));
};

export const coSignatures = (db: Db, agreementIds: readonly string[]): Promise<CoSignatureRow[]> =>
  db.call<CoSignatureRow>(signatures, [agreementIds]);

export const submit = `
  with agreement as (
    insert into planning.target_agreement (id, process_id, version, content_hash, person_id)
    select $1, $2, 1 + coalesce(max(version), 0), $3, $4 from planning.target_agreement where process_id = $2
    returning id, version
  ), required as (
    insert into planning.required_signature (agreement_id, fn) select id, unnest($5::text[]) from agreement
  )
  select version from agreement`;
export const sign = `
  insert into planning.co_signature (agreement_id, fn, content_hash, person_id, represents_id, command_id)
  values ($1, $2, $3, $4, $5, $6)`;
export const end = `
  insert into planning.agreement_end (agreement_id, kind, reason, person_id) values ($1, $2, $3, $4)
  on conflict do nothing`;

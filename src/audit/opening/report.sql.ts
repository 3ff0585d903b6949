import type { Db } from '../../platform/index.ts';

export interface ReportText {
  readonly processId: string;
  readonly version: number;
  readonly summary: string;
  readonly publicSummary: string | null;
  readonly personId: string;
  readonly recordedAt: Date;
}

interface ReportSignature {
  readonly processId: string;
  readonly personId: string;
  readonly contentHash: string;
  readonly capacity: string;
  readonly signedAt: Date;
}

/** The name of the second auditor's signature among the signatures of a process. */
export const REPORT_SIGNATURE = 'SIGN_REPORT';

const texts = `
  select distinct on (process_id) process_id as "processId", version, summary, public_summary as "publicSummary",
    person_id as "personId", recorded_at as "recordedAt"
  from audit.report_text where process_id = any($1) order by process_id, version desc`;

/** The latest words of each process's report; a process without any is left out. */
export const reportTexts = async (
  db: Db,
  processIds: readonly string[],
): Promise<Map<string, ReportText>> => {
  const rows = await db.call<ReportText>(texts, [processIds]);
  return new Map(rows.map((row) => [row.processId, row]));
};

const signatures = `
  select process_id as "processId", content_hash as "contentHash", person_id as "personId", capacity, signed_at as "signedAt"
  from audit.signature where process_id = any($1) and step = '${REPORT_SIGNATURE}' order by signed_at`;

/** Signatures of second auditors, those included whose content was changed since. */
export const reportSignatures = (db: Db, processIds: readonly string[]): Promise<ReportSignature[]> =>
  db.call<ReportSignature>(signatures, [processIds]);

const published = `
  select distinct on (r.process_id) r.process_id as "processId", r.visibility
  from audit.report_release r join audit.opening_process p on p.id = r.process_id
  where r.process_id = any($1) and r.kind = 'FINAL' and r.recorded_at >= coalesce(p.cycle_began_at, '-infinity')
  order by r.process_id, r.release_no desc`;

/** The processes whose report may be read outside the administration, as it was last released in their cycle. */
export const publishedOf = async (db: Db, processIds: readonly string[]): Promise<Set<string>> => {
  const rows = await db.call<{ processId: string; visibility: string }>(published, [processIds]);
  return new Set(rows.filter(({ visibility }) => visibility === 'PUBLIC').map(({ processId }) => processId));
};

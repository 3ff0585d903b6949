import type { Db, Tx } from '../platform/index.ts';

/** A co-signature on one measure as it was worded then. */
interface MeasureSignatureRow {
  readonly measureId: string;
  readonly termsVersion: number;
  readonly fn: string;
}
const signatures = `select measure_id as "measureId", terms_version as "termsVersion", fn
  from planning.measure_signature where measure_id = any($1)`;
export const signaturesOf = (db: Db, measureIds: readonly string[]) =>
  db.call<MeasureSignatureRow>(signatures, [measureIds]);

const sign = `
  insert into planning.measure_signature (measure_id, terms_version, fn, person_id, represents_id, command_id)
  values ($1, $2, $3, $4, $5, $6) on conflict do nothing`;
export const insertMeasureSignature = (
  tx: Tx,
  { measureId, termsVersion, fn }: MeasureSignatureRow,
  representsId: string | null,
) => tx.call(sign, [measureId, termsVersion, fn, tx.actor.person, representsId, tx.commandId]);

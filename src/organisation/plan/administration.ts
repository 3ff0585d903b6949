import { v7 } from 'uuid';
import * as sql from './administration.sql.ts';
import { shippedKinds } from './unit-kind.rules.ts';

/** What founding needs of a connection: `pg`'s client of the database's owner is one. */
export interface OwnerConnection {
  query(sql: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

export interface NewAdministration {
  /** Short name in addresses and tokens: a–z, 0–9 and hyphens. */
  readonly key: string;
  readonly name: string;
  /** IANA zone, default Europe/Berlin. It is never changed. */
  readonly zone?: string;
  /** Two letters of the Land whose public holidays count, default NW. */
  readonly federalState?: string;
}

/**
 * Founds an administration with the shipped kinds of unit; one that is there already stays as it is. Founding is the
 * owner's act, as the server may create no tenants. Returns the tenant's id.
 */
export async function createAdministration(
  owner: OwnerConnection,
  given: NewAdministration,
): Promise<string> {
  const { key, name, zone = 'Europe/Berlin', federalState = 'NW' } = given;
  await owner.query('begin');
  try {
    await owner.query(sql.insertTenant, [v7(), key, name, zone, federalState]);
    const { rows } = await owner.query(sql.tenantByKey, [key]);
    const { id } = rows[0] as { id: string };
    await owner.query(sql.becomeTenant, [id]);
    await owner.query(sql.insertAdministration, [id]);
    await owner.query(sql.insertUnitKinds, [
      shippedKinds.map(({ code }) => code),
      shippedKinds.map((k) => k.label.de),
      shippedKinds.map((k) => k.label.en),
    ]);
    await owner.query('commit');
    return id;
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
}

import { catalogueEntities } from './catalogue/catalogue.entity.ts';
import { evidenceEntities } from './evidence/evidence.entity.ts';
import { identityEntities } from './identity/identity.entity.ts';
import { noticesEntities } from './notices/notices.entity.ts';
import { responsibilityEntities } from './responsibility/assignment/assignment-rule.entity.ts';

/** The rows that commands change through the unit of work (ADR 70), of all rooms, lowest first. */
export const entities = [
  ...identityEntities,
  ...catalogueEntities,
  ...responsibilityEntities,
  ...noticesEntities,
  ...evidenceEntities,
];

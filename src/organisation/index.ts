// The face of the organisation: units, posts and holders on any day, and who takes part when the plan changes.
export { createAdministration, type NewAdministration } from './administration.ts';
export { Imports } from './imports.service.ts';
export { Organisation, type PostOnDay } from './organisation.service.ts';
export { OrganisationModule } from './organisation.module.ts';
export { PlanHooks, type PlanObjection } from './plan-hooks.ts';
export type { PlanShift } from './plan-shift.rules.ts';
export { UnitTree, type UnitNode } from './unit-tree.rules.ts';

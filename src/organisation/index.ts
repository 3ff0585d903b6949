// The face of the organisation: units, posts and holders on any day, and who takes part when the plan changes.
export { createAdministration, type NewAdministration } from './administration.ts';
export { Imports } from './imports.service.ts';
export { Organisation, type At, type HolderOnDay, type PostOnDay } from './organisation.service.ts';
export { OrganisationModule } from './organisation.module.ts';
export { PlanHooks, type PlanFollower, type PlanObjection, type PlanShift } from './plan-hooks.ts';
export { levels, type Level } from './plan.rules.ts';
export { UnitTree, type Area, type UnitNode } from './unit-tree.rules.ts';

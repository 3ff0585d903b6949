// The face of the organisation: units, posts and holders on any day, and who takes part when the plan changes.
export { createAdministration, type NewAdministration } from './plan/administration.ts';
export { Imports } from './import/imports.service.ts';
export { Organisation, type PostOnDay } from './tree/organisation.service.ts';
export { OrganisationModule } from './organisation.module.ts';
export { groupSize, groupSizes, type GroupSize, type GroupSizes } from './plan/group-size.rules.ts';
export { PlanHooks, type PlanObjection } from './change/plan-hooks.ts';
export type { PlanShift } from './change/plan-shift.rules.ts';
export { UnitTree, type UnitNode } from './plan/unit-tree.rules.ts';

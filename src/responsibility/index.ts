// The face of responsibility: who may, who is competent, who answers for it.
export { Responsibility, type Named, type NamedPosts } from './responsibility.service.ts';
export { ResponsibilityModule } from './responsibility.module.ts';
export { keyFunctions, keyHolders, type GrantInput } from './grant/grant.rules.ts';
export type { Capacities, Capacity, PostPlace } from './functions/functions.rules.ts';
export type { UnitCoverage } from './assignment/coverage.rules.ts';
export { allows, functionCodes, type FunctionCode } from './functions/permission.rules.ts';

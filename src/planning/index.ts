// The face of planning: what units undertake after an audit, and how far they are.
export { PlanningModule } from './planning.module.ts';
export { Measures } from './measures.service.ts';
export { Targets } from './targets.service.ts';
export { coSigning } from './target.rules.ts';
export { statuses, type MeasureStatus } from './measure.rules.ts';

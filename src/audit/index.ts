// The face of audit: opening processes, their ratings and findings, and how a command on one of them is opened.
export { AuditModule } from './audit.module.ts';
export { Cases, placeOf, type Moment } from './case.service.ts';
export { Findings, type Found } from './findings.service.ts';
export { OpenWorkSources, type Companion, type OpenWorkSource } from './open-work-sources.service.ts';
export { OpeningProcesses, type OpeningProcess } from './opening-process.service.ts';
export type { OpeningKey } from './opening-process.queries.ts';
export { heirsOf } from './succession.queries.ts';
export { RoundViews } from './round-view.service.ts';
export type { OpenWork } from './my-work.service.ts';

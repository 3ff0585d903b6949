// The face of audit: opening processes, their ratings and findings, and how a command on one of them is opened.
export { AuditModule } from './audit.module.ts';
export { OpeningGate, placeOf, type StateNeeded } from './opening/opening-gate.service.ts';
export { Findings, type Found } from './review/findings.service.ts';
export { OpenWorkSources, type Companion, type OpenWorkSource } from './opening/open-work-sources.service.ts';
export { OpeningProcesses, type OpeningProcess } from './opening/opening-processes.service.ts';
export { openingTags, shownTags, type OpeningTag } from './opening/opening-tags.rules.ts';
export type { OpeningKey } from './opening/opening-process.sql.ts';
export { heirsOf } from './succession/succession.sql.ts';
export { RoundViews } from './round/round-views.service.ts';
export { unitsInScope, type ScopeEntry } from './opening/scope.rules.ts';
export { levelAt } from './rating/scale.rules.ts';
export type { OpenWork } from './work/my-work.service.ts';

// The face of status: leadership's questions. It reads every room's tables and writes none.
export { StatusModule } from './status.module.ts';

// The face of status: leadership's questions. It reads what other rooms publish and writes nothing.
export { StatusModule } from './status.module.ts';

// The face of notices: which notices leave, to whom, and what became of their deliveries. No room above asks it anything.
export { NoticesModule } from './notices.module.ts';

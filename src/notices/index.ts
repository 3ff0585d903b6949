// The face of notices: what leaves the house, to whom, and what became of it. Nobody above needs to ask it anything.
export { NoticesModule } from './notices.module.ts';

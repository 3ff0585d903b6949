// The face of the demo, a guest beside the rooms: taken in by import(), in the demo profile alone (ADR 75).
export { DemoModule } from './demo.module.ts';
export { loadBeside } from './load-beside.ts';
export { DemoSignIn } from './sign-in/demo-sign-in.service.ts';

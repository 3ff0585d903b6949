// The room's second face: values without a world, for rules and their tests; see platform/bare.ts.
export { functionName } from './functions/function-names.rules.ts';

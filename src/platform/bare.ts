// The platform's second face: values without a world, for rules, side threads and scripts. Nothing behind it loads a
// framework or needs compiling (Node only strips the types in a side thread), so a rule and its test start in no time.
export { answerQuestions } from './graphql/answer-questions.ts';
export type { Actor, HeldPost, Place } from './words/actor.ts';
export { canonical } from './words/canonical.ts';
export { daysBetween, isDay, plusDays, plusMonths } from './words/day.ts';
export { digest } from './words/digest.ts';
export {
  blankFaults,
  refuseFaults,
  repeatedFaults,
  type InputFault,
  type InvalidInput,
} from './words/input-fault.ts';
export { escaped } from './words/markup.ts';
export { howMany } from './words/how-many.ts';
export type { Json } from './database/receipt.ts';
export { isRefusal, notPossible, refuse, type Refusal } from './words/refusal.ts';
export { isBlank, textOrNull, type Language, type Text } from './words/text.ts';
export { dayIn } from './words/zone.ts';

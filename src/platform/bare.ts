// The platform's second face: what also runs without the server, in a side thread or a script. Node only strips the types
// there, so nothing behind this door may need compiling.
export { answerQuestions } from './graphql/answer-questions.ts';
export { canonical } from './words/canonical.ts';
export { escaped } from './words/markup.ts';

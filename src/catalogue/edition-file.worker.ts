import { answerQuestions } from '../platform/bare.ts';
import { readEdition } from './edition-file.rules.ts';

answerQuestions((bytes: Uint8Array) => readEdition(bytes));

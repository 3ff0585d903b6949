import { answerQuestions } from '../../platform/bare.ts';
import { check, type Source } from './definition-check.rules.ts';
import type { Vocabulary } from '../machine/registry.ts';

answerQuestions(({ source, known }: { source: Source; known: Vocabulary }) => check(source, known));

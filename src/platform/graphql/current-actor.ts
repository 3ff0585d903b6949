import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Actor } from '../words/actor.ts';
import type { RequestContext } from './guard-schema.ts';

// A resolver is called with its object, its arguments, the request's context and what is asked for.
const requestContext = 2;

/** The asking actor as a resolver's argument. */
export const CurrentActor = createParamDecorator(
  (_: unknown, context: ExecutionContext): Actor =>
    context.getArgByIndex<RequestContext>(requestContext).actor,
);

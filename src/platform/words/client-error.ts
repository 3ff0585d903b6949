import { GraphQLError } from 'graphql';
import type { Language, Text } from './text.ts';

/** What a client's code, not a careful person at the screen, can get wrong. The list is closed (README, "Errors"). */
export type ErrorCode =
  'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'BAD_INPUT' | 'TOO_COMPLEX' | 'INTERNAL';

const httpStatus: Partial<Record<ErrorCode, number>> = { UNAUTHENTICATED: 401 };

/** What else a client needs to know, and the status of an answer that ends here, before anything was executed. */
export interface ErrorDetails {
  readonly http?: number;
  readonly price?: number;
  readonly most?: number;
  readonly retryAfterSeconds?: number;
}

/** Thrown; reaches the client as an entry of `errors` with `extensions.code`. */
export class ClientError extends GraphQLError {
  readonly text: Text;

  constructor(code: ErrorCode, text: Text, { http, ...details }: ErrorDetails = {}) {
    const status = http ?? httpStatus[code];
    super(text.de, { extensions: { code, text, ...details, ...(status && { http: { status } }) } });
    this.text = text;
  }

  /** The same for a client whose language is known, where nothing later translates it. */
  inLanguage(language: Language): GraphQLError {
    const { text: _both, ...extensions } = this.extensions;
    return new GraphQLError(this.text[language], { extensions });
  }
}

/**
 * The thing asked for, or NOT_FOUND. An id of another administration reads exactly like an unknown one,
 * so the answer never tells that a foreign row exists.
 */
export function found<T>(thing: T | null | undefined, what: Text): T {
  if (thing !== null && thing !== undefined) return thing;
  throw new ClientError('NOT_FOUND', {
    de: `${what.de} nicht gefunden. Bitte die Kennung prüfen.`,
    en: `${what.en} not found. Please check the id.`,
  });
}

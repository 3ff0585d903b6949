import { unwrapResolverError } from '@apollo/server/errors';
import { Logger } from '@nestjs/common';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { randomUUID } from 'node:crypto';
import { ClientError, type ErrorCode } from '../words/client-error.ts';
import type { Language, Text } from '../words/text.ts';

const log = new Logger('GraphQL');

const codes: Record<string, ErrorCode> = {
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  BAD_INPUT: 'BAD_INPUT',
  TOO_COMPLEX: 'TOO_COMPLEX',
  GRAPHQL_PARSE_FAILED: 'BAD_INPUT',
  GRAPHQL_VALIDATION_FAILED: 'BAD_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_INPUT',
  BAD_USER_INPUT: 'BAD_INPUT',
  BAD_REQUEST: 'BAD_INPUT',
};

/** What leaves the server: a code of the closed list; an outage shows a request id, and its story stays in the log. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const original = unwrapResolverError(error);
  const { message, locations, path, extensions } = formatted;
  const code = original instanceof ClientError ? original.extensions.code : extensions?.code;
  const known = codes[String(code)];
  const { code: _code, stacktrace: _stacktrace, ...rest } = extensions ?? {};
  if (known && (original instanceof GraphQLError || error instanceof GraphQLError))
    return { message, locations, path, extensions: { ...rest, code: known } };
  if (wasCutOff(original))
    return { message: tooSlow.de, path, extensions: { code: 'TOO_COMPLEX', text: tooSlow } };
  const requestId = randomUUID();
  log.error(`${requestId} ${describe(original)}`);
  return {
    message: `Ein Fehler auf unserer Seite. Nichts wurde geändert. Kennung für die Betreuung: ${requestId}`,
    path,
    extensions: { code: 'INTERNAL', requestId },
  };
}

/** The database gave a question up at its time limit: no outage, but more than can be asked for at once. */
const wasCutOff = (error: unknown) => (error as { code?: string } | null)?.code === '57014';
const tooSlow: Text = {
  de: 'Diese Frage dauert zu lange. Bitte weniger auf einmal fragen, oder später noch einmal.',
  en: 'This question takes too long. Please ask for less at once, or again later.',
};

/** Name, code and place of a failure; database details may quote what people typed, so they stay out. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure';
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code)
    return `${error.name} ${code} ${constraint ?? ''} ${error.stack?.split('\n').slice(1, 8).join('\n') ?? ''}`;
  return error.stack ?? error.message;
}

/** An error of an answer in the asker's language. */
export function inLanguage(error: GraphQLFormattedError, language: Language): GraphQLFormattedError {
  const { text, http: _http, ...extensions } = (error.extensions ?? {}) as { text?: Text; http?: unknown };
  return { ...error, message: text?.[language] ?? error.message, extensions };
}

import { Catch, type ArgumentsHost } from '@nestjs/common';
import type { GqlExceptionFilter } from '@nestjs/graphql';
import { ClientError } from '../words/client-error.ts';

/** What a client got wrong is the client's to read, not an error in our log: Nest would write every one down. */
@Catch(ClientError)
export class QuietErrors implements GqlExceptionFilter {
  catch(error: ClientError, host: ArgumentsHost): ClientError {
    if (host.getType<string>() === 'graphql') return error;
    throw error;
  }
}

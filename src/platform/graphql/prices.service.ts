import type { ApolloServerPlugin } from '@apollo/server';
import { Injectable } from '@nestjs/common';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { Allowance } from '../async/allowance.ts';
import { Config } from '../config.ts';
import type { Actor } from '../words/actor.ts';
import { ClientError } from '../words/client-error.ts';
import { howMany } from '../words/how-many.ts';
import type { RequestContext } from './guard-schema.ts';
import { mostPerRequest, priceOf } from './price.ts';

interface Asked {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What a request may come to, and what one natural person's requests may come to in a minute. */
@Injectable()
export class Prices {
  readonly #allowance: Allowance;

  constructor(config: Config) {
    this.#allowance = new Allowance(config.settings.queryBudget);
  }

  /**
   * Takes the price of a request from the asker's minute, before anything is executed.
   * @throws ClientError TOO_COMPLEX when it is more than one request, or more than is left of the minute
   */
  charge({ tenant, person }: Actor, { schema, document, operation, variables }: Asked): void {
    const price = priceOf(schema, document, operation, variables, mostPerRequest);
    if (price === undefined) return;
    if (price > mostPerRequest) throw tooMuchAtOnce();
    const seconds = this.#allowance.take(`${tenant} ${person}`, price);
    if (seconds > 0) throw tooMuchInAMinute(price, seconds);
  }

  /** The same at the door of POST /graphql. */
  plugin(): ApolloServerPlugin<RequestContext> {
    return {
      requestDidStart: async () => ({
        didResolveOperation: async ({ contextValue, schema, document, operation, request }) =>
          operation &&
          this.charge(contextValue.actor, {
            schema,
            document,
            operation,
            variables: request.variables ?? {},
          }),
      }),
    };
  }
}

const tooMuchAtOnce = () =>
  new ClientError(
    'TOO_COMPLEX',
    {
      de: 'So viel lässt sich nicht auf einmal fragen. Bitte weniger Felder, kürzere Seiten (first) oder mehrere Anfragen nacheinander.',
      en: 'That is too much for one request. Please ask for fewer fields, shorter pages (first), or in several requests one after the other.',
    },
    { http: 400, most: mostPerRequest },
  );

const tooMuchInAMinute = (price: number, seconds: number) =>
  new ClientError(
    'TOO_COMPLEX',
    {
      de: `Sie haben in der letzten Minute sehr viel gefragt. Bitte in ${howMany(seconds, 'einer Sekunde', 'Sekunden')} erneut senden.`,
      en: `You have asked for a great deal within the last minute. Please send this again in ${howMany(seconds, 'one second', 'seconds')}.`,
    },
    { http: 429, price, retryAfterSeconds: seconds },
  );

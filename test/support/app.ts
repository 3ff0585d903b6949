import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { v7 } from 'uuid';
import { createApp } from '../../src/app.ts';
import { Issuers } from '../../src/identity/index.ts';
import type { TestDatabase } from './database.ts';
import { configFor } from './services.ts';
import { signIn, testIssuer } from './sign-in.ts';

/** What a test reads by path; the schema's types would only repeat what the test says. */
export type Fields = Record<string, any>;

export interface Answer {
  readonly data: Fields | null;
  readonly errors?: readonly { message: string; path?: string[]; extensions: { code: string } }[];
}

/** The whole server on a database of its own, asked as its users ask: GraphQL over HTTP with a signed token. */
export interface TestApp {
  readonly app: NestFastifyApplication;
  /** Asks as the person of this register key; the answer as it came. */
  ask(personKey: string, query: string, variables?: object, language?: 'de' | 'en'): Promise<Answer>;
  /** Asks and expects no errors. */
  see(personKey: string, query: string, variables?: object): Promise<Fields>;
  /** Sends one mutation; its outcome with `__typename`, and `message` when it is a refusal. */
  act(personKey: string, mutation: string, input: object, selection?: string): Promise<Outcome>;
  /** Sends one mutation and expects its success. */
  does(personKey: string, mutation: string, input: object, selection?: string): Promise<Outcome>;
  /** Uploads a file as the import page does; its id. */
  upload(personKey: string, format: string, file: string | Buffer): Promise<string>;
  close(): Promise<void>;
}
export type Outcome = { readonly __typename: string; readonly message?: string } & Fields;

export async function bootApp(
  database: TestDatabase,
  tenant: string,
  environment: Record<string, string> = {},
): Promise<TestApp> {
  const app = await createApp(configFor(database.serverUrl, { LOG_LEVEL: 'error', ...environment }));
  app.get(Issuers, { strict: false }).trust({ personKeyClaim: 'sub', ...(await testIssuer(tenant)) });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();

  const tokens = new Map<string, Promise<string>>();
  const token = (key: string) => {
    if (!tokens.has(key)) tokens.set(key, signIn(key, tenant));
    return tokens.get(key)!;
  };
  const post = async (key: string, url: string, payload: object | Buffer, headers: Record<string, string>) =>
    app.inject({
      method: 'POST',
      url,
      payload,
      headers: { authorization: `Bearer ${await token(key)}`, ...headers },
    });

  const ask: TestApp['ask'] = async (key, query, variables = {}, language = 'de') =>
    (await post(key, '/graphql', { query, variables }, { 'accept-language': language })).json();
  const see: TestApp['see'] = async (key, query, variables) => {
    const answer = await ask(key, query, variables);
    if (answer.errors) throw new Error(`${key} asked ${query}\n${JSON.stringify(answer.errors)}`);
    return answer.data!;
  };
  const act: TestApp['act'] = async (key, mutation, input, selection = '') => {
    const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}`;
    const query = `mutation ($input: ${type}Input!) { ${mutation}(input: $input) {
      __typename
      ... on Refusal { message ... on NotPossibleNow { state reasons } ... on InvalidInput { faults { path message } } }
      ${selection && `... on ${type}Success { ${selection} }`} } }`;
    return (await see(key, query, { input: { commandId: v7(), ...input } }))[mutation];
  };
  return {
    app,
    ask,
    see,
    act,
    does: async (key, mutation, input, selection) => {
      const outcome = await act(key, mutation, input, selection);
      if (!outcome.__typename.endsWith('Success'))
        throw new Error(
          `${mutation} by ${key}: ${JSON.stringify(outcome)} on ${JSON.stringify(input).slice(0, 400)}`,
        );
      return outcome;
    },
    upload: async (key, format, file) => {
      const answer = await post(key, `/imports?format=${format}`, Buffer.from(file), {
        'content-type': 'application/octet-stream',
      });
      if (answer.statusCode >= 300) throw new Error(`upload ${format}: ${answer.statusCode} ${answer.body}`);
      return answer.json().id;
    },
    close: () => app.close(),
  };
}

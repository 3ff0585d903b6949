// The real server, dist/main.js, as a child that is asked over HTTP and killed without warning.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
// What the server loads is loaded here, too: then it is known where it is found.
import '../../src/app.ts';
import 'pg-boss';
import { Lost } from './book.ts';
import { armed, type Failure } from './failpoints.ts';
import { handOn } from './shipped.mjs';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Mutation {
  readonly who: string;
  readonly mutation: string;
  readonly input: { readonly commandId: string } & Record<string, unknown>;
  /** What its success is asked for. */
  readonly selection: string;
}
export type Outcome = { readonly __typename: string; readonly message?: string } & Record<string, unknown>;

export class ServerChild {
  readonly #process: ChildProcess;
  readonly #url: string;
  readonly #tokens: (who: string) => Promise<string>;
  #printed = '';
  readonly ended: Promise<unknown>;

  constructor(
    environment: Readonly<Record<string, string>>,
    tokens: (who: string) => Promise<string>,
    failure: Failure | undefined,
  ) {
    this.#tokens = tokens;
    this.#url = `http://127.0.0.1:${environment['PORT']}/graphql`;
    const preload = [...handOn(), ...(failure ? ['--import', armed(failure)] : [])];
    this.#process = spawn(process.execPath, ['--no-warnings=ExperimentalWarning', ...preload, program], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], ...environment },
    });
    for (const stream of [this.#process.stdout!, this.#process.stderr!])
      stream.on('data', (text: Buffer) => (this.#printed += text.toString()));
    this.ended = once(this.#process, 'exit');
  }

  /** True when it is open, false when it was killed before. Whatever else it says is thrown. */
  async ready(): Promise<boolean> {
    let isGone = false;
    void this.ended.then(() => (isGone = true));
    while (!isGone && !this.#printed.includes('is open at'))
      await Promise.race([once(this.#process.stdout!, 'data'), this.ended]);
    if (isGone && this.#process.signalCode !== 'SIGKILL')
      throw new Error(`The server does not start: ${this.#printed}`);
    return !isGone;
  }

  async send({ who, mutation, input, selection }: Mutation): Promise<Outcome> {
    const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}`;
    const query = `mutation ($input: ${type}Input!) { ${mutation}(input: $input) {
      __typename ... on Refusal { message } ... on ${type}Success { ${selection} } } }`;
    const { data, errors } = await this.#post(await this.#tokens(who), { query, variables: { input } });
    // A server that loses its own hold says so without telling what became of the command.
    if (errors?.[0]?.extensions.code === 'INTERNAL') throw new Lost(errors[0].message);
    if (errors) throw new Error(`${mutation}: ${JSON.stringify(errors)}`);
    return data![mutation]!;
  }

  stop(): void {
    this.#process.kill('SIGTERM');
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  async #post(token: string, body: object): Promise<GraphqlAnswer> {
    try {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const response = await fetch(this.#url, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await response.json()) as GraphqlAnswer;
    } catch (error) {
      throw new Lost(String(error));
    }
  }
}

interface GraphqlAnswer {
  readonly data?: Record<string, Outcome>;
  readonly errors?: readonly { message: string; extensions: { code: string } }[];
}

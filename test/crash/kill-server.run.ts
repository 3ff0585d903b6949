// The real server is killed while people work: at named points of its conversation with the database, at any time,
// and while it starts. Each of these people works on processes of their own, so nothing may ever be refused.
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import type pg from 'pg';
import { v7 } from 'uuid';
import { Verifier } from '../../src/engine/index.ts';
import { startedRound } from '../audit/opening.ts';
import { signIn, testIssuer } from '../support/sign-in.ts';
import { Book, Lost } from './book.ts';
import { Dice } from './dice.ts';
import { instants, points, type Failure, type Point } from './failpoints.ts';
import { faultsOfRows } from './invariants.ts';
import type { Outcome as RunOutcome, Run } from './run.ts';
import { ServerChild, type Mutation, type Outcome } from './server-child.ts';

const teams = 6;
const mostMs = 400;
const patienceMs = 4000;
const ratingsEach = 40;

type ServerBook = Book<Mutation & { commandId: string }, Outcome>;
type Send = (order: Mutation) => Promise<Outcome>;

export async function killServer({ count, seed, folder }: Run): Promise<RunOutcome> {
  const round = await startedRound('A1', moreTeams(count));
  const { stage } = round;
  const book: ServerBook = new Book(folder, `kill-server-${seed}`);
  const dice = new Dice(seed);
  const servers = new Servers(stage.database.serverUrl, await issuers(), dice, count);
  let isOver = false;
  const insist: Send = async (order) => {
    book.sends({ ...order, commandId: order.input.commandId });
    for (;;) {
      try {
        const outcome = await (await servers.serving()).send(order);
        book.hears(order.input.commandId, outcome);
        return outcome;
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        book.loses(order.input.commandId);
        await after(5);
      }
    }
  };
  const units = [...stage.units.keys()].filter((code) => code.startsWith('U'));
  const working = Array.from({ length: teams }, async () => {
    while (!isOver) {
      const unit = units.pop();
      if (!unit) throw new Error('More teams are needed');
      await new Team(stage, insist, dice, unit, round.opening(unit, `leitung-${unit}`).id).work(() => isOver);
    }
  });
  const faults: string[] = [];
  for (let no = 0; no < count && faults.length === 0; no++) {
    book.notes({ killed: await servers.killOne(no) });
    faults.push(...(await faultsOf(stage.superuser, book)));
  }
  isOver = true;
  await servers.last();
  await Promise.all(working);
  await servers.end();
  const { differences } = await stage.get(Verifier).run();
  faults.push(
    ...(await faultsOf(stage.superuser, book)),
    ...differences.map(({ processId, step, what }) => `REPLAY ${processId} ${step ?? ''}: ${what}`),
  );
  await book.close();
  await stage.close();
  const acknowledged = book.answers.size;
  const { repeated } = book;
  const remark = servers.told();
  return { what: 'server killed', times: count, book: { acknowledged, repeated }, faults, remark };
}

/** Teams of their own, each with a head; what they do is done by nobody else. */
const moreTeams = (count: number) =>
  Array.from({ length: 20 + count }, (_none, i) => {
    return { code: `U${i + 1}`, parent: 'A1', level: 'L4', kind: 'FAC', head: `leitung-U${i + 1}` };
  });

const issuers = async () => JSON.stringify([await testIssuer('probe')]);

/** What one team does on its opening process: named, confirmed, opened, and then rated over and over. */
class Team {
  readonly #send: Send;
  readonly #stage;
  readonly #dice: Dice;
  readonly #unit: string;
  readonly #processId: string;

  constructor(
    stage: Awaited<ReturnType<typeof startedRound>>['stage'],
    send: Send,
    dice: Dice,
    unit: string,
    processId: string,
  ) {
    this.#stage = stage;
    this.#send = send;
    this.#dice = dice;
    this.#unit = unit;
    this.#processId = processId;
  }

  async work(isOver: () => boolean): Promise<void> {
    const id = (name: string) => this.#stage.persons.get(name);
    const team = { ownerId: id('anna'), deputyId: id('bora') };
    await this.#take(`leitung-${this.#unit}`, 'NAME_TEAM', team);
    await this.#take('koordination', 'CONFIRM_SCOPE', { representationsInformedOn: '2026-01-15' });
    await this.#take('anna', 'OPEN_SELF_ASSESSMENT');
    const { rows } = await this.#stage.superuser.query<{ id: string }>(
      'select criterion_id as id from audit.process_criterion where process_id = $1',
      [this.#processId],
    );
    const versions = new Map(rows.map(({ id: criterion }) => [criterion, 0]));
    for (let no = 0; no < ratingsEach && !isOver(); no++) {
      const criterionId = this.#dice.one([...versions.keys()]);
      await this.#rate(criterionId, versions.get(criterionId)!);
      versions.set(criterionId, versions.get(criterionId)! + 1);
      if (no % 10 === 9) await this.#grant();
    }
  }

  #take(who: string, step: string, payload?: object) {
    const input = { commandId: v7(), processId: this.#processId, step, ...(payload && { payload }) };
    return this.#send({ who, mutation: 'takeStep', input, selection: 'followedBy process { version }' });
  }

  #rate(criterionId: string, expectedRatingVersion: number) {
    const statement = 'Beschlossen und begonnen.';
    const rating = { criterionId, level: 1, statement, expectedRatingVersion };
    const input = { commandId: v7(), processId: this.#processId, ratings: [rating] };
    return this.#send({ who: 'anna', mutation: 'rateCriteria', input, selection: 'items { version }' });
  }

  #grant() {
    const personId = this.#stage.persons.get('bora');
    const input = { commandId: v7(), personId, function: 'STEERING', scope: 'TENANT' };
    return this.#send({ who: 'personalamt', mutation: 'grantFunction', input, selection: 'grant { id }' });
  }
}

/** One server serves, the next one starts beside it: no one may wait longer than a start takes. */
class Servers {
  readonly #environment: Readonly<Record<string, string>>;
  readonly #dice: Dice;
  readonly #count: number;
  readonly #kills = new Map<string, number>();
  readonly #tokens = new Map<string, Promise<string>>();
  readonly #failures: { at: Point; moment: Failure['moment'] }[];
  #next: { server: Promise<ServerChild>; plan: Failure | undefined };
  #current: Promise<ServerChild>;

  constructor(serverUrl: string, trusted: string, dice: Dice, count: number) {
    this.#environment = {
      PROFILE: 'production',
      DATABASE_URL: serverUrl,
      ISSUERS: trusted,
      DATA_DIR: 'node_modules/.cache/offenes-amt/crash',
      LOG_LEVEL: 'error',
      QUERY_BUDGET: '1000000000',
    };
    this.#dice = dice;
    this.#count = count;
    const named = Object.keys(points) as Point[];
    this.#failures = named.flatMap((at) => instants.map((moment) => ({ at, moment })));
    this.#next = this.#start(0);
    this.#current = this.#next.server;
  }

  readonly serving = (): Promise<ServerChild> => this.#current;

  /** Lets the next one serve until it is killed, and starts the one after it; how it was killed. */
  async killOne(no: number): Promise<string> {
    const { server: coming, plan } = this.#next;
    this.#current = coming;
    const server = await coming;
    this.#next = this.#start(no + 1);
    const patience = new AbortController();
    const limit = plan ? patienceMs : this.#dice.next() * mostMs;
    const late = after(limit, 'late', { signal: patience.signal }).catch(() => {});
    const first = await Promise.race([late, server.ended]);
    patience.abort();
    this.#current = this.#next.server;
    server.kill();
    await server.ended;
    return this.#counted(first !== 'late' ? plan!.at : plan ? 'late' : 'any time');
  }

  async last(): Promise<void> {
    this.#current = this.#next.server;
    await this.#current;
  }

  /** The last one ends in peace, and so leaves its compiled code to those who come. */
  async end(): Promise<void> {
    const server = await this.#current;
    server.stop();
    await server.ended;
  }

  told(): string {
    return [...this.#kills].map(([how, times]) => `${how} ${times}`).join(', ');
  }

  #counted(how: string): string {
    this.#kills.set(how, (this.#kills.get(how) ?? 0) + 1);
    return how;
  }

  /** Every second one has a point to die at; the one after the last kill lives. */
  #start(no: number): { server: Promise<ServerChild>; plan: Failure | undefined } {
    const dies = no < this.#count && no % 2 === 0;
    const plan = dies ? { ...this.#dice.one(this.#failures), skip: this.#dice.below(6) } : undefined;
    return { plan, server: this.#started(plan, no % 5 === 4) };
  }

  /** A server that is open. One of five is killed in its start before, and another one takes its place. */
  async #started(plan: Failure | undefined, dies: boolean): Promise<ServerChild> {
    const port = String(await freePort());
    const server = new ServerChild(
      { ...this.#environment, PORT: port },
      this.#token,
      dies ? undefined : plan,
    );
    if (dies) {
      await Promise.race([after(this.#dice.next() * 1500), server.ready()]);
      server.kill();
      await server.ended;
      this.#counted('in its start');
      return this.#started(plan, false);
    }
    const isOpen = await server.ready().catch((fault: Error) => {
      // A busy machine is slow, not wrong: whoever runs a server starts it again.
      if (!fault.message.includes('timeout expired')) throw fault;
      return false;
    });
    return isOpen ? server : this.#started(undefined, false);
  }

  readonly #token = (who: string): Promise<string> => {
    let token = this.#tokens.get(who);
    if (!token) this.#tokens.set(who, (token = signIn(who, 'probe')));
    return token;
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

const storedSteps = `
  select asked.id, c.command_id is not null as kept,
         (select array_agg(e.step::text order by e.seq) from engine.log_entry e where e.command_id = asked.id) as steps
    from unnest($1::uuid[]) asked (id) left join platform.command c on c.command_id = asked.id`;
const storedWork = `
  select process_id || ' ' || criterion_id as key, count(*)::int as n, max(version) as newest
    from audit.rating group by process_id, criterion_id
  union all
  select 'grants', count(*)::int, count(distinct grant_id)::int from responsibility.function_grant
   where function = 'STEERING' having count(*) > 0`;

/** What was answered since the last look against the rows, and the rows by themselves. */
async function faultsOf(db: pg.Client, book: ServerBook): Promise<string[]> {
  const faults: string[] = [];
  const fresh = [...book.takeFresh()];
  const { rows } = await db.query<{ id: string; kept: boolean; steps: string[] | null }>(storedSteps, [
    fresh,
  ]);
  for (const { id, kept, steps } of rows) {
    const { mutation, input } = book.orders.get(id)!;
    const { __typename: outcome, message, followedBy = [] } = book.answers.get(id)!;
    if (!outcome.endsWith('Success')) faults.push(`${mutation} was refused: ${message}`);
    else if (!kept) faults.push(`LOST ${mutation} ${id}`);
    const expected = mutation === 'takeStep' ? [input['step'], ...(followedBy as string[])] : [];
    if ((steps ?? []).join() !== expected.join())
      faults.push(`${mutation} ${id} stands as ${steps?.join()} instead of ${expected.join()}`);
  }
  return [...faults, ...(await faultsOfWork(db, book)), ...(await faultsOfRows(db))];
}

/** Every rating and grant stands once: as often as it was acknowledged, or is still under way. */
async function faultsOfWork(db: pg.Client, book: ServerBook): Promise<string[]> {
  const acknowledged = new Map<string, number>();
  const underWay = new Map<string, number>();
  const add = (to: Map<string, number>, key: string) => to.set(key, (to.get(key) ?? 0) + 1);
  for (const [id, { mutation, input }] of book.orders) {
    const answered = book.answers.has(id);
    const to = answered ? acknowledged : underWay;
    if (mutation === 'grantFunction') add(to, 'grants');
    if (mutation === 'rateCriteria') add(to, ratedBy(input));
  }
  const { rows } = await db.query<{ key: string; n: number; newest: number }>(storedWork);
  const stored = new Map(rows.map((row) => [row.key, row]));
  return [...new Set([...acknowledged.keys(), ...stored.keys()])].flatMap((key) => {
    const { n = 0, newest = 0 } = stored.get(key) ?? {};
    const least = acknowledged.get(key) ?? 0;
    const isRight = n === newest && n >= least && n <= least + (underWay.get(key) ?? 0);
    if (isRight) return [];
    return [
      `${n < least ? 'LOST' : 'DOUBLED'} ${key}: ${least} acknowledged, ${n} stored, the newest is ${newest}`,
    ];
  });
}

function ratedBy(input: Mutation['input']): string {
  const { processId, ratings } = input as unknown as {
    processId: string;
    ratings: [{ criterionId: string }];
  };
  return `${processId} ${ratings[0].criterionId}`;
}

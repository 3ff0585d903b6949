import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startedRound, type Opening } from '../audit/opening.ts';
import type { Stage } from '../audit/support.ts';
import { Live } from '../../src/engine/index.ts';
import { Access } from '../../src/platform/index.ts';
import { bootApp, type Fields, type TestApp } from '../support/app.ts';
import { signIn } from '../support/sign-in.ts';
import { openDoors, Stream } from '../support/stream.ts';
import { until } from '../support/until.ts';

// Two servers on one database: what is done on one is seen on the other, by whoever may see it then.
let stage: Stage;
let team: Opening;
let office: Opening;
let roundId: string;
let here: TestApp;
let there: TestApp;
const origins = new Map<TestApp, string>();
const open: Stream[] = [];

beforeAll(async () => {
  const started = await startedRound();
  ({ stage, team, roundId } = started);
  office = started.opening('A1', 'amtsleiterin');
  here = await bootApp(stage.database, 'probe');
  there = await bootApp(stage.database, 'probe');
  for (const one of [here, there]) origins.set(one, await openDoors(one.app));
}, 60_000);
afterAll(async () => {
  for (const stream of open) stream.close();
  await here?.close();
  await there?.close();
  await stage?.close();
});

async function subscribe(
  who: string,
  query: string,
  at = there,
  token = signIn(who, 'probe'),
  variables?: object,
): Promise<Stream> {
  const stream = await Stream.open(origins.get(at)!, await token, query, variables);
  open.push(stream);
  return stream;
}
const ofTeam = () =>
  `subscription { processChanged(processId: "${team.id}") { cursor process { id version stage } } }`;
const ofRound = (since?: string) => `subscription { processChanged(seriesId: "${roundId}"
  ${since ? `, since: "${since}"` : ''}) { cursor process { id version } } }`;
const change = async (stream: Stream) => {
  const event = await stream.next();
  if (!event?.data) throw new Error(JSON.stringify(event));
  return event.data['processChanged'] as {
    cursor: string;
    process: { id: string; version: number; stage: string };
  };
};
/** Until the process is told in this version or a newer one. */
async function seen(stream: Stream, id: string, version: number) {
  for (;;) {
    const told = await change(stream);
    if (told.process.id === id && told.process.version >= version) return told;
  }
}
const versionOf = async (id: string, who = 'teamleiter') =>
  (await here.see(who, `{ process(id: "${id}") { version } }`))['process'].version as number;

describe('a process', () => {
  test('is told as it stands at once, and on another server after each step', async () => {
    const stream = await subscribe('teamleiter', ofTeam());
    expect(stream.response.headers['content-type']).toContain('text/event-stream');
    expect((await change(stream)).process).toMatchObject({ id: team.id, version: 2 });
    const [ownerId, deputyId] = ['anna', 'bora'].map((name) => stage.persons.get(name));
    await here.does('teamleiter', 'takeStep', {
      processId: team.id,
      step: 'NAME_TEAM',
      payload: { ownerId, deputyId },
    });
    expect((await seen(stream, team.id, 3)).process.stage).toBe('preparation.teamNamed');
    stream.close();
  });

  test('is told no more to whom the right was withdrawn, and the stream ends', async () => {
    const grant = `insert into responsibility.function_grant (tenant_id, id, grant_id, person_id, function, scope, valid_from)
      values ($1, gen_random_uuid(), gen_random_uuid(), $2, 'STEERING', 'TENANT', '2020-01-01') returning id`;
    const { rows } = await stage.superuser.query(grant, [stage.tenant, stage.persons.get('ausschuss')]);
    const stream = await subscribe('ausschuss', ofTeam());
    await change(stream);
    await stage.superuser.query('delete from responsibility.function_grant where id = $1', [rows[0].id]);
    await team.take('koordination', 'CONFIRM_SCOPE', { representationsInformedOn: '2026-01-15' });
    const last = await stream.next();
    expect(last).toMatchObject({ data: null, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(await stream.next()).toBeUndefined();
  });

  test('is told until the sign-in ends', async () => {
    const soon = signIn('teamleiter', 'probe', { expires: Math.floor(Date.now() / 1000) + 2 });
    const stream = await subscribe('teamleiter', ofTeam(), there, soon);
    await change(stream);
    expect(await stream.next()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(await stream.next()).toBeUndefined();
  });
});

describe('a series', () => {
  test('tells of each process the reader may see, and what was missed while away', async () => {
    const stream = await subscribe('koordination', ofRound());
    const ofTeamOnly = await subscribe('teamleiter', ofRound());
    await watching(2);
    await team.take('anna', 'OPEN_SELF_ASSESSMENT');
    const { cursor } = await seen(stream, team.id, await versionOf(team.id));
    expect((await change(ofTeamOnly)).process.id).toBe(team.id);
    stream.close();

    const missed = await office.try('amtsleiterin', 'NAME_TEAM', {
      ownerId: stage.persons.get('anna'),
      deputyId: stage.persons.get('bora'),
    });
    expect(missed).not.toHaveProperty('message');
    const again = await subscribe('koordination', ofRound(cursor), here);
    expect((await seen(again, office.id, 3)).process).toMatchObject({ id: office.id, version: 3 });

    const asked = `query ($c: String!) { changesSince(cursor: $c, seriesId: "${roundId}") { process { id version } } }`;
    const since = async (who: string) =>
      (await here.see(who, asked, { c: cursor }))['changesSince'].map((one: Fields) => one['process'].id);
    expect(await since('koordination')).toEqual([office.id]);
    expect(await since('teamleiter')).toEqual([]);
    ofTeamOnly.close();
    again.close();
  });

  test('a cursor that nobody gave, none or both of the two kinds are bad input', async () => {
    for (const args of [
      'since: "x", seriesId: "' + roundId + '"',
      '',
      `processId: "${team.id}", seriesId: "${roundId}"`,
    ]) {
      const stream = await subscribe(
        'koordination',
        `subscription { processChanged${args && `(${args})`} { cursor } }`,
      );
      expect(await stream.next()).toMatchObject({
        data: null,
        errors: [{ extensions: { code: 'BAD_INPUT' } }],
      });
      expect(await stream.next()).toBeUndefined();
    }
  });
});

describe('what is read as a whole', () => {
  test('my tasks are told at once, and again when they have become others', async () => {
    const stream = await subscribe('anna', 'subscription { myTasksChanged { kind openingProcess { id } } }');
    const work = async () => (await stream.next())?.data?.['myTasksChanged'] as { kind: string }[];
    expect((await work()).map(({ kind }) => kind)).toContain('RATE');
    await here.does('koordination', 'takeStep', {
      processId: team.id,
      step: 'CANCEL',
      payload: { reason: 'Probe' },
    });
    const after = await work();
    expect(after.some((one: Fields) => one['openingProcess'].id === team.id)).toBe(false);
    stream.close();
  });

  test('the status is told at once, and again when a figure has changed', async () => {
    const stream = await subscribe(
      'koordination',
      'subscription { statusChanged { states { states { state number } } } }',
    );
    const before = await stream.next();
    await office.take('koordination', 'CONFIRM_SCOPE', { representationsInformedOn: '2026-01-15' });
    expect(await stream.next()).not.toEqual(before);
    stream.close();
  });
});

test('a reader who takes nothing holds back its own events alone, and gets the newest when it reads again', async () => {
  const wide = `subscription { processChanged(processId: "${office.id}") { cursor process {
    version ${Array.from({ length: 120 }, (_, i) => `p${i}: possibleSteps { step label functions payloadSchema }`).join(' ')} } } }`;
  const slow = await subscribe('koordination', wide);
  const quick = await subscribe(
    'koordination',
    `subscription { processChanged(processId: "${office.id}") { cursor process { id version } } }`,
  );
  await change(quick);
  // It reads nothing of its first, long answer; a step is told to the other all the same.
  await office.take('anna', 'OPEN_SELF_ASSESSMENT');
  const newest = await versionOf(office.id, 'koordination');
  await seen(quick, office.id, newest);
  let version = 0;
  while (version < newest) version = (await change(slow)).process.version;
  slow.close();
  quick.close();
});

describe('the door', () => {
  test.each([
    ['a query', '{ me { language } }', 400, 'BAD_INPUT'],
    ['nonsense', 'subscription {', 400, 'BAD_INPUT'],
    [
      'two subscriptions in one',
      'subscription { myTasksChanged { kind } statusChanged { asOf } }',
      400,
      'BAD_INPUT',
    ],
    [
      'a document without end',
      `subscription { myTasksChanged { ${'kind '.repeat(3000)} } }`,
      400,
      'BAD_INPUT',
    ],
  ])('%s is refused', async (_, query, status, code) => {
    const stream = await subscribe('koordination', query);
    expect(stream.response.statusCode).toBe(status);
    expect(JSON.parse(await stream.text())).toMatchObject({ errors: [{ extensions: { code } }] });
  });

  test('nobody passes without a valid token, and a POST to /graphql opens no stream', async () => {
    const stream = await subscribe('koordination', ofTeam(), there, Promise.resolve('no-token'));
    expect(stream.response.statusCode).toBe(401);
    expect((await here.ask('koordination', ofTeam())).errors![0]!.extensions.code).toBe('BAD_INPUT');
  });

  test('a function that may not see this at all is refused at the beginning', async () => {
    const stream = await subscribe('kaemmerei', 'subscription { statusChanged { asOf } }');
    const nobody = await subscribe('ausschuss', 'subscription { statusChanged { asOf } }');
    expect((await stream.next())!.data).toBeTruthy();
    expect(await nobody.next()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    stream.close();
  });

  test('twenty streams for one account, and no more', async () => {
    const streams = await Promise.all(Array.from({ length: 20 }, () => subscribe('vorsitz', ofTeam())));
    await Promise.all(streams.map((stream) => change(stream)));
    const more = await subscribe('vorsitz', ofTeam());
    expect(more.response.statusCode).toBe(429);
    for (const stream of streams) stream.close();
  });

  test('twenty also when they are opened at the same moment', async () => {
    const access = there.app.get(Access, { strict: false });
    const authenticate = access.authenticate.bind(access);
    const [all, count] = [Promise.withResolvers<void>(), 30];
    let known = 0;
    access.authenticate = async (headers) => {
      const actor = await authenticate(headers);
      if ((known += 1) === count) all.resolve();
      await all.promise; // they go on in the same moment
      return actor;
    };
    const streams = await Promise.all(Array.from({ length: count }, () => subscribe('anna', ofTeam())));
    access.authenticate = authenticate;
    const opened = streams.filter(({ response }) => response.statusCode === 200);
    expect(opened).toHaveLength(20);
    for (const stream of streams) stream.close();
  });

  test('a refused stream gives its place back', async () => {
    for (let i = 0; i < 25; i += 1) {
      const refused = await subscribe('ausschuss', 'subscription { statusChanged { asOf } }');
      expect(refused.response.statusCode).toBe(200);
      expect(await refused.next()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
      expect(await refused.next()).toBeUndefined();
    }
  });

  test('readers that leave leave nothing behind', async () => {
    for (const stream of open) stream.close();
    await watching(0);
  });
});

async function watching(count: number): Promise<void> {
  const live = there.app.get(Live, { strict: false });
  await until(async () => live.watching >= count && (count > 0 || live.watching === 0), `${count} who watch`);
}

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { formatError } from '../../src/platform/graphql/error-format.ts';
import { Reads } from '../../src/platform/index.ts';
import { startedRound } from '../audit/opening.ts';
import type { Stage } from '../audit/support.ts';
import { bootApp, type TestApp } from '../support/app.ts';
import { actorWith } from '../support/services.ts';

// Nobody takes the server from the others: not by one request, not by many, not by the connections to the database.
let stage: Stage;
let app: TestApp;

beforeAll(async () => {
  ({ stage } = await startedRound());
  app = await bootApp(stage.database, 'probe', { QUERY_BUDGET: '6000' });
}, 60_000);
afterAll(async () => {
  await app?.close();
  await stage?.close();
});

const aliases = (count: number) =>
  `{ ${Array.from({ length: count }, (_, i) => `a${i}: status { asOf }`).join(' ')} }`;

describe('a request', () => {
  test('that is too much is refused before anything is executed, with what to do', async () => {
    const answer = await app.ask('teamleiter', aliases(200), {}, 'en');
    expect(answer.data ?? null).toBeNull();
    expect(answer.errors).toMatchObject([
      {
        message: expect.stringMatching(/fewer fields, shorter pages/),
        extensions: { code: 'TOO_COMPLEX', most: 5000 },
      },
    ]);
    expect(JSON.stringify(answer)).not.toContain('requestId');
  });

  test('may be many small ones, until the minute is used up; the others have theirs', async () => {
    expect((await app.ask('teamleiter', aliases(10))).errors?.[0]?.extensions.code).not.toBe('TOO_COMPLEX');
    expect((await app.ask('teamleiter', aliases(10))).errors?.[0]?.extensions.code).not.toBe('TOO_COMPLEX');
    const { errors } = await app.ask('teamleiter', aliases(10));
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(
          /^Sie haben in der letzten Minute sehr viel gefragt. Bitte in \d+ Sekunden/,
        ),
        extensions: { code: 'TOO_COMPLEX', retryAfterSeconds: expect.any(Number) },
      },
    ]);
    await app.see('auditorin', '{ me { language } }');
  });
});

describe('the database', () => {
  test('gives a question up after a while, which is no outage', async () => {
    const reads = app.app.get(Reads, { strict: false });
    const db = await reads.db(actorWith(stage.tenant, []));
    const limit = "select current_setting('statement_timeout') as limit";
    expect(await db.call(limit)).toEqual([{ limit: '15s' }]);
    const within = await reads.within(actorWith(stage.tenant, []), (one) => one.call(limit));
    expect(within).toEqual([{ limit: '15s' }]);
    const cutOff = Object.assign(new Error('canceling statement'), { code: '57014' });
    expect(formatError({ message: cutOff.message }, cutOff)).toMatchObject({
      extensions: { code: 'TOO_COMPLEX' },
    });
  });

  test.each(['single reads', 'transactions'])(
    'has connections for the others while one waits with %s',
    async (kind) => {
      const reads = app.app.get(Reads, { strict: false });
      const [greedy, modest] = [actorWith(stage.tenant, []), actorWith(stage.tenant, [])];
      const held = new pg.Client(stage.database.serverUrl);
      await held.connect();
      await held.query('select pg_advisory_lock(7)');
      try {
        const wait = 'select pg_advisory_xact_lock_shared(7)';
        const db = await reads.db(greedy);
        const asked = Array.from({ length: 30 }, () =>
          kind === 'transactions' ? reads.within(greedy, (one) => one.call(wait)) : db.call(wait),
        );
        expect(await (await reads.db(modest)).call('select 1 as one')).toEqual([{ one: 1 }]);
        expect(await reads.within(modest, (one) => one.call('select 1 as one'))).toEqual([{ one: 1 }]);
        await held.query('select pg_advisory_unlock(7)');
        expect(await Promise.all(asked)).toHaveLength(30);
      } finally {
        await held.end();
      }
    },
  );
});

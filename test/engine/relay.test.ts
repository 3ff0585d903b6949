import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { Live, noticeId, noticesOf } from '../../src/engine/index.ts';
import { Relay } from '../../src/engine/live/relay.service.ts';
import type { Seen, Wanted } from '../../src/engine/live/watch.ts';
import {
  Background,
  Clock,
  Config,
  isRefusal,
  Jobs,
  Reads,
  type Actor,
  type JobData,
} from '../../src/platform/index.ts';
import { until } from '../support/until.ts';
import { cast, setStage, type Stage } from './support.ts';

let stage: Stage;
let people: Record<string, Actor>;
const running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  stage = await setStage();
  people = cast(stage);
  // What commands ever put into the outbox, kept where nobody takes it away.
  await stage.superuser.query(`
    create table public.put (like engine.outbox);
    create function public.keep() returns trigger language plpgsql security definer as
      $$ begin insert into public.put select new.*; return null; end $$;
    create trigger keep after insert on engine.outbox for each row execute function public.keep()`);
});
beforeEach(async () => {
  await stage.superuser.query('truncate public.put, engine.outbox, pgboss.job_common');
});
afterEach(async () => {
  for (const one of running.splice(0).toReversed()) await one.stop();
});
afterAll(() => stage.close());

/** A server of its own, as far as the relay and the listener can tell. */
function server() {
  const [config, background] = [stage.module.get(Config), new Background()];
  const jobs = new Jobs(config, new Background());
  const relay = new Relay(config, jobs, background);
  const live = new Live(config, stage.module.get(Reads), background);
  const stop = async () => {
    await background.stop();
    await relay.stop(); // where a test started it alone
    await jobs.close();
  };
  const one = { relay, live, background, stop };
  running.push(one);
  return one;
}
async function commissioned(): Promise<string> {
  const [id] = (await stage.start()) as [string];
  await take(id, 'LEAD', 'COMMISSION');
  return id;
}
async function take(id: string, who: string, step: string, payload?: object): Promise<void> {
  const taken = await stage.take(people[who]!, id, step, payload);
  if (isRefusal(taken)) throw new Error(taken.message.en);
}
const count = async (sql: string, values: unknown[] = []) =>
  Number((await stage.superuser.query(`select count(*) from ${sql}`, values)).rows[0].count);
const emptied = () => until(async () => (await count('engine.outbox')) === 0, 'an empty outbox');
const jobs = async () => {
  const { rows } = await stage.superuser.query(`select id, data from pgboss.job where name = 'notice'`);
  return rows as { id: string; data: JobData }[];
};
const noticeIds = async () => (await jobs()).flatMap(({ data }) => noticesOf(data).map(noticeId));
/** Ends sessions as a network or a kill would. */
const cut = (name: string) =>
  stage.superuser.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = $1 and datname = current_database()`,
    [name],
  );

describe('the relay', () => {
  test('makes a notice a job, known by what it is about', async () => {
    server().relay.start();
    const id = await commissioned();
    await emptied();
    const [job, ...others] = await jobs();
    expect(others).toEqual([]);
    expect(job).toEqual({
      id: noticeId({ processId: id, seq: 2, no: 0 }),
      data: {
        tenant: stage.tenant,
        notices: [{ processId: id, seq: 2, no: 0, kind: 'commissioned', to: ['HEAD'] }],
      },
    });
  });

  test('makes of many notices few jobs, each notice in one of them', async () => {
    await Promise.all(Array.from({ length: 30 }, commissioned));
    server().relay.start();
    await emptied();
    const held = (await jobs()).map(({ data }) => noticesOf(data).length);
    expect(held.toSorted((a, b) => b - a)).toEqual([25, 5]);
    expect(new Set(await noticeIds()).size).toBe(30);
  });

  test('gathers what comes within a second after it took some', async () => {
    server().relay.start();
    await commissioned();
    await emptied();
    for (let i = 0; i < 3; i += 1) await commissioned();
    await emptied();
    expect((await jobs()).map(({ data }) => noticesOf(data).length).toSorted((a, b) => a - b)).toEqual([
      1, 3,
    ]);
  });

  test('hands over each notice once while leaders fight and their sessions are killed', async () => {
    const servers = [server(), server(), server()];
    for (const { relay } of servers) relay.start();
    let done = false;
    const killing = (async () => {
      while (!done) {
        await cut('offenes-amt relay');
        await cut('offenes-amt jobs');
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    })();
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let i = 0; i < 15; i += 1) await commissioned();
      }),
    );
    done = true;
    await killing;
    await emptied();
    const put = (await stage.superuser.query('select process_id, seq, no from public.put')).rows;
    expect(put).toHaveLength(60);
    const expected = put.map(({ process_id, seq, no }) => noticeId({ processId: process_id, seq, no }));
    expect((await noticeIds()).toSorted()).toEqual(expected.toSorted());
  });

  test('a second server stands by and takes over when the first is gone', async () => {
    const [first, second] = [server(), server()];
    first.relay.start();
    await commissioned();
    await emptied();
    second.relay.start();
    await first.relay.stop();
    await commissioned();
    await emptied();
    expect(await noticeIds()).toHaveLength(2);
  });

  test('told history tells nobody', async () => {
    server().relay.start();
    await stage.module.get(Clock).at(new Date('2024-03-01T09:00:00Z'), commissioned);
    await commissioned();
    await emptied();
    expect(await count('public.put')).toBe(2);
    expect(await noticeIds()).toHaveLength(1);
  });
});

describe('what changed', () => {
  const ending = () => new AbortController();
  const everything = (over: Partial<Wanted> = {}): Wanted => ({
    tenant: stage.tenant,
    wants: () => true,
    ...over,
  });
  /** Reads until one of these processes was named. */
  async function named(watch: AsyncIterator<Seen>, id: string): Promise<number> {
    for (;;) {
      const { value, done } = await watch.next();
      if (done) throw new Error('The watch ended');
      const one =
        value.changed === 'much' ? undefined : value.changed.find((each: { id: string }) => each.id === id);
      if (one) return one.seq;
    }
  }

  /** Starts servers and returns when changes come through by name: until then anything may have changed. */
  async function inTouch(...servers: ReturnType<typeof server>[]): Promise<void> {
    for (const { background } of servers) await background.start();
    for (const { live } of servers) {
      const watch = live.watch(everything(), ending().signal);
      for (
        let changed: Seen['changed'] = 'much';
        changed === 'much';
        changed = (await watch.next()).value.changed
      )
        await commissioned();
      await watch.return();
    }
  }

  test('is told on every server, each process once however often it moved', async () => {
    const [first, second] = [server(), server()];
    await inTouch(first, second);
    const [one, other] = [first, second].map(({ live }) => live.watch(everything(), ending().signal));
    const id = await commissioned();
    await take(id, 'HEAD', 'NAME_TEAM', { ownerId: v7(), deputyId: v7() });
    for (const watch of [one!, other!]) {
      let seq = 0;
      while (seq < 3) seq = await named(watch, id);
      expect(seq).toBe(3);
    }
  });

  test('another administration hears nothing, and a command without a step only those who asked for commands', async () => {
    const one = server();
    await inTouch(one);
    const { live } = one;
    const foreign = live.watch(everything({ tenant: v7() }), ending().signal);
    const steps = live.watch(everything({ wants: () => false }), ending().signal);
    const commands = live.watch(everything({ wants: () => false, commands: true }), ending().signal);
    await stage.run(people.LEAD!, async () => ({}));
    expect((await commands.next()).value.changed).toBe('much');
    const next = [foreign.next(), steps.next()];
    await Promise.all([foreign.return(), steps.return()]);
    expect((await Promise.all(next)).map(({ done }) => done)).toEqual([true, true]);
  });

  test('a command without a step is told also when one with a step shares its transaction', async () => {
    const one = server();
    await inTouch(one);
    const commands = one.live.watch(everything({ wants: () => false, commands: true }), ending().signal);
    const id = await commissioned();
    const payload = { ownerId: v7(), deputyId: v7() };
    await stage.run(people.HEAD!, async (tx) => {
      tx.queue(
        `insert into platform.command (command_id, account_id, name, payload_digest, answer)
         values ($1, $2, 'other', repeat('0', 64), '{}')`,
        [v7(), people.HEAD!.account],
      );
      const taken = await stage.engine.take(tx, { processId: id, step: 'NAME_TEAM', payload });
      return isRefusal(taken) ? taken : {};
    });
    expect((await commands.next()).value.changed).toBe('much');
  });

  test('a lost listener means that anything may have changed', async () => {
    const one = server();
    await inTouch(one);
    const { live } = one;
    const watch = live.watch(everything(), ending().signal);
    await named(watch, await commissioned());
    await cut('offenes-amt live');
    for (let changed: Seen['changed'] = []; changed !== 'much';) changed = (await watch.next()).value.changed;
    await named(watch, await commissioned());
  });

  test('a reader who never looks keeps a hundred names at most', async () => {
    const one = server();
    await inTouch(one);
    const { live } = one;
    const watch = live.watch(everything(), ending().signal);
    const beside = live.watch(everything(), ending().signal);
    await stage.start(500);
    expect((await beside.next()).value.changed).toBe('much');
    expect((await watch.next()).value.changed).toBe('much');
  });
});

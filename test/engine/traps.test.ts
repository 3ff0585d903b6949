import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { v7 } from 'uuid';
import { channel } from '../../src/engine/live/live.rules.ts';
import { DueSteps, EngineRegistry } from '../../src/engine/index.ts';
import { isRefusal, Reads, type Actor } from '../../src/platform/index.ts';
import { permit } from './permit-definition.ts';
import { publishPermit } from './permit.ts';
import { bootEngine, cast, setStage, type Stage } from './support.ts';
import { inDays } from '../support/days.ts';

/**
 * What goes wrong with statecharts on a server, and with the database under them; each shown to be closed.
 *
 * | trap | where |
 * |---|---|
 * | a refused step moves another region | "a refused step", and publication: one region answers |
 * | a client sends `xstate.after…`, `$stage` or a name of the prototype | "names that are none of the public steps" |
 * | an unknown delay fires at once, an unknown action passes, a bad target fails late | "published is nothing …" |
 * | a guard called `constructor` or `toString` holds | the same |
 * | signals, `always` or automatic steps that never rest | the same |
 * | history and `after` restart what was running | the same; deadlines are rows: "keeps its deadlines" |
 * | a late timer of an earlier visit, of a clock that stands or was moved | due-servers: "what came between" |
 * | an ignored event still moves the chart | machine.rules: "ignores what it does not know" |
 * | an event after the end is swallowed | "of an ended process" |
 * | a snapshot of another machine is completed silently | "is never completed" |
 * | a guard that throws counts as a no | "a fact and its writer" |
 * | a fact changes between its guard and the commit | the same |
 * | a poller with `id > last` loses rows; two pollers do one thing twice | due-servers: "three servers" |
 * | NOTIFY in the command serialises all commits | "the database under it" |
 * | statements are planned anew each time, values are literals | the same |
 * | COMMIT answers ROLLBACK and is taken for done | the same |
 * | free text in the chain cannot be erased | "names nothing that people wrote" |
 */
let stage: Stage;
let people: Record<string, Actor>;
let permitId: string;
beforeAll(async () => {
  stage = await setStage();
  people = cast(stage);
  permitId = await publishPermit(stage);
});
afterAll(() => stage.close());

const begin = async () => (await stage.start(1, permitId))[0]!;
const take = (who: string, id: string, step: string, payload?: object) =>
  stage.take(people[who]!, id, step, payload);
const rowsOf = async (id: string) =>
  (
    await stage.superuser.query(
      `select (select json_agg(p) from engine.process p where id = $1) as process,
              (select count(*) from engine.log_entry where process_id = $1) as log,
              (select json_agg(d order by name) from engine.deadline d where process_id = $1) as deadlines,
              (select json_agg(t order by name) from engine.task t where process_id = $1) as tasks`,
      [id],
    )
  ).rows[0];

// Faults are planted anywhere in the tree.
type Tree = any;
async function faultsOf(plant: (definition: Tree) => void): Promise<string> {
  const definition: Tree = JSON.parse(JSON.stringify(permit()));
  definition.key = 'trap';
  plant(definition);
  const outcome = await stage.run(people.LEAD!, async (tx) => {
    const id = await stage.definitions.publish(tx, JSON.stringify(definition));
    return isRefusal(id) ? id : { id };
  });
  return isRefusal(outcome) ? JSON.stringify(outcome) : '';
}
const course = (d: Tree): Tree => d.states.live.states.course.states;
const watch = (d: Tree): Tree => d.states.live.states.deadline.states;
const guarded = (d: Tree, guard: object) => (course(d).asked.on.ANSWER[0].guard = guard);

describe('a refused step', () => {
  test('moves no other region, and writes nothing at all', async () => {
    const id = await begin();
    const before = await rowsOf(id);
    stage.world.facts.set(id, {});
    for (const [who, step] of [
      ['LEAD', 'ANSWER'], // not the function
      ['HEAD', 'GO_ON'], // not now
      ['HEAD', 'ASK'], // without its form
    ] as const)
      expect(isRefusal(await take(who, id, step))).toBe(true);
    expect(await rowsOf(id)).toEqual(before);
  });

  test('is answered by one region: published is no step that two would answer', async () => {
    expect(await faultsOf((d) => (watch(d).onTrack.on.ANSWER = [{ target: 'overdue' }]))).toContain(
      'ANSWER is handled in live.course, too.',
    );
  });
});

describe('names that are none of the public steps', () => {
  test.each([
    '$extended',
    '$answered',
    '$start',
    '$suspension',
    '$migrate',
    'xstate.after.answer.n3',
    'xstate.done.state.live',
    'xstate.init',
    'xstate.raise',
    '*',
    '',
    'toString',
    'constructor',
    '__proto__',
  ])('"%s" is taken by nobody, the system included', async (name) => {
    const id = await begin();
    const before = await rowsOf(id);
    await expect(take('HEAD', id, name)).rejects.toMatchObject({ extensions: { code: 'BAD_INPUT' } });
    await expect(
      stage.run(people.LEAD!, async (tx) => ({
        ...(await stage.engine.take(tx.asSystem(), { processId: id, step: name })),
      })),
    ).rejects.toMatchObject({ extensions: { code: 'BAD_INPUT' } });
    expect(await rowsOf(id)).toEqual(before);
  });

  test.each(['REMIND', 'LAPSE'])('what a deadline does (%s) is done by no person', async (step) => {
    const id = await begin();
    expect(await take('LEAD', id, step)).toMatchObject({ __typename: 'NotAllowed' });
  });
});

describe('published is nothing that XState would take silently', () => {
  test.each<[string, (d: Tree) => void, string]>([
    [
      'an unknown deadline, which would fire at once',
      (d) => (course(d).asked.deadlines = ['soon']),
      'Unknown deadline soon',
    ],
    [
      'an unknown span',
      (d) => (course(d).asked.on.ANSWER[0].spans = { soon: { days: 1 } }),
      'Unknown deadline',
    ],
    ['a delay in numbers', (d) => (course(d).asked.after = { 1000: 'answered' }), 'asked'],
    [
      'an unknown effect, which would pass',
      (d) => (course(d).asked.on.ANSWER[0].effects = [{ effect: 'nothing' }]),
      'Unknown effect nothing',
    ],
    [
      'an effect of the prototype',
      (d) => (course(d).asked.on.ANSWER[0].effects = [{ effect: 'toString' }]),
      'Unknown effect toString',
    ],
    ['an unknown target', (d) => (course(d).asked.on.ANSWER[0].target = 'nowhere'), 'Unknown state nowhere'],
    [
      'a target of the prototype',
      (d) => (course(d).asked.on.ANSWER[0].target = 'constructor'),
      'Unknown state constructor',
    ],
    [
      'an unknown beginning, which would fail only at the start',
      (d) => (d.states.live.states.course.initial = 'nowhere'),
      'initial state is missing',
    ],
    [
      'a guard called constructor, which would hold',
      (d) => guarded(d, { call: 'constructor', reason: 'first' }),
      'Unknown guard constructor',
    ],
    [
      'a guard called toString',
      (d) => guarded(d, { call: 'toString', reason: 'first' }),
      'Unknown guard toString',
    ],
    [
      'a fact of the prototype',
      (d) => guarded(d, { fact: 'constructor.name', is: 'Object', reason: 'first' }),
      'Unknown fact constructor.name',
    ],
    [
      'a reason of the prototype',
      (d) => guarded(d, { fact: 'taken.ANSWER', is: 0, reason: 'valueOf' }),
      'valueOf',
    ],
    [
      'history, which keeps old deadlines',
      (d) => (course(d).back = { type: 'history', label: d.title }),
      'course.states.back',
    ],
    ['always', (d) => (course(d).asked.always = [{ target: 'answered' }]), 'asked'],
    ['invoke', (d) => (course(d).asked.invoke = { src: 'x' }), 'asked'],
    ['a wildcard', (d) => (course(d).asked.on['*'] = [{ target: 'answered' }]), 'asked'],
    [
      'signals that answer each other for ever',
      (d) => {
        watch(d).onTrack.raise = ['$ping'];
        watch(d).onTrack.on.$ping = [{ target: 'overdue' }];
        watch(d).overdue.raise = ['$pong'];
        watch(d).overdue.on.$pong = [{ target: 'onTrack' }];
      },
      'Does not come to rest',
    ],
    [
      'automatic steps that follow each other for ever',
      (d) => {
        const label = d.title;
        for (const name of ['RISE', 'FALL'])
          d.steps[name] = { label, who: [{ function: 'SYS' }], automatic: true };
        watch(d).onTrack.on.RISE = [{ target: 'overdue' }];
        watch(d).overdue.on.FALL = [{ target: 'onTrack' }];
      },
      'RISE',
    ],
  ])('%s', async (_what, plant, message) => expect(await faultsOf(plant)).toContain(message));
});

describe('what is stored', () => {
  test('is never completed: a lost region is a fault, not its beginning', async () => {
    const id = await begin();
    await stage.superuser.query(
      "update engine.process set snapshot = snapshot #- '{v,live,law}' where id = $1",
      [id],
    );
    await expect(take('HEAD', id, 'ANSWER')).rejects.toThrow('Stored position is none of permit');
  });

  test('keeps its deadlines through any number of restarts', async () => {
    const id = await begin();
    const before = await rowsOf(id);
    const server = await bootEngine(stage.database);
    await server.get(DueSteps).run();
    await server.close();
    expect(await rowsOf(id)).toEqual(before);
  });

  test('of an ended process takes nothing more, and says so', async () => {
    const id = await begin();
    expect(isRefusal(await take('LEAD', id, 'WITHDRAW'))).toBe(false);
    const before = await rowsOf(id);
    for (const [who, step] of [
      ['HEAD', 'ANSWER'],
      ['LEAD', 'WITHDRAW'],
      ['OPENING_COORD', 'NUDGE'],
    ] as const)
      expect(await take(who, id, step)).toMatchObject({
        __typename: 'NotPossibleNow',
        message: { en: expect.stringContaining('has ended') },
      });
    expect(await rowsOf(id)).toEqual(before);
  });

  test('names nothing that people wrote: words stand where they can be erased', async () => {
    const id = await begin();
    const words = `Grund ${v7()}`;
    const payload = {
      deadline: 'answer',
      until: inDays(50),
      reason: words,
    };
    expect(isRefusal(await take('HEAD', id, 'ASK', payload))).toBe(false);
    const { rows } = await stage.superuser.query(
      `select (select count(*)::int from engine.log_entry e where e::text like '%' || $1 || '%') as log,
              (select count(*)::int from engine.process p where p::text like '%' || $1 || '%') as process,
              (select count(*)::int from engine.outbox o where o::text like '%' || $1 || '%') as outbox,
              (select count(*)::int from engine.log_payload l where l.body::text like '%' || $1 || '%') as payload`,
      [words],
    );
    expect(rows).toEqual([{ log: 0, process: 0, outbox: 0, payload: 1 }]);
  });
});

describe('a fact and its writer', () => {
  test('whose fact cannot be loaded is an incident and takes everything back; it never counts as a no', async () => {
    const { facts } = stage.module.get(EngineRegistry);
    const before = facts.get('mandate.present')!;
    const [id] = (await stage.start()) as [string];
    const rows = await rowsOf(id);
    facts.set('mandate.present', { ...before, load: () => Promise.reject(new Error('no answer')) });
    await expect(take('LEAD', id, 'COMMISSION')).rejects.toThrow('no answer');
    facts.set('mandate.present', before);
    expect(await rowsOf(id)).toEqual(rows);
  });

  test('meet at the lock: a step that waits for the writer is judged by what was written', async () => {
    await stage.superuser.query('create table public.mandate (process_id uuid, present bool)');
    await stage.superuser.query('grant select, insert on public.mandate to oa_server');
    const { facts } = stage.module.get(EngineRegistry);
    const before = facts.get('mandate.present')!;
    const withdrawn = 'select process_id as id, present from public.mandate where process_id = any($1)';
    facts.set('mandate.present', {
      type: 'bool',
      load: async (db, processes) => {
        const rows = await db.call<{ id: string; present: boolean }>(withdrawn, [
          processes.map(({ id }) => id),
        ]);
        return new Map(processes.map(({ id }) => [id, rows.find((row) => row.id === id)?.present ?? true]));
      },
    });
    const [id] = (await stage.start()) as [string];
    let step: Promise<object> | undefined;
    await stage.run(people.HR!, async (tx) => {
      await stage.engine.lock(tx, id);
      step = take('LEAD', id, 'COMMISSION');
      await waiting();
      await tx.call('insert into public.mandate values ($1, false)', [id]);
      return {};
    });
    expect(await step).toMatchObject({
      __typename: 'NotPossibleNow',
      reasons: [{ en: 'The mandate document is missing.' }],
    });
    facts.set('mandate.present', before);
  });

  /** Until somebody on this database waits for a row. */
  async function waiting(): Promise<void> {
    const blocked = `select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await stage.superuser.query(blocked)).rows[0].n === 0);
  }
});

describe('the database under it', () => {
  test('is told nothing by NOTIFY in a command, which would make all of them commit one after the other', async () => {
    const listener = new pg.Client(stage.database.superUrl);
    await listener.connect();
    const heard: string[] = [];
    const end = new Promise<void>((resolve) =>
      listener.on('notification', ({ payload }) => {
        heard.push(payload!);
        if (payload === 'end') resolve();
      }),
    );
    await listener.query(`listen ${channel}`);
    const id = await begin();
    expect(isRefusal(await take('HEAD', id, 'ANSWER'))).toBe(false);
    expect(isRefusal(await take('OPENING_COORD', id, 'NUDGE'))).toBe(true);
    await stage.superuser.query(`notify ${channel}, 'end'`);
    await end;
    await listener.end();
    expect(heard).toEqual(['end']);
  });

  test('keeps a plan for every statement of a step, and sees values as values', async () => {
    const id = await begin();
    expect(isRefusal(await take('HEAD', id, 'ANSWER'))).toBe(false);
    const pool = await stage.module.get(Reads).pool();
    const clients = await Promise.all(Array.from({ length: pool.totalCount }, () => pool.connect()));
    const prepared = new Set<string>();
    for (const client of clients) {
      const { rows } = await client.query('select statement from pg_prepared_statements');
      for (const { statement } of rows) prepared.add(statement);
      client.release();
    }
    const all = [...prepared].join('\n');
    for (const part of [
      'platform.open_command',
      'for update',
      'engine.commit_transition',
      'platform.command',
    ])
      expect(all).toContain(part);
    expect(all).not.toContain(id);
    expect(all).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/);
  });

  test('that rolled back is not taken for one that has committed', async () => {
    const id = await begin();
    const before = await rowsOf(id);
    const outcome = stage.run(people.HEAD!, async (tx) => {
      await stage.engine.take(tx, { processId: id, step: 'ANSWER' });
      await tx.call('select 1 / 0').catch(() => {});
      return {};
    });
    await expect(outcome).rejects.toThrow();
    expect(await rowsOf(id)).toEqual(before);
  });
});

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { v7 } from 'uuid';
import { isRefusal, Reads, refuse, type Actor } from '../../src/platform/index.ts';
import { EngineRegistry } from '../../src/engine/index.ts';
import { PossibleSteps } from '../../src/engine/steps/possible-steps.service.ts';
import type { StepTaken } from '../../src/engine/index.ts';
import { actorWith, foundTenants } from '../support/services.ts';
import { cast, person, setStage, type Stage } from './support.ts';

let stage: Stage;
let people: Record<string, Actor>;
beforeAll(async () => {
  stage = await setStage();
  people = cast(stage);
});
afterAll(() => stage.close());

const uuid = v7();
const day = '2026-11-24';
const hash = 'a'.repeat(64);
const reason = { reason: 'weil' };

/** The whole way of one unit: who takes which step with what. */
const way: readonly (readonly [who: string, step: string, payload: object | undefined, to: string])[] = [
  ['LEAD', 'COMMISSION', undefined, 'preparation.commissioned'],
  ['HEAD', 'NAME_TEAM', { ownerId: uuid, deputyId: v7() }, 'preparation.teamNamed'],
  ['OPENING_COORD', 'CONFIRM_SCOPE', { representationsInformedOn: day }, 'preparation.kickedOff'],
  ['OWNER', 'OPEN_SELF_ASSESSMENT', undefined, 'inventory.selfAssessment'],
  ['OWNER', 'CLOSE_RATINGS', undefined, 'inventory.consensus'],
  ['HEAD', 'SIGN_OFF', { contentHash: hash }, 'inventory.submitted'],
  [
    'AUDLEAD',
    'RETURN_INCOMPLETE',
    { criteria: [{ criterionId: uuid, ...reason }] },
    'inventory.selfAssessment',
  ],
  ['OWNER', 'CLOSE_RATINGS', undefined, 'inventory.consensus'],
  ['HEAD', 'SIGN_OFF', { contentHash: hash }, 'inventory.submitted'],
  ['AUDLEAD', 'ACCEPT_SUBMISSION', undefined, 'review.desk'],
  ['AUD', 'REQUEST_EVIDENCE', { items: [{ criterionId: uuid, text: 'Beleg' }] }, 'review.evidencePending'],
  ['OWNER', 'EVIDENCE_PROVIDED', undefined, 'review.desk'],
  ['AUDLEAD', 'SCHEDULE_VISIT', { plannedOn: day, plan: 'Gespräche' }, 'review.siteVisit'],
  ['AUDLEAD', 'VISIT_DONE', { openingTalkOn: day, closingTalkOn: day }, 'review.draftReport'],
  ['AUDLEAD', 'SEND_DRAFT', undefined, 'review.commentPeriod'],
  ['HEAD', 'COMMENT', { text: 'Einverstanden' }, 'review.finalReport'],
  ['OPENING_COORD', 'PUBLISH_REPORT', { visibility: 'INTERNAL' }, 'targets.drafting'],
  ['HEAD', 'SUBMIT_TARGETS', undefined, 'targets.coSign'],
  ['NEXT_ABOVE', 'APPROVE_TARGETS', undefined, 'implementation.running'],
  ['HEAD', 'REQUEST_FINAL_REVIEW', undefined, 'finalReview'],
  ['AUDLEAD', 'RECOMMEND', { recommendation: 'RECOGNISE', ...reason }, 'decision.pending'],
  ['BOARD', 'RECOGNISE', reason, 'recognised.full'],
];

async function walkTo(target: string): Promise<string> {
  const [id] = (await stage.start()) as [string];
  stage.world.facts.set(id, { 'signatures.missing': 1, 'votes.outcome': 'RECOGNISE' });
  for (const [who, step, payload, to] of way) {
    const taken = await stage.take(people[who]!, id, step, payload);
    if (isRefusal(taken)) throw new Error(`${step}: ${taken.message.en}`);
    expect(taken.process.stage).toBe(to);
    if (to === 'targets.coSign' && target !== to) await sign(id);
    if (to === target) return id;
  }
  throw new Error(`no way to ${target}`);
}

async function sign(id: string): Promise<void> {
  Object.assign(stage.world.facts.get(id)!, { 'signatures.missing': 0 });
  const followed = await stage.run(people.HR!, async (tx) => [
    ...((await stage.engine.settle(tx, id)) as string[]),
  ]);
  expect(followed).toEqual(['ALL_SIGNED']);
}

describe('a process', () => {
  test('goes its whole way, and the automatic step follows in the transaction of the last signature', async () => {
    const id = await walkTo('recognised.full');
    const { rows } = await stage.superuser.query<{ step: string; seq: number; account_id: string }>(
      'select seq, step, account_id from engine.log_entry where process_id = $1 order by seq',
      [id],
    );
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_row, i) => i + 1));
    expect(rows.map(({ step }) => step)).toEqual([
      '$start',
      ...way.slice(0, 18).map(([, step]) => step),
      'ALL_SIGNED',
      ...way.slice(18).map(([, step]) => step),
    ]);
  });

  test('starts by the thousand in one command, its first step included', async () => {
    const items = Array.from({ length: 5000 }, () => ({ processId: v7(), scopeId: v7() }));
    const start = { definitionId: stage.definitionId, seriesId: v7(), items, first: { step: 'COMMISSION' } };
    const started = await stage.run(people.LEAD!, async (tx) => {
      const rows = await stage.engine.start(tx, start);
      return isRefusal(rows) ? rows : { count: rows.length, stage: rows.at(-1)!.stage };
    });
    expect(started).toEqual({ count: 5000, stage: 'preparation.commissioned' });
    const { rows } = await stage.superuser.query(
      'select count(*)::int, count(distinct head)::int as heads from engine.process where series_id = $1',
      [start.seriesId],
    );
    expect(rows[0]).toEqual({ count: 5000, heads: 5000 });
  }, 60_000);

  test('is moved by exactly one of 50 simultaneous identical steps', async () => {
    const [id] = (await stage.start()) as [string];
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => stage.take(people.LEAD!, id, 'COMMISSION', undefined, 1)),
    );
    const names = outcomes.map((outcome) => (isRefusal(outcome) ? outcome.__typename : 'taken'));
    expect(names.filter((name) => name === 'taken')).toHaveLength(1);
    expect(new Set(names)).toEqual(new Set(['taken', 'ChangedMeanwhile']));
  });
});

describe('a step is refused', () => {
  const refusal = async (outcome: Promise<StepTaken | object>) => {
    const no = await outcome;
    if (!isRefusal(no)) throw new Error('was taken');
    return no as typeof no & {
      state?: string;
      reasons?: { en: string }[];
      currentVersion?: number;
      faults?: { path: string }[];
    };
  };
  const rowsOf = async (id: string) => {
    const { rows } = await stage.superuser.query(
      `select (select json_agg(p) from engine.process p where id = $1) as process,
              (select count(*)::int from engine.log_entry where process_id = $1) as log,
              (select json_agg(d order by name) from engine.deadline d where process_id = $1) as deadlines,
              (select json_agg(t order by name) from engine.task t where process_id = $1) as tasks`,
      [id],
    );
    return rows[0];
  };

  test('and nothing is written, whatever the reason', async () => {
    const [id] = (await stage.start()) as [string];
    const before = await rowsOf(id);
    const { LEAD, HEAD, OWNER } = people as { [name: string]: Actor } & {
      LEAD: Actor;
      HEAD: Actor;
      OWNER: Actor;
    };
    stage.world.facts.set(id, { 'mandate.present': false, 'scope.otherProcesses': 2 });

    const closed = await refusal(stage.take(LEAD, id, 'COMMISSION'));
    expect(closed).toMatchObject({ __typename: 'NotPossibleNow', state: 'notStarted' });
    expect(closed.reasons?.map(({ en }) => en)).toEqual([
      'The mandate document is missing.',
      'Another opening process of the unit is running.',
    ]);
    expect(await refusal(stage.take(HEAD, id, 'NAME_TEAM', { ownerId: uuid, deputyId: uuid }))).toMatchObject(
      { __typename: 'NotPossibleNow', state: 'notStarted' },
    );
    expect(await refusal(stage.take(OWNER, id, 'COMMISSION'))).toMatchObject({ __typename: 'NotAllowed' });
    expect(await refusal(stage.take(LEAD, id, 'COMMISSION', undefined, 7))).toMatchObject({
      __typename: 'ChangedMeanwhile',
      currentVersion: 1,
    });
    expect(
      (await refusal(stage.take(LEAD, id, 'CANCEL', { because: 'no' }))).faults?.map(({ path }) => path),
    ).toEqual(['payload.because', 'payload.reason']);
    expect(await refusal(stage.take(LEAD, id, 'REMIND'))).toMatchObject({ __typename: 'NotAllowed' });
    for (const name of ['$stage', 'LEAP', '__proto__', 'constructor'])
      await expect(stage.take(LEAD, id, name)).rejects.toMatchObject({ extensions: { code: 'BAD_INPUT' } });
    expect(await rowsOf(id)).toEqual(before);
  });

  test('to whoever must not be the second pair of eyes, the represented included', async () => {
    const id = await walkTo('inventory.consensus');
    const both = person(stage, 'OWNER', 'HEAD');
    stage.world.people.delete(people.OWNER!.person); // who is no longer asked for by person, but as the actor says
    await refusal(
      stage.take({ ...both, person: people.OWNER!.person }, id, 'SIGN_OFF', { contentHash: hash }),
    ).then((no) => expect(no.message.en).toContain('Four eyes'));
    expect(isRefusal(await stage.take(both, id, 'SIGN_OFF', { contentHash: hash }))).toBe(false);
  });

  test.each([
    ['the state', 'REQUEST_EVIDENCE', undefined],
    ['the version', 'CLOSE_RATINGS', 77],
  ])('by the right before anything else: a stranger does not learn %s', async (_, step, version) => {
    const id = await walkTo('inventory.selfAssessment');
    const stranger = person(stage);
    const no = await refusal(stage.take(stranger, id, step, undefined, version));
    expect(no.__typename).toBe('NotAllowed');
    expect(JSON.stringify(no)).not.toMatch(/Selbsteinschätzung|selfAssessment|currentVersion/);
  });

  test('by an effect, which takes everything back', async () => {
    const id = await walkTo('inventory.selfAssessment');
    const before = await rowsOf(id);
    stage.world.inEffect = async () =>
      refuse('NotPossibleNow', { de: 'Nein', en: 'No' }, { state: null, reasons: [] });
    expect((await refusal(stage.take(people.OWNER!, id, 'CLOSE_RATINGS'))).message.en).toBe('No');
    stage.world.inEffect = undefined;
    expect(await rowsOf(id)).toEqual(before);
    expect(isRefusal(await stage.take(people.OWNER!, id, 'CLOSE_RATINGS'))).toBe(false);
  });

  test('a third time: then the directorate decides', async () => {
    const id = await walkTo('inventory.submitted');
    const criteria = { criteria: [{ criterionId: uuid, reason: 'unklar' }] };
    for (const again of [1, 2]) {
      if (again === 2)
        for (const [who, step, payload] of way.slice(4, 6)) await stage.take(people[who]!, id, step, payload);
      await refusal(stage.take(people.DEZ!, id, 'RETURN_BY_DIRECTORATE', criteria)).then((no) =>
        expect(no.__typename).toBe('NotPossibleNow'),
      );
      expect(isRefusal(await stage.take(people.AUDLEAD!, id, 'RETURN_INCOMPLETE', criteria))).toBe(false);
    }
    for (const [who, step, payload] of way.slice(4, 6)) await stage.take(people[who]!, id, step, payload);
    expect(
      (await refusal(stage.take(people.AUDLEAD!, id, 'RETURN_INCOMPLETE', criteria))).message.en,
    ).toContain('Returned twice');
    const taken = (await stage.take(people.DEZ!, id, 'RETURN_BY_DIRECTORATE', criteria)) as StepTaken;
    expect(taken.process.stage).toBe('inventory.selfAssessment');
    const { rows } = await stage.superuser.query(
      'select name, next_step, due_on from engine.deadline where process_id = $1',
      [id],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ name: 'selfAssessment', next_step: 'REMIND' });
  });

  test('to another administration as if the process did not exist', async () => {
    const [id] = (await stage.start()) as [string];
    const stranger = actorWith(v7(), ['LEAD']);
    await foundTenants(stage.database, { fremd: stranger.tenant });
    const before = await rowsOf(id);
    for (const processId of [id, v7()])
      await expect(stage.take(stranger, processId, 'COMMISSION')).rejects.toMatchObject({
        extensions: { code: 'NOT_FOUND' },
      });
    const items = [{ processId: v7(), scopeId: v7() }];
    const { definitionId } = stage;
    await expect(
      stage.run(stranger, (tx) => stage.engine.start(tx, { definitionId, seriesId: null, items }) as never),
    ).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });
    expect(await rowsOf(id)).toEqual(before);
  });

  test('by the database when rows of the log are to be changed', async () => {
    const [id] = (await stage.start()) as [string];
    const change = (sql: string) =>
      stage.run(people.LEAD!, async (tx) => ({ rows: await tx.call(sql, [id]) }));
    await expect(change("update engine.log_entry set step = 'X' where process_id = $1")).rejects.toThrow(
      /permission denied|stand as they were/,
    );
    await expect(change('delete from engine.log_entry where process_id = $1')).rejects.toThrow(
      /permission denied/,
    );
    await expect(
      stage.superuser.query("update engine.log_entry set step = 'X' where process_id = $1", [id]),
    ).rejects.toThrow('stand as they were written');
    await expect(stage.superuser.query('delete from engine.process_definition')).rejects.toThrow(
      'stand as they were written',
    );
  });
});

describe('possible steps', () => {
  test('say who may, what is closed and why, for many processes at once', async () => {
    const [open, closed] = (await stage.start(2)) as [string, string];
    stage.world.facts.set(closed, { 'mandate.present': false });
    const coordinator = people.OPENING_COORD!;
    const db = await stage.module.get(Reads).db(coordinator);
    const possible = await stage.engine.possibleSteps(db, [open, closed]);
    const shown = (id: string) =>
      possible
        .get(id)!
        .map(({ step, enabled, mayI, reasons }) => [step, enabled, mayI, reasons.map(({ code }) => code)]);
    const always = [
      ['FILE_OBJECTION', true, false, []],
      ['REQUEST_PARTICIPATION', true, true, []],
      ['CANCEL', true, true, []],
      ['ORG_CHANGE', true, true, []],
      ['SUSPEND', true, false, []],
      ['REMIND_BY_HAND', true, true, []],
    ];
    expect(shown(open)).toEqual([['COMMISSION', true, true, []], ...always]);
    expect(shown(closed)).toEqual([['COMMISSION', false, true, ['mandateMissing']], ...always]);
    const asHead = await stage.engine.possibleSteps(await stage.module.get(Reads).db(people.HEAD!), [open]);
    expect(asHead.get(open)!.flatMap(({ step, mayI }) => (mayI ? step : []))).toEqual([
      'FILE_OBJECTION',
      'REQUEST_PARTICIPATION',
      'REMIND_BY_HAND',
    ]);
  });

  test('of a hundred processes cost one question for each fact and one to the authority', async () => {
    const ids = await stage.start(100);
    const registry = stage.module.get(EngineRegistry);
    const asked: string[] = [];
    const known = new Map(registry.facts);
    for (const [name, fact] of known)
      registry.facts.set(name, { ...fact, load: (...args) => (asked.push(name), fact.load(...args)) });
    const authority = jest.spyOn(registry.authority, 'functionsAt');
    const possible = await stage.engine.possibleSteps(await stage.module.get(Reads).db(people.LEAD!), ids);
    expect(
      [...possible.values()].every((steps) => steps.length === 7 && steps.every(({ enabled }) => enabled)),
    ).toBe(true);
    expect(asked.toSorted()).toEqual([
      'cancel.councilInformed',
      'edition.published',
      'mandate.present',
      'objection.inTime',
      'participation.coDetermined',
      'scope.active',
      'scope.otherProcesses',
      'succession.confirmed',
    ]);
    expect(authority).toHaveBeenCalledTimes(1);
    authority.mockRestore();
    for (const [name, fact] of known) registry.facts.set(name, fact);
  });

  test('leave facts of the payload open until it is there', async () => {
    const id = await walkTo('inventory.consensus');
    const { facts } = stage.module.get(EngineRegistry);
    const fact = facts.get('checklist.hashMatches')!;
    facts.set('checklist.hashMatches', {
      ...fact,
      ofPayload: true,
      load: async (_db, rows, step) =>
        new Map(rows.map((row) => [row.id, step!.payload.contentHash === hash])),
    });
    const possible = await stage.engine.possibleSteps(await stage.module.get(Reads).db(people.HEAD!), [id]);
    expect(possible.get(id)!.find(({ step }) => step === 'SIGN_OFF')).toMatchObject({
      enabled: true,
      reasons: [],
    });
    const other = await stage.take(people.HEAD!, id, 'SIGN_OFF', { contentHash: 'b'.repeat(64) });
    expect(isRefusal(other) && other.__typename).toBe('NotPossibleNow');
    expect(isRefusal(await stage.take(people.HEAD!, id, 'SIGN_OFF', { contentHash: hash }))).toBe(false);
    facts.set('checklist.hashMatches', fact);
  });

  test('can be played without writing', async () => {
    const [id] = (await stage.start()) as [string];
    const db = await stage.module.get(Reads).db(people.HR!);
    const preview = await stage.module.get(PossibleSteps).wouldBe(db, id, 'COMMISSION');
    expect(preview).toMatchObject({ possible: true, reasons: [], stage: 'preparation.commissioned' });
    expect((await stage.engine.processes(db, [id]))[0]!.version).toBe(1);
  });
});

describe('the boot', () => {
  test('is refused when a shipped definition names a guard that nobody registered', async () => {
    const { facts } = stage.module.get(EngineRegistry);
    const fact = facts.get('checklist.headIsOnlyRater')!;
    facts.delete('checklist.headIsOnlyRater');
    await expect(stage.definitions.onApplicationBootstrap()).rejects.toThrow(
      ' cannot run:\n$.states.live.states.course.states.inventory.states.consensus.on.SIGN_OFF[0].guard: Unknown fact checklist.headIsOnlyRater.',
    );
    facts.set('checklist.headIsOnlyRater', fact);
    await expect(stage.definitions.onApplicationBootstrap()).resolves.toBeUndefined();
  });
});

describe('a definition', () => {
  const publish = async (change: (definition: Record<string, any>) => void) => {
    const shipped = JSON.parse(JSON.stringify(await stage.definitions.shipped()));
    const opening = shipped.findLast(({ key }: { key: string }) => key === 'opening');
    change(opening);
    return stage.run(people.OPENING_COORD!, async (tx) => {
      const id = await stage.definitions.publish(tx, JSON.stringify(opening));
      return isRefusal(id) ? id : { id };
    });
  };
  const count = async () =>
    (await stage.superuser.query('select count(*)::int as n from engine.process_definition')).rows[0]
      .n as number;

  test('is published as its next version, and the same content again is the same', async () => {
    expect(await publish(() => {})).toEqual({ id: stage.definitionId });
    const before = await count();
    const next = (opening: { version: number }) => (opening.version = 99);
    const published = await publish(next as never);
    expect(await publish(next as never)).toEqual(published);
    expect(await count()).toBe(before + 1);
  });

  test('is refused whole, with the place of every fault', async () => {
    const before = await count();
    const faultsOf = async (change: Parameters<typeof publish>[0]) =>
      ((await publish(change)) as unknown as { faults: { path: string }[] }).faults.map(({ path }) => path);
    expect(await faultsOf((opening) => (opening.title.de = 'Anders'))).toEqual(['$.version']);
    expect(
      await faultsOf((opening) => {
        delete opening.title;
        opening.invoke = {};
      }),
    ).toEqual(['$.title', '$']);
    expect(await faultsOf((opening) => (opening.deadlines.check.onDue = 'LEAP'))).toEqual([
      '$.deadlines.check',
    ]);
    expect(await faultsOf((opening) => (opening.states.live.states.course.initial = 'refused'))).toContain(
      '$.states.live.states.course.states.notStarted',
    );
    expect(await count()).toBe(before);
  });
});

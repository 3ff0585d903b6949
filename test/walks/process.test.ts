import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { v7 } from 'uuid';
import { startedRound, type Opening } from '../audit/opening.ts';
import type { Stage } from '../audit/support.ts';
import { due } from '../../src/engine/steps/due.tool.ts';
import { verify } from '../../src/engine/history/verify.tool.ts';
import { bootApp, type Fields, type TestApp } from '../support/app.ts';

// A team's opening process, as clients meet any process: what is possible, who can, what was done.
let stage: Stage;
let team: Opening;
let office: Opening;
let walk: TestApp;

beforeAll(async () => {
  const started = await startedRound();
  ({ stage, team } = started);
  office = started.opening('A1', 'amtsleiterin');
  walk = await bootApp(stage.database, 'probe');
}, 60_000);
afterAll(async () => {
  await walk?.close();
  await stage?.close();
});

const shape = `id version status stage stageLabel stageSince tags definition { key version title }
  possibleSteps { step label enabled mayI reasons { code text } functions functionNames candidates { name function functionName as } payloadSchema }
  history { seq step label at stageLabel } deadlines { name label dueOn overdue } tasks { name label function functionName dueOn }`;
const ask = async (who: string) =>
  (await walk.see(who, `{ process(id: "${team.id}") { ${shape} } }`))['process'];
const take = (who: string, input: object) =>
  walk.act(who, 'takeStep', { processId: team.id, ...input }, 'process { stage version } followedBy');

describe('a process', () => {
  test('tells where it stands, what is possible, who can, and what was done', async () => {
    const process = await ask('teamleiter');
    expect(process).toMatchObject({
      status: 'RUNNING',
      version: 2,
      stage: 'preparation.commissioned',
      stageLabel: 'Beauftragt',
      definition: { key: 'opening', version: 2, title: 'Öffnungsprozess einer Verwaltungseinheit' },
      deadlines: [{ name: 'preparation', label: 'Vorbereitung', overdue: false }],
      tasks: [
        {
          name: 'nameTeam',
          function: 'HEAD',
          functionName: 'Leitung der Einheit',
          label: 'Prozessleitung benennen',
        },
      ],
      history: [
        { seq: 1, step: '$start', label: 'Begonnen' },
        { seq: 2, step: 'COMMISSION', label: 'Auftrag erteilen', stageLabel: 'Beauftragt' },
      ],
    });
    const steps = new Map(process.possibleSteps.map((one: Fields) => [one['step'], one]));
    const name = steps.get('NAME_TEAM') as Fields;
    expect(name).toMatchObject({
      step: 'NAME_TEAM',
      enabled: true,
      mayI: true,
      functions: ['HEAD'],
      functionNames: ['Leitung der Einheit'],
      reasons: [],
    });
    expect(name.candidates).toEqual([
      expect.objectContaining({ function: 'HEAD', functionName: 'Leitung der Einheit', as: 'HOLDER' }),
    ]);
    expect(name.payloadSchema).toMatchObject({ type: 'object', required: ['ownerId', 'deputyId'] });
    expect(steps.get('CANCEL')).toMatchObject({ step: 'CANCEL', enabled: true, mayI: false });
  });

  test('says why it does not move', async () => {
    const query = `{ process(id: "${team.id}") { standstill { summary workingDays since
      turns { name function functionName overdue holders { name as function } } blocked { step reasons { code } }
      byItself { step label day } } } }`;
    const { standstill } = (await walk.see('teamleiter', query))['process'];
    expect(standstill).toMatchObject({
      workingDays: 0,
      turns: [
        {
          name: 'nameTeam',
          function: 'HEAD',
          functionName: 'Leitung der Einheit',
          overdue: false,
          holders: [{ as: 'HOLDER', function: 'HEAD' }],
        },
      ],
      blocked: [{ step: 'ORG_CHANGE', reasons: [{ code: 'successionIncomplete' }] }],
      byItself: [{ step: 'REMIND', label: 'An die Frist erinnern' }],
    });
    expect(standstill.summary).toMatch(
      /^Seit 0 Arbeitstagen im Zustand „Beauftragt“\. Am Zug: „Prozessleitung/,
    );
  });

  test('can be played ahead without moving', async () => {
    const preview = `{ stepPreview(processId: "${team.id}", step: "NAME_TEAM") { possible stageLabel reasons { code } tags
      tasksOpened tasksClosed deadlinesStarted { name } deadlinesStopped { name } } }`;
    expect((await walk.see('teamleiter', preview))['stepPreview']).toEqual({
      possible: true,
      stageLabel: 'Team benannt',
      reasons: [],
      tags: expect.any(Array),
      tasksOpened: ['Geltungsbereich bestätigen'],
      tasksClosed: ['Prozessleitung benennen'],
      deadlinesStarted: [],
      deadlinesStopped: [],
    });
    expect((await ask('teamleiter')).version).toBe(2);
    const elsewhere = `{ stepPreview(processId: "${office.id}", step: "NAME_TEAM") { possible } }`;
    const { errors } = await walk.ask('teamleiter', elsewhere);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });
});

describe('takeStep', () => {
  const step = 'NAME_TEAM';
  const ownerId = () => stage.persons.get('anna')!;
  const deputyId = () => stage.persons.get('bora')!;

  test('refuses what a person can get wrong, and writes nothing', async () => {
    const payload = { ownerId: ownerId(), deputyId: deputyId() };
    const outcomes = [
      await take('anna', { step, payload }),
      await take('teamleiter', { step, payload, expectedVersion: 1 }),
      await take('teamleiter', { step: 'SIGN_OFF', payload: { contentHash: 'a'.repeat(64) } }),
      await take('teamleiter', { step, payload: { ownerId: 'x', more: 1 } }),
      await take('teamleiter', { step, payload: { ownerId: ownerId(), deputyId: ownerId() } }),
    ];
    expect(outcomes.map(({ __typename }) => __typename)).toEqual([
      'NotAllowed',
      'ChangedMeanwhile',
      'NotPossibleNow',
      'InvalidInput',
      'NotPossibleNow',
    ]);
    expect(outcomes[3]!.faults).toEqual([
      { path: 'payload.ownerId', message: 'Keine gültige Kennung (UUID).' },
      { path: 'payload.more', message: 'Unbekannte Angabe.' },
      { path: 'payload.deputyId', message: 'Stellvertretung: Angabe fehlt.' },
    ]);
    expect(outcomes[4]!.reasons).toEqual(['Prozessleitung und Stellvertretung müssen zwei Personen sein.']);
    expect((await ask('teamleiter')).version).toBe(2);
  });

  test.each([
    ['an unknown step', 'LEAP', undefined, 'BAD_INPUT'],
    ['an internal signal', '$stage', undefined, 'BAD_INPUT'],
    ['a name of the prototype', 'constructor', undefined, 'BAD_INPUT'],
    ['a payload that is no object', 'NAME_TEAM', 'x', 'BAD_INPUT'],
    ['a process that does not exist', 'NAME_TEAM', undefined, 'NOT_FOUND'],
  ])('answers %s with its code', async (_what, name, payload, code) => {
    const processId = code === 'NOT_FOUND' ? v7() : team.id;
    const input = { commandId: v7(), processId, step: name, ...(payload && { payload }) };
    const answer = await walk.ask(
      'teamleiter',
      'mutation ($input: TakeStepInput!) { takeStep(input: $input) { __typename } }',
      { input },
    );
    expect(answer.errors?.[0]?.extensions.code).toBe(code);
  });

  test('is won by exactly one of 50 at once; the same command again is answered, another input refused', async () => {
    const payload = { ownerId: ownerId(), deputyId: deputyId() };
    const ids = Array.from({ length: 50 }, () => v7());
    const outcomes = await Promise.all(
      ids.map((commandId) => take('teamleiter', { commandId, step, payload, expectedVersion: 2 })),
    );
    const won = outcomes.flatMap(({ __typename }, i) => (__typename === 'TakeStepSuccess' ? [i] : []));
    expect(won).toHaveLength(1);
    expect(new Set(outcomes.map(({ __typename }) => __typename))).toEqual(
      new Set(['TakeStepSuccess', 'ChangedMeanwhile']),
    );
    const commandId = ids[won[0]!]!;
    const again = await take('teamleiter', { commandId, step, payload, expectedVersion: 2 });
    expect(again).toMatchObject({
      __typename: 'TakeStepSuccess',
      process: { stage: 'preparation.teamNamed', version: 3 },
    });
    expect(await take('teamleiter', { commandId, step, payload, expectedVersion: 3 })).toMatchObject({
      __typename: 'CommandIdReused',
    });
    expect((await ask('teamleiter')).history.map(({ step: name }: { step: string }) => name)).toEqual([
      '$start',
      'COMMISSION',
      'NAME_TEAM',
    ]);
  });
});

describe('beside the server', () => {
  test('due finds nothing before its day, verify proves the log', async () => {
    const said = jest.spyOn(console, 'log').mockImplementation(() => {});
    expect([await due(walk.app), await verify(walk.app)]).toEqual([0, 0]);
    expect(said.mock.calls.flat()).toEqual([
      '0 due steps taken, 0 not possible.',
      '2 processes with 5 steps replayed, 0 payloads erased, 0 differences.',
    ]);
    said.mockRestore();
  });

  test('verify ends with 1 and names process and step once the log says otherwise', async () => {
    const told: unknown[] = [];
    const spies = (['log', 'error'] as const).map((how) =>
      jest.spyOn(console, how).mockImplementation((line: unknown) => void told.push(line)),
    );
    await stage.superuser.query('set session_replication_role = replica');
    const change = `update engine.log_entry set hash = set_byte(hash, 0, get_byte(hash, 0) # 1) where process_id = $1 and seq = 2`;
    await stage.superuser.query(change, [team.id]);
    await stage.superuser.query('set session_replication_role = origin');
    expect(await verify(walk.app)).toBe(1);
    expect(told[0]).toBe(`probe ${team.id} step 2 COMMISSION: the hash chain is broken here`);
    for (const spy of spies) spy.mockRestore();
  });
});

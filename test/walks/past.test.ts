import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { parse } from 'csv-parse/sync';
import { startedRound, type Opening } from '../audit/opening.ts';
import type { Stage } from '../audit/support.ts';
import { LogDownloads } from '../../src/engine/history/log-downloads.service.ts';
import { LogFileCheck } from '../../src/engine/history/log-file.rules.ts';
import { Clock, isRefusal } from '../../src/platform/index.ts';
import { bootApp, type TestApp } from '../support/app.ts';
import { signIn } from '../support/sign-in.ts';
import { dayOf } from '../support/days.ts';

// A year later somebody asks how it was; and the log leaves the house as a file.
let stage: Stage;
let team: Opening;
let walk: TestApp;
let roundId: string;
const began = new Date();
const laterBy = (days: number) => new Date(began.getTime() + days * 86_400_000);

beforeAll(async () => {
  const started = await startedRound();
  ({ stage, team, roundId } = started);
  walk = await bootApp(stage.database, 'probe');
  await at(laterBy(10), () => take('teamleiter', 'NAME_TEAM', team2()));
  await at(laterBy(20), () =>
    take('koordination', 'CONFIRM_SCOPE', { representationsInformedOn: dayOf(began) }),
  );
}, 60_000);
afterAll(async () => {
  await walk?.close();
  await stage?.close();
});

const at = <T>(instant: Date, work: () => Promise<T>): Promise<T> => stage.get(Clock).at(instant, work);
const team2 = () => ({ ownerId: stage.persons.get('anna')!, deputyId: stage.persons.get('bora')! });
const take = (who: string, step: string, payload: object) =>
  walk.app
    .get(Clock, { strict: false })
    .at(laterBy(step === 'NAME_TEAM' ? 10 : 20), () =>
      walk.does(who, 'takeStep', { processId: team.id, step, payload }),
    );

const shape = `asOf version status stage stageLabel stageSince tags definition { key } suspendedAt
  history { step label } deadlines { name label dueOn overdue } tasks { name label function }`;
const on = async (instant: Date) => {
  const query = `{ process(id: "${team.id}") { asOf(day: "${dayOf(instant)}") { ${shape} } } }`;
  const app = walk.app.get(Clock, { strict: false });
  return (await app.at(laterBy(400), () => walk.see('teamleiter', query)))['process'].asOf;
};

describe('a process on a past day', () => {
  test('stood where its log says, with the tasks and dates of that day', async () => {
    const first = await on(laterBy(5));
    expect(first).toMatchObject({
      version: 2,
      status: 'RUNNING',
      stage: 'preparation.commissioned',
      stageLabel: 'Beauftragt',
      tasks: [{ name: 'nameTeam', function: 'HEAD', label: 'Prozessleitung benennen' }],
      deadlines: [{ name: 'preparation', label: 'Vorbereitung', overdue: false }],
      history: [{ step: '$start' }, { step: 'COMMISSION', label: 'Auftrag erteilen' }],
    });
    const second = await on(laterBy(15));
    expect(second).toMatchObject({
      version: 3,
      stage: 'preparation.teamNamed',
      tasks: [{ name: 'confirmScope' }],
    });
    expect(second.deadlines).toEqual(first.deadlines);
    expect(new Date(second.stageSince)).toEqual(laterBy(10));
  });

  test('is none before it began, and no day of the future', async () => {
    expect(await on(laterBy(-3))).toBeNull();
    const query = `{ process(id: "${team.id}") { asOf(day: "2199-01-01") { version } } }`;
    const { errors } = await walk.ask('teamleiter', query);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_INPUT']);
  });

  test('was overdue when its date had passed, and is so in every later answer', async () => {
    const past = await on(laterBy(90));
    expect(past.deadlines).toMatchObject([{ name: 'preparation', overdue: true }]);
    expect(await on(laterBy(90))).toEqual(past);
  });
});

const download = async (who: string, query: string) =>
  walk.app.inject({
    method: 'GET',
    url: `/exports/log?${query}`,
    headers: { authorization: `Bearer ${await signIn(who, 'probe')}` },
  });
const names = ['teamleiter', 'koordination'];

describe('the log as a file', () => {
  test('is handed out by the centre alone, and says what it can be', async () => {
    expect((await download('teamleiter', 'format=csv')).statusCode).toBe(403);
    expect((await walk.app.inject({ method: 'GET', url: '/exports/log?format=csv' })).statusCode).toBe(401);
    const ofOneUnit = `insert into responsibility.function_grant
        (tenant_id, id, grant_id, person_id, function, scope, scope_id, valid_from)
      values ($1, gen_random_uuid(), gen_random_uuid(), $2, 'OPENING_COORD', 'UNIT', $3, '2020-01-01')`;
    const unit = stage.units.get('A1')!;
    await stage.superuser.query(ofOneUnit, [stage.tenant, stage.persons.get('ausschuss'), unit]);
    expect((await download('ausschuss', 'format=csv')).statusCode).toBe(403);
    const unknown = await download('koordination', 'format=pdf');
    expect(unknown.statusCode).toBe(400);
    expect(unknown.json().message).toBe('format: Möglich sind csv, xes, ocel, oalog.');
    expect((await download('koordination', 'format=csv&processId=x')).statusCode).toBe(400);
  });

  test('is CSV with a line for each step and pseudonyms for people', async () => {
    const answer = await download('koordination', `format=csv&seriesId=${roundId}`);
    expect(answer.headers['content-type']).toContain('text/csv');
    const rows = parse(answer.body, { columns: true }) as Record<string, string>[];
    const mine = rows.filter(({ case_id }) => case_id === team.id);
    expect(mine.map(({ activity }) => activity)).toEqual([
      '$start',
      'COMMISSION',
      'NAME_TEAM',
      'CONFIRM_SCOPE',
    ]);
    const [, , named, confirmed] = mine;
    expect(named!['resource']).toMatch(/^P-[0-9a-f]{12}$/);
    expect(named!['resource']).not.toBe(confirmed!['resource']);
    expect(confirmed!['resource']).toBe(mine[1]!['resource']);
    for (const name of names) expect(answer.body).not.toContain(stage.persons.get(name)!);
    const again = parse((await download('koordination', 'format=csv')).body, {
      columns: true,
    }) as typeof rows;
    expect(again.map(({ resource }) => resource)).not.toContain(named!['resource']);
  });

  test('leaves a trace: who took what of it, when and how much', async () => {
    const fields = 'person { displayName } format seriesId processId processes entries isWhole at';
    const question = `{ logDownloads(first: 2) { nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`;
    const traces = async (who = 'koordination') => (await walk.see(who, question))['logDownloads'];
    const before = await traces();
    for (const refused of ['format=pdf', 'format=csv&processId=x']) await download('koordination', refused);
    await download('teamleiter', 'format=csv');
    expect(await traces()).toEqual(before);

    const began = Date.now();
    await download('koordination', `format=csv&seriesId=${roundId}`);
    const { body } = await download('koordination', `format=oalog&processId=${team.id}`);
    const { entries } = checked(body);
    const { nodes, pageInfo } = await traces();
    expect(nodes).toEqual([
      {
        person: { displayName: expect.any(String) },
        at: expect.any(String),
        format: 'OALOG',
        seriesId: null,
        processId: team.id,
        processes: 1,
        entries,
        isWhole: true,
      },
      expect.objectContaining({ format: 'CSV', seriesId: roundId, processId: null, isWhole: true }),
    ]);
    expect(Date.parse(nodes[0].at)).toBeGreaterThanOrEqual(began - 1000);
    expect(nodes[1].entries).toBeGreaterThan(entries);
    expect(pageInfo.hasNextPage).toBe(true);
    const rest = `{ logDownloads(after: "${pageInfo.endCursor}") { nodes { format } } }`;
    expect((await walk.see('koordination', rest))['logDownloads'].nodes).not.toEqual([]);
    for (const nonsense of ['', 'x', Buffer.from('["x"]').toString('base64url')])
      await walk.see('koordination', `{ logDownloads(after: "${nonsense}") { nodes { id } } }`);

    for (const who of ['teamleiter', 'ausschuss'])
      // the latter is of the centre for one unit only
      expect((await walk.ask(who, question)).errors![0]!.extensions.code).toBe('FORBIDDEN');
    const altered = `update engine.log_download set person_id = gen_random_uuid()`;
    await expect(stage.superuser.query(altered)).rejects.toThrow('stays as it is');
    await expect(stage.superuser.query('delete from engine.log_download')).rejects.toThrow('stays as it is');
  });

  test('leaves a trace also when whoever takes it breaks off', async () => {
    const actor = stage.as('koordination');
    const downloads = walk.app.get(LogDownloads, { strict: false });
    const begun = await downloads.begin(actor, 'oalog', {});
    if (isRefusal(begun)) throw new Error(begun.message.en);
    const file = downloads.file(actor, begun.downloadId, 'oalog', {});
    const row = async () =>
      (await stage.superuser.query('select * from engine.log_download where id = $1', [begun.downloadId]))
        .rows[0];
    expect(await row()).toMatchObject({ person_id: actor.person, entries: null, whole: null });
    await file.next(); // the head
    await file.next(); // one process
    await file.return(undefined);
    expect(await row()).toMatchObject({ processes: 1, whole: false });
    expect(await row()).toMatchObject({ account_id: actor.account, format: 'oalog' });
  });

  test('is XES that a parser reads, a trace for each process', async () => {
    const { body } = await download('koordination', 'format=xes');
    expect(XMLValidator.validate(body)).toBe(true);
    const { log } = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'trace' }).parse(
      body,
    );
    const mine = log.trace.find(
      (trace: { string: { '@_value': string }[] }) => trace.string[0]!['@_value'] === team.id,
    );
    expect(mine.event).toHaveLength(4);
    expect(log['@_xes.version']).toBe('1849.2016');
  });

  test('is OCEL 2.0 in which every relation leads to an object', async () => {
    const { body } = await download('koordination', 'format=ocel');
    const ocel = JSON.parse(body);
    const objects = new Set(ocel.objects.map(({ id }: { id: string }) => id));
    const types = new Set(ocel.eventTypes.map(({ name }: { name: string }) => name));
    for (const { type, relationships } of ocel.events) {
      expect(types).toContain(type);
      for (const { objectId } of relationships) expect(objects).toContain(objectId);
    }
    expect(objects).toContain(stage.units.get('T1'));
    expect(new Set(ocel.objects.map(({ type }: { type: string }) => type))).toEqual(
      new Set(['process', 'unit', 'series', 'person']),
    );
  });

  test('is checked by a stranger without a database', async () => {
    const { body } = await download('koordination', 'format=oalog');
    const report = checked(body);
    expect(report).toMatchObject({ differences: [], faults: [] });
    expect(report.entries).toBeGreaterThan(4);
    expect(body).not.toContain('Teamleiter');
  });

  test.each([
    ['a step', /"step":"NAME_TEAM"/, '"step":"CONFIRM_SCOPE"', /is not possible with the recorded facts/],
    ['a time', /"at":"(\d{4})/, '"at":"1999', /hash chain/],
    [
      'an entry',
      /,\{"processId":"[^"]+","seq":3.*?"hash":"[0-9a-f]{64}","at":"[^"]+"\}/,
      '',
      /entry 3 is missing/,
    ],
    ['where it stands', /"stage":"preparation.kickedOff","stageSince/, '"stage":"x","stageSince', /stage/],
    [
      'the unit it is about',
      /("process":\{.*?"scopeId":")[0-9a-f]{8}/,
      '$100000000',
      /moved to another place than the log says/,
    ],
    ['a definition', /"version":1,/, '"version":2,', /is not what its id says/],
  ])('betrays that %s was changed', async (_what, wanted, instead, says) => {
    const { body } = await download('koordination', `format=oalog&processId=${team.id}`);
    expect(wanted.test(body)).toBe(true);
    const { differences, faults } = checked(body.replace(wanted, instead));
    expect([...differences.map(({ what }) => what), ...faults].join('\n')).toMatch(says);
    expect(faults.join()).toMatch(/changed after its export/);
  });

  test('betrays that its end was cut off', async () => {
    const { body } = await download('koordination', 'format=oalog');
    const lines = body.trimEnd().split('\n');
    expect(checked(lines.slice(0, -1).join('\n')).faults).toEqual([
      'The file has no end line: it was cut off.',
    ]);
  });
});

function checked(body: string) {
  const check = new LogFileCheck();
  for (const line of body.trimEnd().split('\n')) check.take(line);
  return check.finish();
}

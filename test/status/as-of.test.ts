import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readFile } from 'node:fs/promises';
import { createApp } from '../../src/app.ts';
import { ratingInput } from '../../src/demo/story/ratings.rules.ts';
import { Teller, type Fields } from '../../src/demo/story/teller.ts';
import { foundAdministration } from '../../src/founding.ts';
import { Imports } from '../../src/organisation/index.ts';
import { Clock, isRefusal, newId } from '../../src/platform/index.ts';
import { statusShown } from '../oracle/compare.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { configFor } from '../support/services.ts';

// Who acts, by their keys in the demo's register.
const leadership = 'P-0001';
const hr = 'P-0022';
const hrSecond = 'P-0037';
const coordination = 'P-0255';
const auditLead = 'P-0296';

const at = (day: string) => new Date(`${day}T09:00:00Z`);
const founded = '2026-01-05';
const firstLook = '2026-03-16';
const secondLook = '2026-05-04';

let database: TestDatabase;
let app: NestFastifyApplication;
let teller: Teller;
let units: ReadonlyMap<string, string>;
let roundId: string;

beforeAll(async () => {
  database = await cloneDatabase();
  app = await createApp(configFor(database.serverUrl, { LOG_LEVEL: 'error' }));
  await app.init();
  const founders = [
    { key: hr, name: 'Kemal Kirschrosa', functions: ['HR'] },
    { key: hrSecond, name: 'Farid Feigenblau', functions: ['HR'] },
    { key: coordination, name: 'Wanda Weidentürkis', functions: ['OPENING_COORD'] },
    { key: auditLead, name: 'Piotr Piniengelb', functions: [] },
  ];
  const administration = { key: 'ahornau', name: 'StädteRegion Ahornau' };
  const { tenant } = await app
    .get(Clock)
    .at(at(founded), () => foundAdministration(app, database.ownerUrl, administration, founders));
  teller = new Teller(app, tenant, 'ahornau', 'https://sign-in.example/ahornau');
  await importPlan('2026-01-06');
  units = await unitIds('2026-01-07');
  await assignByRule('2026-01-12');
  roundId = await startRound('2026-02-02');
}, 60_000);
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

const send = (
  who: string,
  when: Date,
  mutation: string,
  input: object,
  selection?: string,
): Promise<Fields> => teller.send(who, when, mutation, { commandId: newId(), ...input }, selection);

async function importPlan(day: string): Promise<void> {
  const files = {
    'units.csv': 'units',
    'posts.csv': 'posts',
    'holders.csv': 'holders',
    'gvp.csv': 'business-distribution',
  };
  const importIds = await teller.as(hr, at(day), async (actor) => {
    const ids: string[] = [];
    for (const [format, name] of Object.entries(files)) {
      const bytes = await readFile(new URL(`../../data/demo/${name}.csv`, import.meta.url));
      const file = await app
        .get(Imports, { strict: false })
        .upload(actor, { format: format as 'units.csv', fileName: `${name}.csv`, bytes }, true);
      if (isRefusal(file)) throw new Error(file.message.en);
      ids.push(file.id);
    }
    return ids;
  });
  await send(hr, at(day), 'applyImport', { importIds });
}

async function unitIds(day: string): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const page =
    'query ($after: String) { units(first: 100, after: $after) { nodes { id code } pageInfo { hasNextPage endCursor } } }';
  for (let after: string | null = null; ;) {
    const read: Fields = (await teller.ask(hr, at(day), page, { after }))['units'];
    for (const { id, code } of read['nodes']) ids.set(code, id);
    if (!read['pageInfo'].hasNextPage) return ids;
    after = read['pageInfo'].endCursor;
  }
}

/** One rule for the whole office: heads carry it out, the head of the office answers for it; accepted and confirmed. */
async function assignByRule(day: string): Promise<void> {
  const rule = { unitId: units.get('A10'), competent: { headOf: 'UNIT' }, accountable: { headOf: 'OFFICE' } };
  const { rule: applied } = await send(hr, at(day), 'applyAssignmentRule', { rule }, 'rule { id }');
  const heads = new Set<string>();
  for (const code of ['A10', 'A10.1', 'A10.11', 'A10.12', 'A10.2', 'A10.21', 'A10.22', 'A10.3'])
    heads.add((await teller.who('HEAD', { unitId: units.get(code)! }, at(day)))[0]!);
  for (const head of heads) await send(head, at(day), 'acceptAssignments', { ruleId: applied.id });
  await send(hrSecond, at(day), 'confirmAssignments', { ruleId: applied.id });
}

async function startRound(day: string): Promise<string> {
  const { editions, processDefinitions } = await teller.ask(
    coordination,
    at(day),
    '{ editions: catalogues { key editions { id } } processDefinitions { id key version } }',
  );
  const edition = editions.find(({ key }: Fields) => key === 'administration').editions[0];
  const definition = processDefinitions.find(({ key }: Fields) => key === 'opening');
  const { round } = await send(
    coordination,
    at(day),
    'openRound',
    {
      name: { de: 'Personalamt', en: 'HR office' },
      editionId: edition.id,
      definitionId: definition.id,
      opensOn: day,
      closesOn: '2028-01-31',
      mandate: {
        title: 'Öffnung',
        reference: '2026/0001',
        decidedOn: '2026-01-15',
        body: 'Städteregionstag',
      },
      scope: { subtrees: [units.get('A10')] },
    },
    'round { id version }',
  );
  const id = (key: string) => teller.as(key, at(day), async (actor) => actor.person);
  const person = async (fn: string, key: string, chair = false) => ({
    function: fn,
    personId: await id(key),
    chair,
  });
  const people = [
    await person('AUDLEAD', auditLead),
    await person('AUD', 'P-0299'),
    await person('AUD2', 'P-0301'),
    await person('BOARD', 'P-0070', true),
    await person('BOARD', 'P-0234'),
    await person('BOARD', 'P-0131'),
    await person('STEERING', 'P-0020', true),
    await person('APPEAL', 'P-0065'),
    await person('PR', 'P-0012'),
    await person('GB', 'P-0010'),
  ];
  await send(coordination, at(day), 'nameRoundPeople', { roundId: round.id, people, boardQuorum: 2 });
  const { version } = (await teller.ask(coordination, at(day), `{ round(id: "${round.id}") { version } }`))[
    'round'
  ];
  await send(leadership, at(day), 'startRound', { roundId: round.id, expectedVersion: version });
  return round.id;
}

/** The unit names its team, its scope is confirmed, and its owner rates the first criteria at this level. */
async function rate(code: string, day: string, level: number, criteria: number): Promise<void> {
  const unitId = units.get(code)!;
  const processId = await processOf(code, day);
  const staff = (await teller.who('CONTRIB', { unitId, processId }, at(day)))[0]!;
  const read = `{ checklist(processId: "${processId}") { items { criterion { id code title core fieldOfAction { code } } version } } }`;
  const { checklist } = await teller.ask(staff, at(day), read);
  const ratings = checklist.items.slice(0, criteria).map(({ criterion, version }: Fields) => ({
    ...ratingInput({ ...(criterion as never as object), field: '' } as never, level, at(day), code),
    expectedRatingVersion: version,
  }));
  await send(staff, at(day), 'rateCriteria', { processId, ratings });
}

async function processOf(code: string, day: string): Promise<string> {
  const found = `{ openingProcesses(roundId: "${roundId}", unitId: "${units.get(code)}") { nodes { id } } }`;
  return (await teller.ask(coordination, at(day), found))['openingProcesses'].nodes[0].id;
}

async function open(code: string, day: string): Promise<void> {
  const processId = await processOf(code, day);
  const unitId = units.get(code)!;
  const head = (await teller.who('HEAD', { unitId }, at(day)))[0]!;
  const above = (await teller.who('NEXT_ABOVE', { unitId }, at(day)))[0]!;
  const id = (key: string) => teller.as(key, at(day), async (actor) => actor.person);
  const take = (who: string, step: string, payload?: object) =>
    send(who, at(day), 'takeStep', { processId, step, ...(payload && { payload }) });
  await take(head, 'NAME_TEAM', { ownerId: await id(head), deputyId: await id(above) });
  await take(coordination, 'CONFIRM_SCOPE', { representationsInformedOn: day });
  await take(head, 'OPEN_SELF_ASSESSMENT');
}

const look = (day: string, asOf?: string) =>
  statusShown((query, variables) => teller.ask(leadership, at(day), query, variables), {
    roundId,
    underUnitId: units.get('A10')!,
    ...(asOf && { asOf }),
  });

test('A day that is over keeps its status to the digit, whatever is edited, moved and re-assigned later', async () => {
  await open('A10.11', '2026-02-16');
  await open('A10.12', '2026-02-16');
  await rate('A10.11', '2026-03-02', 2, 6);
  await rate('A10.12', '2026-03-02', 1, 3);
  const first = await look(firstLook);
  expect(first.status.completion).toMatchObject({ done: 9 });

  await rate('A10.11', '2026-03-23', 3, 9);
  await open('A10.3', '2026-03-23');
  await send(hr, at('2026-04-01'), 'moveUnit', {
    unitId: units.get('A10.12'),
    underId: units.get('A10.2'),
  });
  await send(hr, at('2026-04-01'), 'classifyUnit', { unitId: units.get('A10.22'), headcount: 4 });
  const second = await look(secondLook);
  await send(hr, at('2026-05-11'), 'assignResponsibility', {
    unitId: units.get('A10.3'),
    kind: 'COMPETENT',
    codes: ['LEI-02', 'STE-01'],
    postId: await postOf('A10.3-02', '2026-05-11'),
  });
  await rate('A10.12', '2026-05-18', 2, 12);

  const later = '2026-07-01';
  expect(await look(later, firstLook)).toEqual(first);
  expect(await look(later, secondLook)).toEqual(second);
  expect(await look(later)).not.toEqual(second);
}, 60_000);

async function postOf(postNo: string, day: string): Promise<string> {
  const page = `{ posts(under: "${units.get('A10')}", first: 100) { nodes { id postNo } } }`;
  return (await teller.ask(hr, at(day), page))['posts'].nodes.find(
    (post: Fields) => post['postNo'] === postNo,
  ).id;
}

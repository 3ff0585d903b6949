import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { Verifier } from '../../src/engine/index.ts';
import { fromOracle, fromServer, statusShown, type StatusAsked } from '../oracle/compare.ts';
import { criteriaOf, unitsOf } from '../oracle/inputs.ts';
import { expectedStatus } from '../oracle/status.oracle.ts';
import { walkOf } from '../oracle/story.ts';
import { readyMade } from '../../src/demo/explorer/explorer-files.ts';
import { inDays } from '../support/days.ts';
import type { TestApp } from '../support/app.ts';
import type { TestDatabase } from '../support/database.ts';
import { bootDemo } from '../support/demo.ts';

interface Listed {
  readonly unit: { readonly code: string };
}
const leadership = 'P-0001';
const hr = 'P-0022';
const coordination = 'P-0255';
const head = 'P-0096'; // Ausländer- und Einbürgerungsamt
const ofTheBoard = 'X-03';
const auditor = 'P-0299'; // Jana, of a member municipality
const committee = 'X-05';
const centre = 'P-0255'; // Wanda, of the integration centre
const operations = await readyMade();
const data = (path: string) => new URL(`../../data/${path}`, import.meta.url).pathname;
const today = inDays(0);

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  ({ app, database } = await bootDemo());
}, 300_000);
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

const folder = data('demo/');
const units = unitsOf(`${folder}units.csv`, today);
const criteria = criteriaOf(data('catalogues/administration.yaml'));
const walk = (round: string) => walkOf({ units, criteria, folder, day: today, round });
const daysAgo = (days: number) => inDays(-days);

/** As the server shows it. What is overdue follows from the calendar of each way, which the story does not spell out. */
async function shown(asked: StatusAsked) {
  const { overdue, ...rest } = fromServer(
    await statusShown((query, given) => app.see(leadership, query, given), asked),
  );
  return { overdue: overdue as number, rest };
}
/** As the oracle computes it from the files. */
function foretold(of: Omit<Parameters<typeof expectedStatus>[0], 'units' | 'criteria' | 'day'>) {
  const { overdue: _unknown, ...rest } = fromOracle(
    expectedStatus({ ...of, units, criteria, day: today }),
    units,
  );
  return rest;
}

test('The status of the demo is what an oracle computes from its files', async () => {
  const { overdue, rest } = await shown({});
  expect(rest).toEqual(
    foretold({ walk: walk('whole'), earlier: walk('pilot'), under: 'SR', excepted: ['A70.12'] }),
  );
  expect(overdue).toBeGreaterThan(0);
});

test('The finished round stands in the past as its story left it, before the second cycle began', async () => {
  const { rounds } = await app.see(leadership, '{ rounds { id opensOn } }');
  const pilot = rounds.toSorted((a: { opensOn: string }, b: { opensOn: string }) =>
    a.opensOn < b.opensOn ? -1 : 1,
  )[0];
  const { units: found } = await app.see(leadership, '{ units(code: "D3", first: 1) { nodes { id } } }');
  const asked = { roundId: pilot.id, underUnitId: found.nodes[0].id, asOf: daysAgo(50) };
  expect((await shown(asked)).rest).toEqual(foretold({ walk: walk('pilot'), under: 'D3' }));
});

test('The end of yesterday, read from the log, is what stands today: nothing has happened since', async () => {
  expect((await shown({ asOf: daysAgo(1) })).rest).toEqual((await shown({})).rest);
});

test('README’s first query, pasted, returns what README prints', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const [, body] = /-d '(\{"query":[^']+)'/.exec(readme) ?? [];
  const [, printed] = /```json\n(.+)\n```/.exec(readme) ?? [];
  expect(await app.ask(leadership, JSON.parse(body!).query)).toEqual(JSON.parse(printed!));
});

test('One unit rests; another objects to a rating, and has more time for its targets meanwhile', async () => {
  const inState = async (state: string) => {
    const list = `units(state: "${state}") { nodes { unit { code } suspended processId } }`;
    return (await app.see(leadership, `{ status { states { ${list} } } }`))['status'].states.units.nodes;
  };
  const resting = (await inState('implementation.running')).filter(
    (one: { suspended: boolean }) => one.suspended,
  );
  expect(resting).toMatchObject([{ unit: { code: 'A33.12' } }]);
  const objecting = (await inState('targets.drafting')).find(
    ({ unit }: { unit: { code: string } }) => unit.code === 'A30',
  );
  const asked = `{ openingProcess(id: "${objecting.processId}") { objections { against isOpen entries { kind } }
    process { tags definition { version } } } }`;
  expect((await app.see(leadership, asked))['openingProcess']).toMatchObject({
    objections: [{ against: 'FINAL_RATING', isOpen: true, entries: [{ kind: 'ACKNOWLEDGED' }] }],
    process: { tags: expect.arrayContaining(['extended', 'publicationHeld']), definition: { version: 2 } },
  });
});

test('The log of every process of the demo replays to what is stored', async () => {
  const { processes, entries, differences } = await app.app.get(Verifier, { strict: false }).run();
  expect(differences).toEqual([]);
  expect(processes).toBeGreaterThan(150);
  expect(entries).toBeGreaterThan(processes * 5);
});

test('a school is accompanied and a municipality established, outside the figures of the administration', async () => {
  const stageOf = async (code: string) => {
    const { units: known } = await app.see(coordination, `{ units(code: "${code}") { nodes { id } } }`);
    const query = `{ openingProcesses(unitId: "${known.nodes[0].id}") { nodes { process { stageLabel } } } }`;
    const { openingProcesses } = await app.see(coordination, query);
    return openingProcesses.nodes.map((one: { process: { stageLabel: string } }) => one.process.stageLabel);
  };
  expect([await stageOf('B07'), await stageOf('G01')]).toEqual([['Weiter mit Unterstützung'], ['Etabliert']]);
});

test('Of a school outside the round nothing is counted, and nothing is said of it', async () => {
  const { units: known } = await app.see(coordination, '{ units(code: "B07") { nodes { id } } }');
  const asked = `{ status(underUnitId: "${known.nodes[0].id}") { states { number n } completion { number n }
    maturity { number n fields { field } } overdue { number n } missingResponsibilities { number n }
    anchoring { number n anchored breadth statement sentence areas { area } } } }`;
  const none = { number: null, n: 0 };
  expect((await app.see(leadership, asked)).status).toEqual({
    states: none,
    completion: none,
    maturity: { ...none, fields: [] },
    overdue: none,
    missingResponsibilities: none,
    anchoring: { ...none, anchored: null, breadth: null, statement: null, sentence: null, areas: [] },
  });
});

test('Who sees a part is told what is missing and why, and no claim is made about the whole', async () => {
  const asked = `{ status { states { n leftOut { reason units sentence } }
    maturity { leftOut { reason } } anchoring { n statement leftOut { reason units } } } }`;
  const [all, centre] = [
    (await app.see(leadership, asked)).status,
    (await app.see(coordination, asked)).status,
  ];
  expect(all.states.leftOut).toEqual([]);
  expect(all.anchoring).toMatchObject({ statement: 'NOT_ANCHORED', leftOut: [{ reason: 'FEW', units: 2 }] });
  // Nobody coordinates the case of their own unit.
  const own = all.states.n - centre.states.n;
  expect(own).toBeGreaterThan(0);
  const sentence = 'Für diese Einheiten haben Sie keine Funktion; die Zahl gilt ohne sie.';
  expect(centre.states.leftOut).toEqual([{ reason: 'NOT_YOURS', units: own, sentence }]);
  expect(centre.anchoring.statement).toBeNull();
  const few = (await app.see(committee, asked)).status.maturity.leftOut.map(
    ({ reason }: { reason: string }) => reason,
  );
  expect(few).toContain('NOT_PUBLISHED');
});

describe('Who sees what', () => {
  const everything = `{ status { states { n } maturity { number n } missingResponsibilities { n }
    anchoring { n number } coreCriteria { n criteria { criterion number n } } deviations { n number } } }`;

  test('Leadership and the board see all units, a head only those below', async () => {
    const [all, own] = await Promise.all([app.see(leadership, everything), app.see(head, everything)]);
    const board = await app.see(ofTheBoard, '{ status { states { n } } }');
    expect([all.status.states.n, board.status.states.n]).toEqual([147, 147]);
    expect(own.status.states.n).toBe(8);
    expect(own.status.anchoring.n).toBe(8);
    expect(all.status.deviations.n).toBeGreaterThan(0);
    expect(all.status.deviations.number).toBeLessThan(0);
    const [most] = all.status.coreCriteria.criteria;
    expect(most.number).toBeGreaterThan(0);
  });

  test('HR sees the gaps of all units, and ratings only where its people are heads or stand in for one', async () => {
    const rated = '{ status { maturity { units(first: 100) { nodes { unit { code } } } } } }';
    const { status } = await app.see(hr, everything);
    expect(status.missingResponsibilities.n).toBe(
      (await app.see(leadership, everything)).status.missingResponsibilities.n,
    );
    const { nodes } = (await app.see(hr, rated)).status.maturity.units;
    const codes: string[] = nodes.map(({ unit }: { unit: { code: string } }) => unit.code);
    expect(codes.filter((code) => !/^(D1|A1[0-25]|A30)/.test(code))).toEqual([]);
    expect(codes).toContain('A10');
  });

  test('The committee sees what is published, and no gaps', async () => {
    const { data, errors } = await app.ask(committee, everything);
    expect(errors!.map(({ path, extensions }) => [path!.join('.'), extensions.code])).toEqual([
      ['status.missingResponsibilities', 'FORBIDDEN'],
    ]);
    expect(data!.status.maturity.n).toBeGreaterThan(0);
    expect(data!.status.maturity.n).toBeLessThan((await app.see(leadership, everything)).status.maturity.n);
  });

  test('A committee lists no unit whose report is not public, and counts of a part only those', async () => {
    const list = '(first: 100) { nodes { unit { code } } }';
    const asked = `query ($under: ID) { status(underUnitId: $under) { states { n units${list} } completion { units${list} }
      maturity { units${list} } anchoring { units(lackingOnly: false, first: 100) { nodes { unit { code } } } }
      overdue { number entries(first: 100) { nodes { unit { unit { code } } } } } } }`;
    const { openingProcesses } = await app.see(
      committee,
      '{ openingProcesses(first: 100) { nodes { unit { code } } } }',
    );
    const published = new Set(
      openingProcesses.nodes.map(({ unit }: { unit: { code: string } }) => unit.code),
    );
    const look = async (under: string | null) => {
      const { status } = await app.see(committee, asked, { under });
      const lists = [status.states, status.completion, status.maturity, status.anchoring];
      const codes = lists.flatMap(({ units: { nodes } }) => nodes.map((one: Listed) => one.unit.code));
      const late = status.overdue.entries.nodes.map((one: { unit: Listed }) => one.unit.unit.code);
      expect([...codes, ...late].filter((code) => !published.has(code))).toEqual([]);
      return status;
    };
    const whole = await look(null);
    expect(whole.states.n).toBe(147);
    expect(whole.states.units.nodes.length).toBeLessThan(147);
    const { units: found } = await app.see(hr, '{ units(code: "A10", first: 1) { nodes { id } } }');
    const part = await look(found.nodes[0].id);
    expect(part.states.n).toBe(part.states.units.nodes.length);
  });

  test('A unit of three people shows no ratings, to nobody', async () => {
    const { status } = await app.see(
      leadership,
      `{ status { states { units(state: "review.commentPeriod", first: 100) {
        nodes { unit { code } suppressed maturity anchored lacking } } } } }`,
    );
    const small = status.states.units.nodes.find(
      ({ unit }: { unit: { code: string } }) => unit.code === 'S03',
    );
    expect(small).toMatchObject({ suppressed: true, maturity: null, anchored: null, lacking: [] });
  });
});

describe('Each ready-made question shows its person something', () => {
  const asking: Record<string, string> = { leadership, hr, 'department-head': head, auditor, centre };
  const questions = operations.filter(({ query }) => /^query /m.test(query));
  test.each(questions.map(({ role, query }) => [role, /query (\w+)/.exec(query)![1]!, query]))(
    '%s: %s',
    async (role, _name, query) => {
      const who = asking[role]!;
      const { rounds } = await app.see(leadership, '{ rounds { id } }');
      const { units: found } = await app.see(hr, '{ units(code: "SR", first: 1) { nodes { id } } }');
      const { openingProcesses } = await app.see(who, '{ openingProcesses(first: 100) { nodes { id } } }');
      const mine = query.includes('$processId:') ? openingProcesses.nodes : [undefined];
      const answers = [];
      for (const one of mine) {
        const roundId = rounds[0].id;
        const variables = { roundId, unitId: found.nodes[0].id, processId: one?.id };
        const used = Object.entries(variables).filter(([name]) => query.includes(`$${name}:`));
        answers.push(await app.ask(who, query, Object.fromEntries(used)));
      }
      // A process that is not that far answers NOT_FOUND; one of theirs must show something.
      const shown = answers.filter(({ errors }) => !errors).map(({ data }) => JSON.stringify(data));
      expect(shown).toContainEqual(expect.stringMatching(/\[\{|"number":/));
    },
  );
});

describe('What is asked wrongly', () => {
  const asked =
    'query ($roundId: ID, $under: ID, $asOf: Date) { status(roundId: $roundId, underUnitId: $under, asOf: $asOf) { asOf } }';
  const unknown = '01890000-0000-7000-8000-000000000000';
  test.each([
    ['an unknown round', { roundId: unknown }, 'NOT_FOUND'],
    ['an unknown unit', { under: unknown }, 'NOT_FOUND'],
    ['no id at all', { roundId: 'whole' }, 'BAD_INPUT'],
    ['a day to come', { asOf: '2199-01-01' }, 'BAD_INPUT'],
    ['a day before the first round', { asOf: '2001-01-01' }, 'NOT_FOUND'],
  ])('%s', async (_, variables, code) => {
    const { errors } = await app.ask(leadership, asked, variables);
    expect(errors!.map(({ extensions }) => extensions.code)).toEqual([code]);
  });
});

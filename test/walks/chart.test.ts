import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { foundAdministration } from '../../src/founding.ts';
import { fromOracle, fromServer, statusShown } from '../oracle/compare.ts';
import { applicable, criteriaOf, type Unit } from '../oracle/inputs.ts';
import type { Assignment, Move, Rating } from '../oracle/record.ts';
import { expectedStatus } from '../oracle/status.oracle.ts';
import { bootApp, type TestApp } from '../support/app.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

// Real charts are open data of others and not part of this repository; the folder is named by who has them.
const folder = process.env.ORGCHARTS_DIR;
if (!folder) console.info('ORGCHARTS_DIR is not set: the walk knows our invented chart only.');
const charts = [
  join(import.meta.dirname, '../support/data/organigramm.json'),
  ...(folder ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []).map((name) =>
    join(folder!, name),
  ),
];
const criteria = criteriaOf(join(import.meta.dirname, '../../data/catalogues/administration.yaml'));

interface Box {
  readonly name?: string;
  readonly altName?: string;
  readonly uri: { readonly uri: string };
  readonly isMainOrganisation?: boolean;
  readonly departments?: readonly Box[];
  readonly organisations?: readonly Box[];
}

/** The chart as HR reads it: every box a unit, with the level and kind that HR gives it. Knows nothing of `src`. */
function unitsOf(file: string): Unit[] {
  const roots = (JSON.parse(readFileSync(file, 'utf8')) as { organisations: readonly Box[] }).organisations;
  const top = roots.find((box) => box.isMainOrganisation)!;
  const code = (box: Box) => box.uri.uri.split('/').at(-1)!;
  const read = (box: Box, parent: Unit | null, rank: number, outside: boolean): Unit[] => {
    const name = box.name?.trim() ?? box.altName ?? '';
    const own =
      parent === null ? 0 : /^(Dezernat|Geschäftsbereich)/.test(name) ? 1 : Math.min(4, Math.max(2, rank));
    const kind = own === 0 ? 'SPI' : own === 1 ? 'DEZ' : outside ? 'EIN' : 'FAC';
    const unit = {
      code: code(box),
      name,
      parent: parent && parent.code,
      level: `L${own}`,
      kind,
      tags: [],
      headcount: 12,
    };
    const inner = [...(box.departments ?? []), ...(box.organisations ?? [])];
    return [unit, ...inner.flatMap((one) => read(one, unit, own + 1, outside))];
  };
  const inside = read(top, null, 0, false);
  return [
    ...inside,
    ...roots.filter((root) => root !== top).flatMap((root) => read(root, inside[0]!, 1, true)),
  ];
}

describe.each(charts.map((file) => [basename(file), file]))('an audit round over the chart %s', (_, file) => {
  const units = unitsOf(file);
  const ids = new Map<string, string>();
  const persons = new Map<string, string>();
  const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });
  const record = {
    ratings: [] as Rating[],
    moves: [] as Move[],
    assignments: [] as Assignment[],
    deadlines: [],
    coreMeasures: [],
    steeringActive: false,
  };
  let database: TestDatabase;
  let server: TestApp;
  let roundId: string;

  beforeAll(async () => {
    database = await cloneDatabase();
    server = await bootApp(database, 'haus');
    const founder = (key: string, ...functions: string[]) => ({ key, name: `Person ${key}`, functions });
    await foundAdministration(server.app, database.ownerUrl, { key: 'haus', name: 'Haus' }, [
      founder('hanna', 'HR'), founder('hilde', 'HR'), founder('wanda', 'OPENING_COORD'),
      ...['jana', 'zoe', 'vera', 'max', 'sina', 'paul', 'greta'].map((key) => founder(key))]); // prettier-ignore
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    await database?.drop();
  });

  /** All pages of a list. */
  async function all(list: string, fields: string): Promise<Record<string, any>[]> {
    // eslint-disable-line -- read by path
    const nodes: Record<string, unknown>[] = [];
    for (let after: string | null = null; ;) {
      const page: Record<string, any> = (await server.see('hanna', // eslint-disable-line
        `query ($after: String) { ${list}(first: 100, after: $after) { nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`, { after }))[list]; // prettier-ignore
      nodes.push(...page.nodes);
      if (!page.pageInfo.hasNextPage) return nodes;
      after = page.pageInfo.endCursor;
    }
  }

  test('HR imports it with its own classification; every box arrives below its superior', async () => {
    const corrections = units.map(({ code, level, kind, tags, headcount }) => ({
      code,
      level,
      kind,
      tags,
      headcount,
    }));
    const chart = await server.upload('hanna', 'organigramm.json', readFileSync(file));
    await server.does('hanna', 'applyImport', { importIds: [chart], corrections });
    const arrived = await all('units', 'id code name level kind { code } headcount parent { code }');
    expect(new Map(arrived.map(({ id: _id, code, kind, parent, ...unit }) => [code, { ...unit, kind: kind.code, parent: parent?.code ?? null }])))
      .toEqual(new Map(units.map(({ code, tags: _tags, ...unit }) => [code, unit]))); // prettier-ignore
    for (const { id, code } of arrived) ids.set(code, id);
  });

  test('charts name no persons: HR adds posts and holders by table', async () => {
    const heads = new Map(
      (await all('units', 'code headPost { postNo }')).map(({ code, headPost }) => [code, headPost?.postNo]),
    );
    const posts = units.flatMap(({ code }) => [
      ...(heads.get(code) ? [] : [`${code}-L;${code};Leitung;ja`]),
      `${code}-O;${code};Öffnungsbeauftragte;nein`,
    ]);
    const holders = units.flatMap(({ code }, n) => [
      `${heads.get(code) ?? `${code}-L`};head-${n};Leitung ${n};holder`,
      `${code}-O;officer;Olga Offen;holder`,
    ]);
    const postFile = ['postNo;unitCode;function;isManagement', ...posts].join('\n');
    const holderFile = ['postNo;personKey;displayName;type', ...holders].join('\n');
    const more = { importIds: [await server.upload('hanna', 'posts.csv', postFile)], missing: 'KEEP' };
    await server.does('hanna', 'applyImport', more);
    const importIds = [await server.upload('hanna', 'holders.csv', holderFile)];
    await server.does('hanna', 'applyImport', { importIds });
    const shown = await all('posts', 'isManagement holders { person { id displayName } }');
    expect(shown.filter(({ isManagement, holders: held }) => isManagement && held.length === 1)).toHaveLength(
      units.length,
    );
    for (const key of ['jana', 'zoe', 'vera', 'max', 'sina', 'paul', 'greta'])
      persons.set(key, (await server.see(key, '{ me { person { id } } }')).me.person.id);
  });

  test('HR assigns by rule over the whole house, the officer and the directors accept, a second person confirms', async () => {
    const top = ids.get(units[0]!.code)!;
    const rules = [
      { unitId: top, competent: { postFunction: 'Öffnungsbeauftragte' } },
      { unitId: top, levels: ['L1'], accountable: { headOf: 'UNIT' } },
    ];
    const applied: string[] = [];
    for (const rule of rules)
      applied.push((await server.does('hanna', 'applyAssignmentRule', { rule }, 'rule { id }')).rule.id);
    await server.does('officer', 'acceptAssignments', { ruleId: applied[0] });
    for (const [n, { level }] of units.entries())
      if (level === 'L1') await server.does(`head-${n}`, 'acceptAssignments', { ruleId: applied[1] });
    for (const ruleId of applied) await server.does('hilde', 'confirmAssignments', { ruleId });
    for (const unit of units)
      for (const { code, field } of applicable(unit, criteria)) {
        record.assignments.push({
          unit: unit.code,
          kind: 'COMPETENT',
          subject: code,
          withDeputy: false,
          from: today,
        });
        if (unit.level === 'L1')
          record.assignments.push({
            unit: unit.code,
            kind: 'ACCOUNTABLE',
            subject: field,
            withDeputy: false,
            from: today,
          });
      }
  });

  test('the centre opens a round over all of it, and it starts as one', async () => {
    const { catalogues, processDefinitions } = await server.see(
      'wanda',
      '{ catalogues { key editions { id } } processDefinitions { id key } }',
    );
    const opened = await server.does('wanda', 'openRound', {
      name: { de: 'Öffnung', en: 'Opening' },
      editionId: catalogues.find(({ key }: { key: string }) => key === 'administration').editions[0].id,
      definitionId: processDefinitions.find(({ key }: { key: string }) => key === 'opening').id,
      opensOn: today, closesOn: '2099-12-31',
      mandate: { title: 'Auftrag', reference: '2026/1', decidedOn: today, body: 'Rat' },
      scope: { subtrees: [ids.get(units[0]!.code)] },
    }, 'round { id }'); // prettier-ignore
    roundId = opened.round.id;
    const people = Object.entries({
      AUDLEAD: 'jana',
      AUD2: 'zoe',
      APPEAL: 'sina',
      PR: 'paul',
      GB: 'greta',
      BOARD: 'vera max',
    }).flatMap(([fn, names]) =>
      names.split(' ').map((name) => ({ function: fn, personId: persons.get(name), chair: name === 'vera' })),
    );
    const named = await server.does(
      'wanda',
      'nameRoundPeople',
      { roundId, people, boardQuorum: 2 },
      'round { version }',
    );
    const { checkRound } = await server.see(
      'wanda',
      `{ checkRound(roundId: "${roundId}") { canStart processes counts { kind count } } }`,
    );
    expect(checkRound).toMatchObject({ canStart: true, processes: units.length });
    const started = await server.does(
      'wanda',
      'startRound',
      { roundId, expectedVersion: named.round.version },
      'started',
    );
    expect(started.started).toBe(units.length);
    for (const { code } of units)
      record.moves.push({ unit: code, state: 'preparation.commissioned', tags: [], on: today });
  }, 30_000);

  test('one of its units goes on to its checklist and rates', async () => {
    const n = units.findIndex(({ level }) => level === 'L2');
    const unit = units[n]!;
    const processes = (
      await server.see(
        'wanda',
        `{ round(id: "${roundId}") { openingProcesses(first: 100) { nodes { id unit { code } } } } }`,
      )
    ).round.openingProcesses.nodes;
    const processId = processes.find((one: { unit: { code: string } }) => one.unit.code === unit.code).id;
    const step = (who: string, name: string, payload?: object) =>
      server.does(who, 'takeStep', { processId, step: name, payload }, 'process { stage }');
    const officer = (await server.see('officer', '{ me { person { id } } }')).me.person.id;
    await step(`head-${n}`, 'NAME_TEAM', { ownerId: officer, deputyId: persons.get('max') });
    await step('wanda', 'CONFIRM_SCOPE', { representationsInformedOn: today });
    await step('officer', 'OPEN_SELF_ASSESSMENT');
    const { checklist } = await server.see(
      'officer',
      `{ checklist(processId: "${processId}") { items { criterion { id code } } } }`,
    );
    const rated = checklist.items.slice(0, 7) as { criterion: { id: string; code: string } }[];
    const ratings = rated.map(({ criterion }) => ({
      criterionId: criterion.id,
      level: 1,
      statement: 'Beschlossen',
      expectedRatingVersion: 0,
    }));
    await server.does('officer', 'rateCriteria', { processId, ratings });
    record.moves.push({ unit: unit.code, state: 'inventory.selfAssessment', tags: ['editable'], on: today });
    for (const { criterion } of rated)
      record.ratings.push({ unit: unit.code, criterion: criterion.code, by: 'SELF', level: 1, on: today });
  });

  test('leadership reads the figures that the chart and the walk amount to', async () => {
    const shown = await statusShown((query, variables) => server.see('wanda', query, variables), { roundId });
    const expected = expectedStatus({ units, criteria, walk: record, under: units[0]!.code, day: today });
    const staff = new Map(units.map(({ code, headcount }) => [code, headcount]));
    expect(fromServer(shown)).toEqual(fromOracle(expected, staff));
    console.info(
      `${basename(file)}: ${units.length} units, ${expected.applicable} criteria to rate, ${expected.rated} rated`,
    );
  });
});

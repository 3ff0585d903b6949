import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { foundAdministration } from '../../src/founding.ts';
import { unitsOfChart } from '../oracle/chart.ts';
import { fromOracle, fromServer, statusShown } from '../oracle/compare.ts';
import { applicable, criteriaOf } from '../oracle/inputs.ts';
import type { Assignment, Move, Rating } from '../oracle/record.ts';
import { expectedStatus } from '../oracle/status.oracle.ts';
import { bootApp, type Fields, type TestApp } from '../support/app.ts';
import { dayOf } from '../support/days.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

// Real charts are open data of others and not part of this repository; the folder is named by who has them.
const folder = process.env.ORGCHARTS_DIR;
if (!folder) console.info('ORGCHARTS_DIR is not set: the walk knows our invented chart only.');
const real = folder ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
const ours = join(import.meta.dirname, '../support/data/organigramm.json');
const charts = [ours, ...real.map((name) => join(folder!, name))];
const criteria = criteriaOf(join(import.meta.dirname, '../../data/catalogues/administration.yaml'));

// Hanna and Hilde work in HR, Wanda coordinates. Jana leads the audit, Zoe signs second, Vera and Max are the board.
// Olga is opening officer of every unit; Bora stands in for her, so the second pair of eyes is Tilo's. Heads are `head-0`, `head-1` … in the chart's order.
const founders = { hanna: 'HR', hilde: 'HR', wanda: 'OPENING_COORD' };
const others = ['jana', 'zoe', 'vera', 'max', 'sina', 'paul', 'greta', 'tilo'];
const roles = { AUDLEAD: 'jana', AUD2: 'zoe', APPEAL: 'sina', PR: 'paul', GB: 'greta', BOARD: 'vera max' };

jest.setTimeout(30_000);

type Shown = Fields;

describe.each(charts.map((file) => [basename(file), file]))(
  'the story told on the chart %s',
  (name, file) => {
    const units = unitsOfChart(file);
    const ids = new Map<string, string>();
    const persons = new Map<string, string>();
    const today = dayOf(new Date());
    const record = {
      ratings: [] as Rating[],
      moves: [] as Move[],
      assignments: [] as Assignment[],
      deadlines: [],
      coreMeasures: [],
      steeringActive: false,
    };
    // The unit whose way is told to its end: an office right below a directorate.
    const told = units.findIndex(({ level, parent }) => level === 'L2' && units.some((one) => one.code === parent && one.level === 'L1')); // prettier-ignore
    const office = units[told]!;
    const head = `head-${told}`;
    const director = `head-${units.findIndex(({ code }) => code === office.parent)}`;
    let database: TestDatabase;
    let server: TestApp;
    let roundId: string;
    let processId: string;

    beforeAll(async () => {
      database = await cloneDatabase();
      server = await bootApp(database, 'haus');
      const people = [...Object.entries(founders), ...others.map((key) => [key, ''] as const)];
      await foundAdministration(
        server.app,
        database.ownerUrl,
        { key: 'haus', name: 'Haus' },
        people.map(([key, fn]) => ({ key, name: `Person ${key}`, functions: fn ? [fn] : [] })),
      );
    }, 60_000);
    afterAll(async () => {
      await server?.close();
      await database?.drop();
    });

    async function all(list: string, fields: string): Promise<Shown[]> {
      const query = `query ($after: String) { ${list}(first: 100, after: $after) {
      nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`;
      const nodes: Shown[] = [];
      for (let after: string | null = null; ;) {
        const page: Shown = (await server.see('hanna', query, { after }))[list];
        nodes.push(...page['nodes']);
        if (!page['pageInfo'].hasNextPage) return nodes;
        after = page['pageInfo'].endCursor;
      }
    }
    const does = (who: string, mutation: string, input: object, selection?: string) =>
      server.does(who, mutation, input, selection) as Promise<Shown>;
    const takes = async (who: string, step: string, payload?: object): Promise<string> =>
      (await does(who, 'takeStep', { processId, step, payload }, 'process { stage }'))['process'].stage;
    const of = async (who: string, fields: string): Promise<Shown> =>
      (await server.see(who, `{ openingProcess(id: "${processId}") { ${fields} } }`))['openingProcess'];
    const note = (state: string, tags: readonly string[] = []) =>
      record.moves.push({ unit: office.code, state, tags, on: today });

    async function expectFigures(): Promise<void> {
      const shown = await statusShown((query, variables) => server.see('wanda', query, variables), {
        roundId,
      });
      const expected = expectedStatus({ units, criteria, walk: record, under: units[0]!.code, day: today });
      expect(fromServer(shown)).toEqual(fromOracle(expected, units));
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
      await does('hanna', 'applyImport', { importIds: [chart], corrections });
      const arrived = await all('units', 'id code name level kind { code } tags headcount parent { code }');
      const plain = arrived.map(({ id: _id, kind, parent, ...unit }) => ({
        ...unit,
        kind: kind.code,
        parent: parent?.code ?? null,
      }));
      const byCode = (list: readonly Shown[]) => new Map(list.map((unit) => [unit['code'], unit]));
      expect(byCode(plain)).toEqual(byCode(units));
      for (const { id, code } of arrived) ids.set(code, id);
    });

    test('charts name few persons: HR adds posts and holders by table', async () => {
      const led = await all('units', 'code headPost { postNo }');
      const heads = new Map(led.map(({ code, headPost }) => [code, headPost?.postNo as string | undefined]));
      const posts = units.flatMap(({ code }) => [
        ...(heads.get(code) ? [] : [`${code}-L;${code};Leitung;ja`]),
        `${code}-O;${code};Öffnungsbeauftragte;nein`,
      ]);
      const holders = units.flatMap(({ code }, n) => [
        `${heads.get(code) ?? `${code}-L`};head-${n};Leitung ${n};holder`,
        `${code}-O;olga;Olga Offen;holder`,
        `${code}-O;bora;Bora Bei;deputy`,
      ]);
      const importTable = async (format: string, header: string, rows: string[], missing: string) => {
        const table = await server.upload('hanna', format, [header, ...rows].join('\n'));
        await does('hanna', 'applyImport', { importIds: [table], missing });
      };
      await importTable('posts.csv', 'postNo;unitCode;function;isManagement', posts, 'KEEP');
      await importTable('holders.csv', 'postNo;personKey;displayName;type', holders, 'END');
      const shown = await all('posts', 'isManagement holders { as }');
      expect(shown.filter((post) => post['isManagement'] && post['holders'].length === 1)).toHaveLength(
        units.length,
      );
      for (const key of [...others, 'olga'])
        persons.set(key, (await server.see(key, '{ me { person { id } } }'))['me'].person.id);
    });

    test('HR assigns by rule, those named accept, a second person of HR confirms', async () => {
      const unitId = ids.get(units[0]!.code);
      const apply = async (rule: object): Promise<string> =>
        (await does('hanna', 'applyAssignmentRule', { rule: { unitId, ...rule } }, 'rule { id }'))['rule'].id;
      const competent = await apply({ competent: { postFunction: 'Öffnungsbeauftragte' } });
      const accountable = await apply({ accountable: { headOf: 'UNIT' } });
      await does('olga', 'acceptAssignments', { ruleId: competent });
      const answering = units.filter((unit) => unit.level === 'L1' || unit === office);
      for (const unit of answering)
        await does(`head-${units.indexOf(unit)}`, 'acceptAssignments', { ruleId: accountable });
      for (const ruleId of [competent, accountable]) await does('hilde', 'confirmAssignments', { ruleId });
      for (const unit of units)
        for (const { code, field } of applicable(unit, criteria)) {
          const one = { unit: unit.code, withDeputy: true, from: today };
          record.assignments.push({ ...one, kind: 'COMPETENT', subject: code });
          if (answering.includes(unit))
            record.assignments.push({ ...one, kind: 'ACCOUNTABLE', subject: field });
        }
    });

    test('the centre opens a round over all of it, and it starts as one', async () => {
      const { catalogues, processDefinitions } = await server.see(
        'wanda',
        '{ catalogues { key editions { id } } processDefinitions { id key } }',
      );
      const keyed = (list: readonly Shown[], key: string) => list.find((one) => one['key'] === key)!;
      const input = {
        name: { de: 'Öffnung', en: 'Opening' },
        editionId: keyed(catalogues, 'administration')['editions'][0].id,
        definitionId: keyed(processDefinitions, 'opening')['id'],
        opensOn: today,
        closesOn: '2099-12-31',
        mandate: { title: 'Auftrag', reference: '2026/1', decidedOn: today, body: 'Rat' },
        scope: { subtrees: [ids.get(units[0]!.code)] },
      };
      roundId = (await does('wanda', 'openRound', input, 'round { id }'))['round'].id;
      const people = Object.entries(roles).flatMap(([fn, keys]) =>
        keys.split(' ').map((key) => ({ function: fn, personId: persons.get(key), chair: key === 'vera' })),
      );
      const round = 'round { version people { id function } }';
      const named = await does('wanda', 'nameRoundPeople', { roundId, people, boardQuorum: 2 }, round);
      const check = `{ checkRound(roundId: "${roundId}") { canStart processes } }`;
      expect((await server.see('wanda', check))['checkRound']).toEqual({
        canStart: true,
        processes: units.length,
      });

      const second = named['round'].people.find((one: Shown) => one['function'] === 'AUD2').id;
      const assignments = [{ roundPersonId: second, unitIds: [ids.get(office.code)] }];
      const ready = await does('wanda', 'assignAuditors', { roundId, assignments }, 'round { version }');
      const start = { roundId, expectedVersion: ready['round'].version };
      const began = 'started round { openingProcesses(first: 100) { nodes { id unit { code } } } }';
      const started = await does('wanda', 'startRound', start, began);
      expect(started['started']).toBe(units.length);
      const ofOffice = (one: Shown) => one['unit'].code === office.code;
      processId = started['round'].openingProcesses.nodes.find(ofOffice).id;
      for (const { code } of units)
        record.moves.push({ unit: code, state: 'preparation.commissioned', tags: [], on: today });
      await expectFigures();
    });

    const proof = {
      kind: 'FILE_REFERENCE',
      evidenceType: 'RULE',
      reference: 'Az. 10-1',
      containsNoPersonalData: true,
    };
    const judged = (level: number) =>
    level < 2 ? { level, statement: 'Beschlossen.' } : { level, statement: 'Umgesetzt.', newEvidence: [{ ...proof, proofOn: today }] }; // prettier-ignore
    let items: { criterion: { id: string; code: string }; core: boolean; version: number }[];
    let weak: string;
    const levelOf = (id: string) => (id === weak ? 1 : 2);

    test('an office completes its checklist, two people rate what is core, the head signs', async () => {
      await takes(head, 'NAME_TEAM', { ownerId: persons.get('olga'), deputyId: persons.get('tilo') });
      await takes('wanda', 'CONFIRM_SCOPE', { representationsInformedOn: today });
      await takes('olga', 'OPEN_SELF_ASSESSMENT');
      const list = `{ checklist(processId: "${processId}") { contentHash items { criterion { id code } core version } } }`;
      const read = async (who: string) => (await server.see(who, list))['checklist'];
      items = (await read('olga')).items;
      weak = items.find(({ core }) => core)!.criterion.id;
      const ratings = (some: typeof items) =>
        some.map(({ criterion: { id }, version }) => ({
          criterionId: id,
          ...judged(levelOf(id)),
          expectedRatingVersion: version,
        }));
      await does('olga', 'rateCriteria', { processId, ratings: ratings(items) });
      for (const { criterion } of items) rated(criterion, 'SELF', levelOf(criterion.id));
      note('inventory.selfAssessment', ['editable']);
      await expectFigures();

      items = (await read('tilo')).items;
      await does('tilo', 'confirmRatings', { processId, ratings: ratings(items.filter(({ core }) => core)) });
      await takes('olga', 'CLOSE_RATINGS');
      expect(await takes(head, 'SIGN_OFF', { contentHash: (await read(head)).contentHash })).toBe(
        'inventory.submitted',
      );
      note('inventory.submitted', ['underReview', 'ratingsClosed']);
      await expectFigures();
    });
    const rated = ({ code }: { code: string }, by: Rating['by'], level: number) =>
      record.ratings.push({ unit: office.code, criterion: code, by, level, on: today });

    test('an independent auditor rates beside it, a second one signs, the centre releases the report', async () => {
      await takes('jana', 'ACCEPT_SUBMISSION');
      const ratings = items.map(({ criterion: { id } }) => ({ criterionId: id, level: levelOf(id) }));
      await does('jana', 'rateAsAuditor', { processId, ratings });
      await takes('jana', 'SCHEDULE_VISIT', { plannedOn: today, plan: 'Gespräche.' });
      await takes('jana', 'VISIT_DONE', { openingTalkOn: today, closingTalkOn: today });
      const words = { processId, summary: 'Auf dem Weg.', publicSummary: 'Auf dem Weg.' };
      const written = await does('jana', 'writeReport', words, 'openingProcess { report { contentHash } }');
      const { contentHash } = written['openingProcess'].report;
      await does('zoe', 'signReport', { processId, contentHash });
      await takes('jana', 'SEND_DRAFT');
      await takes(head, 'COMMENT', { text: 'Einverstanden.' });
      expect(await takes('wanda', 'PUBLISH_REPORT', { visibility: 'INTERNAL' })).toBe('targets.drafting');
      note('targets.drafting', ['ratingsClosed', 'released']);
      for (const { criterion } of items) rated(criterion, 'FINAL', levelOf(criterion.id));
      await expectFigures();
    });

    test('a measure for what is weak is agreed, co-signed, approved above and done', async () => {
      const { posts } = (
        await server.see('hanna', `{ unit(id: "${ids.get(office.code)}") { posts { id postNo } } }`)
      )['unit'];
      const measure = {
        criterionId: weak,
        title: 'Auftrag bekannt machen',
        dueOn: '2099-09-30',
        competentPostId: posts.find((post: Shown) => post['postNo'] === `${office.code}-O`).id,
        indicator: 'Unterrichtete Teams',
        baseline: '0 von 3',
        budgetKind: 'NONE',
      };
      const { measures } = await does(
        'olga',
        'proposeMeasures',
        { processId, measures: [measure] },
        'measures { id }',
      );
      expect(await takes(head, 'SUBMIT_TARGETS')).toBe('targets.coSign');
      const agreement = 'targetAgreement { contentHash coSignatures { function isSigned } }';
      const { targetAgreement } = await of(head, agreement);
      expect(targetAgreement.coSignatures).toEqual([{ function: 'DEZ', isSigned: false }]);
      const signature = { processId, as: 'DEZ', contentHash: targetAgreement.contentHash };
      await does(director, 'coSignTargets', signature);
      expect((await of(head, 'process { stage }'))['process'].stage).toBe('targets.approval');
      expect(await takes(director, 'APPROVE_TARGETS')).toBe('implementation.running');
      const [{ id: measureId }] = measures;
      const reports = [{ measureId, status: 'REPORTED_DONE', effect: '3 von 3' }];
      await does(head, 'reportOnMeasures', { processId, reports });
      await does(director, 'confirmEffect', { measureId, effect: '3 von 3' });
      expect(await takes(head, 'REQUEST_FINAL_REVIEW')).toBe('finalReview');
    });

    test('each member of the board votes, and the office is recognised and anchored', async () => {
      await does('jana', 'rateAsAuditor', {
        processId,
        ratings: [{ criterionId: weak, level: 2, explanation: 'Gesehen.' }],
      });
      rated(items.find(({ criterion }) => criterion.id === weak)!.criterion, 'FINAL', 2);
      await takes('jana', 'RECOMMEND', { recommendation: 'RECOGNISE', reason: 'Alles erfüllt.' });
      for (const who of ['vera', 'max']) {
        const { openingProcess } = await server.see(
          who,
          `{ openingProcess(id: "${processId}") { ballot { contentHash } } }`,
        );
        const { contentHash } = openingProcess.ballot;
        await does(who, 'castVote', { processId, choice: 'FOR_FULL', contentHash, rationale: 'Gelesen.' });
      }
      expect(await takes('vera', 'RECOGNISE', { reason: 'Nach Beratung.' })).toBe('recognised.full');
      note('recognised.full', ['recognised', 'ratingsClosed', 'released']);
      await expectFigures();
      const { status } = await server.see(
        'wanda',
        `{ status(roundId: "${roundId}") { anchoring { anchored n } } }`,
      );
      expect(status.anchoring).toEqual({ anchored: 1, n: units.length });
      console.info(`${name}: ${units.length} units in one round, ${office.name} recognised`);
    });
  },
);

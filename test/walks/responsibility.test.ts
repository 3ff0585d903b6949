import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { foundAdministration } from '../../src/founding.ts';
import { Clock } from '../../src/platform/index.ts';
import { inDays } from '../support/days.ts';
import { bootApp, type Fields, type TestApp } from '../support/app.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

// Hans and Bora work in HR, Hedi stands in for Hans. Anna heads office A1, Olga is its opening officer, Abel heads the
// section A1.1, Dora the directorate. Ines is a colleague without any part in it.
const files = {
  'units.csv': `code;name;parentCode;level;kind;tags;validFrom
TOP;Spitze;;L0;SPI;;2020-01-01
D1;Dezernat I;TOP;L1;DEZ;;2020-01-01
A1;Amt 1;D1;L2;PUB;;2020-01-01
A1.1;Abteilung 1.1;A1;L3;PUB;;2020-01-01
A2;Personalamt;D1;L2;QUE;HR;2020-01-01
D2;Dezernat II;TOP;L1;DEZ;;2020-01-01`,
  'posts.csv': `postNo;unitCode;function;isManagement;validFrom
TOP-1;TOP;Landrätin;ja;2020-01-01
D1-1;D1;Dezernentin;ja;2020-01-01
A1-1;A1;Amtsleitung;ja;2020-01-01
A1-2;A1;Öffnungsbeauftragte;nein;2020-01-01
A1.1-1;A1.1;Abteilungsleitung;ja;2020-01-01
A1.1-2;A1.1;Öffnungsbeauftragte;nein;2020-01-01
A2-1;A2;Amtsleitung;ja;2020-01-01
A2-2;A2;Personalsachbearbeitung;nein;2020-01-01
A2-3;A2;Personalsachbearbeitung;nein;2020-01-01`,
  'holders.csv': `postNo;personKey;displayName;type;from
TOP-1;lara;Lara Land;holder;2020-01-01
D1-1;dora;Dora Dez;holder;2020-01-01
A1-1;anna;Anna Amt;holder;2020-01-01
A1-2;olga;Olga Offen;holder;2020-01-01
A1-2;vera;Vera Vertretung;deputy;2020-01-01
A1.1-1;abel;Abel Abt;holder;2020-01-01
A1.1-2;ulla;Ulla Unter;holder;2020-01-01
A2-1;ines;Ines Intern;holder;2020-01-01
A2-2;hans;Hans Haar;holder;2020-01-01
A2-2;hedi;Hedi Heck;deputy;2020-01-01
A2-3;bora;Bora Baum;holder;2020-01-01`,
};

let database: TestDatabase;
let server: TestApp;
const units = new Map<string, string>();
const posts = new Map<string, string>();

beforeAll(async () => {
  database = await cloneDatabase();
  server = await bootApp(database, 'kreis');
  await foundAdministration(server.app, database.ownerUrl, { key: 'kreis', name: 'Kreis' }, [
    { key: 'hans', name: 'Hans Haar', functions: ['HR'] },
    { key: 'bora', name: 'Bora Baum', functions: ['HR'] },
    { key: 'hedi', name: 'Hedi Heck', functions: ['HR'] },
  ]);
  const importIds: string[] = [];
  for (const [format, text] of Object.entries(files))
    importIds.push(await server.upload('hans', format, text));
  await server.does('hans', 'applyImport', { importIds });
  const seen = await server.see(
    'hans',
    '{ units(first: 100) { nodes { id code } } posts(first: 100) { nodes { id postNo } } }',
  );
  for (const { id, code } of seen.units.nodes) units.set(code, id);
  for (const { id, postNo } of seen.posts.nodes) posts.set(postNo, id);
}, 60_000);
afterAll(async () => {
  await server?.close();
  await database?.drop();
});

const unit = (code: string) => units.get(code)!;
const post = (postNo: string) => posts.get(postNo)!;
const officers = () => ({
  unitId: unit('D1'),
  levels: ['L2', 'L3'],
  fields: ['LEI', 'STE'],
  competent: { postFunction: 'Öffnungsbeauftragte' },
  accountable: { headOf: 'UNIT' },
});
const shown = `id kind codes state unit { code } post { postNo } validFrom validUntil reason rationale vacantSince
  proposedBy { displayName } acceptedBy { displayName } confirmedBy { displayName }`;
const responsibilities = async (who: string, code: string, when: object = {}) =>
  (
    await server.see(
      who,
      `query ($unitId: ID!, $validOn: Date, $asOf: Date) { responsibilities(unitId: $unitId, validOn: $validOn, asOf: $asOf) {
        assignments { ${shown} } gaps { kind code title since } } }`,
      { unitId: unit(code), ...when },
    )
  ).responsibilities;

describe('Hans assigns by rule', () => {
  let ruleId: string;

  test('he looks first: counts, and the list behind them', async () => {
    const query = `query ($rule: AssignmentRuleInput!, $after: String) { previewAssignmentRule(rule: $rule, first: 30, after: $after) {
      __typename ... on AssignmentRulePreview { unitCount counts { new changed overridden unchanged withoutPost }
        effects { totalCount pageInfo { hasNextPage endCursor } nodes { unit { code } kind code outcome post { postNo } standing { postNo } } } } } }`;
    const { previewAssignmentRule: first } = await server.see('hans', query, { rule: officers() });
    const { counts, effects } = first;
    expect(counts.new + counts.withoutPost).toBe(effects.totalCount);
    expect(effects.pageInfo.hasNextPage).toBe(true);
    const { previewAssignmentRule: second } = await server.see('hans', query, {
      rule: officers(),
      after: effects.pageInfo.endCursor,
    });
    const seen = [...effects.nodes, ...second.effects.nodes].map(
      (one: { unit: { code: string }; kind: string; code: string }) =>
        `${one.unit.code} ${one.kind} ${one.code}`,
    );
    expect(new Set(seen).size).toBe(seen.length);
    // The HR office has no opening officer: a gap that stays.
    expect(first.unitCount).toBe(3);
    expect(counts.withoutPost).toBeGreaterThan(0);
  });

  test('faults are told with their place, and a target is exactly one of three', async () => {
    const wrong = { ...officers(), fields: ['LEI', 'XXX'], criteria: ['LEI-01'] };
    const outcome = await server.act('hans', 'applyAssignmentRule', { rule: wrong });
    expect(outcome).toMatchObject({ __typename: 'InvalidInput' });
    expect(outcome.faults.map(({ path }: { path: string }) => path)).toEqual([
      'criteria',
      'accountable',
      'fields',
    ]);
    const two = { ...officers(), competent: { headOf: 'UNIT', postId: post('A1-1') } };
    const { errors } = await server.ask('hans', applyRule, { input: { commandId: v7(), rule: two } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }]);
  });

  test.each(['anna', 'dora', 'ines', 'lara'])('%s may not', async (who) => {
    expect(await server.act(who, 'applyAssignmentRule', { rule: officers() })).toMatchObject({
      __typename: 'NotAllowed',
    });
    const { errors } = await server.ask(who, '{ assignmentRules { id } }');
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('applied it proposes to everybody; sent again it is the same act, with other input it is refused', async () => {
    const commandId = v7();
    const applied = await server.does(
      'hans',
      'applyAssignmentRule',
      { commandId, rule: officers() },
      'rule { id appliedBy { displayName } } counts { new }',
    );
    ruleId = applied.rule.id;
    expect(applied.rule.appliedBy).toEqual({ displayName: 'Hans Haar' });
    const again = await server.does(
      'hans',
      'applyAssignmentRule',
      { commandId, rule: officers() },
      'rule { id }',
    );
    expect(again.rule.id).toBe(ruleId);
    const other = { ...officers(), levels: ['L2'] };
    expect(await server.act('hans', 'applyAssignmentRule', { commandId, rule: other })).toMatchObject({
      __typename: 'CommandIdReused',
    });
  });

  test('Olga finds it, takes it on but one criterion', async () => {
    const { myAssignments } = await server.see('olga', `{ myAssignments { ${shown} } }`);
    expect(myAssignments).toMatchObject([
      { kind: 'COMPETENT', state: 'PROPOSED', unit: { code: 'A1' }, post: { postNo: 'A1-2' } },
    ]);
    const [{ id, codes }] = myAssignments;
    await server.does('olga', 'declineAssignments', {
      assignmentIds: [id],
      codes: ['LEI-02'],
      reason: 'LACKS_AUTHORITY',
    });
    const accepted = await server.does(
      'olga',
      'acceptAssignments',
      { ruleId },
      'count assignments { state }',
    );
    expect(accepted).toMatchObject({ count: codes.length - 1, assignments: [{ state: 'ACCEPTED' }] });
    expect(await server.act('olga', 'acceptAssignments', { ruleId })).toMatchObject({
      __typename: 'NotPossibleNow',
    });
  });

  test('nothing is told to who may not confirm, not even that there is nothing yet', async () => {
    expect(await server.act('ines', 'confirmAssignments', { ruleId })).toMatchObject({
      __typename: 'NotAllowed',
    });
  });

  test('an unknown rule is not found', async () => {
    const query =
      'mutation ($input: EndAssignmentRuleInput!) { endAssignmentRule(input: $input) { __typename } }';
    const { errors } = await server.ask('hans', query, { input: { commandId: v7(), ruleId: v7() } });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  test('nobody answers for others', async () => {
    const { assignments } = await responsibilities('hans', 'A1.1');
    const ids = assignments.map(({ id }: { id: string }) => id);
    expect(await server.act('olga', 'acceptAssignments', { assignmentIds: ids })).toMatchObject({
      __typename: 'NotAllowed',
    });
    await server.does('abel', 'acceptAssignments', { ruleId });
    await server.does('ulla', 'acceptAssignments', { ruleId });
    await server.does('anna', 'acceptAssignments', { ruleId });
  });

  test('four eyes: not Hans, not his deputy; of two who confirm at once one does', async () => {
    for (const who of ['hans', 'hedi'])
      expect(await server.act(who, 'confirmAssignments', { ruleId })).toMatchObject({
        __typename: 'FourEyesNeeded',
      });
    const both = await Promise.all([1, 2].map(() => server.act('bora', 'confirmAssignments', { ruleId })));
    expect(both.map(({ __typename }) => __typename).toSorted()).toEqual([
      'ConfirmAssignmentsSuccess',
      'NotPossibleNow',
    ]);
    const { assignments } = await responsibilities('hans', 'A1');
    expect(assignments).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'COMPETENT',
          state: 'ACTIVE',
          proposedBy: { displayName: 'Hans Haar' },
          acceptedBy: { displayName: 'Olga Offen' },
          confirmedBy: { displayName: 'Bora Baum' },
        }),
        expect.objectContaining({
          kind: 'COMPETENT',
          state: 'DECLINED',
          codes: ['LEI-02'],
          reason: 'LACKS_AUTHORITY',
        }),
        expect.objectContaining({ kind: 'ACCOUNTABLE', state: 'ACTIVE', codes: ['LEI', 'STE'] }),
      ]),
    );
  });
});

describe('what is missing is seen', () => {
  test('by Anna in her unit, by Dora as gaps without persons, by Ines nowhere', async () => {
    const { gaps } = await responsibilities('anna', 'A1');
    expect(gaps.find(({ code }: { code: string }) => code === 'LEI-02')).toMatchObject({
      kind: 'COMPETENT',
      title: 'Eigene Öffnungsziele',
    });
    const asDora = await server.ask(
      'dora',
      `{ responsibilities(unitId: "${unit('A1')}") { assignments { id } gaps { code } } }`,
    );
    expect(asDora.data!.responsibilities).toMatchObject({
      assignments: null,
      gaps: expect.arrayContaining([{ code: 'LEI-02' }]),
    });
    expect(asDora.errors).toMatchObject([
      { path: ['responsibilities', 'assignments'], extensions: { code: 'FORBIDDEN' } },
    ]);
    const asInes = await server.ask(
      'ines',
      `{ responsibilities(unitId: "${unit('A1')}") { gaps { code } } }`,
    );
    expect(asInes).toMatchObject({ data: null, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });

  test('page by page, each once, only where the asker may look', async () => {
    const query = `query ($after: String) { responsibilityGaps(kind: COMPETENT, first: 50, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { unit { code } code } } }`;
    const found: string[] = [];
    let after: string | null = null;
    let total = 0;
    do {
      const { responsibilityGaps }: Fields = await server.see('anna', query, { after });
      found.push(
        ...responsibilityGaps.nodes.map(
          (one: { unit: { code: string }; code: string }) => `${one.unit.code} ${one.code}`,
        ),
      );
      total = responsibilityGaps.totalCount;
      after = responsibilityGaps.pageInfo.hasNextPage ? responsibilityGaps.pageInfo.endCursor : null;
    } while (after);
    expect(new Set(found).size).toBe(total);
    expect(new Set(found.map((one) => one.split(' ')[0]))).toEqual(new Set(['A1', 'A1.1']));
  });

  test('the load of a post: its holder, its head, HR', async () => {
    const query = `{ postLoad(postId: "${post('A1-2')}") { competentCount accountableCount unitCount } }`;
    for (const who of ['olga', 'anna', 'hans'])
      expect((await server.see(who, query)).postLoad.unitCount).toBe(1);
    for (const who of ['abel', 'dora', 'ines'])
      expect(await server.ask(who, query)).toMatchObject({
        data: null,
        errors: [{ extensions: { code: 'FORBIDDEN' } }],
      });
  });
});

describe('a single assignment is an exception', () => {
  const single = (over: object = {}) => ({
    unitId: unit('A1'),
    kind: 'COMPETENT',
    codes: ['LEI-02'],
    postId: post('A1-1'),
    rationale: 'Chefsache',
    ...over,
  });

  test('goes the same way and makes a personal union with its reason', async () => {
    const { assignments } = await server.does(
      'bora',
      'assignResponsibility',
      single(),
      'assignments { id state rule { id } }',
    );
    expect(assignments).toMatchObject([{ state: 'PROPOSED', rule: null }]);
    const assignmentIds = [assignments[0].id];
    expect(await server.act('hans', 'confirmAssignments', { assignmentIds })).toMatchObject({
      __typename: 'NotPossibleNow',
      state: 'PROPOSED',
    });
    await server.does('anna', 'acceptAssignments', { assignmentIds });
    await server.does('hans', 'confirmAssignments', { assignmentIds });
    const { personalUnions } = await server.see(
      'hans',
      '{ personalUnions { unit { code } field criteria post { postNo } rationale } }',
    );
    expect(personalUnions).toEqual([
      {
        unit: { code: 'A1' },
        field: 'LEI',
        criteria: ['LEI-02'],
        post: { postNo: 'A1-1' },
        rationale: 'Chefsache',
      },
    ]);
  });

  test.each([
    ['a code not asked of the unit', { codes: ['PGE-99'] }, ['codes']],
    ['no code', { codes: [] }, ['codes']],
    [
      'a post that does not lead, to answer for it',
      { kind: 'ACCOUNTABLE', codes: ['LEI'], postId: 'A1-2' },
      ['postId'],
    ],
    ['a head from below', { kind: 'ACCOUNTABLE', codes: ['LEI'], postId: 'A1.1-1' }, ['postId']],
    ['an end before the beginning', { validFrom: '2027-01-01', validUntil: '2026-12-31' }, ['validUntil']],
  ])('%s is refused', async (_name, over, paths) => {
    const input = single({ ...over, ...('postId' in over && { postId: post(over.postId!) }) });
    const outcome = await server.act('hans', 'assignResponsibility', input);
    expect(outcome.faults?.map(({ path }: { path: string }) => path)).toEqual(paths);
  });

  test.each([
    ['an unknown unit', { unitId: v7() }, 'NOT_FOUND'],
    ['no id', { unitId: 'A1' }, 'BAD_INPUT'],
    ['an unknown kind', { kind: 'HELPS' }, 'BAD_INPUT'],
    ['an over-long text', { rationale: 'x'.repeat(1001) }, 'BAD_INPUT'],
    ['a NUL', { rationale: 'a\0b' }, 'BAD_INPUT'],
    ['a lone surrogate', { rationale: 'a\ud800b' }, 'BAD_INPUT'],
    ['no day', { validFrom: '2026-02-30' }, 'BAD_INPUT'],
  ])('%s is the client’s fault', async (_name, over, code) => {
    const query =
      'mutation ($input: AssignResponsibilityInput!) { assignResponsibility(input: $input) { __typename } }';
    const { errors } = await server.ask('hans', query, { input: { commandId: v7(), ...single(), ...over } });
    expect(errors?.[0]?.extensions.code).toBe(code);
  });

  test('handed back, with a reason, it is a gap again; ended by HR as well', async () => {
    const { assignments } = await responsibilities('hans', 'A1');
    const active = assignments.find(
      ({ state, codes }: { state: string; codes: string[] }) => state === 'ACTIVE' && codes[0] === 'LEI-02',
    );
    const on = inDays(30);
    expect(
      await server.act('olga', 'handBackAssignment', { assignmentId: active.id, reason: 'NO_CAPACITY' }),
    ).toMatchObject({ __typename: 'NotAllowed' });
    const back = await server.does(
      'anna',
      'handBackAssignment',
      { assignmentId: active.id, reason: 'NO_CAPACITY', on },
      'responsibilities { assignments { codes state validUntil reason } }',
    );
    expect(back.responsibilities.assignments).toEqual(
      expect.arrayContaining([{ codes: ['LEI-02'], state: 'ACTIVE', validUntil: on, reason: 'NO_CAPACITY' }]),
    );
    const { endingAssignments } = await server.see(
      'hans',
      '{ endingAssignments(withinDays: 365) { codes validUntil unit { code } } }',
    );
    expect(endingAssignments).toEqual([{ codes: ['LEI-02'], validUntil: on, unit: { code: 'A1' } }]);
    const later = await responsibilities('hans', 'A1', { validOn: on });
    expect(later.gaps).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'LEI-02', since: on })]),
    );
    const { assignmentHistory } = await server.see(
      'hans',
      `{ assignmentHistory(assignmentId: "${active.id}") { stage codes reason recordedBy { displayName } retractedAt } }`,
    );
    expect(assignmentHistory.map(({ stage }: { stage: string }) => stage)).toEqual([
      'PROPOSED',
      'ACCEPTED',
      'CONFIRMED',
      'CONFIRMED',
    ]);
    const strange = await server.ask(
      'ines',
      `{ assignmentHistory(assignmentId: "${active.id}") { stage recordedBy { displayName } } }`,
    );
    expect(strange).toMatchObject({ data: null, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(assignmentHistory.at(-1)).toMatchObject({
      recordedBy: { displayName: 'Anna Amt' },
      retractedAt: null,
    });
  });
});

describe('time has two axes', () => {
  test('an earlier day stays as it was known then, whatever happens later', async () => {
    const clock = server.app.get(Clock, { strict: false });
    const asOf = '2030-01-15';
    const at = <T>(day: string, work: () => Promise<T>) => clock.at(new Date(`${day}T10:00:00Z`), work);
    const before = await at('2030-01-20', () => responsibilities('hans', 'A1', { validOn: asOf, asOf }));
    await at('2030-02-01', async () => {
      const { assignments } = await responsibilities('hans', 'A1');
      const rule = assignments.find(
        ({ kind, state }: { kind: string; state: string }) => kind === 'COMPETENT' && state === 'ACTIVE',
      );
      await server.does('hans', 'endAssignment', { assignmentId: rule.id, on: '2030-01-10' });
    });
    const after = await at('2030-02-02', () => responsibilities('hans', 'A1', { validOn: asOf, asOf }));
    expect(after).toEqual(before);
    // By what is known now it was otherwise on that very day.
    const known = await at('2030-02-02', () => responsibilities('hans', 'A1', { validOn: asOf }));
    expect(known.gaps.length).toBeGreaterThan(before.gaps.length);
  });
});

describe('the organisation changes', () => {
  test('a vacancy is a state: dormant on the day, active the day somebody comes', async () => {
    const [{ state: first }] = (await responsibilities('hans', 'A1.1')).assignments.filter(
      ({ kind }: { kind: string }) => kind === 'COMPETENT',
    );
    expect(first).toBe('ACTIVE');
    const { unit: seen } = await server.see(
      'hans',
      `{ unit(id: "${unit('A1.1')}") { posts { id postNo holders { person { id } } } } }`,
    );
    const ulla = seen.posts.find(({ postNo }: { postNo: string }) => postNo === 'A1.1-2').holders[0].person
      .id;
    await server.does('hans', 'vacatePost', { postId: post('A1.1-2') });
    const { assignments } = await responsibilities('hans', 'A1.1');
    expect(assignments.find(({ kind }: { kind: string }) => kind === 'COMPETENT')).toMatchObject({
      state: 'DORMANT',
      vacantSince: inDays(0),
    });
    const { vacancies } = await server.see(
      'hans',
      '{ vacancies { post { postNo } since workingDays assignedCount uncovered } }',
    );
    expect(vacancies).toMatchObject([
      { post: { postNo: 'A1.1-2' }, since: inDays(0), workingDays: 0, uncovered: false },
    ]);
    await server.does('hans', 'appointHolder', { postId: post('A1.1-2'), personId: ulla });
    const again = (await responsibilities('hans', 'A1.1')).assignments.find(
      ({ kind }: { kind: string }) => kind === 'COMPETENT',
    );
    expect(again).toMatchObject({ state: 'ACTIVE', vacantSince: null });
  });

  test('a unit that moves away from its rule loses what came from it', async () => {
    await server.does('hans', 'moveUnit', { unitId: unit('A1.1'), underId: unit('D2') });
    const { assignments, gaps } = await responsibilities('hans', 'A1.1');
    expect(assignments).toEqual([]);
    expect(gaps.length).toBe(38);
  });
});

describe('functions', () => {
  const personOf = async (postNo: string) =>
    (await server.see('hans', `{ post(id: "${post(postNo)}") { holders { person { id } } } }`)).post
      .holders[0].person.id;

  test('Hans proposes, Bora confirms, it counts; it is seen by whom it concerns', async () => {
    const input = { personId: await personOf('A2-1'), function: 'OPENING_COORD', scope: 'TENANT' };
    const { grant } = await server.does(
      'hans',
      'grantFunction',
      input,
      'grant { id state person { displayName } grantedBy { displayName } }',
    );
    expect(grant).toMatchObject({
      state: 'PROPOSED',
      person: { displayName: 'Ines Intern' },
      grantedBy: { displayName: 'Hans Haar' },
    });
    expect((await server.see('ines', '{ me { functions } }')).me.functions).not.toContain('OPENING_COORD');
    expect(await server.act('hans', 'confirmGrant', { grantId: grant.id })).toMatchObject({
      __typename: 'FourEyesNeeded',
    });
    expect(await server.act('anna', 'confirmGrant', { grantId: grant.id })).toMatchObject({
      __typename: 'NotAllowed',
    });
    await server.does('bora', 'confirmGrant', { grantId: grant.id });
    expect((await server.see('ines', '{ me { functions } }')).me.functions).toContain('OPENING_COORD');
    const { functionGrants } = await server.see(
      'bora',
      '{ functionGrants(function: "OPENING_COORD") { nodes { state person { displayName } confirmedBy { displayName } } } }',
    );
    expect(functionGrants.nodes).toEqual([
      {
        state: 'IN_FORCE',
        person: { displayName: 'Ines Intern' },
        confirmedBy: { displayName: 'Bora Baum' },
      },
    ]);
    await server.does('bora', 'endGrant', { grantId: grant.id });
    expect((await server.see('ines', '{ me { functions } }')).me.functions).not.toContain('OPENING_COORD');
    const { errors } = await server.ask('anna', '{ functionGrants { nodes { id } } }');
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

const applyRule =
  'mutation ($input: ApplyAssignmentRuleInput!) { applyAssignmentRule(input: $input) { __typename } }';

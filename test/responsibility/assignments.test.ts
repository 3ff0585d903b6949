import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { v7 } from 'uuid';
import { Catalogue } from '../../src/catalogue/index.ts';
import { Imports } from '../../src/organisation/index.ts';
import { Answers } from '../../src/responsibility/assignment/answers.service.ts';
import { AssignmentRules } from '../../src/responsibility/rule/assignment-rules.service.ts';
import { Assignments } from '../../src/responsibility/assignment/assignments.service.ts';
import { Questions } from '../../src/responsibility/assignment/questions.service.ts';
import { setOffice, succeeded, type Office } from './support.ts';

const files = {
  'units.csv': `code;name;parentCode;level;kind;tags;validFrom
TOP;Spitze;;L0;SPI;;2020-01-01
D1;Dezernat I;TOP;L1;DEZ;;2020-01-01
A1;Amt 1;D1;L2;PUB;;2020-01-01
A2;Personalamt;D1;L2;QUE;HR;2020-01-01
A1.1;Abteilung 1.1;A1;L3;PUB;;2020-01-01`,
  'posts.csv': `postNo;unitCode;function;isManagement;validFrom
TOP-1;TOP;Landrätin;ja;2020-01-01
D1-1;D1;Dezernent;ja;2020-01-01
A1-1;A1;Amtsleitung;ja;2020-01-01
A1-2;A1;Öffnungsbeauftragte;nein;2020-01-01
A2-1;A2;Amtsleitung;ja;2020-01-01
A2-2;A2;Personalsachbearbeitung;nein;2020-01-01
A2-3;A2;Personalsachbearbeitung;nein;2020-01-01
A1.1-1;A1.1;Abteilungsleitung;ja;2020-01-01`,
  'holders.csv': `postNo;personKey;displayName;type;from;to
TOP-1;lara;Lara Land;holder;2020-01-01;
D1-1;dora;Dora Dez;holder;2020-01-01;
A1-1;anna;Anna Amt;holder;2020-01-01;
A1-2;olga;Olga Offen;holder;2020-01-01;
A1-2;vera;Vera Vertretung;deputy;2020-01-01;
A2-1;paul;Paul Personal;holder;2020-01-01;
A2-2;hans;Hans Haar;holder;2020-01-01;
A2-3;bora;Bora Baum;holder;2020-01-01;
A2-2;hedi;Hedi Heck;deputy;2020-01-01;
A1.1-1;abel;Abel Abt;holder;2020-01-01;`,
};

let office: Office;
let assignments: Assignments;
let answers: Answers;
let rules: AssignmentRules;
let questions: Questions;

beforeAll(async () => {
  office = await setOffice(files);
  [assignments, answers] = [office.get(Assignments), office.get(Answers)];
  [rules, questions] = [office.get(AssignmentRules), office.get(Questions)];
  for (const name of ['hans', 'bora', 'hedi']) await office.give(name, 'HR');
});
afterAll(() => office?.close());

const rule = async (unit: string, over: object = {}) => ({
  unitId: await office.unit(unit),
  levels: [],
  catalogue: 'administration',
  fields: [],
  criteria: [],
  competent: null,
  accountable: null,
  rationale: null,
  validFrom: null,
  validUntil: null,
  ...over,
});
const responsibilities = async (unit: string, by = 'hans', on: object = {}) =>
  questions.ofUnit(await office.as(by), {
    unitId: await office.unit(unit),
    catalogue: 'administration',
    ...on,
  });
const gapsOf = async (unit: string, on: object = {}) =>
  (await responsibilities(unit, 'hans', on)).gaps.length;

describe('from a rule to active assignments', () => {
  let ruleId: string;

  test('the preview counts and writes nothing', async () => {
    const draft = await rule('A1', {
      competent: { postFunction: 'Öffnungsbeauftragte' },
      accountable: { headOf: 'UNIT' },
    });
    const preview = succeeded(await rules.preview(await office.as('hans'), draft));
    // PUB L2: 48 criteria; PUB L3: 28 (Konzept §3.2); the section has nobody of that name.
    expect(preview).toMatchObject({ units: 2, counts: { NEW: 48 + 10 + 10, WITHOUT_POST: 28, CHANGED: 0 } });
    expect(await gapsOf('A1')).toBe(48 + 10);
  });

  test('only HR applies it', async () => {
    const draft = await rule('A1', { competent: { headOf: 'UNIT' } });
    const outcome = await rules.apply(await office.as('anna'), { ...office.command(), ...draft });
    expect(outcome).toMatchObject({ __typename: 'NotAllowed' });
  });

  test('applied it proposes, once', async () => {
    const command = office.command();
    const draft = await rule('A1', {
      competent: { postFunction: 'Öffnungsbeauftragte' },
      accountable: { headOf: 'UNIT' },
    });
    const hans = await office.as('hans');
    const first = succeeded(await rules.apply(hans, { ...command, ...draft }));
    expect(first.counts).toMatchObject({ NEW: 68, WITHOUT_POST: 28 });
    expect(await rules.apply(hans, { ...command, ...draft })).toEqual(first);
    ruleId = first.ruleId;
    const again = succeeded(await rules.preview(hans, draft));
    expect(again.counts).toMatchObject({ NEW: 0, UNCHANGED: 68 });
    expect(await gapsOf('A1')).toBe(58);
  });

  test('a stranger does not answer, nor for others', async () => {
    const outcome = await answers.accept(await office.as('abel'), {
      ...office.command(),
      ruleId,
      codes: null,
    });
    expect(outcome).toMatchObject({ count: 10 }); // his own unit's fields only
    const { assignments: shown } = await responsibilities('A1');
    const ids = shown.map(({ id }) => id);
    expect(
      await answers.accept(await office.as('abel'), { ...office.command(), assignmentIds: ids }),
    ).toMatchObject({
      __typename: 'NotAllowed',
    });
  });

  test('the holder takes on all of the rule at once but one criterion', async () => {
    const olga = await office.as('olga');
    const { assignments: shown } = await responsibilities('A1');
    const mine = shown.find(({ kind }) => kind === 'COMPETENT')!;
    const refused = await answers.decline(olga, {
      ...office.command(),
      assignmentIds: [mine.id],
      codes: ['LEI-01'],
      reason: 'LACKS_AUTHORITY',
    });
    expect(refused).toMatchObject({ count: 1 });
    expect(await answers.accept(olga, { ...office.command(), ruleId })).toMatchObject({ count: 47 });
    expect(await answers.accept(await office.as('anna'), { ...office.command(), ruleId })).toMatchObject({
      count: 10,
    });
    expect(await answers.accept(olga, { ...office.command(), ruleId })).toMatchObject({
      __typename: 'NotPossibleNow',
    });
  });

  test('a second person confirms: not the first, nor who stands in for them', async () => {
    for (const name of ['hans', 'hedi'])
      expect(await assignments.confirm(await office.as(name), { ...office.command(), ruleId })).toMatchObject(
        {
          __typename: 'FourEyesNeeded',
        },
      );
    expect(await assignments.confirm(await office.as('bora'), { ...office.command(), ruleId })).toMatchObject(
      { count: 67 },
    );
    const { assignments: shown, gaps } = await responsibilities('A1');
    expect(shown.map(({ kind, state, codes }) => [kind, state, codes.length])).toEqual(
      expect.arrayContaining([
        ['COMPETENT', 'ACTIVE', 47],
        ['COMPETENT', 'DECLINED', 1],
        ['ACCOUNTABLE', 'ACTIVE', 10],
      ]),
    );
    expect(gaps.map(({ code }) => code)).toEqual(['LEI-01']);
  });

  test('what is asked above: competent and accountable posts, and how well it is covered', async () => {
    const [a1, db] = [await office.unit('A1'), await office.db()];
    const competent = await office.responsibility.competentPosts(db, [a1]);
    expect(competent.get(a1)?.get('LEI-02')?.postId).toBe(await office.post('A1-2'));
    const accountable = await office.responsibility.accountablePosts(db, [a1]);
    expect(accountable.get(a1)?.get('LEI')?.postId).toBe(await office.post('A1-1'));
    const editionId = await editionOf();
    const coverage = await office.responsibility.coverage(db, { unitIds: [a1], editionId });
    expect(coverage.get(a1)).toEqual({
      criteria: 48,
      competent: 47,
      coveredWithDeputy: 47,
      fields: 10,
      accountable: 10,
    });
  });

  test('the competent post contributes; without it the head does', async () => {
    const a1 = { unitId: await office.unit('A1') };
    expect((await office.as('olga')).functionsAt(a1).has('CONTRIB')).toBe(true);
    expect((await office.as('vera')).functionsAt(a1).has('CONTRIB')).toBe(true);
    expect((await office.as('anna')).functionsAt(a1).has('CONTRIB')).toBe(false);
  });

  test('an exception beats the rule and takes its place when it is confirmed', async () => {
    const single = {
      unitId: await office.unit('A1'),
      kind: 'COMPETENT' as const,
      catalogue: 'administration',
      codes: ['LEI-01', 'LEI-02'],
      postId: await office.post('A1-1'),
      rationale: 'Kleine Einheit',
    };
    const { assignmentIds } = succeeded(
      await assignments.assign(await office.as('bora'), { ...office.command(), ...single }),
    );
    const preview = succeeded(
      await rules.preview(
        await office.as('hans'),
        await rule('A1', { competent: { postFunction: 'Öffnungsbeauftragte' } }),
      ),
    );
    expect(preview.counts).toMatchObject({ OVERRIDDEN: 2, UNCHANGED: 46 });
    succeeded(await answers.accept(await office.as('anna'), { ...office.command(), assignmentIds }));
    succeeded(await assignments.confirm(await office.as('hans'), { ...office.command(), assignmentIds }));
    const a1 = await office.unit('A1');
    const competent = await office.responsibility.competentPosts(await office.db(), [a1]);
    expect(competent.get(a1)?.get('LEI-02')?.postId).toBe(await office.post('A1-1'));
    expect(competent.get(a1)?.get('LEI-03')?.postId).toBe(await office.post('A1-2'));
    expect(await gapsOf('A1')).toBe(0);
    const unions = await questions.unions(await office.as('hans'), { catalogue: 'administration' });
    expect(unions).toMatchObject([
      { field: 'LEI', criteria: ['LEI-01', 'LEI-02'], rationale: 'Kleine Einheit' },
    ]);
  });

  test('handed back it is a gap from that day on', async () => {
    const anna = await office.as('anna');
    const { assignments: shown } = await responsibilities('A1');
    const exception = shown.find(({ rule: from, kind }) => from === null && kind === 'COMPETENT')!;
    const outcome = await answers.handBack(anna, {
      ...office.command(),
      assignmentId: exception.id,
      codes: ['LEI-01'],
      reason: 'NO_CAPACITY',
      on: '2099-01-01',
    });
    expect(outcome).toMatchObject({ unitId: await office.unit('A1') });
    expect(await gapsOf('A1')).toBe(0);
    expect((await responsibilities('A1', 'hans', { validOn: '2099-01-01' })).gaps).toMatchObject([
      { code: 'LEI-01', since: '2099-01-01' },
    ]);
    const history = await questions.history(await office.as('hans'), exception.id);
    expect(history.map(({ stage }) => stage)).toEqual(
      expect.arrayContaining(['PROPOSED', 'ACCEPTED', 'CONFIRMED']),
    );
  });

  test('a rule that ends takes its assignments with it; of two who end it at once the second finds none', async () => {
    const both = [await office.as('hans'), await office.as('bora')].map((actor) =>
      rules.end(actor, { ...office.command(), ruleId }),
    );
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toMatchObject([{ value: { ruleId } }]);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: { extensions: { code: 'NOT_FOUND' } } },
    ]);
    expect(await gapsOf('A1.1')).toBe(28 + 10);
  });
});

async function editionOf(): Promise<string> {
  return (await office.get(Catalogue).newest(await office.db(), 'administration'))!.id;
}

describe('the database holds it', () => {
  test('two active posts for one criterion are refused, whatever the program does', async () => {
    const client = new pg.Client(office.database.superUrl);
    await client.connect();
    const insert = `insert into responsibility.assignment (tenant_id, id, assignment_id, kind, unit_id, catalogue, subjects,
        slots, post_id, stage, valid_from, valid_until, accepted_by)
      values ($1, $2, $2, 'COMPETENT', $3, 'administration', $4, $5, $6, 'CONFIRMED', $7, $8, $2)`;
    const [unit, post] = [await office.unit('A2'), await office.post('A2-1')];
    const line = (subjects: string[], slots: number[], from: string, until: string | null) =>
      client.query(insert, [office.tenant, v7(), unit, subjects, slots, post, from, until]);
    await line(['X', 'Y'], [9001, 9002], '2026-01-01', '2026-06-01');
    await line(['Y', 'Z'], [9002, 9003], '2026-06-01', null);
    await line(['X'], [9001], '2026-06-01', null);
    await expect(line(['Z'], [9003], '2027-01-01', null)).rejects.toMatchObject({
      constraint: 'one_post_for_each',
    });
    await client.query('delete from responsibility.assignment where subjects && $1', [['X', 'Y', 'Z']]);
    await client.end();
  });
});

describe('several at once', () => {
  const proposedTo = async (unit: string) =>
    (await responsibilities(unit)).assignments
      .filter(({ state }) => state === 'PROPOSED')
      .flatMap(({ codes }) => codes);

  test('the same rule by two of HR proposes once', async () => {
    const draft = await rule('A2', { fields: ['LEI'], competent: { headOf: 'UNIT' } });
    const both = await Promise.all(
      ['hans', 'bora'].map(async (name) =>
        rules.apply(await office.as(name), { ...office.command(), ...draft }),
      ),
    );
    const counts = both.map((outcome) => succeeded(outcome).counts);
    expect(counts.filter(({ NEW }) => NEW > 0)).toHaveLength(1);
    const codes = await proposedTo('A2');
    expect(new Set(codes).size).toBe(codes.length);
  });

  test('of a yes and a no to the same proposal one counts', async () => {
    const paul = await office.as('paul');
    const { id } = (await responsibilities('A2')).assignments[0]!;
    const outcomes = await Promise.all([
      answers.accept(paul, { ...office.command(), assignmentIds: [id] }),
      answers.decline(paul, { ...office.command(), assignmentIds: [id], reason: 'NO_CAPACITY' }),
    ]);
    expect(outcomes.filter((outcome) => '__typename' in outcome)).toMatchObject([
      { __typename: 'NotPossibleNow' },
    ]);
  });
});

describe('the plan changes', () => {
  test('a new unit gets its rules at import, as its dry run said', async () => {
    succeeded(
      await rules.apply(await office.as('hans'), {
        ...office.command(),
        ...(await rule('D1', { accountable: { headOf: 'UNIT' }, levels: ['L3'] })),
      }),
    );
    const more = {
      'units.csv': 'code;name;parentCode;level;kind;validFrom\nA1.2;Abteilung 1.2;A1;L3;PUB;2026-01-01',
      'posts.csv':
        'postNo;unitCode;function;isManagement;validFrom\nA1.2-1;A1.2;Abteilungsleitung;ja;2026-01-01',
    };
    const preview = await office.get(Imports).preview(office.system, await office.load(more));
    expect(preview).toMatchObject({
      consequences: [
        { de: expect.stringContaining('10 Kriterien und Handlungsfelder werden in einer Einheit') },
      ],
    });
    succeeded(await office.bring(more));
    const { assignments: shown } = await responsibilities('A1.2');
    expect(shown).toMatchObject([{ kind: 'ACCOUNTABLE', state: 'PROPOSED', post: { postNo: 'A1.2-1' } }]);
  });

  test('a post that still has something to do may not end; with its last assignment it may', async () => {
    const plan = {
      'posts.csv':
        'postNo;unitCode;function;isManagement;validFrom;validTo\nA1-1;A1;Amtsleitung;ja;2020-01-01;2098-12-31',
      'holders.csv':
        'postNo;personKey;displayName;type;from;to\nA1-1;anna;Anna Amt;holder;2020-01-01;2098-12-31',
    };
    expect(await office.bring(plan)).toMatchObject({
      __typename: 'ImportRefused',
      faults: [{ code: 'ACTIVE_ASSIGNMENT' }],
    });
    const hans = await office.as('hans');
    const { assignments: shown } = await responsibilities('A1');
    const hers = shown.filter(({ state, post }) => state === 'ACTIVE' && post?.postNo === 'A1-1');
    expect(hers.length).toBeGreaterThan(0);
    for (const { id } of hers) {
      succeeded(await assignments.end(hans, { ...office.command(), assignmentId: id, on: '2099-01-01' }));
    }
    succeeded(await office.bring(plan));
  });
});

test('how well a unit was covered on an earlier day is found again to the digit', async () => {
  const [a1, editionId, hans] = [await office.unit('A1'), await editionOf(), await office.as('hans')];
  const at = <T>(day: string, work: () => Promise<T>) => office.clock.at(new Date(`${day}T10:00:00Z`), work);
  const onTenth = { unitIds: [a1], editionId, on: '2031-01-10' };
  const coverage = async (asOf?: string) =>
    (await office.responsibility.coverage(await office.db(), { ...onTenth, ...(asOf && { asOf }) })).get(a1)!;
  const before = await at('2031-01-11', () => coverage('2031-01-10'));
  expect(before.competent).toBeGreaterThan(0);
  const { assignments: shown } = await responsibilities('A1');
  const competent = shown.find(({ kind, state }) => kind === 'COMPETENT' && state === 'ACTIVE')!;
  await at('2031-02-01', async () =>
    succeeded(
      await assignments.end(hans, { ...office.command(), assignmentId: competent.id, on: '2031-01-05' }),
    ),
  );
  await at('2031-02-02', async () => {
    expect(await coverage('2031-01-10')).toEqual(before);
    expect((await coverage()).competent).toBe(before.competent - competent.codes.length);
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { startedRound, type Opening } from '../audit/opening.ts';
import type { Stage } from '../audit/support.ts';
import { bootApp, type Outcome, type TestApp } from '../support/app.ts';

let stage: Stage;
let team: Opening;
let walk: TestApp;
let core: string[];

const say = (mutation: string, input: object, who: string) =>
  walk.act(who, mutation, { processId: team.id, ...input });
const paths = ({ faults }: Outcome) => (faults as { path: string }[] | undefined)?.map(({ path }) => path);
/** All rows of the review's tables, counted past all rules: refused means that nothing was written. */
const rows = async () => {
  const tables = ['rating', 'evidence_answer', 'visit_note', 'report_text', 'report_comment', 'signature'];
  const counts = await Promise.all(
    tables.map((table) => stage.superuser.query(`select count(*)::int as n from audit.${table}`)),
  );
  return counts.map((result) => (result.rows[0] as { n: number }).n);
};

beforeAll(async () => {
  ({ stage, team } = await startedRound());
  await team.toDesk(2);
  ({ core } = await team.criteria());
  walk = await bootApp(stage.database, 'probe');
}, 60_000);
afterAll(async () => {
  await walk?.close();
  await stage?.close();
});

describe('what a person can get wrong is told with its place, and nothing is written', () => {
  test.each<[string, string, () => object, string[]]>([
    [
      'rateAsAuditor',
      'auditorin',
      () => ({ ratings: [0, 0].map((at) => ({ criterionId: core[at], level: 2 })) }),
      ['ratings.1.criterionId'],
    ],
    ['rateAsAuditor', 'auditorin', () => ({ ratings: [{ criterionId: core[0], level: 7 }] }), ['ratings.0']],
    ['noteVisit', 'auditorin', () => ({ notes: [{ note: 'Gut.' }, { note: '  ' }] }), ['notes.1.note']],
    ['writeReport', 'auditleitung', () => ({ summary: '' }), ['summary']],
  ])('%s by %s', async (mutation, who, input, where) => {
    const before = await rows();
    const outcome = await say(mutation, input(), who);
    expect([outcome.__typename, paths(outcome)]).toEqual(['InvalidInput', where]);
    expect(await rows()).toEqual(before);
  });

  test('a request that names a criterion twice', async () => {
    const items = [0, 0].map((at) => ({ criterionId: core[at], text: 'Bitte nachreichen.' }));
    const outcome = await say('takeStep', { step: 'REQUEST_EVIDENCE', payload: { items } }, 'auditorin');
    expect(paths(outcome)).toEqual(['payload.items.1.criterionId']);
  });
});

describe('what only a client’s code gets wrong is an error with its code', () => {
  const errorOf = async (mutation: string, input: object, who = 'auditorin') => {
    const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename } }`;
    const answer = await walk.ask(who, query, { input: { commandId: v7(), processId: team.id, ...input } });
    return answer.errors?.[0]?.extensions.code;
  };

  test.each<[string, () => object, string]>([
    ['an unknown process', () => ({ processId: v7(), ratings: [] }), 'NOT_FOUND'],
    ['an unknown criterion', () => ({ ratings: [{ criterionId: v7(), level: 2 }] }), 'NOT_FOUND'],
    ['no id at all', () => ({ processId: 'zzz', ratings: [] }), 'BAD_INPUT'],
    [
      'a NUL',
      () => ({ ratings: [{ criterionId: core[0], level: 1, explanation: 'a\u0000b' }] }),
      'BAD_INPUT',
    ],
    [
      'a lone surrogate',
      () => ({ ratings: [{ criterionId: core[0], level: 1, explanation: '\ud800' }] }),
      'BAD_INPUT',
    ],
    [
      'too long a text',
      () => ({ ratings: [{ criterionId: core[0], level: 1, explanation: 'a'.repeat(4001) }] }),
      'BAD_INPUT',
    ],
  ])('%s', async (_case, input, code) => {
    const before = await rows();
    expect(await errorOf('rateAsAuditor', input())).toBe(code);
    expect(await rows()).toEqual(before);
  });

  test.each(['signReport', 'castVote', 'coSignTargets', 'proposeMeasures', 'commentOnReport'])(
    '%s in an administration where the process does not exist',
    async (mutation) => {
      const input = {
        signReport: { contentHash: '0'.repeat(64) },
        castVote: { choice: 'ABSTAIN', contentHash: '0'.repeat(64) },
        coSignTargets: { as: 'DEZ', contentHash: '0'.repeat(64) },
        proposeMeasures: { measures: [] },
        commentOnReport: { comments: [] },
      }[mutation];
      expect(await errorOf(mutation, { processId: v7(), ...input })).toBe('NOT_FOUND');
    },
  );
});

test('a repeated command does nothing twice; with another input it is refused', async () => {
  const commandId = v7();
  const note = (text: string) => say('noteVisit', { commandId, notes: [{ note: text }] }, 'auditorin');
  expect(await note('Einmal.')).toMatchObject({ __typename: 'NoteVisitSuccess' });
  const before = await rows();
  expect(await note('Einmal.')).toMatchObject({ __typename: 'NoteVisitSuccess' });
  expect(await note('Anders.')).toMatchObject({ __typename: 'CommandIdReused' });
  expect(await rows()).toEqual(before);
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { Board } from '../../src/audit/decision/board.service.ts';
import { Conditions } from '../../src/audit/decision/conditions.service.ts';
import type { Choice } from '../../src/audit/decision/decision.rules.ts';
import { DecisionViews } from '../../src/audit/decision/decision-views.service.ts';
import { Decisions } from '../../src/audit/decision/decisions.service.ts';
import { OpeningProcesses, type OpeningProcess } from '../../src/audit/index.ts';
import { RoundPeople } from '../../src/audit/round/round-people.service.ts';
import { Surveillance } from '../../src/audit/decision/surveillance.service.ts';
import { Evidence } from '../../src/evidence/index.ts';
import type { Db } from '../../src/platform/index.ts';
import { Measures } from '../../src/planning/index.ts';
import { Targets } from '../../src/planning/targets.service.ts';
import { MeasureViews } from '../../src/planning/measure-views.service.ts';
import { startedRound, type Opening } from './opening.ts';
import { succeeded, type Stage } from './support.ts';

let stage: Stage;
let team: Opening;
let core: string[];
const command = () => ({ commandId: v7(), processId: team.id });
const see = <T>(work: (views: DecisionViews, db: Db, opening: OpeningProcess) => Promise<T>) =>
  stage.read(async (db) =>
    work(stage.get(DecisionViews), db, await stage.get(OpeningProcesses).one(db, team.id)),
  );
const ballot = () => see((views, db, opening) => views.ballot(db, opening));
const decisions = () => see((views, db, opening) => views.decisions(db, opening));
const hash = () =>
  stage.read(async (db) => (await stage.get(Board).recognitions(db, [team.id])).get(team.id)!.contentHash);
const vote = async (name: string, choice: Choice, read?: string) =>
  stage
    .get(Decisions)
    .castVote(stage.as(name), { ...command(), choice, contentHash: read ?? (await hash()) });
const decide = (step: string) => team.try('vorsitz', step, { reason: 'Nach Beratung.' });

beforeAll(async () => {
  ({ stage, team } = await startedRound());
  await nameHeadToBoard();
  await team.toDesk(2);
  ({ core } = await team.criteria());
  await team.toTargets(2, { [core[0]!]: 1 });
  await agreeOnTargets();
  await team.asSystem('FINAL_REVIEW_DUE');
}, 60_000);
afterAll(() => stage?.close());

/** The team's own head sits on the board, too. */
async function nameHeadToBoard(): Promise<void> {
  const people = [{ fn: 'BOARD', personId: stage.persons.get('teamleiter')!, postId: null, chair: false }];
  const [process] = await stage.read((db) => stage.engine.processes(db, [team.id]));
  const input = { commandId: v7(), roundId: process!.seriesId!, people, release: [], boardQuorum: null };
  succeeded(await stage.get(RoundPeople).nameRoundPeople(stage.as('koordination'), input));
}

async function agreeOnTargets(): Promise<void> {
  const posts = await stage.read((db) => stage.organisation.headPost(db, [stage.units.get('T1')!]));
  const measure = {
    criterionId: core[0]!,
    title: 'Zuständigkeit nennen',
    competentPostId: posts.get(stage.units.get('T1')!)!.id,
    dueOn: '2027-09-30',
    indicator: 'Kriterien mit benannter Stelle',
    baseline: '4 von 9',
    budgetKind: 'NONE' as const,
  };
  succeeded(await stage.get(Measures).propose(stage.as('anna'), { ...command(), measures: [measure] }));
  await team.take('teamleiter', 'SUBMIT_TARGETS');
  const agreement = await stage.read(async (db) =>
    stage.get(MeasureViews).agreement(db, await stage.get(OpeningProcesses).one(db, team.id)),
  );
  const signature = { ...command(), as: 'DEZ' as const, contentHash: agreement!.contentHash };
  succeeded(await stage.get(Targets).coSign(stage.as('dezernent'), signature));
  await team.take('amtsleiterin', 'APPROVE_TARGETS');
}

describe('the recommendation', () => {
  const recommend = () =>
    team.try('auditleitung', 'RECOMMEND', {
      recommendation: 'RECOGNISE_WITH_CONDITIONS',
      reason: 'Eine Auflage bleibt.',
    });

  test('needs every finding rated again', async () => {
    expect(await recommend()).toMatchObject({ __typename: 'NotPossibleNow' });
    succeeded(await team.audit(1, {}, [core[0]!]));
    expect(await recommend()).toMatchObject({ followedBy: [] });
    expect(await team.stageNow()).toBe('decision.pending');
  });

  test('says with the ratings what can be decided at best', async () => {
    const recognition = await see((views, db, opening) => views.recognition(db, opening));
    expect(recognition).toMatchObject({ allowed: 'CONDITIONAL', exemplary: false, pointsOf: 80 });
    expect(recognition!.shortfalls.map(({ de }) => de)).toEqual([
      expect.stringMatching(/^Gesamt: 4\d,\d %, nötig 50 %\.$/),
      expect.stringMatching(/^Kernkriterium .*: Stufe 1, nötig 2\.$/),
    ]);
  });
});

describe('the board votes', () => {
  test('members only, none of the unit, none beyond the thresholds', async () => {
    expect(await vote('anna', 'FOR_CONDITIONS')).toMatchObject({ __typename: 'NotAllowed' });
    expect(await vote('auditorin', 'FOR_CONDITIONS')).toMatchObject({ __typename: 'NotAllowed' });
    expect(await vote('teamleiter', 'FOR_CONDITIONS')).toMatchObject({ __typename: 'VoteExcluded' });
    expect(await vote('mitglied', 'FOR_FULL')).toMatchObject({
      __typename: 'BeyondThresholds',
      allowed: 'CONDITIONAL',
    });
  });

  test('on the ratings they read: a vote on others is refused and leaves nothing', async () => {
    const read = (await ballot())!.contentHash;
    expect(read).toBe(await hash());
    const stale = await vote('mitglied', 'FOR_CONDITIONS', '0'.repeat(64));
    expect(stale).toMatchObject({ __typename: 'ChangedMeanwhile' });
    expect(await vote('mitglied', 'FOR_FULL', '0'.repeat(64))).toMatchObject({
      __typename: 'ChangedMeanwhile',
    });
    expect(await vote('teamleiter', 'ABSTAIN', '0'.repeat(64))).toMatchObject({ __typename: 'VoteExcluded' });
    expect(await ballot()).toMatchObject({ forConditions: 0, ownChoice: null });
  });

  test('below the quorum nothing can be decided', async () => {
    succeeded(await vote('mitglied', 'FOR_CONDITIONS'));
    expect(await ballot()).toMatchObject({
      isQuorate: false,
      result: null,
      missing: [{ displayName: 'Vorsitz' }],
      excluded: [{ displayName: 'Teamleiter' }],
    });
    for (const step of ['RECOGNISE', 'RECOGNISE_WITH_CONDITIONS', 'REFUSE'])
      expect(await decide(step)).toMatchObject({ __typename: 'NotPossibleNow' });
  });

  test('a tie is the chair’s; a vote may be changed until the decision', async () => {
    succeeded(await vote('vorsitz', 'FOR_REFUSAL'));
    expect(await ballot()).toMatchObject({ forConditions: 1, forRefusal: 1, result: 'REFUSED' });
    succeeded(await vote('vorsitz', 'FOR_CONDITIONS'));
    expect(await ballot()).toMatchObject({ forConditions: 2, forRefusal: 0, result: 'CONDITIONAL' });
    expect(await decide('REFUSE')).toMatchObject({ __typename: 'NotPossibleNow' });
  });

  test('conditions must be named before they can be decided', async () => {
    expect(await decide('RECOGNISE_WITH_CONDITIONS')).toMatchObject({ __typename: 'NotPossibleNow' });
    const propose = (name: string, dueOn: string) =>
      stage.get(Conditions).propose(stage.as(name), {
        ...command(),
        conditions: [{ criterionId: core[0]!, demand: 'Bis zum Termin Stufe 2 zeigen.', dueOn }],
      });
    expect(await propose('teamleiter', '2099-01-01')).toMatchObject({ __typename: 'NotAllowed' });
    expect(await propose('auditleitung', '2020-01-01')).toMatchObject({ __typename: 'InvalidInput' });
    succeeded(await propose('auditleitung', '2099-01-01'));
    const own = await team.try('teamleiter', 'RECOGNISE_WITH_CONDITIONS', { reason: 'Für uns.' });
    expect(own).toMatchObject({ __typename: 'NotAllowed' });
    expect(await decide('RECOGNISE_WITH_CONDITIONS')).toMatchObject({ followedBy: [] });
    expect(await decisions()).toMatchObject([
      {
        outcome: 'CONDITIONAL',
        allowed: 'CONDITIONAL',
        forConditions: 2,
        excluded: 1,
        reason: 'Nach Beratung.',
      },
    ]);
  });
});

describe('conditions', () => {
  const service = () => stage.get(Conditions);
  const one = async () => (await see((views, db, opening) => views.conditions(db, opening)))[0]!;
  const show = async (name: string, newEvidence: object[] = [file], evidenceIds: string[] = []) =>
    service().show(stage.as(name), {
      commandId: v7(),
      conditionId: (await one()).id,
      note: 'Umgesetzt.',
      newEvidence: newEvidence as [],
      evidenceIds,
    });
  const assess = async (name: string, isMet: boolean) =>
    service().assess(stage.as(name), {
      commandId: v7(),
      conditionId: (await one()).id,
      isMet,
      note: 'Gesehen.',
    });
  const file = {
    kind: 'FILE_REFERENCE',
    evidenceType: 'RULE',
    reference: 'Az. 10-3',
    proofOn: '2026-05-01',
    containsNoPersonalData: true,
  };

  test('past their time, the case is before the board again, with new votes', async () => {
    await team.asSystem('CONDITIONS_TIMEOUT');
    expect(await ballot()).toMatchObject({ isQuorate: false, forConditions: 0 });
    succeeded(await vote('mitglied', 'FOR_CONDITIONS'));
    succeeded(await vote('vorsitz', 'ABSTAIN'));
    expect(await ballot()).toMatchObject({ isQuorate: true, abstentions: 1, result: 'CONDITIONAL' });
    expect(await decide('RECOGNISE_WITH_CONDITIONS')).toMatchObject({ followedBy: [] });
  });

  test('are closed by an auditor on evidence, never without', async () => {
    expect(await assess('auditleitung', true)).toMatchObject({ __typename: 'NotPossibleNow' });
    expect(await show('teamleiter', [])).toMatchObject({ __typename: 'InvalidInput' });
    expect(await show('auditleitung')).toMatchObject({ __typename: 'NotAllowed' });
    succeeded(await show('anna'));
    expect(await assess('anna', true)).toMatchObject({ __typename: 'NotAllowed' });
    succeeded(await assess('auditorin', false));
    expect(await one()).toMatchObject({ state: 'NOT_MET' });
    const [{ id: evidenceId }] = (await one()).entries[0]!.evidence as unknown as [{ id: string }];
    const outdated = { commandId: v7(), evidenceId, reason: 'OUTDATED' as const };
    succeeded(await stage.get(Evidence).withdrawProof(stage.as('teamleiter'), outdated));
    expect(await show('anna', [file], [evidenceId])).toMatchObject({
      __typename: 'InvalidInput',
      faults: [{ path: 'evidenceIds.0' }],
    });
    expect(await team.try('auditleitung', 'CONDITIONS_MET')).toMatchObject({ __typename: 'NotPossibleNow' });
    succeeded(await show('anna'));
    succeeded(await assess('auditorin', true));
    expect((await one()).entries.map(({ state, evidence }) => [state, evidence.length])).toEqual([
      ['SHOWN', 1],
      ['NOT_MET', 0],
      ['SHOWN', 1],
      ['MET', 0],
    ]);
    await team.take('auditleitung', 'CONDITIONS_MET');
    expect(await team.stageNow()).toBe('recognised.full');
    expect((await decisions())[0]).toMatchObject({ outcome: 'FULL', forFull: 0, excluded: 0 });
  });
});

describe('while recognised', () => {
  test('the head re-confirms every core criterion once a year', async () => {
    const step = () => team.try('teamleiter', 'SURVEILLANCE', { statement: 'Alles besteht fort.' });
    expect(await step()).toMatchObject({ __typename: 'NotPossibleNow' });
    const state = (name: string, criteria: readonly string[]) =>
      stage.get(Surveillance).reconfirm(stage.as(name), {
        ...command(),
        statements: criteria.map((criterionId) => ({ criterionId, upheld: true, statement: 'Unverändert.' })),
      });
    const { others } = await team.criteria();
    expect(await state('anna', core)).toMatchObject({ __typename: 'NotAllowed' });
    expect(await state('teamleiter', others)).toMatchObject({ __typename: 'InvalidInput' });
    succeeded(await state('teamleiter', core));
    expect(await step()).toMatchObject({ followedBy: [] });
  });

  test('the board withdraws only after the head was heard', async () => {
    const withdraw = (hearingHeldOn: string) =>
      team.try('vorsitz', 'WITHDRAW', { hearingHeldOn, reason: 'Nicht fortgeführt.' });
    expect(await withdraw('2099-01-01')).toMatchObject({ __typename: 'InvalidInput' });
    expect(await withdraw('2026-11-01')).toMatchObject({ followedBy: [] });
    expect(await team.stageNow()).toBe('withdrawn');
    expect((await decisions()).map(({ outcome }) => outcome)).toEqual([
      'WITHDRAWN',
      'FULL',
      'CONDITIONAL',
      'CONDITIONAL',
    ]);
  });
});

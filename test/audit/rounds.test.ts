import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { OpeningProcesses } from '../../src/audit/opening/opening-processes.service.ts';
import { openingsOfRound } from '../../src/audit/opening/opening-process.sql.ts';
import { RoundAuditors } from '../../src/audit/round/round-auditors.service.ts';
import { RoundChecks } from '../../src/audit/round/round-checks.service.ts';
import { RoundPeople } from '../../src/audit/round/round-people.service.ts';
import { ratedWithinOf, roundsById } from '../../src/audit/opening/round.sql.ts';
import { Rounds } from '../../src/audit/round/rounds.service.ts';
import { isRefusal } from '../../src/platform/index.ts';
import { entriesOf, openRound, roundStaff, setStage, succeeded, versionOf, type Stage } from './support.ts';

let stage: Stage;
let roundId: string;
const unit = (code: string) => stage.units.get(code)!;
const koordination = () => stage.as('koordination');

beforeAll(async () => {
  stage = await setStage(
    [
      { code: 'T', level: 'L0', kind: 'SPI', head: 'landrat' },
      { code: 'D', parent: 'T', level: 'L1', kind: 'DEZ', head: 'dezernentin' },
      { code: 'A', parent: 'D', level: 'L2', kind: 'PUB', head: 'amtsleiter' },
      { code: 'A1', parent: 'A', level: 'L3', kind: 'PUB', head: 'abteilungsleiterin' },
      { code: 'A11', parent: 'A1', level: 'L4', kind: 'PUB', headcount: 4, head: 'teamleiter' },
      { code: 'A12', parent: 'A1', level: 'L4', kind: 'PUB', headcount: 9 },
    ],
    roundStaff,
  );
  await stage.grant('koordination', 'OPENING_COORD');
  roundId = await openRound(stage, 'T');
});
afterAll(() => stage?.close());

test('without the right nothing is opened, prepared or started', async () => {
  const { as } = stage;
  const started = await stage.get(Rounds).startRound(as('amtsleiter'), {
    commandId: v7(),
    roundId,
    expectedVersion: await versionOf(stage, roundId),
    smallTeams: 'WITHIN_SUPERIOR',
  });
  expect(started).toMatchObject({ __typename: 'NotAllowed' });
});

test('nobody may judge an own case: functions that exclude each other are refused, with the person', async () => {
  const outcome = await stage.get(RoundPeople).nameRoundPeople(koordination(), {
    commandId: v7(),
    roundId,
    people: [{ fn: 'APPEAL', personId: stage.persons.get('vorsitz')!, postId: null, chair: false }],
    release: [],
    boardQuorum: null,
  });
  expect(outcome).toMatchObject({
    __typename: 'NotIndependent',
    conflicts: [{ personId: stage.persons.get('vorsitz'), unitId: null }],
  });
});

test('an auditor of the line is refused, an outside one gets the unit and what is below', async () => {
  const people = stage.get(RoundPeople);
  const auditors = stage.get(RoundAuditors);
  const head = { fn: 'AUD', personId: stage.persons.get('amtsleiter')!, postId: null, chair: false };
  succeeded(
    await people.nameRoundPeople(koordination(), {
      commandId: v7(),
      roundId,
      people: [head],
      release: [],
      boardQuorum: null,
    }),
  );
  const entry = async (name: string) =>
    (await entriesOf(stage, roundId)).find(({ personId }) => personId === stage.persons.get(name))!.id;
  const assign = async (name: string, code: string) =>
    auditors.assignAuditors(koordination(), {
      commandId: v7(),
      roundId,
      assignments: [{ roundPersonId: await entry(name), unitIds: [unit(code)], andBelow: true }],
    });
  const refused = await assign('amtsleiter', 'A1');
  expect(refused).toMatchObject({ __typename: 'NotIndependent' });
  expect(
    (refused as unknown as { conflicts: { unitId: string }[] }).conflicts.map(({ unitId }) => unitId).sort(),
  ).toEqual([unit('A1'), unit('A11'), unit('A12')].sort());
  expect(succeeded(await assign('auditorin', 'T')).assigned).toBe(6);
  expect(succeeded(await assign('zweitauditor', 'T')).assigned).toBe(6);
  expect(succeeded(await assign('auditorin', 'T')).assigned).toBe(0);
});

test('the check tells before the start what would go wrong', async () => {
  const check = await stage.read(async (db) => {
    const [round] = await roundsById(db, [roundId]);
    return stage.get(RoundChecks).check(db, round!, { smallTeams: 'WITHIN_SUPERIOR' });
  });
  const kinds = check.findings.map(({ kind, unitId }) => [kind, unitId]);
  expect(check.findings.filter(({ severity }) => severity === 'BLOCKS')).toEqual([]);
  expect(kinds).toContainEqual(['HEAD_MISSING', unit('A12')]);
  expect(kinds).toContainEqual(['SMALL_TEAM_WITHIN_SUPERIOR', unit('A11')]);
  expect(kinds.filter(([kind]) => kind === 'COMPETENT_MISSING')).toHaveLength(5);
  expect(check.starting).toHaveLength(5);
});

test('a definition by which no round can be held is found before the start, with what it lacks', async () => {
  const ofMeasures = await openRound(stage, 'A1', stage.definitions['measure']!);
  const check = await stage.read(async (db) => {
    const [round] = await roundsById(db, [ofMeasures]);
    return stage.get(RoundChecks).check(db, round!, { smallTeams: 'ALONE' });
  });
  expect(check.findings.find(({ kind }) => kind === 'DEFINITION_UNFIT')).toMatchObject({
    severity: 'BLOCKS',
    message: { de: expect.stringContaining('COMMISSION, CANCEL, editable, ratingsClosed, released.') },
  });
  const start = { commandId: v7(), roundId: ofMeasures, smallTeams: 'ALONE' as const };
  const expectedVersion = await versionOf(stage, ofMeasures);
  const refused = await stage.get(Rounds).startRound(koordination(), { ...start, expectedVersion });
  expect(refused).toMatchObject({ __typename: 'RoundNotReady' });
});

test('a start on an older reading is refused, the right one starts a process for each unit, once', async () => {
  const start = { commandId: v7(), roundId, smallTeams: 'WITHIN_SUPERIOR' as const };
  const version = await versionOf(stage, roundId);
  const rounds = stage.get(Rounds);
  expect(
    await rounds.startRound(koordination(), { ...start, commandId: v7(), expectedVersion: version - 1 }),
  ).toMatchObject({
    __typename: 'ChangedMeanwhile',
    currentVersion: version,
  });
  const receipt = { roundId, started: 5, ratedWithin: 1 };
  expect(await rounds.startRound(koordination(), { ...start, expectedVersion: version })).toEqual(receipt);
  expect(await rounds.startRound(koordination(), { ...start, expectedVersion: version })).toEqual(receipt);
  const { page, within } = await stage.readAs('koordination', async (db) => ({
    page: await stage.get(OpeningProcesses).page(db, { roundId }, {}),
    within: await ratedWithinOf(db, roundId),
  }));
  expect(page.nodes.map(({ process }) => process.stage)).toEqual(Array(5).fill('preparation.commissioned'));
  expect(within).toEqual([{ unitId: unit('A11'), withinUnitId: unit('A1') }]);
  const counts = Object.fromEntries(
    page.nodes.map((one) => [one.unit.code, [one.applicable, one.core_total, one.weight_total]]),
  );
  expect(counts).toEqual({
    T: [21, 8, 49],
    D: [27, 8, 61],
    A: [48, 12, 104],
    A1: [28, 7, 63],
    A12: [17, 5, 38],
  });
});

test('a unit with a running process cannot be started again, in no other round either', async () => {
  const other = await openRound(stage, 'A');
  const outcome = await stage.get(Rounds).startRound(koordination(), {
    commandId: v7(),
    roundId: other,
    expectedVersion: await versionOf(stage, other),
    smallTeams: 'WITHIN_SUPERIOR',
  });
  expect(outcome).toMatchObject({ __typename: 'RoundNotReady' });
  const { findings } = outcome as unknown as { findings: { kind: string; unitId: string }[] };
  expect(findings.filter(({ kind }) => kind === 'OPEN_PROCESS_ELSEWHERE')).toHaveLength(3);
});

test('two rounds that start at the same moment do not both get a unit', async () => {
  const [one, other] = [await openRound(stage, 'A11'), await openRound(stage, 'A11')];
  const start = async (id: string) =>
    stage.get(Rounds).startRound(koordination(), {
      commandId: v7(),
      roundId: id,
      smallTeams: 'ALONE' as const,
      expectedVersion: await versionOf(stage, id),
    });
  const outcomes = await Promise.all([start(one), start(other)]);
  expect(outcomes.map((outcome) => isRefusal(outcome)).filter(Boolean)).toHaveLength(1);
  expect(outcomes.find((outcome) => isRefusal(outcome))).toMatchObject({ __typename: 'RoundNotReady' });
});

test('a unit leaves with a reason, its process is cancelled, and the round ends once all are decided', async () => {
  const rounds = stage.get(Rounds);
  const end = async () =>
    rounds.endRound(koordination(), {
      commandId: v7(),
      roundId,
      expectedVersion: await versionOf(stage, roundId),
    });
  expect(await end()).toMatchObject({ __typename: 'RoundStillRunning', openProcesses: 5 });
  for (const code of ['T', 'D', 'A', 'A1', 'A12'])
    succeeded(
      await rounds.leaveRound(koordination(), {
        commandId: v7(),
        roundId,
        unitId: unit(code),
        reason: 'Neuordnung',
      }),
    );
  expect(isRefusal(await end())).toBe(false);
  const people = await entriesOf(stage, roundId);
  expect([...new Set(people.map(({ fn }) => fn))].sort()).toEqual(['APPEAL', 'AUDLEAD', 'BOARD']);
  expect(await stage.read((db) => openingsOfRound(db, roundId))).toHaveLength(5);
});

test('units join a running round: their processes start, a small team joins the unit above, nobody joins twice', async () => {
  const rounds = stage.get(Rounds);
  const next = await openRound(stage, 'T');
  const out = { commandId: v7(), roundId: next, unitId: unit('A1'), reason: 'zweite Welle' };
  succeeded(await rounds.leaveRound(koordination(), out));
  const expectedVersion = await versionOf(stage, next);
  const start = { commandId: v7(), roundId: next, smallTeams: 'WITHIN_SUPERIOR' as const, expectedVersion };
  expect(succeeded(await rounds.startRound(koordination(), start))).toMatchObject({
    started: 3,
    ratedWithin: 0,
  });
  const join = async (...codes: string[]) =>
    rounds.joinRound(koordination(), { commandId: v7(), roundId: next, unitIds: codes.map(unit) });
  expect(succeeded(await join('A1', 'A'))).toMatchObject({ started: 1, ratedWithin: 0 });
  expect(succeeded(await join('A11'))).toMatchObject({ started: 0, ratedWithin: 1 });
  expect(succeeded(await join('A12', 'A1'))).toMatchObject({ started: 1 });
});

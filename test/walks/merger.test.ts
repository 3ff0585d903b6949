import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { startedRound, type Opening } from '../audit/opening.ts';
import { succeeded, type Stage } from '../audit/support.ts';
import { Checklists } from '../../src/audit/checklist/checklists.service.ts';
import { Verifier } from '../../src/engine/index.ts';
import { Clock } from '../../src/platform/index.ts';
import { bootApp, type Fields, type TestApp } from '../support/app.ts';
import { inDays } from '../support/days.ts';

// Two teams merge in the middle of a round. What both had reached goes over to the new one, and nothing else does.
let stage: Stage;
let first: Opening;
let second: Opening;
let walk: TestApp;
let clock: Clock;
let successionId: string;
const today = inDays(0);
const tomorrow = inDays(1);

beforeAll(async () => {
  const started = await startedRound('A1', [
    { code: 'T2', parent: 'A1', level: 'L4', kind: 'FAC', head: 'zweite' },
  ]);
  ({ stage, team: first } = started);
  second = started.opening('T2', 'zweite');
  walk = await bootApp(stage.database, 'probe');
  clock = walk.app.get(Clock, { strict: false });
  await rated(first, 'teamleiter', 3);
  await rated(second, 'zweite', 1);
}, 60_000);
afterAll(async () => {
  await walk?.close();
  await stage?.close();
});

/** The checklist of a team, filled in with one level. */
async function rated(opening: Opening, head: string, level: number): Promise<void> {
  const { persons } = stage;
  await opening.take(head, 'NAME_TEAM', { ownerId: persons.get('anna'), deputyId: persons.get('bora') });
  await opening.take('koordination', 'CONFIRM_SCOPE', { representationsInformedOn: today });
  await opening.take('anna', 'OPEN_SELF_ASSESSMENT');
  const ratings = [...(await opening.sheet()).lines.keys()].map((criterionId) => ({
    criterionId,
    level,
    notApplicable: false,
    statement: `So ist es bei ${head}.`,
    checkNote: 'Mit Rückmeldungen verglichen.',
    evidenceIds: [],
    newEvidence: ['2026-02-01', '2026-03-01'].map((proofOn) => ({
      kind: 'FILE_REFERENCE' as const,
      evidenceType: 'MINUTES' as const,
      reference: 'Az. 10-1',
      proofOn,
      containsNoPersonalData: true,
    })),
    expectedRatingVersion: 0,
  }));
  const input = { commandId: v7(), processId: opening.id, ratings };
  succeeded(await stage.get(Checklists).rateCriteria(stage.as('anna'), input));
}

const later = <T>(work: () => Promise<T>) => clock.at(new Date(`${tomorrow}T11:00:00Z`), work);
const act = (who: string, mutation: string, input: object, selection?: string) =>
  later(() => walk.act(who, mutation, input, selection));
const see = (who: string, query: string) => later(() => walk.see(who, query));

const units = () => `code;name;parentCode;level;kind;headcount;validFrom;validTo;predecessorCodes
T1;Team Eins;A1;L4;FAC;9;2020-01-01;${today};
T2;Team Zwei;A1;L4;FAC;9;2020-01-01;${today};
T3;Team Eins und Zwei;A1;L4;FAC;18;${tomorrow};;T1,T2`;
const posts = () => `postNo;unitCode;function;isManagement;validFrom;validTo
T1-01;T1;Teamleitung;ja;2020-01-01;${today}
T2-01;T2;Teamleitung;ja;2020-01-01;${today}
T3-01;T3;Teamleitung;ja;${tomorrow};`;
const holders = () => `postNo;personKey;displayName;type;from;to
T1-01;teamleiter;Teamleiter;holder;2020-01-01;${today}
T2-01;zweite;Zweite;holder;2020-01-01;${today}
T3-01;teamleiter;Teamleiter;holder;${tomorrow};`;

const stagesNow = async () => {
  const query = '{ openingProcesses(first: 50) { nodes { unit { code } process { stage status } } } }';
  const { openingProcesses } = await see('koordination', query);
  return Object.fromEntries(
    openingProcesses.nodes.map(({ unit, process }: Fields) => [unit.code, process.stage]),
  );
};
const unit = async (code: string) =>
  (await see('personalamt', `{ units(code: "${code}") { nodes { id code } } }`))['units'].nodes[0]
    ?.id as string;

describe('two teams merge', () => {
  test('the personnel office imports the new plan, which names who follows whom', async () => {
    const importIds = [
      await walk.upload('personalamt', 'units.csv', units()),
      await walk.upload('personalamt', 'posts.csv', posts()),
      await walk.upload('personalamt', 'holders.csv', holders()),
    ];
    await walk.does('personalamt', 'applyImport', { importIds, missing: 'KEEP' });
    expect(await unit('T3')).toBeDefined();
    expect((await stagesNow())['T1']).toBe('inventory.selfAssessment');
  });

  test('proposes the succession and cannot confirm it alone', async () => {
    const reason = 'Organisationsverfügung 12: die Teams werden zusammengelegt.';
    expect(
      await act('koordination', 'proposeSuccession', { unitId: stage.units.get('T1'), reason }),
    ).toMatchObject({
      __typename: 'NotAllowed',
    });
    const early = await walk.act('personalamt', 'proposeSuccession', {
      unitId: stage.units.get('T1'),
      successorIds: [await unit('T3')],
      reason,
    });
    expect(early).toMatchObject({
      __typename: 'InvalidInput',
      message: expect.stringContaining('besteht heute nicht'),
    });
    const proposed = await act(
      'personalamt',
      'proposeSuccession',
      { unitId: stage.units.get('T1'), reason },
      'succession { id unit { code } successors { code } proposedBy { displayName } confirmedAt }',
    );
    expect(proposed['succession']).toMatchObject({
      unit: { code: 'T1' },
      successors: [{ code: 'T3' }],
      confirmedAt: null,
    });
    successionId = proposed['succession'].id;
    expect(
      await act('personalamt', 'proposeSuccession', { unitId: stage.units.get('T1'), reason }),
    ).toMatchObject({
      __typename: 'NotPossibleNow',
      message: expect.stringContaining('liegt schon ein Vorschlag vor'),
    });
    await stage.grant('personalamt', 'OPENING_COORD');
    expect(await act('personalamt', 'confirmSuccession', { successionId })).toMatchObject({
      __typename: 'NotAllowed',
      message: expect.stringContaining('Vier Augen'),
    });
  });

  test('no process moves into the succession before it is confirmed', async () => {
    const taken = await act('koordination', 'takeStep', { processId: first.id, step: 'ORG_CHANGE' });
    expect(taken).toMatchObject({
      __typename: 'NotPossibleNow',
      reasons: ['Die Nachfolge der Einheit ist noch nicht vollständig festgelegt und bestätigt.'],
    });
  });

  test('the centre confirms: the old processes end, the new team’s begins', async () => {
    const selection = `superseded { unit { code } process { stageLabel status } supersededBy { unit { code } process { stage } } }`;
    const confirmed = await act('koordination', 'confirmSuccession', { successionId }, selection);
    expect(confirmed['superseded']).toEqual([
      {
        unit: { code: 'T1' },
        process: { stageLabel: 'In Nachfolge übergegangen', status: 'FINISHED' },
        supersededBy: [{ unit: { code: 'T3' }, process: { stage: 'preparation.commissioned' } }],
      },
    ]);
    const reason = 'Organisationsverfügung 12';
    const { succession } = await act(
      'personalamt',
      'proposeSuccession',
      { unitId: stage.units.get('T2'), reason },
      'succession { id }',
    );
    await later(() => walk.does('koordination', 'confirmSuccession', { successionId: succession.id }));
    expect(await stagesNow()).toMatchObject({
      A1: 'preparation.commissioned',
      T1: 'superseded',
      T2: 'superseded',
      T3: 'preparation.commissioned',
    });
    expect(await act('koordination', 'confirmSuccession', { successionId })).toMatchObject({
      __typename: 'NotPossibleNow',
      message: 'Die Nachfolge ist schon bestätigt.',
    });
  });

  test('what both had reached is proposed to the new team, with the unit it came from', async () => {
    const { persons } = stage;
    const query = `{ openingProcesses(first: 50) { nodes { id unit { code } supersedes { unit { code } } } } }`;
    const heir = (await see('koordination', query))['openingProcesses'].nodes.find(
      (one: Fields) => one['unit'].code === 'T3',
    );
    expect(heir.supersedes.map((one: Fields) => one['unit'].code).sort()).toEqual(['T1', 'T2']);
    const take = (who: string, step: string, payload?: object) =>
      later(() => walk.does(who, 'takeStep', { processId: heir.id, step, ...(payload && { payload }) }));
    await take('teamleiter', 'NAME_TEAM', { ownerId: persons.get('anna'), deputyId: persons.get('bora') });
    await take('koordination', 'CONFIRM_SCOPE', { representationsInformedOn: today });
    await take('anna', 'OPEN_SELF_ASSESSMENT');
    const items = `items { criterion { id } proposal { level takenOver statement inheritedFrom { code } } counting { level } }`;
    const checklist = async () =>
      (await see('anna', `{ checklist(processId: "${heir.id}") { ${items} } }`))['checklist']
        .items as Fields[];
    const proposed = await checklist();
    expect(proposed.length).toBeGreaterThan(5);
    for (const item of proposed)
      expect(item).toMatchObject({
        proposal: {
          level: 1, // the lowest: what all parts have reached
          takenOver: true,
          statement: 'So ist es bei zweite.',
          inheritedFrom: { code: 'T2' },
        },
        counting: null,
      });
    const criterionId = proposed[0]!['criterion'].id;
    await later(() =>
      walk.does('anna', 'confirmTakenOver', { processId: heir.id, criterionIds: [criterionId] }),
    );
    const [confirmed] = (await checklist()).filter(({ criterion }) => criterion.id === criterionId);
    expect(confirmed).toMatchObject({ proposal: null, counting: { level: 1 } });
  });

  test('the old ratings stay where they are, and every log leads to where its process stands', async () => {
    const { lines } = await first.sheet();
    expect([...lines.values()].every(({ ratings }) => ratings.SELF?.level === 3)).toBe(true);
    expect((await walk.app.get(Verifier, { strict: false }).run()).differences).toEqual([]);
  });
});

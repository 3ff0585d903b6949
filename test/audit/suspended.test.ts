import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { ChecklistViews } from '../../src/audit/checklist/checklist-views.service.ts';
import { Checklists } from '../../src/audit/checklist/checklists.service.ts';
import { MyWork } from '../../src/audit/work/my-work.service.ts';
import { Reads } from '../../src/platform/index.ts';
import { actorWith } from '../support/services.ts';
import { inDays } from '../support/days.ts';
import { startedRound, type Opening } from './opening.ts';
import type { Stage } from './support.ts';

let stage: Stage;
let team: Opening;

beforeAll(async () => {
  ({ stage, team } = await startedRound('T1'));
  const id = (name: string) => stage.persons.get(name);
  await team.take('teamleiter', 'NAME_TEAM', { ownerId: id('anna'), deputyId: id('bora') });
  await team.take('koordination', 'CONFIRM_SCOPE', { representationsInformedOn: '2026-01-15' });
  await team.take('anna', 'OPEN_SELF_ASSESSMENT');
});
afterAll(() => stage?.close());

/** What a page shows, and what the server says to whoever goes by it. */
async function truths() {
  const { editable, items } = await stage.readAs('anna', (db) =>
    stage.get(ChecklistViews).checklist(db, team.id),
  );
  const anna = actorWith(stage.tenant, ['OWNER'], { person: stage.persons.get('anna')!, name: 'anna' });
  const work = await stage.get(Reads).within(anna, (db) => stage.get(MyWork).of(db));
  const criterionId = items[0]!.criterion.id;
  const rating = {
    criterionId,
    expectedRatingVersion: 0,
    level: null,
    notApplicable: true,
    reason: 'Kein Publikum',
  };
  const rated = await stage.get(Checklists).rateCriteria(stage.as('anna'), {
    commandId: v7(),
    processId: team.id,
    ratings: [{ ...rating, evidenceIds: [], newEvidence: [] }],
  });
  return {
    editable,
    mayRate: items.some((item) => item.mayRate),
    isMyWork: work.some(({ kind }) => kind === 'RATE'),
    refused: '__typename' in rated && rated.__typename,
  };
}

test('while a process is suspended nothing is shown as possible that the server refuses', async () => {
  await team.take('dezernent', 'SUSPEND', { until: inDays(30), reason: 'REORGANISATION' });
  expect(await truths()).toEqual({
    editable: false,
    mayRate: false,
    isMyWork: false,
    refused: 'NotPossibleNow',
  });
  await team.take('dezernent', 'RESUME');
  expect(await truths()).toEqual({ editable: true, mayRate: true, isMyWork: true, refused: false });
});

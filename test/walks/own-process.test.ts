import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { DefinitionChecks } from '../../src/engine/publish/definition-checks.service.ts';
import { assignAuditors, administration } from '../audit/opening.ts';
import { openRound, roundStaff, setStage, versionOf, type Stage } from '../audit/support.ts';
import { bootApp, type Fields, type TestApp } from '../support/app.ts';
import { dayOf } from '../support/days.ts';

// The centre makes the shipped process its own. Koordination drafts, Wanda publishes; they are told as they work.
let stage: Stage;
let walk: TestApp;
let base: Fields;
let draft: Fields;
let definition: Fields;
let team: string;

beforeAll(async () => {
  stage = await setStage(administration, [...roundStaff, 'wanda', 'personalamt', 'anna', 'bora']);
  for (const name of ['koordination', 'wanda']) await stage.grant(name, 'OPENING_COORD');
  await stage.grant('personalamt', 'HR');
  walk = await bootApp(stage.database, 'probe');
  const { processDefinitions } = await walk.see(
    'koordination',
    '{ processDefinitions { id key version sha256 source } }',
  );
  base = processDefinitions.find(({ id }: Fields) => id === stage.definitionId);
}, 60_000);
afterAll(async () => {
  await walk?.close();
  await stage?.close();
});

const label = (de: string, en: string) => ({ de, en });
const renamed = {
  do: 'rename',
  what: 'state',
  name: 'live.course.preparation.commissioned',
  label: label('Auftrag liegt vor', 'Order received'),
};
const quicker = { do: 'changeDeadline', deadline: 'preparation', span: { workingDays: 3 } };
const secondLook = {
  do: 'insertStep',
  from: 'live.course.preparation.commissioned',
  on: 'NAME_TEAM',
  state: {
    name: 'secondLook',
    label: label('Zweiter Blick', 'Second look'),
    tasks: [
      { name: 'lookAgain', function: 'OPENING_COORD', label: label('Team ansehen', 'Look at the team') },
    ],
  },
  step: {
    name: 'LOOK_AGAIN',
    label: label('Team bestätigen', 'Confirm the team'),
    who: [{ function: 'OPENING_COORD' }],
  },
};
const careless = { do: 'changeRole', step: 'SIGN_OFF', who: [{ function: 'HEAD' }] };

const variant = (...changes: object[]) =>
  JSON.stringify({
    format: 'oa.variant/1',
    base: { key: base['key'], version: base['version'], sha256: base['sha256'] },
    key: 'our-way',
    version: 1,
    title: label('Öffnung bei uns', 'Opening, our way'),
    changes,
  });
const shown = `draft { id revision status sha256 iWroteOnIt returnedBecause
  check { faults { path message walk } hints { path } } }`;
const process = async (fields: string) =>
  (await walk.see('koordination', `{ process(id: "${team}") { ${fields} } }`))['process'];
const take = (who: string, step: string, payload?: object) =>
  walk.act(
    who,
    'takeStep',
    { processId: team, step, ...(payload && { payload }) },
    'process { stage stageLabel }',
  );

test('a draft says what is wrong with it and where, and is mended', async () => {
  const source = variant(renamed, quicker, secondLook, careless);
  draft = (await walk.does('koordination', 'draftDefinition', { source }, shown))['draft'];
  expect(draft['check'].faults).toEqual([
    {
      path: '$.changes[3].who[0]',
      message: 'Die vier Augen zu CLOSE_RATINGS gehen verloren.',
      walk: null,
    },
  ]);
  const seen = { draftId: draft['id'], expectedRevision: 1 };
  const refused = await walk.act('koordination', 'submitDraft', seen);
  expect(refused).toMatchObject({ __typename: 'InvalidInput', faults: [{ path: '$.changes[3].who[0]' }] });
  const mended = { ...seen, source: variant(renamed, quicker, secondLook) };
  draft = (await walk.does('koordination', 'rewriteDraft', mended, shown))['draft'];
  expect(draft).toMatchObject({ revision: 2, status: 'DRAFT', check: { faults: [] } });
  expect(await walk.act('koordination', 'rewriteDraft', mended)).toMatchObject({
    __typename: 'ChangedMeanwhile',
  });
});

test('a text that is checked without being kept shows the steps that lead to a fault', async () => {
  const source = JSON.parse(base['source']);
  source.version = 99;
  source.steps.GET_LOST = { label: label('Verlaufen', 'Get lost'), who: [{ function: 'HEAD' }] };
  source.states.live.states.course.states.notStarted.on.GET_LOST = [{ target: 'woods' }];
  source.states.live.states.course.states.woods = { label: label('Wald', 'Woods') };
  const query =
    'query ($source: String!) { checkDefinition(source: $source) { faults { path message walk } } }';
  const { checkDefinition } = await walk.see('koordination', query, { source: JSON.stringify(source) });
  expect(checkDefinition.faults).toEqual([
    {
      path: '$.states.live.states.course.states.woods',
      message: 'Sackgasse in ihrem Bereich: Nichts verlässt diesen Zustand (GET_LOST).',
      walk: ['GET_LOST'],
    },
  ]);
});

test('it is looked at before it is submitted, and stands from then on', async () => {
  const query = `{ definitionDraft(id: "${draft['id']}") { drawing(format: SVG) } }`;
  const { definitionDraft } = await walk.see('koordination', query);
  expect(definitionDraft.drawing).toContain('>Zweiter Blick<');
  const seen = { draftId: draft['id'], expectedRevision: 2 };
  draft = (await walk.does('koordination', 'submitDraft', seen, shown))['draft'];
  expect(draft).toMatchObject({ status: 'IN_REVIEW', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  const late = { draftId: draft['id'], expectedRevision: draft['revision'], source: variant(renamed) };
  expect(await walk.act('koordination', 'rewriteDraft', late)).toMatchObject({
    __typename: 'NotPossibleNow',
  });
});

test('neither its author nor anybody outside the centre publishes it; a second person does', async () => {
  const reviewed = { draftId: draft['id'], sha256: draft['sha256'] };
  const own = await walk.act('koordination', 'publishDraft', reviewed);
  expect([own.__typename, own.message]).toEqual(['NotAllowed', expect.stringContaining('Vier Augen')]);
  expect((await walk.act('personalamt', 'publishDraft', reviewed)).__typename).toBe('NotAllowed');
  const other = { ...reviewed, sha256: '0'.repeat(64) };
  expect((await walk.act('wanda', 'publishDraft', other)).__typename).toBe('ChangedMeanwhile');
  const published = await walk.does(
    'wanda',
    'publishDraft',
    reviewed,
    'definition { id key version sha256 title basedOn { id } }',
  );
  definition = published['definition'];
  expect(definition).toMatchObject({
    key: 'our-way',
    version: 1,
    sha256: draft['sha256'],
    title: 'Öffnung bei uns',
    basedOn: { id: base['id'] },
  });
  expect((await walk.act('wanda', 'publishDraft', reviewed)).__typename).toBe('NotPossibleNow');
});

test('a draft can be returned with the reason, and given up', async () => {
  const source = variant(quicker).replace('"version":1,"title"', '"version":2,"title"');
  const { draft: other } = await walk.does('wanda', 'draftDefinition', { source }, shown);
  const draftId = other.id;
  await walk.does('wanda', 'submitDraft', { draftId, expectedRevision: 1 });
  const reason = 'Drei Tage sind zu knapp.';
  const returned = await walk.does('koordination', 'returnDraft', { draftId, reason }, shown);
  expect(returned['draft']).toMatchObject({ status: 'DRAFT', sha256: null, returnedBecause: reason });
  await walk.does('wanda', 'discardDraft', { draftId, expectedRevision: returned['draft'].revision });
  const { definitionDrafts } = await walk.see('wanda', '{ definitionDrafts { id } }');
  expect(definitionDrafts).toEqual([]);
});

test('nobody waits for a check, and what changed meanwhile is not submitted', async () => {
  const source = variant(quicker).replace('"version":1,"title"', '"version":2,"title"');
  const { draft: other } = await walk.does('wanda', 'draftDefinition', { source }, shown);
  const draftId = other.id;
  const checks = walk.app.get(DefinitionChecks, { strict: false });
  const check = checks.check.bind(checks);
  checks.check = async (given) => {
    checks.check = check;
    await walk.does('koordination', 'rewriteDraft', { draftId, expectedRevision: 1, source });
    return check(given);
  };
  expect(await walk.act('wanda', 'submitDraft', { draftId, expectedRevision: 2 })).toMatchObject({
    __typename: 'ChangedMeanwhile',
  });
  await walk.does('wanda', 'submitDraft', { draftId, expectedRevision: 2 });
  await walk.does('koordination', 'returnDraft', { draftId, reason: 'Doch nicht.' });
  await walk.does('wanda', 'discardDraft', { draftId, expectedRevision: 4 });
});

test('a round starts with it, and a unit walks through what is different', async () => {
  const roundId = await openRound(stage, 'A1', definition['id']);
  await assignAuditors(stage, roundId, 'A1');
  const expectedVersion = await versionOf(stage, roundId);
  await walk.does('koordination', 'startRound', { roundId, expectedVersion, smallTeams: 'ALONE' });
  const { rows } = await stage.superuser.query(
    'select id from engine.process where scope_id = $1 and definition_id = $2',
    [stage.units.get('T1'), definition['id']],
  );
  team = rows[0].id;
  const began = await process('stageLabel definition { key } deadlines { name dueOn } startedAt');
  expect(began).toMatchObject({ stageLabel: 'Auftrag liegt vor', definition: { key: 'our-way' } });
  expect(began.deadlines).toMatchObject([{ name: 'preparation' }]);
  const days =
    (Date.parse(began.deadlines[0].dueOn) - Date.parse(dayOf(new Date(began.startedAt)))) / 86_400_000;
  expect(days).toBeLessThanOrEqual(10);

  const people = { ownerId: stage.persons.get('anna'), deputyId: stage.persons.get('bora') };
  expect(await take('teamleiter', 'NAME_TEAM', people)).toMatchObject({
    process: { stage: 'preparation.secondLook', stageLabel: 'Zweiter Blick' },
  });
  expect(await process('tasks { name function }')).toEqual({
    tasks: [{ name: 'lookAgain', function: 'OPENING_COORD' }],
  });
  expect((await process('drawing(format: SVG)')).drawing).toContain('>▶ Zweiter Blick<');
  expect((await take('teamleiter', 'LOOK_AGAIN')).__typename).toBe('NotAllowed');
  expect(await take('koordination', 'LOOK_AGAIN')).toMatchObject({
    process: { stage: 'preparation.teamNamed' },
  });
});

test('when the base has a new version, each change is held against it', async () => {
  const { draft: next } = await walk.does(
    'koordination',
    'draftDefinition',
    { basedOn: base['id'] },
    'draft { id version source }',
  );
  expect(next.version).toBe(base['version'] + 1);
  const source = JSON.parse(next.source);
  source.states.live.states.course.states.preparation.states.commissioned.label = label('Neu', 'New');
  const draftId = next.id;
  await walk.does('koordination', 'rewriteDraft', {
    draftId,
    expectedRevision: 1,
    source: JSON.stringify(source),
  });
  const { draft: sent } = await walk.does(
    'koordination',
    'submitDraft',
    { draftId, expectedRevision: 2 },
    'draft { sha256 }',
  );
  const { definition: newer } = await walk.does(
    'wanda',
    'publishDraft',
    { draftId, sha256: sent.sha256 },
    'definition { id }',
  );
  const query = `{ variantReport(definitionId: "${definition['id']}", baseId: "${newer.id}") {
    changes { index operation outcome faults { path } } source check { faults { path } } } }`;
  const { variantReport } = await walk.see('koordination', query);
  expect(variantReport.changes).toEqual([
    { index: 0, operation: 'rename', outcome: 'BASE_CHANGED_TOO', faults: [] },
    { index: 1, operation: 'changeDeadline', outcome: 'APPLIES', faults: [] },
    { index: 2, operation: 'insertStep', outcome: 'APPLIES', faults: [] },
  ]);
  expect(variantReport.check.faults).toEqual([]);
  expect(JSON.parse(variantReport.source)).toMatchObject({ version: 2, base: { version: source.version } });
});

test('retired, it starts nothing new, and what runs goes on', async () => {
  const reason = 'Version 2 gilt.';
  await walk.does('wanda', 'retireDefinition', { definitionId: definition['id'], reason });
  const { processDefinitions, catalogues } = await walk.see(
    'wanda',
    '{ processDefinitions { id retiredAt } catalogues { key editions { id } } }',
  );
  expect(processDefinitions.find(({ id }: Fields) => id === definition['id']).retiredAt).not.toBeNull();
  const { editions } = catalogues.find(({ key }: Fields) => key === 'administration');
  const round = {
    name: label('Runde', 'Round'),
    editionId: editions[0].id,
    definitionId: definition['id'],
    opensOn: '2026-01-01',
    closesOn: '2099-12-31',
    mandate: { title: 'Auftrag', reference: '1', decidedOn: '2020-01-01', body: 'Kreistag' },
    scope: { subtrees: [stage.units.get('D1')] },
  };
  expect((await walk.act('koordination', 'openRound', round)).__typename).toBe('NotPossibleNow');
  const items = [{ processId: v7(), scopeId: v7() }];
  const start = { definitionId: definition['id'], seriesId: null, items };
  const started = await stage.run(stage.as('koordination'), (tx) => stage.engine.start(tx, start));
  expect(started).toMatchObject({
    __typename: 'NotPossibleNow',
    message: { en: expect.stringContaining(reason) },
  });

  const informed = { representationsInformedOn: '2026-01-15' };
  expect(await take('koordination', 'CONFIRM_SCOPE', informed)).toMatchObject({
    process: { stage: 'preparation.kickedOff' },
  });
});

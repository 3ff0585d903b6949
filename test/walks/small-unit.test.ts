import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Subject } from './subject.ts';

// A team of seven below an office, headed by `tom`; Anna and Bora carry its process. Lea heads the office, Dora the
// directorate.
let team: Subject;

beforeAll(async () => {
  team = await Subject.begin({
    definition: 'opening-light',
    catalogue: 'administration',
    closesOn: '2027-12-31',
    units: [
      { code: 'T', level: 'L0', kind: 'SPI', head: 'lars' },
      { code: 'D', parent: 'T', level: 'L1', kind: 'DEZ', head: 'dora' },
      { code: 'A', parent: 'D', level: 'L2', kind: 'FAC', head: 'lea' },
      { code: 'A1', parent: 'A', level: 'L4', kind: 'FAC', headcount: 7, head: 'tom' },
    ],
    of: 'A1',
    head: 'tom',
    owner: 'anna',
    deputy: 'bora',
  });
}, 60_000);
afterAll(() => team?.close());

test('takes stock in four weeks, signed by somebody else than who closed it', async () => {
  await team.takes('tom', 'NAME_TEAM', { ownerId: team.person('anna'), deputyId: team.person('bora') });
  const informed = { representationsInformedOn: '2026-03-02' };
  expect(await team.takes('wanda', 'CONFIRM_SCOPE', informed)).toBe('inventory.selfAssessment');
  const { process } = await team.see('anna', 'process { deadlines { name dueOn } }');
  expect(process.deadlines).toEqual([{ name: 'selfAssessment', dueOn: '2026-03-30' }]);
  await team.rates(2);
  await team.takes('anna', 'CLOSE_RATINGS');
  expect(await team.signsOff()).toBe('review.submitted');
});

test('somebody from outside looks, a second one signs', async () => {
  await team.takes('jana', 'ACCEPT_SUBMISSION');
  await team.audits(2);
  expect(await team.takes('jana', 'SEND_DRAFT')).toMatchObject({
    reasons: ['Die Unterschrift der zweiten prüfenden Person fehlt.'],
  });
  await team.reports('Ein kleines Team mit klaren Zuständigkeiten.');
  expect(await team.takes('jana', 'SEND_DRAFT')).toBe('review.commentPeriod');
  team.on('2026-03-30');
  expect(await team.passes()).toContain('COMMENT_TIMEOUT');
  expect(await team.takes('wanda', 'PUBLISH_REPORT')).toBe('targets.drafting');
});

test('who is concerned co-signs, the next above approves, and nobody else', async () => {
  await team.undertakes('STE-01');
  expect(await team.takes('tom', 'SUBMIT_TARGETS')).toBe('targets.coSign');
  const { targetAgreement } = await team.see('dora', 'targetAgreement { contentHash }');
  const signature = { processId: team.id, as: 'DEZ', contentHash: targetAgreement.contentHash };
  await team.does('dora', 'coSignTargets', signature);
  expect(await team.takes('tom', 'APPROVE_TARGETS')).toMatchObject({ __typename: 'NotAllowed' });
  expect(await team.takes('lea', 'APPROVE_TARGETS')).toBe('implementation');
});

test('after a year it is reviewed and decided by vote, as any other unit', async () => {
  team.on('2027-04-01');
  expect(await team.passes()).toContain('FINAL_REVIEW_DUE');
  const advice = { recommendation: 'RECOGNISE', reason: 'Alle Schwellen sind erreicht.' };
  expect(await team.takes('jana', 'RECOMMEND', advice)).toBe('decision');
  const { ballot } = await team.see('vera', 'ballot { contentHash }');
  for (const who of ['vera', 'max'])
    await team.does(who, 'castVote', {
      processId: team.id,
      choice: 'FOR_FULL',
      contentHash: ballot.contentHash,
    });
  expect(await team.takes('vera', 'RECOGNISE', { reason: 'Einstimmig.' })).toBe('recognised.full');
});

test('the status shows it by the words of its own definition', async () => {
  const { status } = await team.walk.see('lars', '{ status { states { states { state label } } } }');
  const there = status.states.states.find(({ state }: { state: string }) => state === 'recognised.full');
  expect(there).toMatchObject({ label: 'Anerkannt' });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { isRefusal, refuse, type Actor } from '../../src/platform/index.ts';
import type { StepTaken } from '../../src/engine/index.ts';
import { cast, person, setStage, type Stage } from './support.ts';

let stage: Stage;
let people: Record<string, Actor>;
beforeAll(async () => {
  stage = await setStage();
  people = cast(stage);
});
afterAll(() => stage.close());

const uuid = v7();
const day = '2026-11-24';
const hash = 'a'.repeat(64);
const reason = { reason: 'weil' };

/** The whole way of one unit: who takes which step with what. */
const way: readonly (readonly [who: string, step: string, payload: object | undefined, to: string])[] = [
  ['LEAD', 'COMMISSION', undefined, 'preparation.commissioned'],
  ['HEAD', 'NAME_TEAM', { ownerId: uuid, deputyId: v7() }, 'preparation.teamNamed'],
  ['OPENING_COORD', 'CONFIRM_SCOPE', { representationsInformedOn: day }, 'preparation.kickedOff'],
  ['OWNER', 'OPEN_SELF_ASSESSMENT', undefined, 'inventory.selfAssessment'],
  ['OWNER', 'CLOSE_RATINGS', undefined, 'inventory.consensus'],
  ['HEAD', 'SIGN_OFF', { contentHash: hash }, 'inventory.submitted'],
  [
    'AUDLEAD',
    'RETURN_INCOMPLETE',
    { criteria: [{ criterionId: uuid, ...reason }] },
    'inventory.selfAssessment',
  ],
  ['OWNER', 'CLOSE_RATINGS', undefined, 'inventory.consensus'],
  ['HEAD', 'SIGN_OFF', { contentHash: hash }, 'inventory.submitted'],
  ['AUDLEAD', 'ACCEPT_SUBMISSION', undefined, 'review.desk'],
  ['AUD', 'REQUEST_EVIDENCE', { items: [{ criterionId: uuid, text: 'Beleg' }] }, 'review.evidencePending'],
  ['OWNER', 'EVIDENCE_PROVIDED', undefined, 'review.desk'],
  ['AUDLEAD', 'SCHEDULE_VISIT', { plannedOn: day, plan: 'Gespräche' }, 'review.siteVisit'],
  ['AUDLEAD', 'VISIT_DONE', { openingTalkOn: day, closingTalkOn: day }, 'review.draftReport'],
  ['AUDLEAD', 'SEND_DRAFT', undefined, 'review.commentPeriod'],
  ['HEAD', 'COMMENT', { text: 'Einverstanden' }, 'review.finalReport'],
  ['OPENING_COORD', 'PUBLISH_REPORT', { visibility: 'INTERNAL' }, 'targets.drafting'],
  ['HEAD', 'SUBMIT_TARGETS', undefined, 'targets.coSign'],
  ['NEXT_ABOVE', 'APPROVE_TARGETS', undefined, 'implementation.running'],
  ['HEAD', 'REQUEST_FINAL_REVIEW', undefined, 'finalReview'],
  ['AUDLEAD', 'RECOMMEND', { recommendation: 'RECOGNISE', ...reason }, 'decision.pending'],
  ['BOARD', 'RECOGNISE', reason, 'recognised.full'],
];

async function walkTo(target: string): Promise<string> {
  const [id] = (await stage.start()) as [string];
  stage.world.facts.set(id, { 'signatures.missing': 1, 'votes.outcome': 'RECOGNISE' });
  for (const [who, step, payload, to] of way) {
    const taken = await stage.take(people[who]!, id, step, payload);
    if (isRefusal(taken)) throw new Error(`${step}: ${taken.message.en}`);
    expect(taken.process.stage).toBe(to);
    if (to === 'targets.coSign' && target !== to) await sign(id);
    if (to === target) return id;
  }
  throw new Error(`no way to ${target}`);
}

async function sign(id: string): Promise<void> {
  Object.assign(stage.world.facts.get(id)!, { 'signatures.missing': 0 });
  const followed = await stage.run(people.HR!, async (tx) => [
    ...((await stage.engine.settle(tx, id)) as string[]),
  ]);
  expect(followed).toEqual(['ALL_SIGNED']);
}

describe('a process', () => {
  test('goes its whole way, and the automatic step follows in the transaction of the last signature', async () => {
    const id = await walkTo('recognised.full');
    const { rows } = await stage.superuser.query<{ step: string; seq: number; account_id: string }>(
      'select seq, step, account_id from engine.log_entry where process_id = $1 order by seq',
      [id],
    );
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_row, i) => i + 1));
    expect(rows.map(({ step }) => step)).toEqual([
      '$start',
      ...way.slice(0, 18).map(([, step]) => step),
      'ALL_SIGNED',
      ...way.slice(18).map(([, step]) => step),
    ]);
  });

  test('starts by the thousand in one command, its first step included', async () => {
    const items = Array.from({ length: 5000 }, () => ({ processId: v7(), scopeId: v7() }));
    const start = { definitionId: stage.definitionId, seriesId: v7(), items, first: { step: 'COMMISSION' } };
    const started = await stage.run(people.LEAD!, async (tx) => {
      const rows = await stage.engine.start(tx, start);
      return isRefusal(rows) ? rows : { count: rows.length, stage: rows.at(-1)!.stage };
    });
    expect(started).toEqual({ count: 5000, stage: 'preparation.commissioned' });
    const { rows } = await stage.superuser.query(
      'select count(*)::int, count(distinct head)::int as heads from engine.process where series_id = $1',
      [start.seriesId],
    );
    expect(rows[0]).toEqual({ count: 5000, heads: 5000 });
  }, 60_000);

  test('is moved by exactly one of 50 simultaneous identical steps', async () => {
    const [id] = (await stage.start()) as [string];
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => stage.take(people.LEAD!, id, 'COMMISSION', undefined, 1)),
    );
    const names = outcomes.map((outcome) => (isRefusal(outcome) ? outcome.__typename : 'taken'));
    expect(names.filter((name) => name === 'taken')).toHaveLength(1);
    expect(new Set(names)).toEqual(new Set(['taken', 'ChangedMeanwhile']));
  });
});

import { expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { changesIn, jobsOf, mostNotices, noticeId, noticesOf, type OutboxRow } from './relay.rules.ts';

const rows = (count: number, tenant: string, backdated = false): OutboxRow[] =>
  Array.from({ length: count }, (_, no) => ({
    tenant,
    processId: v7(),
    seq: 3,
    no,
    kind: 'told',
    backdated,
    body: { to: ['HEAD'] },
  }));

test('what is taken together is one job for each administration, as long as it is not too much', () => {
  const taken = [...rows(mostNotices + 1, 'a'), ...rows(2, 'b'), ...rows(3, 'b', true)];
  const jobs = jobsOf(taken);
  expect(jobs.map(({ data }) => [data.tenant, noticesOf(data).length])).toEqual([
    ['a', mostNotices],
    ['a', 1],
    ['b', 2],
  ]);
  const held = jobs.flatMap(({ data }) => noticesOf(data).map(noticeId));
  expect(held).toEqual(taken.filter(({ backdated }) => !backdated).map(noticeId));
});

test('a notice alone gives its job its id, and a batch has another than any of its notices', () => {
  const [job] = jobsOf(rows(1, 'a'));
  expect(job!.id).toBe(noticeId(noticesOf(job!.data)[0]!));
  const [batch] = jobsOf(rows(2, 'a'));
  expect(noticesOf(batch!.data).map(noticeId)).not.toContain(batch!.id);
});

test('a job of an older release is one notice', () => {
  const notice = { processId: v7(), seq: 3, no: 0, kind: 'told', to: ['HEAD'] };
  expect(noticesOf({ tenant: 'a', ...notice })).toEqual([notice]);
});

test('changes are those that an administration is named with', () => {
  const nothing = { snapshot: '7:7:', tenant: null, named: null, commands: false };
  expect(changesIn([nothing])).toEqual([]);
  const id = v7();
  const changes = changesIn([
    { ...nothing, tenant: 'a', named: `${id}:4` },
    { ...nothing, tenant: 'b', commands: true },
  ]);
  expect(changes).toEqual([
    { tenant: 'a', processes: [{ id, seq: 4 }], commands: false },
    { tenant: 'b', processes: [], commands: true },
  ]);
});

import { describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { RateLimiter } from '../../platform/async/rate-limiter.ts';
import { anythingSince, newsOf, payloadsOf, type LiveChange } from './live.rules.ts';
import { Watch, Watches, type Wanted } from './watch.ts';

const snapshot = '700:710:702,705';
const processes = (count: number) => Array.from({ length: count }, (_, seq) => ({ id: v7(), seq: seq + 1 }));

describe('what changed', () => {
  test('reads as it was written, in payloads that PostgreSQL takes; the last one closes the batch', () => {
    const changes: LiveChange[] = Array.from({ length: 7 }, (_, n) => ({
      tenant: v7(),
      processes: processes(n * 40),
      commands: n % 2 === 0,
    }));
    const payloads = payloadsOf(changes, snapshot);
    expect(payloads.length).toBeGreaterThan(1);
    expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThan(8000);
    const news = payloads.map((payload) => newsOf([payload]));
    expect(news.map(({ told }) => told)).toEqual([...payloads.slice(1).map(() => undefined), snapshot]);
    expect(newsOf(payloads)).toEqual({ changes, told: snapshot });
  });

  test('names no process when it is too many', () => {
    const many = { tenant: 'a', processes: processes(1001), commands: true };
    const payloads = payloadsOf([many], snapshot);
    expect(newsOf(payloads).changes).toEqual([{ tenant: 'a', processes: 'many', commands: true }]);
  });

  test('may be anything when one of several payloads says so', () => {
    const named = payloadsOf([{ tenant: 'a', processes: processes(1), commands: false }], '7:7:');
    expect(newsOf([...named, anythingSince(snapshot)])).toEqual({ changes: undefined, told: snapshot });
  });
});

test('of what moved, only processes that are watched matter while nobody watches more', () => {
  const watches = new Watches();
  const watching = (wanted: Partial<Wanted>) =>
    watches.add(new Watch({ tenant: 'a', ...wanted }, new RateLimiter(100, 100), () => {}));
  const moved = processes(3);
  watching({ process: moved[1]!.id });
  watching({ tenant: 'b' });
  expect(watches.wanted('a', moved)).toEqual([moved[1]]);
  watching({ series: v7() });
  expect(watches.wanted('a', moved)).toEqual(moved);
});

test('a command without a step is told although a process moved at the same time that the reader does not want', async () => {
  const watches = new Watches();
  const watching = (commands: boolean) => {
    const watch = new Watch(
      { tenant: 'a', wants: () => false, commands },
      new RateLimiter(100, 100),
      () => {},
    );
    watches.add(watch);
    return watch;
  };
  const [ofCommands, ofSteps] = [watching(true), watching(false)];
  watches.tell('a', [{ id: v7(), seq: 2, scopeId: v7(), seriesId: null }], true);
  expect((await ofCommands.next()).value.changed).toBe('much');
  const none = ofSteps.next();
  await ofSteps.return();
  expect((await none).done).toBe(true);
});

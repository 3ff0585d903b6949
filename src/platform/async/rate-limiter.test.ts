import { expect, jest, test } from '@jest/globals';
import { RateLimiter } from './rate-limiter.ts';

test('lets a burst pass, then so many a second, in the order they came', async () => {
  jest.useFakeTimers({ now: 0 });
  const pace = new RateLimiter(10, 3);
  const passed: number[] = [];
  for (let i = 0; i < 6; i += 1) void pace.turn().then(() => passed.push(i));
  await jest.advanceTimersByTimeAsync(0);
  expect(passed).toEqual([0, 1, 2]);
  await jest.advanceTimersByTimeAsync(101);
  expect(passed).toEqual([0, 1, 2, 3]);
  await jest.advanceTimersByTimeAsync(1000);
  expect(passed).toEqual([0, 1, 2, 3, 4, 5]);
  jest.useRealTimers();
});

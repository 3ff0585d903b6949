import { expect, test } from '@jest/globals';
import { Shares } from './shares.ts';

test('one has so many at once, the others have theirs all the same', async () => {
  const shares = new Shares(2);
  const at = { ann: 0, bob: 0 };
  const most = { ann: 0, bob: 0 };
  const ends: (() => void)[] = [];
  const ask = (who: 'ann' | 'bob') =>
    shares.take(who, async () => {
      most[who] = Math.max(most[who], (at[who] += 1));
      await new Promise<void>((resolve) => ends.push(resolve));
      at[who] -= 1;
    });
  const asked = [ask('ann'), ask('ann'), ask('ann'), ask('bob')];
  expect(ends).toHaveLength(3);
  expect(at).toEqual({ ann: 2, bob: 1 });
  for (let i = 0; i < asked.length; i += 1) {
    while (ends.length === 0) await Promise.resolve();
    ends.shift()!();
    await Promise.resolve();
  }
  await Promise.all(asked);
  expect(most).toEqual({ ann: 2, bob: 1 });
});

test('what fails gives its turn back', async () => {
  const shares = new Shares(1);
  await expect(shares.take('ann', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(shares.take('ann', async () => 'yes')).resolves.toBe('yes');
});

import { afterAll, describe, expect, test } from '@jest/globals';
import { SideThread, SideThreadStopped } from './side-thread.ts';

/** Code of a thread, as a file of its own. */
const file = (work: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', async (question) => {
      const work = ${work};
      try { parentPort.postMessage({ answer: await work(question) }); }
      catch (error) { parentPort.postMessage({ fault: String(error) }); }
    });`)}`,
  );
const threads: SideThread<unknown, unknown>[] = [];
const thread = (work: string, milliseconds = 20_000, megabytes = 64) => {
  const made = new SideThread<unknown, unknown>(file(work), { milliseconds, megabytes });
  threads.push(made);
  return made;
};
afterAll(() => Promise.all(threads.map((one) => one.close())));

describe('a side thread', () => {
  test('answers each question, in order', async () => {
    const double = thread('(n) => 2 * n');
    expect(await Promise.all([1, 2, 3].map((n) => double.ask(n)))).toEqual([2, 4, 6]);
  });

  test('is stopped when it takes too long, while the server goes on, and answers the next question', async () => {
    const hang = thread('(hangs) => { while (hangs); return 1; }', 3000);
    let ticks = 0;
    const tick = setInterval(() => (ticks += 1), 20);
    await expect(hang.ask(true)).rejects.toMatchObject({ isLate: true });
    clearInterval(tick);
    expect(ticks).toBeGreaterThan(20);
    expect(await hang.ask(false)).toBe(1);
  });

  test('is stopped when it takes too much memory', async () => {
    const greedy = thread(
      '() => { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)); }',
      20_000,
      16,
    );
    await expect(greedy.ask(0)).rejects.toMatchObject({ isLate: false });
  });

  test('tells an error as one of its own', async () => {
    const broken = thread('() => { throw new Error("broken"); }');
    await expect(broken.ask(0)).rejects.toThrow('broken');
    await expect(broken.ask(0)).rejects.not.toThrow(SideThreadStopped);
  });
});

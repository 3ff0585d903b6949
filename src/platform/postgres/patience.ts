import { setTimeout as pause } from 'node:timers/promises';

/** What passes by itself: nobody listens yet, the server starts or ends, has no place left, or the line was cut. */
const passing = new Set(
  'ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH EAI_AGAIN 57P01 57P02 57P03 53300 08006 08003'.split(
    ' ',
  ),
);
const cut = /timeout expired|Connection terminated/;
const pauseMs = 500;

function mayPass(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(mayPass);
  const { code, message } = error as { code?: string; message?: string };
  return passing.has(code ?? '') || cut.test(message ?? '');
}

/**
 * Does something with a database that may not be up yet or whose line may be cut: again and again until it succeeds,
 * for at most `waitMs`. `say` hears once that it waits, and why.
 * @throws whatever was thrown last; at once, when it is nothing that passes
 */
export async function patiently<T>(
  waitMs: number,
  work: () => Promise<T>,
  say: (why: string) => void,
): Promise<T> {
  const until = performance.now() + waitMs;
  for (let times = 0; ; times += 1) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error) || performance.now() >= until) throw error;
      const first = error instanceof AggregateError ? error.errors[0] : error;
      if (times === 0) say((first as Error).message);
      await pause(pauseMs);
    }
  }
}

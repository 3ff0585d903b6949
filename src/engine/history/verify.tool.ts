import type { INestApplicationContext } from '@nestjs/common';
import { Verifier } from './verifier.service.ts';

/** `npm run verify`: replays every log; names process and step of every difference, and ends with 1 if there is one. */
export async function verify(app: INestApplicationContext): Promise<number> {
  const { processes, entries, erased, differences } = await app.get(Verifier, { strict: false }).run();
  for (const { administration, processId, step, what } of differences)
    console.error(`${administration} ${processId}${step ? ` step ${step}` : ''}: ${what}`);
  console.log(
    `${processes} processes with ${entries} steps replayed, ${erased} payloads erased, ${differences.length} differences.`,
  );
  return differences.length > 0 ? 1 : 0;
}

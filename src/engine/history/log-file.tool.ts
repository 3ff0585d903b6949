import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { LogFileCheck } from './log-file.rules.ts';

/**
 * `npm run verify:log -- FILE`: checks an exported log (`oa.log/1`) without any database. Names process and step of
 * every difference and every fault of the file; ends with 1 if there is one.
 */
export async function verifyLog([file]: readonly string[]): Promise<number> {
  if (!file) {
    console.error('Which file? npm run verify:log -- log.oalog.ndjson');
    return 1;
  }
  const check = new LogFileCheck();
  const input = createReadStream(file, 'utf8');
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) check.take(line);
  } catch (error) {
    console.error(`${file} cannot be read: ${(error as Error).message}`);
    return 1;
  }
  const { processes, entries, differences, faults } = check.finish();
  for (const fault of faults) console.error(fault);
  for (const { processId, step, what } of differences)
    console.error(`${processId}${step ? ` step ${step}` : ''}: ${what}`);
  console.log(
    `${processes} processes with ${entries} steps replayed, ${differences.length} differences, ${faults.length} faults of the file.`,
  );
  return differences.length + faults.length > 0 ? 1 : 0;
}

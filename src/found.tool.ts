// npm run found -- <file>: founds an administration, once, on an installation without the demo.
import type { INestApplicationContext } from '@nestjs/common';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { foundAdministration } from './founding.ts';
import { BootFault } from './platform/words/boot-fault.ts';
import type { Config } from './platform/config.ts';
import { keyHolders } from './responsibility/index.ts';

const administration = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/),
  name: z.string().min(1).max(200),
  zone: z.string().default('Europe/Berlin'),
  federalState: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .default('NW'),
  founders: z
    .array(
      z.strictObject({
        key: z.string().min(1).max(200),
        name: z.string().min(1).max(200),
        mail: z.email().optional(),
        functions: z.array(z.enum(['HR', 'ADMIN', 'OPENING_COORD'])).min(1),
      }),
    )
    .min(1),
});

/** Reads the administration and its first people from a YAML file as docs/operation.md shows it. */
export async function found(
  open: () => Promise<INestApplicationContext>,
  config: Config,
  [file]: readonly string[],
): Promise<number> {
  const { founders, ...founded } = read(file);
  const { ownerUrl } = config.database;
  if (!ownerUrl) throw new BootFault('Set DATABASE_OWNER_URL: only the owner founds an administration.');
  const { tenant, isNew, holders } = await foundAdministration(await open(), ownerUrl, founded, founders);
  console.log(
    isNew
      ? `${founded.name} is founded as ${founded.key} (${tenant}).`
      : `${founded.key} (${tenant}) was founded before: nobody was granted anything now.`,
  );
  for (const [fn, count] of Object.entries(holders))
    if (count < keyHolders)
      console.log(
        `Only ${count} of the ${keyHolders} people needed ${count === 1 ? 'holds' : 'hold'} ${fn} for good: ${isNew ? 'grant it to another one soon' : `npm run rescue -- ${founded.key} KEY ${fn} "reason"`}.`,
      );
  return 0;
}

function read(file: string | undefined): z.infer<typeof administration> {
  if (!file) throw new BootFault('Name the file: npm run found -- <file>.');
  try {
    return administration.parse(parse(readFileSync(file, 'utf8'), { maxAliasCount: 0 }));
  } catch (error) {
    const faults = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new BootFault(`${file} does not describe an administration: ${faults}`);
  }
}

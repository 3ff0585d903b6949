import type { INestApplicationContext } from '@nestjs/common';
import { DueSteps } from './due-steps.service.ts';

/** `npm run due`: takes what is due and says what; 1 when something due could not be done. */
export async function due(app: INestApplicationContext): Promise<number> {
  const { taken, refused } = await app.get(DueSteps, { strict: false }).run();
  for (const { processId, deadline, step } of taken) console.log(`${processId} ${deadline}: ${step}`);
  for (const { processId, deadline, message } of refused)
    console.error(`${processId} ${deadline}: ${message.en}`);
  console.log(`${taken.length} due steps taken, ${refused.length} not possible.`);
  return refused.length > 0 ? 1 : 0;
}

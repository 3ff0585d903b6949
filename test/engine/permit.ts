import { isRefusal } from '../../src/platform/index.ts';
import { permit } from './permit-definition.ts';
import { person, type Stage } from './support.ts';

/** Publishes the permit on the stage; its definition's id. */
export async function publishPermit(stage: Stage): Promise<string> {
  const published = await stage.run(person(stage), async (tx) => {
    const id = await stage.definitions.publish(tx, JSON.stringify(permit()));
    return isRefusal(id) ? id : { id };
  });
  if (isRefusal(published)) throw new Error(JSON.stringify(published));
  return published.id;
}

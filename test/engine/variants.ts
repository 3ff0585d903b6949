import { readFile } from 'node:fs/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { v7 } from 'uuid';
import { Definitions } from '../../src/engine/index.ts';
import { Commands, isRefusal, systemActor } from '../../src/platform/index.ts';
import { actorWith } from '../support/services.ts';
import type { Stage } from './support.ts';

type Node = Record<string, any>;

/** `opening` with a state renamed, a region more, and another span: what a next version may bring. */
export async function nextOpening(): Promise<Node> {
  const file = new URL('../../data/processes/opening-2.json', import.meta.url);
  const text = (await readFile(file, 'utf8')).replace(/(?<=[".])desk(?=")/g, 'reading');
  const definition: Node = { ...JSON.parse(text), version: 9000 };
  const note = { de: 'Merkzettel', en: 'Note' };
  definition.steps.PIN_NOTE = { label: note, who: [{ function: 'OWNER' }] };
  definition.steps.UNPIN_NOTE = { label: note, who: [{ function: 'OWNER' }] };
  definition.deadlines.deskReview.span = { workingDays: 30 };
  definition.states.live.states.note = {
    initial: 'none',
    states: {
      none: { label: note, on: { PIN_NOTE: [{ target: 'pinned' }] } },
      pinned: { label: note, on: { UNPIN_NOTE: [{ target: 'none' }] } },
    },
  };
  return definition;
}

/** Publishes it past the two persons that a draft needs, on a whole server. */
export async function publishNext(app: INestApplicationContext, tenant: string): Promise<string> {
  const definition = JSON.stringify(await nextOpening());
  const commands = app.get(Commands, { strict: false });
  const definitions = app.get(Definitions, { strict: false });
  const request = { name: 'test', commandId: v7(), input: null };
  const published = await commands.run(systemActor(tenant), request, async (tx) => {
    tx.permit(true);
    return definitions.publish(tx, definition);
  });
  if (isRefusal(published)) throw new Error(JSON.stringify(published));
  return published;
}

/** Publishes it; the definition's id. */
export async function published(stage: Stage, definition: Node): Promise<string> {
  const clerk = actorWith(stage.tenant);
  const outcome = await stage.run(clerk, async (tx) => {
    const id = await stage.definitions.publish(tx, JSON.stringify(definition));
    return isRefusal(id) ? id : { id };
  });
  if (isRefusal(outcome)) throw new Error(JSON.stringify(outcome));
  return (outcome as { id: string }).id;
}

import type { INestApplicationContext } from '@nestjs/common';
import { DueWatch } from '../engine/index.ts';
import type { Config } from '../platform/index.ts';
import { DemoSignIn } from './sign-in/demo-sign-in.service.ts';
import { loadDemo } from './story/load-demo.ts';

/** Loads the demo administration while the server can already be asked; says when it is there. */
export async function loadBeside(app: INestApplicationContext, config: Config): Promise<void> {
  const { ownerUrl } = config.database;
  if (!ownerUrl) return;
  const began = Date.now();
  // What fell due in a history is told with it, at its own moment; until it is told to its end nobody else does it.
  const watch = app.get(DueWatch, { strict: false });
  await watch.stop();
  let saidAt = began;
  const outcome = await loadDemo(app, ownerUrl, app.get(DemoSignIn, { strict: false }).issuer, (told, of) => {
    if (Date.now() - saidAt < 5000) return;
    saidAt = Date.now();
    console.log(`The demo administration is loading: ${told} of ${of} units (${seconds(began)} s).`);
  });
  watch.start();
  if (outcome === 'loaded') console.log(`The demo administration is loaded (${seconds(began)} s).`);
}

const seconds = (began: number): number => Math.round((Date.now() - began) / 1000);

import helmet from '@fastify/helmet';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { LogLevel } from '@nestjs/common';
import { AppModule } from './app.module.ts';
import { DueWatch } from './engine/index.ts';
import { DemoSignIn } from './identity/index.ts';
import type { Config } from './platform/index.ts';

const levels: LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug'];

/** The whole server on a database that is there, not yet listening. */
export async function createApp(config: Config): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: 1024 * 1024,
    trustProxy: false,
    forceCloseConnections: true,
  });
  const logger = levels.slice(0, levels.indexOf(config.settings.logLevel) + 1);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), adapter, {
    logger,
    abortOnError: false,
  });
  await app.register(helmet);
  return app;
}

/** What the server does once it answers: the demo administration loads while it can already be asked. */
export async function afterListening(app: NestFastifyApplication, config: Config): Promise<void> {
  const { ownerUrl } = config.database;
  if (config.settings.profile !== 'demo' || !ownerUrl) return;
  const { loadDemo } = await import('./demo/load-demo.ts');
  const began = Date.now();
  // What fell due in a history is told with it, at its own moment; until it is told to its end nobody else does it.
  const watch = app.get(DueWatch, { strict: false });
  await watch.stop();
  const outcome = await loadDemo(app, ownerUrl, app.get(DemoSignIn, { strict: false }).issuer);
  watch.start();
  if (outcome === 'loaded')
    console.log(`The demo administration is loaded (${Math.round((Date.now() - began) / 1000)} s).`);
}

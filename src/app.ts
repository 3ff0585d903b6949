import helmet from '@fastify/helmet';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { LogLevel } from '@nestjs/common';
import { AppModule } from './app.module.ts';
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

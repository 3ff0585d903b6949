// npm run verify | verify:log | due | token | found | rescue | backup | restore: commands beside the server, on the same database and settings.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { BootFault } from './platform/words/boot-fault.ts';
import { Config, readSettings } from './platform/config.ts';
import { openDatabase } from './platform/postgres/database.ts';

/** Prints its own lines and gives the exit code. */
type Tool = (
  open: () => Promise<INestApplicationContext>,
  config: Config,
  args: readonly string[],
) => Promise<number>;
type RoomTool = (app: INestApplicationContext, args: readonly string[]) => Promise<number>;

const inApp =
  (tool: RoomTool): Tool =>
  async (open, _config, args) =>
    tool(await open(), args);

/** One line for each command; what it needs is loaded when it is asked for. */
const tools: Readonly<Record<string, () => Promise<Tool>>> = {
  found: async () => (await import('./found.tool.ts')).found,
  rescue: async () => (await import('./rescue.tool.ts')).rescue,
  verify: async () => inApp((await import('./engine/history/verify.tool.ts')).verify),
  due: async () => inApp((await import('./engine/steps/due.tool.ts')).due),
  token: async () => inApp((await import('./demo/sign-in/token.tool.ts')).token),
  backup: async () => (await import('./platform/postgres/backup.tool.ts')).backup,
  restore: async () => (await import('./platform/postgres/backup.tool.ts')).restore,
};

/** What needs no database, so that whoever received a file can check it anywhere. */
const offline: Readonly<Record<string, () => Promise<(args: readonly string[]) => Promise<number>>>> = {
  'verify-log': async () => (await import('./engine/history/log-file.tool.ts')).verifyLog,
};

async function run([name = '', ...args]: readonly string[]): Promise<number> {
  if (Object.hasOwn(offline, name)) return (await offline[name]!())(args);
  const load = Object.hasOwn(tools, name) ? tools[name] : undefined;
  const names = [...Object.keys(tools), ...Object.keys(offline)].join(', ');
  if (!load) throw new BootFault(`There is no command ${name}; there are ${names}.`);
  const settings = readSettings();
  if (name === 'token' && settings.profile !== 'demo')
    throw new BootFault(
      'Tokens are made in the demo profile alone; elsewhere your sign-in service makes them.',
    );
  const database = await openDatabase(settings);
  const config = new Config(settings, database.urls);
  let app: INestApplicationContext | undefined;
  try {
    return await (
      await load()
    )(async () => (app = await openApp(config)), config, args);
  } finally {
    await app?.close();
    await database.close();
  }
}

async function openApp(config: Config): Promise<INestApplicationContext> {
  const { AppModule } = await import('./app.module.ts');
  return NestFactory.createApplicationContext(AppModule.with(config), {
    logger: ['fatal', 'error', 'warn'],
    abortOnError: false,
  });
}

// A command that is cut off rolls back; the database's guard sees our end.
process.on('disconnect', () => process.exit(1));
process.channel?.unref();

run(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof BootFault ? error.message : (error as Error).stack);
    process.exit(1);
  },
);

import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Background } from './platform/async/background.service.ts';
import { BootFault } from './platform/words/boot-fault.ts';
import { Config, readSettings, type Settings } from './platform/config.ts';
import { openDatabase } from './platform/postgres/database.ts';

const patienceMs = 10_000;

let isEnding = false;

// Before the server is up there is nothing to finish: the database's guard sees our end and stops it.
let stop = async (): Promise<void> => {};

async function start(): Promise<void> {
  const settings = readSettings();
  // Loading the rooms takes as long as starting the embedded database, so both happen at once. A foreign one is asked
  // first: loading keeps this thread busy for seconds, in which a connection's time would run out unseen.
  const opening = openDatabase(settings);
  if (settings.foreignDatabase) await opening;
  const [database, { createApp }, demo] = await Promise.all([
    opening,
    import('./app.ts'),
    settings.profile === 'demo' ? import('./demo/index.ts') : undefined,
  ]);
  // The server's process never knows the role that reads past row-level security.
  const config = new Config(settings, { ...database.urls, backupUrl: undefined });
  const app = await createApp(config);
  stop = async () => {
    app.useLogger(false); // Its sender repeats a request that is cut off now, so the log need not report it.
    await app.close();
    await database.close();
  };
  await listen(app, settings);
  await app.get(Background).start();
  void database.ended.then(() =>
    end('The embedded database ended unexpectedly; start again and it recovers.'),
  );
  process.send?.('open'); // to whoever started us and waits for it
  console.log(`Offenes Amt is open at ${settings.origin}/graphql`);
  if (demo) for (const line of await app.get(demo.DemoSignIn).introduction()) console.log(line);
  if (!demo && !settings.foreignDatabase)
    console.log('The embedded database is for trial; set DATABASE_URL to a PostgreSQL that is looked after.');
  if (!settings.smtpUrl)
    console.log('No mail server is set (SMTP_URL): mails are kept as failed deliveries (failedDeliveries).');
  // The server stays: what is told so far can be asked, and the next start goes on telling.
  await demo?.loadBeside(app, config).catch((error: Error) => {
    if (!isEnding) console.error(`The demo administration is not loaded to its end: ${error.message}`);
  });
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'it is in use',
  EACCES: 'that needs special rights',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'this machine has no such name',
};

async function listen(app: NestFastifyApplication, { port, host }: Settings): Promise<void> {
  await app.init();
  try {
    await app.getHttpAdapter().getInstance().listen({ port, host }); // Nest's own would log a stack first
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''];
    throw reason ? new BootFault(`Cannot listen at ${host}:${port}: ${reason}; set PORT or HOST.`) : error;
  }
}

/** Stops the server, then the database; with a fault the exit code is 1. Nothing acknowledged is lost on the way. */
async function end(fault?: string): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  if (fault) console.error(fault);
  process.exitCode = fault ? 1 : 0; // even if stopping waits for something that never comes
  setTimeout(() => process.exit(1), patienceMs).unref();
  await stop();
  process.exit();
}

// npm does not hand SIGTERM on; our launcher's end reaches us through its channel.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.on(signal, () => void end());
process.channel?.unref();

start().catch((error: unknown) =>
  end(error instanceof BootFault ? error.message : String((error as Error).stack)),
);

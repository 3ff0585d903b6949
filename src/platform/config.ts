import { Injectable } from '@nestjs/common';
import { resolve } from 'node:path';
import { z } from 'zod';
import { BootFault } from './words/boot-fault.ts';

/** Who may sign people in: `tenant` is the key of the administration whose accounts this issuer vouches for. */
const issuer = z.strictObject({
  issuer: z.url({ protocol: /^https?$/ }),
  tenant: z.string().min(1),
  /** Where its keys are; by default they are found through the issuer's discovery document. */
  jwksUri: z.url({ protocol: /^https?$/ }).optional(),
  /** Its public keys themselves, where the server may not call out. */
  jwks: z.strictObject({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) }).optional(),
  audience: z.string().min(1).default('offenes-amt'),
  /** The claim that holds the person's key in the administration's own register. */
  personKeyClaim: z.string().min(1).default('sub'),
});

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });
const wholeNumber = (from: number, to: number) => z.coerce.number().int().min(from).max(to);
const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue('no JSON');
    return z.NEVER;
  }
});

interface Key<T = unknown> {
  readonly schema: z.ZodType<T>;
  /** Completes the sentence "NAME must …" when the value does not fit. */
  readonly must: string;
  /** Its value is a secret and never repeated in a message. */
  readonly secret?: true;
}
const key = <T>(schema: z.ZodType<T>, must: string, secret?: true): Key<T> => ({
  schema,
  must,
  ...(secret && { secret }),
});
const aPostgresUrl = 'be a PostgreSQL address such as postgres://name:password@host:5432/database';

/** Every environment variable that is read, anywhere. docs/operation.md explains them in the same order. */
const keys = {
  PROFILE: key(z.enum(['demo', 'production']).optional(), 'be demo or production'),
  PORT: key(wholeNumber(1, 65535).default(4000), 'be a port from 1 to 65535'),
  HOST: key(z.union([z.ipv4(), z.ipv6(), z.hostname()]).default('127.0.0.1'), 'be an address or a host name'),
  DATA_DIR: key(z.string().default('.data'), 'be a folder'),
  DATABASE_URL: key(postgresUrl.optional(), aPostgresUrl, true),
  DATABASE_OWNER_URL: key(postgresUrl.optional(), aPostgresUrl, true),
  DATABASE_LISTEN_URL: key(postgresUrl.optional(), aPostgresUrl, true),
  BACKUP_DATABASE_URL: key(postgresUrl.optional(), aPostgresUrl, true),
  DATABASE_WAIT_S: key(wholeNumber(0, 3600).default(30), 'be a whole number of seconds from 0 to 3600'),
  ISSUERS: key(
    json.pipe(z.array(issuer)).default([]),
    'be a JSON list such as [{"issuer": "https://sso.example", "tenant": "region"}]',
  ),
  SMTP_URL: key(
    z.url({ protocol: /^smtps?$/ }).optional(),
    'be a mail server such as smtp://name:password@mail.example:587',
    true,
  ),
  MAIL_FROM: key(z.email().optional(), 'be the address that mails come from'),
  PUBLIC_URL: key(
    z.url({ protocol: /^https?$/ }).optional(),
    'be the address under which people reach this server, such as https://amt.example',
  ),
  WEBHOOK_HOSTS: key(
    z
      .string()
      .transform((list) => list.split(',').map((host) => host.trim().toLowerCase()))
      .pipe(z.array(z.union([z.hostname(), z.ipv4(), z.ipv6()])))
      .default([]),
    'be a list of host names with commas between',
  ),
  MAX_IMPORT_MB: key(wholeNumber(1, 200).default(20), 'be a whole number of megabytes from 1 to 200'),
  KEEP_NOTICES_DAYS: key(wholeNumber(7, 3650).default(90), 'be a whole number of days from 7 to 3650'),
  QUERY_BUDGET: key(
    wholeNumber(5000, 1_000_000_000).default(60_000),
    'be a whole number from 5000: what one person may ask for in a minute',
  ),
  DUE_INTERVAL_S: key(wholeNumber(1, 3600).default(5), 'be a whole number of seconds from 1 to 3600'),
  LOG_LEVEL: key(z.enum(['error', 'warn', 'log', 'debug']).default('warn'), 'be error, warn, log or debug'),
  DEFAULT_LANGUAGE: key(z.enum(['de', 'en']).default('de'), 'be de or en'),
};

/** The names of all settings. */
export const settingNames: readonly string[] = Object.keys(keys);

type Values = { [K in keyof typeof keys]: (typeof keys)[K] extends Key<infer T> ? T : never };
type Environment = Readonly<Record<string, string | undefined>>;

export type Issuer = z.infer<typeof issuer>;

/** Where the database is: `serverUrl` for the running server, `ownerUrl` for migrations only. */
export interface DatabaseUrls {
  readonly serverUrl: string;
  readonly ownerUrl: string | undefined;
  /** A connection that keeps LISTEN, when the server's own goes through a transaction pooler. */
  readonly listenUrl: string | undefined;
  /** A role that reads past row-level security; for backup and restore alone. */
  readonly backupUrl: string | undefined;
}

export interface Settings {
  readonly profile: 'demo' | 'production';
  readonly port: number;
  readonly host: string;
  /** Where it is reached from this machine, without a slash at the end. */
  readonly origin: string;
  /** Absolute. */
  readonly dataDir: string;
  /** Undefined: the embedded PostgreSQL is used. */
  readonly foreignDatabase: DatabaseUrls | undefined;
  /** So long a start waits for a foreign database that does not answer yet. */
  readonly databaseWaitMs: number;
  readonly issuers: readonly Issuer[];
  /** Undefined: mails are not sent but parked. */
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string | undefined;
  /** Where links in mails lead, without a slash at the end. */
  readonly publicUrl: string;
  /** Hosts of one's own network that webhooks may call. */
  readonly webhookHosts: readonly string[];
  readonly maxImportBytes: number;
  /** So many days after it was settled a mail or webhook is deleted. */
  readonly keepNoticesDays: number;
  /** What one person's requests may come to in a minute, in units of price. */
  readonly queryBudget: number;
  /** How often a server looks for deadlines that have come. */
  readonly dueIntervalMs: number;
  readonly logLevel: 'error' | 'warn' | 'log' | 'debug';
  readonly language: 'de' | 'en';
}

/** What the environment says wrongly: one sentence for each fault, all of them at once. */
export class ConfigFaults extends BootFault {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

/** The settings of this process, checked as a whole; throws `ConfigFaults`. An empty variable counts as not set. */
export function readSettings(environment: Environment = process.env): Settings {
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, { schema, must, secret }] of Object.entries<Key>(keys)) {
    const given = environment[name] || undefined;
    const parsed = schema.safeParse(given);
    if (parsed.success) values[name] = parsed.data;
    else faults.push(`${name} must ${must}${secret ? '' : `, but is ${given}`}.`);
  }
  const settings = faults.length === 0 ? settingsOf(values as Values) : undefined;
  if (!settings) throw new ConfigFaults(faults);
  refuseContradictions(settings, environment);
  return settings;
}

function settingsOf(values: Values): Settings {
  const serverUrl = values.DATABASE_URL;
  const origin = `http://${values.HOST.includes(':') ? `[${values.HOST}]` : values.HOST}:${values.PORT}`;
  return Object.freeze({
    profile: values.PROFILE ?? (serverUrl ? 'production' : 'demo'),
    port: values.PORT,
    host: values.HOST,
    origin,
    dataDir: resolve(values.DATA_DIR),
    foreignDatabase: serverUrl
      ? Object.freeze({
          serverUrl,
          ownerUrl: values.DATABASE_OWNER_URL,
          listenUrl: values.DATABASE_LISTEN_URL,
          backupUrl: values.BACKUP_DATABASE_URL,
        })
      : undefined,
    databaseWaitMs: values.DATABASE_WAIT_S * 1000,
    issuers: Object.freeze(values.ISSUERS),
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM,
    publicUrl: (values.PUBLIC_URL ?? origin).replace(/\/+$/, ''),
    webhookHosts: Object.freeze(values.WEBHOOK_HOSTS),
    maxImportBytes: values.MAX_IMPORT_MB * 1024 * 1024,
    keepNoticesDays: values.KEEP_NOTICES_DAYS,
    queryBudget: values.QUERY_BUDGET,
    dueIntervalMs: values.DUE_INTERVAL_S * 1000,
    logLevel: values.LOG_LEVEL,
    language: values.DEFAULT_LANGUAGE,
  });
}

function refuseContradictions(settings: Settings, environment: Environment): void {
  const faults: string[] = [];
  for (const name of ['DATABASE_OWNER_URL', 'DATABASE_LISTEN_URL', 'BACKUP_DATABASE_URL']) {
    if (environment[name] && !settings.foreignDatabase)
      faults.push(`${name} is set without DATABASE_URL; set both, or neither for the embedded database.`);
  }
  if (settings.smtpUrl && !settings.mailFrom)
    faults.push('SMTP_URL is set without MAIL_FROM; mails need an address that they come from.');
  if (settings.profile === 'production' && settings.issuers.length === 0)
    faults.push('ISSUERS must name at least one issuer in the production profile, else nobody can sign in.');
  if (faults.length > 0) throw new ConfigFaults(faults);
}

/**
 * The settings and the database that was found or started for them: what services are given. Frozen;
 * this file is the only reader of the environment.
 */
@Injectable()
export class Config {
  readonly settings: Settings;
  readonly database: DatabaseUrls;

  constructor(settings: Settings, database: DatabaseUrls) {
    this.settings = settings;
    this.database = database;
    Object.freeze(this);
  }
}

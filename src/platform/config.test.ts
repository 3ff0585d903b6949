import { describe, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { ConfigFaults, readSettings } from './config.ts';

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigFaults) return error.faults;
    throw error;
  }
};
const issuers = '[{"issuer": "https://sso.example", "tenant": "region"}]';
const foreign = { DATABASE_URL: 'postgres://oa_server:s3cret@db/offenes_amt', ISSUERS: issuers };

describe('settings', () => {
  test('nothing set gives the demo on the embedded database', () => {
    expect(readSettings({})).toEqual({
      profile: 'demo',
      port: 4000,
      host: '127.0.0.1',
      origin: 'http://127.0.0.1:4000',
      dataDir: resolve('.data'),
      foreignDatabase: undefined,
      databaseWaitMs: 30_000,
      issuers: [],
      smtpUrl: undefined,
      mailFrom: undefined,
      publicUrl: 'http://127.0.0.1:4000',
      webhookHosts: [],
      maxImportBytes: 20 * 1024 * 1024,
      keepNoticesDays: 90,
      queryBudget: 60_000,
      dueIntervalMs: 5000,
      logLevel: 'warn',
      language: 'de',
    });
  });

  test('mails need an address that they come from, and links no slash twice', () => {
    expect(() => readSettings({ SMTP_URL: 'smtp://mail.example' })).toThrow(
      'SMTP_URL is set without MAIL_FROM',
    );
    expect(readSettings({ PUBLIC_URL: 'https://amt.example/' }).publicUrl).toBe('https://amt.example');
    expect(readSettings({ WEBHOOK_HOSTS: 'A.example, 10.0.0.1' }).webhookHosts).toEqual([
      'a.example',
      '10.0.0.1',
    ]);
  });

  test('a foreign database means production unless said otherwise', () => {
    expect(readSettings(foreign).profile).toBe('production');
    expect(readSettings({ ...foreign, PROFILE: 'demo' }).profile).toBe('demo');
  });

  test('an issuer gets its defaults', () => {
    expect(readSettings(foreign).issuers).toEqual([
      { issuer: 'https://sso.example', tenant: 'region', audience: 'offenes-amt', personKeyClaim: 'sub' },
    ]);
  });

  test('an empty variable counts as not set', () => {
    expect(readSettings({ PORT: '', HOST: '' })).toMatchObject({ port: 4000, host: '127.0.0.1' });
  });

  test('an address of the sixth version stands in brackets', () => {
    expect(readSettings({ HOST: '::1' }).origin).toBe('http://[::1]:4000');
  });

  test('all faults are told at once', () => {
    expect(faultsOf({ PORT: '70000', LOG_LEVEL: 'loud', MAX_IMPORT_MB: '0', ISSUERS: '{' })).toHaveLength(4);
  });
});

describe('each fault is one sentence', () => {
  test.each([
    [{ PORT: 'abc' }, 'PORT must be a port from 1 to 65535, but is abc.'],
    [{ HOST: 'a b' }, 'HOST must be an address or a host name, but is a b.'],
    [{ PROFILE: 'prod' }, 'PROFILE must be demo or production, but is prod.'],
    [{ DEFAULT_LANGUAGE: 'fr' }, 'DEFAULT_LANGUAGE must be de or en, but is fr.'],
    [
      { ISSUERS: '[{"issuer": "x"}]' },
      'ISSUERS must be a JSON list such as [{"issuer": "https://sso.example", "tenant": "region"}], but is [{"issuer": "x"}].',
    ],
    [
      { PROFILE: 'production' },
      'ISSUERS must name at least one issuer in the production profile, else nobody can sign in.',
    ],
    [
      { DATABASE_OWNER_URL: 'postgres://db/x' },
      'DATABASE_OWNER_URL is set without DATABASE_URL; set both, or neither for the embedded database.',
    ],
  ])('%j', (environment, sentence) => {
    expect(faultsOf(environment as unknown as Record<string, string>)).toEqual([sentence]);
  });

  test('an address with a password is never repeated', () => {
    const [sentence, ...others] = faultsOf({ DATABASE_URL: 'mysql://root:s3cret@db' });
    expect(others).toEqual([]);
    expect(sentence).toMatch(/^DATABASE_URL must be a PostgreSQL address/);
    expect(sentence).not.toContain('s3cret');
  });
});

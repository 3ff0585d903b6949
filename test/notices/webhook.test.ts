import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isPublic, OutboundCalls } from '../../src/notices/outbound-calls.service.ts';
import { startedRound, type Opening } from '../audit/opening.ts';
import type { Stage } from '../audit/support.ts';
import { bootApp, type TestApp } from '../support/app.ts';
import { openDoors } from '../support/stream.ts';
import { until } from '../support/until.ts';

interface Called {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
const secret = 'a secret that only the receiver knows';
const calls: Called[] = [];
let answer = (response: ServerResponse) => void response.end();
const receiver = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    calls.push({ headers: request.headers, body });
    answer(response);
  });
});
let port: number;
let stage: Stage;
let team: Opening;
let app: TestApp;

beforeAll(async () => {
  ({ stage, team } = await startedRound());
  await stage.grant('personalamt', 'ADMIN');
  await stage.superuser.query('delete from engine.outbox');
  await stage.superuser.query(
    'update pgboss.queue set retry_delay = 0, retry_backoff = false, retry_limit = 2',
  );
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  port = (receiver.address() as AddressInfo).port;
  app = await bootApp(stage.database, 'probe');
  await openDoors(app.app);
}, 60_000);
afterAll(async () => {
  await app?.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
  await stage?.close();
});

const register = (over: object = {}) =>
  app.act(
    'personalamt',
    'registerWebhook',
    { url: `http://127.0.0.1:${port}/hook`, secret, ...over },
    'webhook { id url events endedAt }',
  );
const called = (count: number) => until(async () => calls.length >= count && calls, `call ${count}`);
let no = 100;
const notify = (kind: string) =>
  stage.superuser.query(
    `insert into engine.outbox (tenant_id, process_id, seq, no, kind, body)
     select $1, $2, max(seq), $3, $4, '{"to": ["APPEAL"]}' from engine.log_entry where process_id = $2`,
    [stage.tenant, team.id, (no += 1), kind],
  );
const failed = async () =>
  (await app.see('koordination', '{ failedDeliveries { id channel kind lastError } }'))[
    'failedDeliveries'
  ] as Record<string, string>[];
const webhookFailed = () =>
  until(async () => (await failed()).find(({ channel }) => channel === 'WEBHOOK'), 'a failed call');

describe('registering', () => {
  test.each([
    ['without TLS into the net', { url: 'http://example.org/hook' }, 'url'],
    ['with a password in the address', { url: 'https://a:b@example.org/hook' }, 'url'],
    ['with a short secret', { secret: 'short' }, 'secret'],
    ['for an event that is none', { events: ['constructor'] }, 'events.0'],
  ])('%s is refused', async (_, over, path) => {
    expect(await register(over)).toMatchObject({ __typename: 'InvalidInput', faults: [{ path }] });
  });

  test('is for administrators alone, and the secret is never shown', async () => {
    const input = { url: 'https://example.org/hook', secret };
    expect((await app.act('koordination', 'registerWebhook', input)).__typename).toBe('NotAllowed');
    expect((await app.ask('koordination', '{ webhooks { id } }')).errors![0]!.extensions.code).toBe(
      'FORBIDDEN',
    );
    expect((await app.ask('personalamt', '{ webhooks { secret } }')).errors![0]!.extensions.code).toBe(
      'BAD_INPUT',
    );
  });
});

describe('a webhook', () => {
  let webhookId: string;

  test('is called for its events, signed, with a key against doing it twice', async () => {
    const outcome = await register({ events: ['objectionFiled'] });
    webhookId = outcome['webhook'].id;
    await notify('draftSent');
    await notify('objectionFiled');
    const [call, ...others] = await called(1);
    expect(others).toEqual([]);
    const timestamp = call!.headers['x-offenes-amt-timestamp'] as string;
    expect(Math.abs(Date.now() / 1000 - Number(timestamp))).toBeLessThan(30);
    const expected = createHmac('sha256', secret).update(`${timestamp}.${call!.body}`).digest('hex');
    expect(call!.headers['x-offenes-amt-signature']).toBe(`sha256=${expected}`);
    const event = JSON.parse(call!.body);
    expect(event).toMatchObject({ event: 'objectionFiled', processId: team.id, functions: ['APPEAL'] });
    expect(call!.headers['idempotency-key']).toBe(event.id);
  });

  test('that is down for a moment is called again with the same key', async () => {
    const before = calls.length;
    answer = (response) => {
      answer = (next) => void next.end();
      response.writeHead(503).end();
    };
    await notify('objectionFiled');
    const [first, second] = (await called(before + 2)).slice(before);
    expect(second!.headers['idempotency-key']).toBe(first!.headers['idempotency-key']);
    expect(second!.body).toBe(first!.body);
  });

  test('that sends elsewhere is not followed but fails, and is called once more when retried', async () => {
    const before = calls.length;
    answer = (response) =>
      void response.writeHead(302, { location: `http://127.0.0.1:${port}/elsewhere` }).end();
    await notify('objectionFiled');
    const one = await webhookFailed();
    expect(one!['lastError']).toBe('Die Gegenseite hat abgelehnt (HTTP 302).');
    expect(calls).toHaveLength(before + 1);
    answer = (response) => void response.end();
    await app.does('koordination', 'retryDeliveries', { deliveryIds: [one!['id']] });
    await called(before + 2);
  });

  test('that never answers is given up after five seconds', async () => {
    answer = () => {};
    await stage.superuser.query('update pgboss.queue set retry_limit = 0');
    await notify('objectionFiled');
    const one = await webhookFailed();
    expect(one!['lastError']).toBe('Der Server der Gegenseite hat nicht geantwortet.');
    await app.does('koordination', 'dropDeliveries', { deliveryIds: [one!['id']], reason: 'Probe' });
    answer = (response) => void response.end();
  });

  test('that has ended is called no more', async () => {
    await app.does('personalamt', 'endWebhook', { webhookId });
    expect((await app.act('personalamt', 'endWebhook', { webhookId })).__typename).toBe('NotPossibleNow');
    const [webhook] = (await app.see('personalamt', '{ webhooks { id endedAt } }'))['webhooks'];
    expect(webhook).toMatchObject({ id: webhookId, endedAt: expect.any(String) });
  });
});

describe('the way out', () => {
  test.each([
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.1.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '::7f00:1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    'fc00::1',
    'fd12::1',
    'fe80::1',
    'ff02::1',
    '2001:db8::1',
    'not an address',
  ])('%s is not public', (address) => expect(isPublic(address)).toBe(false));

  test.each(['1.1.1.1', '193.99.144.80', '2a00:1450:4001:80b::200e', '::ffff:1.1.1.1'])(
    '%s is public',
    (address) => expect(isPublic(address)).toBe(true),
  );

  test.each([
    'http://127.0.0.1',
    'http://localhost',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://2130706433',
    'http://0x7f.1',
    'http://0177.0.0.1',
    'http://127.1',
    'http://0',
  ])('%s is never connected to where the operator did not allow it', async (base) => {
    const before = calls.length;
    const url = new URL(base);
    url.port = String(port);
    await expect(
      new OutboundCalls().post({ url, headers: {}, body: '{}', allowed: [] }),
    ).rejects.toMatchObject({
      code: 'NOT_PUBLIC',
    });
    expect(calls).toHaveLength(before);
  });
});

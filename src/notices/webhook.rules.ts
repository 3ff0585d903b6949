import { createHmac } from 'node:crypto';
import type { InputFault } from '../platform/bare.ts';
import { noticeTexts } from './notice-texts.rules.ts';

export interface WebhookInput {
  readonly url: string;
  readonly events: readonly string[];
  readonly secret: string;
}

/** What a call says: ids and names of the definition alone. A receiver that wants more asks with its own rights. */
export interface WebhookEvent {
  readonly id: string;
  readonly event: string;
  readonly processId: string;
  readonly seq: number;
  readonly functions: readonly string[];
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** All faults of a webhook that is to be registered. In the demo this machine itself may be called without TLS. */
export function webhookFaults({ url, events, secret }: WebhookInput, isDemo: boolean): InputFault[] {
  const faults: InputFault[] = [];
  const { protocol, hostname, username, password } = new URL(url);
  if (protocol !== 'https:' && !(isDemo && loopback.has(hostname)))
    faults.push({ path: 'url', message: { de: 'Nur https-Adressen.', en: 'https addresses only.' } });
  if (username || password)
    faults.push({
      path: 'url',
      message: {
        de: 'Ohne Name und Passwort in der Adresse.',
        en: 'Without name and password in the address.',
      },
    });
  if (secret.trim().length < 32)
    faults.push({ path: 'secret', message: { de: 'Mindestens 32 Zeichen.', en: '32 characters at least.' } });
  for (const [at, event] of events.entries())
    if (!Object.hasOwn(noticeTexts, event))
      faults.push({
        path: `events.${at}`,
        message: { de: 'Dieses Ereignis gibt es nicht.', en: 'There is no such event.' },
      });
  return faults;
}

/** Signs time stamp and body, so that a recorded call cannot be sent again later. */
export const signature = (secret: string, timestamp: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;

export function webhookCall(event: WebhookEvent, secret: string, at: Date) {
  const body = JSON.stringify(event);
  const timestamp = String(Math.floor(+at / 1000));
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'offenes-amt',
    'idempotency-key': event.id,
    'x-offenes-amt-timestamp': timestamp,
    'x-offenes-amt-signature': signature(secret, timestamp, body),
  };
  return { body, headers };
}

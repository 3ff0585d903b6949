import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { Config } from '../platform/index.ts';
import { DeliveryFault } from './fault.rules.ts';
import type { Letter } from './notice.rules.ts';

export interface Mail extends Letter {
  readonly to: string;
  /** Every attempt at one delivery has the same, so that a mail that arrives twice can be recognised. */
  readonly messageId: string;
  readonly language: string;
}

const patience = {
  connectionTimeout: 5_000,
  greetingTimeout: 5_000,
  socketTimeout: 10_000,
  dnsTimeout: 5_000,
};

/** Hands mails to the administration's mail server (ADR 0051). */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  readonly #config: Config;
  #transport: Transporter | undefined;

  constructor(config: Config) {
    this.#config = config;
  }

  /** An id of ours as a Message-ID. */
  messageId(id: string): string {
    return `<${id}@${new URL(this.#config.settings.publicUrl).hostname}>`;
  }

  /** Returns once the server has accepted it; throws a `DeliveryFault` otherwise. */
  async send({ to, subject, text, messageId, language }: Mail): Promise<void> {
    const { smtpUrl, mailFrom } = this.#config.settings;
    if (!smtpUrl) throw new DeliveryFault('NOT_CONFIGURED', true);
    this.#transport ??= createTransport({
      url: smtpUrl,
      ...patience,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const headers = { 'Content-Language': language, 'Auto-Submitted': 'auto-generated' };
    try {
      await this.#transport.sendMail({
        from: mailFrom,
        to: { name: '', address: to },
        subject,
        text,
        messageId,
        headers,
      });
    } catch (error) {
      throw faultOf(error as SmtpError);
    }
  }

  onApplicationShutdown(): void {
    this.#transport?.close();
  }
}

interface SmtpError {
  readonly code?: string;
  readonly responseCode?: number;
}

/** 5xx is final (RFC 5321 § 4.2.1); after anything else a later attempt may succeed. */
function faultOf({ code, responseCode }: SmtpError): DeliveryFault {
  if (responseCode) return new DeliveryFault(`SMTP_${responseCode}`, responseCode >= 500);
  return new DeliveryFault(code === 'ETIMEDOUT' ? 'TIMEOUT' : 'UNREACHABLE');
}

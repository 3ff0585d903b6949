import { simpleParser, type ParsedMail } from 'mailparser';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** How the mail server treats a receiver: takes the mail, answers with this code, or says nothing at all. */
export type Treatment = 'TAKE' | 'SILENCE' | number;

/** A real mail server on this machine that keeps what it takes. */
export class PostOffice {
  readonly taken: (ParsedMail & { readonly receiver: string })[] = [];
  /** By receiver; one that is not named is taken from. */
  readonly treatment = new Map<string, Treatment>();
  /** Runs after a mail was taken and before that is said. */
  beforeThanks: (() => Promise<void>) | undefined;
  readonly #server: SMTPServer;

  constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      hideSTARTTLS: true,
      onRcptTo: ({ address }, _session, answer) => {
        const treatment = this.treatment.get(address) ?? 'TAKE';
        if (treatment === 'SILENCE') return;
        if (treatment === 'TAKE') return answer();
        answer(Object.assign(new Error(`no mail for <${address}>`), { responseCode: treatment }));
      },
      onData: (stream, { envelope }, answer) => {
        void simpleParser(stream).then(async (mail) => {
          this.taken.push(Object.assign(mail, { receiver: envelope.rcptTo[0]!.address }));
          await this.beforeThanks?.();
          answer();
        });
      },
    });
    this.#server.on('error', () => {}); // a client that left in the middle
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  for(receiver: string) {
    return this.taken.filter((mail) => mail.receiver === receiver);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

import type { Text } from '../platform/index.ts';

/**
 * Why something did not leave. A code alone: what a foreign server answers may quote addresses. `isFinal` faults are
 * not tried again by themselves.
 */
export class DeliveryFault extends Error {
  readonly code: string;
  readonly isFinal: boolean;

  constructor(code: string, isFinal = false) {
    super(code);
    this.code = code;
    this.isFinal = isFinal;
  }
}

const texts: Readonly<Record<string, Text>> = {
  NO_ADDRESS: {
    de: 'Für den Empfang ist keine Mailadresse hinterlegt.',
    en: 'The register has no mail address for the receiver.',
  },
  NOT_CONFIGURED: {
    de: 'Es ist kein Mailserver eingerichtet (SMTP_URL).',
    en: 'No mail server is set up (SMTP_URL).',
  },
  TIMEOUT: {
    de: 'Der Server der Gegenseite hat nicht geantwortet.',
    en: 'The other server did not answer in time.',
  },
  UNREACHABLE: {
    de: 'Der Server der Gegenseite ist nicht erreichbar.',
    en: 'The other server cannot be reached.',
  },
  NOT_PUBLIC: {
    de: 'Die Adresse führt in ein internes Netz (WEBHOOK_HOSTS).',
    en: 'The address leads into an internal network (WEBHOOK_HOSTS).',
  },
  ENDED: { de: 'Der Webhook ist beendet.', en: 'The webhook has been ended.' },
  INTERRUPTED: {
    de: 'Die Zustellung brach mehrmals ab, ohne zu Ende zu kommen.',
    en: 'Delivery was interrupted several times without coming to an end.',
  },
};

/** A fault's code in words; a foreign server's answer by its number. */
export function faultText(code: string): Text {
  if (Object.hasOwn(texts, code)) return texts[code]!;
  const [protocol, number] = code.split('_');
  return {
    de: `Die Gegenseite hat abgelehnt (${protocol} ${number ?? ''}).`,
    en: `The other server refused (${protocol} ${number ?? ''}).`,
  };
}

import type { Text } from '../platform/bare.ts';

/**
 * Why a delivery did not leave. It holds a code alone, because what another server answers may quote addresses. After
 * an `isFinal` fault nothing tries again by itself.
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
    de: 'Es ist kein Mailserver eingerichtet.',
    en: 'No mail server is set up.',
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
    de: 'Die Adresse führt in ein internes Netz, das für Webhooks nicht freigegeben ist.',
    en: 'The address leads into an internal network that is not open to webhooks.',
  },
  ENDED: { de: 'Der Webhook ist beendet.', en: 'The webhook has been ended.' },
  INTERRUPTED: {
    de: 'Die Zustellung brach mehrmals ab, ohne zu Ende zu kommen.',
    en: 'Delivery was interrupted several times without coming to an end.',
  },
};

/** A fault's code in words; another server's refusal is given with its number. */
export function faultText(code: string): Text {
  if (Object.hasOwn(texts, code)) return texts[code]!;
  const [protocol, number] = code.split('_');
  return {
    de: `Die Gegenseite hat abgelehnt (${protocol} ${number ?? ''}).`,
    en: `The other server refused (${protocol} ${number ?? ''}).`,
  };
}

import type { Language, Text } from '../platform/bare.ts';
import { textOf } from './notice-texts.rules.ts';

/** How soon somebody receives notices. */
export type Rhythm = 'AT_ONCE' | 'DAILY' | 'OFF';

/** What one person chose. Whoever chose nothing receives each notice at once, in German. */
export interface Choice {
  readonly language: Language;
  readonly rhythm: Rhythm;
  /** Notices with a rhythm of their own. */
  readonly kinds: Readonly<Record<string, Rhythm>>;
}

export const noChoice: Choice = { language: 'de', rhythm: 'AT_ONCE', kinds: {} };

export const rhythmOf = ({ kinds, rhythm }: Choice, kind: string): Rhythm =>
  Object.hasOwn(kinds, kind) ? kinds[kind]! : rhythm;

/** One notice as its mail shows it. */
export interface MailedNotice {
  readonly kind: string;
  /** The unit's name; undefined where the notice is about none. */
  readonly unit: string | undefined;
  readonly link: string;
}

export interface Letter {
  readonly subject: string;
  readonly text: string;
}

const about = ({ unit }: MailedNotice): string => (unit ? `: ${oneLine(unit)}` : '');
/** A header takes no line breaks, whatever a unit is called. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 120);

const words = {
  open: { de: 'Zum Vorgang', en: 'To the process' },
  digest: { de: 'Neues in Ihren Vorgängen', en: 'News in your processes' },
  footer: {
    de: 'Sie erhalten diese Nachricht wegen Ihrer Funktion im Öffnungsprozess. Was Sie wie oft erreicht, wählen Sie selbst in Ihren Einstellungen für Nachrichten.',
    en: 'You receive this because of your function in the opening process. You choose what reaches you and how often in your notice settings.',
  },
} satisfies Record<string, Text>;

/** One notice as a mail of its own. */
export function letter(notice: MailedNotice, language: Language): Letter {
  const { subject, sentence } = textOf(notice.kind);
  const lines = [sentence[language], '', `${words.open[language]}: ${notice.link}`];
  return { subject: `${subject[language]}${about(notice)}`, text: signed(lines, language) };
}

/** All notices that waited since the last daily mail, in one mail. */
export function digestLetter(notices: readonly MailedNotice[], language: Language): Letter {
  const lines = notices.flatMap((notice) => {
    const { subject, sentence } = textOf(notice.kind);
    return [`• ${subject[language]}${about(notice)}`, `  ${sentence[language]}`, `  ${notice.link}`, ''];
  });
  return {
    subject: `${words.digest[language]} (${notices.length})`,
    text: signed(lines.slice(0, -1), language),
  };
}

const signed = (lines: readonly string[], language: Language): string =>
  [...lines, '', '-- ', words.footer[language], ''].join('\n');

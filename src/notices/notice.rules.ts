import type { Language, Text } from '../platform/index.ts';
import { textOf } from './notice-texts.rules.ts';

/** How soon somebody is told. */
export type Rhythm = 'AT_ONCE' | 'DAILY' | 'OFF';

/** What one person chose; whoever chose nothing is told at once, in German. */
export interface Choice {
  readonly language: Language;
  readonly rhythm: Rhythm;
  /** Notices with a rhythm of their own. */
  readonly kinds: Readonly<Record<string, Rhythm>>;
}

export const noChoice: Choice = { language: 'de', rhythm: 'AT_ONCE', kinds: {} };

export const rhythmOf = ({ kinds, rhythm }: Choice, kind: string): Rhythm =>
  Object.hasOwn(kinds, kind) ? kinds[kind]! : rhythm;

/** One notice as its reader meets it. */
export interface Told {
  readonly kind: string;
  /** The unit's name; undefined where it is about none. */
  readonly unit: string | undefined;
  readonly link: string;
}

export interface Letter {
  readonly subject: string;
  readonly text: string;
}

const about = ({ unit }: Told): string => (unit ? `: ${oneLine(unit)}` : '');
/** A header takes no line breaks, whatever a unit is called. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 120);

const words = {
  open: { de: 'Zum Vorgang', en: 'To the process' },
  digest: { de: 'Neues in Ihren Vorgängen', en: 'News in your processes' },
  footer: {
    de: 'Sie erhalten diese Nachricht wegen Ihrer Funktion im Öffnungsprozess. Was Sie wie oft erreicht, wählen Sie selbst (chooseNotices).',
    en: 'You receive this because of your function in the opening process. You choose what reaches you and how often (chooseNotices).',
  },
} satisfies Record<string, Text>;

/** One notice as a mail of its own. */
export function letter(told: Told, language: Language): Letter {
  const { subject, sentence } = textOf(told.kind);
  const lines = [sentence[language], '', `${words.open[language]}: ${told.link}`];
  return { subject: `${subject[language]}${about(told)}`, text: signed(lines, language) };
}

/** What waited since the last one, in one mail. */
export function digestLetter(all: readonly Told[], language: Language): Letter {
  const lines = all.flatMap((told) => {
    const { subject, sentence } = textOf(told.kind);
    return [`• ${subject[language]}${about(told)}`, `  ${sentence[language]}`, `  ${told.link}`, ''];
  });
  return {
    subject: `${words.digest[language]} (${all.length})`,
    text: signed(lines.slice(0, -1), language),
  };
}

const signed = (lines: readonly string[], language: Language): string =>
  [...lines, '', '-- ', words.footer[language], ''].join('\n');

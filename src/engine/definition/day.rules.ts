import type { Language } from '../../platform/bare.ts';
import type { Day } from './calendar.rules.ts';

const formats: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  de: new Intl.DateTimeFormat('de-DE', {
    timeZone: 'UTC',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
  }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', dateStyle: 'long' }),
};

/** A calendar day as people write it: 24.11.2026, 24 November 2026. */
export const shownDay = (day: Day, language: Language): string => formats[language].format(new Date(day));

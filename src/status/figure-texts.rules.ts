import type { Text } from '../platform/bare.ts';
import type { AnchoringPolicy, Statement } from './anchoring.rules.ts';
import { asPercent } from './share.rules.ts';

/** What each figure counts, as a formula in words. A figure without its definition is not published. */

export const statesText: Text = {
  de: 'Zahl der Einheiten, deren Öffnungsprozess begonnen hat und nicht abgebrochen ist; von allen Einheiten der Runde, für die mindestens ein Kriterium des Katalogs gilt. Teams mit weniger als fünf Beschäftigten zählen in ihrer Abteilung.',
  en: 'Number of units whose opening process has begun and was not cancelled, out of all units of the round that at least one criterion of the catalogue applies to. Teams of fewer than five count within their section.',
};

export const completionText: Text = {
  de: 'Bewertete oder begründet nicht anwendbare Kriterien ÷ anwendbare Kriterien, über alle Einheiten. Auch eine Selbsteinschätzung, die noch geschrieben wird, zählt.',
  en: 'Criteria rated or, with a reason, not applicable ÷ applicable criteria, over all units. A self-assessment still being written counts too.',
};

export const maturityText: Text = {
  de: 'Summe aus Stufe × Gewicht ÷ (höchste Stufe der Skala × Summe der Gewichte) der bewerteten anwendbaren Kriterien. Es zählen nur abgeschlossene Bewertungen: die des veröffentlichten Prüfberichts, vorher die gezeichnete Selbsteinschätzung.',
  en: 'Sum of level × weight ÷ (highest level of the scale × sum of weights) over the rated applicable criteria. Only closed ratings count: those of the published report, before it the closed self-assessment.',
};

export const overdueText: Text = {
  de: 'Laufende Fristen, deren letzter Tag vorbei ist, und vereinbarte Maßnahmen, deren Termin vorbei ist und die nicht als erledigt gemeldet sind; von allen laufenden Fristen und offenen Maßnahmen.',
  en: 'Running deadlines whose last day has passed, and agreed measures past their day and not reported done, out of all running deadlines and open measures.',
};

export const gapsText: Text = {
  de: 'Je Einheit und anwendbarem Kriterium eine angenommene, besetzte Zuständigkeit; je Einheit und Handlungsfeld eine Verantwortlichkeit im Amt. Gezählt ist, was davon fehlt.',
  en: 'For each unit and applicable criterion one accepted competence held by a filled post; for each unit and field one accountability in office. Counted is what of it is missing.',
};

export function coreText({ coreLevel }: AnchoringPolicy): Text {
  return {
    de: `Paare aus Einheit und Kernkriterium mit einer abgeschlossenen Bewertung unter Stufe ${coreLevel}; von allen Paaren mit abgeschlossener Bewertung.`,
    en: `Pairs of unit and core criterion with a closed rating below level ${coreLevel}, out of all pairs with a closed rating.`,
  };
}

export const deviationsText: Text = {
  de: 'Mittel aus (Stufe der Prüfung − Stufe der Selbsteinschätzung) über alle Paare aus Einheit und Kriterium mit beiden Bewertungen, nur aus veröffentlichten Prüfberichten.',
  en: 'Mean of (level by audit − level by self-assessment) over all pairs of unit and criterion with both ratings, from published reports only.',
};

export function anchoringText(policy: AnchoringPolicy): Text {
  const { competence, accountability, maturity, coreLevel, ratingMonths, coreMeasureOverdueDays } = policy;
  return {
    de: `Eine Einheit ist verankert, wenn mindestens ${asPercent(competence)} ihrer Kriterien eine zuständige Stelle mit Vertretung haben, ${asPercent(accountability)} ihrer Handlungsfelder eine verantwortliche Leitung, ihr Reifegrad mindestens ${asPercent(maturity)} beträgt, jedes Kernkriterium Stufe ${coreLevel} erreicht, die letzte Abschlussbewertung höchstens ${ratingMonths} Monate alt und keine Kernmaßnahme mehr als ${coreMeasureOverdueDays} Tage überfällig ist. Breite = kleinster Anteil verankerter Einheiten aller Bereiche, Tiefe = kleinster aller Ebenen, Index = √(Breite × Tiefe).`,
    en: `A unit is anchored when at least ${asPercent(competence)} of its criteria have a competent post with a deputy, ${asPercent(accountability)} of its fields an accountable manager, its maturity is at least ${asPercent(maturity)}, each core criterion reaches level ${coreLevel}, the last final rating is at most ${ratingMonths} months old and no core measure more than ${coreMeasureOverdueDays} days overdue. Breadth = least share of anchored units over all areas, depth = least over all levels, index = √(breadth × depth).`,
  };
}

export const statementText: Readonly<Record<Statement, Text>> = {
  ANCHORED: {
    de: 'Die Öffnung ist in allen Verwaltungsbereichen und Hierarchieebenen verankert.',
    en: 'The opening is anchored in all administrative areas and on all levels of hierarchy.',
  },
  LARGELY_ANCHORED: {
    de: 'Die Öffnung ist weitgehend verankert.',
    en: 'The opening is largely anchored.',
  },
  NOT_ANCHORED: {
    de: 'Die Öffnung ist noch nicht in allen Verwaltungsbereichen und Hierarchieebenen verankert.',
    en: 'The opening is not yet anchored in all administrative areas and on all levels of hierarchy.',
  },
};

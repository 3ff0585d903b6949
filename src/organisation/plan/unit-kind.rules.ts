import type { Text } from '../../platform/bare.ts';

export interface UnitKind {
  readonly code: string;
  readonly label: Text;
}

/** The kinds every administration starts with; it may rename them and add its own. Source: Konzept §0.3, §4.1, §4.2. */
export const shippedKinds: readonly UnitKind[] = [
  { code: 'SPI', label: { de: 'Verwaltungsspitze', en: 'Top management' } },
  { code: 'DEZ', label: { de: 'Dezernat', en: 'Directorate' } },
  { code: 'QUE', label: { de: 'Querschnittsamt', en: 'Cross-cutting office' } },
  { code: 'PUB', label: { de: 'Fachamt mit Publikumsverkehr', en: 'Specialist office serving the public' } },
  {
    code: 'FAC',
    label: {
      de: 'Fachamt ohne größeren Publikumsverkehr',
      en: 'Specialist office with little public contact',
    },
  },
  { code: 'STB', label: { de: 'Stabsstelle, Beauftragte', en: 'Staff unit, commissioner' } },
  { code: 'EIN', label: { de: 'Einrichtung', en: 'Institution' } },
  { code: 'GEM', label: { de: 'Gemeinsame Einrichtung, Beteiligung', en: 'Joint body, shareholding' } },
  { code: 'KITA', label: { de: 'Kindertageseinrichtung', en: 'Day-care centre' } },
  { code: 'GS', label: { de: 'Grundschule', en: 'Primary school' } },
  { code: 'SEK', label: { de: 'Weiterführende Schule', en: 'Secondary school' } },
  { code: 'BK', label: { de: 'Berufskolleg', en: 'Vocational college' } },
  { code: 'WB', label: { de: 'Weiterbildung, Volkshochschule', en: 'Adult education' } },
  { code: 'KOMM', label: { de: 'Regionsangehörige Kommune', en: 'Member municipality' } },
  { code: 'REGION', label: { de: 'Region', en: 'Region' } },
  { code: 'TRAEGER', label: { de: 'Träger', en: 'Provider organisation' } },
];

import { levels, type Level } from './plan.rules.ts';

/** What a chart says about a unit; words only, no codes. */
export interface Described {
  readonly name: string;
  readonly type: string;
  readonly positions: readonly string[];
  readonly hasSubunits: boolean;
  /** The chart's main organisation, something inside it, or another root with all it holds: an institution. */
  readonly stands: 'TOP' | 'INSIDE' | 'OUTSIDE';
}

export interface Proposal {
  readonly level: Level;
  readonly kind: string;
  readonly tags: readonly string[];
}

/** Marks a box that only holds others together in the drawing. It may be left out of a round's scope. */
export const groupTag = 'GROUP';

const directorate = /dezernat|geschäftsbereich|hausleitung|vorstandsbereich|direktion\b/i;
const director = /staatssekretär|dezernent|beigeordnet|stadtrat|stadträt/i;
const staff =
  /stabsstelle|leitungsstab|\bstab\b|leitstelle|justitiariat|beauftragte|personalrat|vertretung\b|verbindungsstelle|\bbüro|büro\b|\bprojekt\b|revision/i;
const joint = /jobcenter|gemeinsame einrichtung|zweckverband|gmbh\b|beteiligung/i;
const schools: readonly [kind: string, words: RegExp][] = [
  ['KITA', /kita\b|kindertages|kindergarten/i],
  ['GS', /grundschule/i],
  ['SEK', /gymnasium|gesamtschule|realschule|hauptschule|sekundarschule|förderschule/i],
  ['BK', /berufskolleg|berufsschule/i],
  ['WB', /volkshochschule|\bvhs\b|weiterbildung/i],
];
const functions: readonly [tag: string, words: RegExp][] = [
  ['HR', /personal/i],
  ['ORG', /\borganisation|zentrale dienste/i],
  ['FIN', /finanzen|kämmerei|haushalt|\bkasse/i],
  ['IT', /\bit\b|informationstechnik|digitalisierung|datenverarbeitung/i],
  ['PR', /presse|öffentlichkeitsarbeit|kommunikation/i],
];
const crossCutting = /zentral|innere dienste|querschnitt|\bZS\b/i;
const servesPublic =
  /bürger|ausländer|einwander|integration|jugend|sozial|\bschul|gesundheit|wohn|straßenverkehr|bauaufsicht|standesamt|veterinär|senior|pflege|rettung|kultur|sport/i;

/** Whether a box is a mere connector of the drawing: no type, no positions, a name that says nothing. */
export const isGroup = (unit: Described): boolean =>
  !unit.type &&
  !unit.positions.length &&
  unit.hasSubunits &&
  /^(organisation|verbindung\b.*|dummy.*)$/i.test(unit.name);

/**
 * Proposes level, kind and tags from a chart's words; `above` is the nearest superior unit that is not a mere group.
 * One step down is one level, bounded by L4; only a directorate stands on L1, as everything else that hangs directly
 * below the top has the rank of an office (Konzept §0.3).
 */
export function propose(unit: Described, above: Proposal | null): Proposal {
  if (unit.stands === 'TOP') return { level: 'L0', kind: 'SPI', tags: [] };
  const depth = Math.min(4, (above ? levels.indexOf(above.level) : 0) + 1);
  const group = isGroup(unit);
  const kind = group ? kindOfGroup(unit, above) : kindOf(unit, depth, above);
  const tags =
    kind === 'QUE' ? functions.filter(([, words]) => words.test(unit.name)).map(([tag]) => tag) : [];
  return {
    level: levels[kind === 'DEZ' ? depth : Math.max(2, depth)]!,
    kind,
    tags: group ? [groupTag] : tags,
  };
}

const kindOfGroup = (unit: Described, above: Proposal | null): string =>
  unit.stands === 'OUTSIDE' ? 'EIN' : inherited(above);

function kindOf({ name, type, positions, stands }: Described, depth: number, above: Proposal | null): string {
  const isInstitution = stands === 'OUTSIDE' || above?.kind === 'EIN' || /einrichtung/i.test(type);
  const isDirected =
    directorate.test(`${type} ${name}`) || positions.some((position) => director.test(position));
  if (depth === 1 && !isInstitution && isDirected) return 'DEZ';
  if (staff.test(name)) return 'STB';
  if (joint.test(`${type} ${name}`)) return 'GEM';
  if (isInstitution && !staff.test(type))
    return schools.find(([, words]) => words.test(name))?.[0] ?? ofInstitution(above);
  if (crossCutting.test(name) || functions.some(([, words]) => words.test(name))) return 'QUE';
  if (staff.test(type)) return 'STB';
  return servesPublic.test(name) ? 'PUB' : inherited(above);
}

const ofInstitution = (above: Proposal | null): string =>
  above && above.kind !== 'SPI' ? above.kind : 'EIN';

/** A section is what its office is; what hangs below a directorate or the top is a specialist office. */
const inherited = (above: Proposal | null): string =>
  above && !['SPI', 'DEZ'].includes(above.kind) ? above.kind : 'FAC';

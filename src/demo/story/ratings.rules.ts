import type { Profile, Story, Way } from './story.ts';
import { dayOf } from './schedule.rules.ts';

/** A criterion as the demo needs it. */
export interface DemoCriterion {
  readonly id: string;
  readonly code: string;
  readonly field: string;
  readonly core: boolean;
  readonly title: string;
}

const dayMs = 86_400_000;
const topLevel = 4;
const day = (at: Date, daysBefore: number) => dayOf(new Date(at.getTime() - daysBefore * dayMs));

/** The level a profile gives a criterion. */
export function levelOf({ code, field }: DemoCriterion, profile: Profile): number {
  return profile.but[code] ?? profile.fields[field] ?? 1;
}

/** The level auditors find: the unit's own, moved by how they look at it. */
export function auditedLevel(criterion: DemoCriterion, way: Way, story: Story): number {
  const moved = story.looks[way.look ?? 'agrees']?.[criterion.code] ?? 0;
  const own = levelOf(criterion, story.profiles[way.profile ?? 'beginning']!);
  return Math.min(topLevel, Math.max(0, own + moved));
}

/**
 * The level found again in the final review. Improved: what the targets asked for is reached, so core criteria and weak
 * ones stand at 2. Nearly: two core criteria are still at 1.
 */
export function finalLevel(
  criterion: DemoCriterion,
  way: Way,
  story: Story,
  weakCore: readonly string[],
): number {
  const audited = auditedLevel(criterion, way, story);
  if (way.final === 'unchanged' || audited >= 2) return audited;
  if (way.final === 'nearly' && weakCore.slice(0, 2).includes(criterion.code)) return Math.max(1, audited);
  return 2;
}

const statements = [
  '',
  'Beschlossen und einer Stelle übertragen; die Umsetzung beginnt im laufenden Jahr.',
  'In der Einheit mindestens einmal umgesetzt; die Unterlagen liegen bei.',
  'Regelmäßige Praxis; die Wirkung wurde mit Rückmeldungen überprüft.',
  'Aus der Überprüfung wurden Änderungen abgeleitet und in den Ablauf übernommen.',
];

/** A rating as the unit writes it down, with what its level asks for. */
export function ratingInput(criterion: DemoCriterion, level: number, at: Date, unitCode: string): object {
  const evidence = (daysBefore: number, kind: string) => ({
    kind: 'FILE_REFERENCE',
    evidenceType: kind,
    reference: `E-Akte ${unitCode}/${criterion.code}/${day(at, daysBefore).slice(0, 4)}`,
    proofOn: day(at, daysBefore),
    containsNoPersonalData: true,
  });
  return {
    criterionId: criterion.id,
    level,
    ...(level >= 1 && { statement: `${criterion.title}: ${statements[level]}` }),
    ...(level >= 2 && {
      newEvidence: [evidence(40, 'MINUTES'), ...(level >= 3 ? [evidence(12, 'STATISTIC')] : [])],
    }),
    ...(level >= 3 && { checkNote: 'Mit Rückmeldungen der Beteiligten ausgewertet.' }),
    ...(level >= 4 && { changedRule: `Dienstanweisung ${unitCode}, Abschnitt ${criterion.code}` }),
  };
}

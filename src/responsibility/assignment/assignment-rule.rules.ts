import {
  blankFaults,
  refuseFaults,
  type InputFault,
  type InvalidInput,
  type Text,
} from '../../platform/bare.ts';
import type { Hierarchy } from '../functions/functions.rules.ts';

export const kinds = ['COMPETENT', 'ACCOUNTABLE'] as const;
export type Kind = (typeof kinds)[number];

/** Whose head: the unit's own, or that of the superior unit on this level. */
export const headships = ['UNIT', 'OFFICE', 'DIRECTORATE', 'ADMINISTRATION'] as const;
export type Headship = (typeof headships)[number];

/** Whom a rule names: one post, whoever heads, or the post of that name in each unit ("Öffnungsbeauftragte"). */
export type Target =
  { readonly postId: string } | { readonly headOf: Headship } | { readonly postFunction: string };

/** Subtree × levels × fields or criteria → who carries it out, who answers for it. Empty lists mean: all. */
export interface AssignmentRule {
  readonly id: string;
  readonly unitId: string;
  readonly levels: readonly string[];
  readonly fields: readonly string[];
  readonly criteria: readonly string[];
  readonly competent: Target | null;
  readonly accountable: Target | null;
  readonly validFrom: string;
  readonly validUntil: string | null;
  readonly recordedAt: Date;
}

export interface RuleUnit {
  readonly id: string;
  readonly level: string;
  /** What is asked of the unit: criterion and its field, by code. */
  readonly criteria: readonly { readonly code: string; readonly field: string }[];
}

/** What the rules together want for one criterion or field of one unit; no post where nobody fits the target. */
export interface Wanted {
  readonly unitId: string;
  readonly kind: Kind;
  readonly subject: string;
  /** Null: not by rule, a single assignment. */
  readonly ruleId: string | null;
  readonly postId: string | null;
}

/** Finds the post that a target means for a unit today. */
export type PostFinder = (target: Target, unit: RuleUnit) => string | null;

const levelOf: Record<Exclude<Headship, 'UNIT'>, string> = {
  OFFICE: 'L2',
  DIRECTORATE: 'L1',
  ADMINISTRATION: 'L0',
};

/** The unit whose head is meant: the unit itself, or the nearest one of that level at or above it. */
export function headedUnit(headOf: Headship, unitId: string, tree: Hierarchy): string | undefined {
  if (headOf === 'UNIT') return unitId;
  const own = tree.node(unitId);
  const line = own ? [own, ...tree.ancestors(unitId)] : [];
  return line.find(({ level }) => level === levelOf[headOf])?.id;
}

/** For each criterion and field of each unit the rule that wins, and the post it means there. */
export function wantedBy(
  rules: readonly AssignmentRule[],
  units: readonly RuleUnit[],
  tree: Hierarchy,
  postFor: PostFinder,
): Wanted[] {
  const ranked = rules.toSorted((a, b) => bySpecificity(a, b, tree));
  return units.flatMap((unit) => {
    const above = new Set([unit.id, ...tree.ancestors(unit.id).map(({ id }) => id)]);
    const mine = ranked.filter(
      ({ unitId, levels }) => above.has(unitId) && includesOrAll(levels, unit.level),
    );
    return mine.length === 0 ? [] : [...competent(mine, unit, postFor), ...accountable(mine, unit, postFor)];
  });
}

/**
 * The more specific rule first: the nearer subtree, then criteria before fields before all, then named levels before
 * all; of equals the newest. Source: Konzept §6.4.
 */
export function bySpecificity(a: AssignmentRule, b: AssignmentRule, tree: Hierarchy): number {
  return (
    depth(b, tree) - depth(a, tree) ||
    narrowness(b) - narrowness(a) ||
    Number(b.levels.length > 0) - Number(a.levels.length > 0) ||
    b.recordedAt.getTime() - a.recordedAt.getTime() ||
    (a.id < b.id ? 1 : -1)
  );
}

const depth = ({ unitId }: AssignmentRule, tree: Hierarchy): number => tree.ancestors(unitId).length;

function narrowness({ criteria, fields }: AssignmentRule): number {
  if (criteria.length > 0) return 2;
  return fields.length > 0 ? 1 : 0;
}

const includesOrAll = (list: readonly string[], one: string): boolean =>
  list.length === 0 || list.includes(one);

function competent(ranked: readonly AssignmentRule[], unit: RuleUnit, postFor: PostFinder): Wanted[] {
  return unit.criteria.flatMap(({ code, field }) => {
    const rule = ranked.find((one) => one.competent && speaksOf(one, code, field));
    return rule ? [want(unit, 'COMPETENT', code, rule, rule.competent!, postFor)] : [];
  });
}

function accountable(ranked: readonly AssignmentRule[], unit: RuleUnit, postFor: PostFinder): Wanted[] {
  const fields = [...new Set(unit.criteria.map(({ field }) => field))];
  return fields.flatMap((field) => {
    const rule = ranked.find((one) => one.accountable && includesOrAll(one.fields, field));
    return rule ? [want(unit, 'ACCOUNTABLE', field, rule, rule.accountable!, postFor)] : [];
  });
}

function speaksOf({ criteria, fields }: AssignmentRule, code: string, field: string): boolean {
  return criteria.length > 0 ? criteria.includes(code) : includesOrAll(fields, field);
}

function want(
  unit: RuleUnit,
  kind: Kind,
  subject: string,
  { id: ruleId }: AssignmentRule,
  target: Target,
  postFor: PostFinder,
): Wanted {
  return { unitId: unit.id, kind, subject, ruleId, postId: postFor(target, unit) };
}

export interface RuleInput {
  readonly unitId: string;
  readonly fields: readonly string[];
  readonly criteria: readonly string[];
  readonly competent: Target | null;
  readonly accountable: Target | null;
  readonly validFrom: string;
  readonly validUntil: string | null;
  readonly rationale: string | null;
}

/** What a rule is checked against: the edition's codes, and the named posts where they exist. */
export interface RuleReferences {
  readonly fields: ReadonlySet<string>;
  readonly criteria: ReadonlySet<string>;
  readonly post: (id: string) => AccountablePost | undefined;
}

export interface AccountablePost {
  readonly unitId: string;
  readonly isManagement: boolean;
}

/**
 * Refuses a rule that cannot mean anything: nobody named, unknown codes, fields and criteria at once, an accountable
 * post that does not head the subtree's top or a superior unit. Every fault with its place.
 */
export function refuseRule(
  rule: RuleInput,
  { fields, criteria, post }: RuleReferences,
  tree: Hierarchy,
): InvalidInput | undefined {
  const faults = [
    ...(rule.competent || rule.accountable ? [] : [fault('competent', nobodyNamed)]),
    ...(rule.fields.length > 0 && rule.criteria.length > 0 ? [fault('criteria', fieldsAndCriteria)] : []),
    ...(rule.criteria.length > 0 && rule.accountable ? [fault('accountable', accountablePerField)] : []),
    ...rule.fields.filter((code) => !fields.has(code)).map((code) => fault('fields', unknownCode(code))),
    ...rule.criteria
      .filter((code) => !criteria.has(code))
      .map((code) => fault('criteria', unknownCode(code))),
    ...(rule.validUntil !== null && rule.validUntil <= rule.validFrom
      ? [fault('validUntil', endsBeforeBegin)]
      : []),
    ...postFaults(rule, post, tree),
    ...blankFaults(textsOf(rule)),
  ];
  return refuseFaults(faults);
}

function textsOf({ rationale, competent: carriesOut }: RuleInput): Record<string, string> {
  const named = carriesOut && 'postFunction' in carriesOut && carriesOut.postFunction;
  return {
    ...(rationale !== null && { rationale }),
    ...(typeof named === 'string' && { 'competent.postFunction': named }),
  };
}

function postFaults(
  { competent: carriesOut, accountable: answers, unitId }: RuleInput,
  post: RuleReferences['post'],
  tree: Hierarchy,
) {
  const faults = [];
  if (carriesOut && 'postId' in carriesOut && !post(carriesOut.postId))
    faults.push(fault('competent.postId', noSuchPost));
  if (answers && 'postFunction' in answers) faults.push(fault('accountable.postFunction', managementOnly));
  if (answers && 'postId' in answers) {
    const named = post(answers.postId);
    if (!named) faults.push(fault('accountable.postId', noSuchPost));
    else if (!headsUnitOrSuperior(named, unitId, tree)) faults.push(fault('accountable.postId', mustHead));
  }
  return faults;
}

/** Accountability is borne by a management post of the unit itself or of a superior one. Source: Konzept §6.1, §6.3. */
export function headsUnitOrSuperior(post: AccountablePost, unitId: string, tree: Hierarchy): boolean {
  const inLine = post.unitId === unitId || tree.ancestors(unitId).some(({ id }) => id === post.unitId);
  return post.isManagement && inLine;
}

export interface Single extends Pick<RuleInput, 'unitId' | 'validFrom' | 'validUntil' | 'rationale'> {
  readonly kind: Kind;
  readonly codes: readonly string[];
}

/** Refuses a single assignment with all its faults: codes not asked of the unit, a post that is not there or may not answer for it. */
export function refuseSingle(
  { unitId, kind, codes, validFrom, validUntil, rationale }: Single,
  criteria: RuleUnit['criteria'],
  post: AccountablePost | undefined,
  tree: Hierarchy,
): InvalidInput | undefined {
  const asked = new Set(criteria.map(({ code, field }) => (kind === 'COMPETENT' ? code : field)));
  const mayAnswer = !post || kind === 'COMPETENT' || headsUnitOrSuperior(post, unitId, tree);
  return refuseFaults([
    ...(codes.length > 0 ? [] : [fault('codes', noCodes)]),
    ...codes.filter((code) => !asked.has(code)).map((code) => fault('codes', notAsked(code))),
    ...(validUntil !== null && validUntil <= validFrom ? [fault('validUntil', endsBeforeBegin)] : []),
    ...(post ? [] : [fault('postId', noSuchPost)]),
    ...(mayAnswer ? [] : [fault('postId', mustHead)]),
    ...blankFaults({ ...(rationale !== null && { rationale }) }),
  ]);
}

const fault = (path: string, message: Text): InputFault => ({ path, message });

const nobodyNamed = {
  de: 'Bitte eine zuständige Stelle, eine verantwortliche Leitung oder beides nennen.',
  en: 'Please name a competent post, an accountable management function, or both.',
};
const fieldsAndCriteria = {
  de: 'Bitte entweder Handlungsfelder oder Kriterien nennen, nicht beides.',
  en: 'Please name either fields of action or criteria, not both.',
};
const accountablePerField = {
  de: 'Verantwortlichkeit wird je Handlungsfeld getragen. Bitte Handlungsfelder statt Kriterien nennen.',
  en: 'Accountability is borne per field of action. Please name fields instead of criteria.',
};
const unknownCode = (code: string) => ({
  de: `„${code}“ steht nicht im Katalog. Bitte einen Code der veröffentlichten Fassung nehmen.`,
  en: `“${code}” is not in the catalogue. Please take a code of the published edition.`,
});
const noCodes = {
  de: 'Bitte mindestens ein Kriterium oder Handlungsfeld nennen.',
  en: 'Please name at least one criterion or field of action.',
};
const notAsked = (code: string) => ({
  de: `„${code}“ wird von dieser Einheit nicht verlangt.`,
  en: `“${code}” is not asked of this unit.`,
});
const endsBeforeBegin = {
  de: 'Das Ende liegt nicht nach dem Beginn.',
  en: 'The end does not lie after the beginning.',
};
const noSuchPost = {
  de: 'Diese Stelle gibt es im Stellenplan an diesem Tag nicht.',
  en: 'The staffing plan holds no such post on that day.',
};
const managementOnly = {
  de: 'Verantwortlich kann nur eine Leitungsstelle sein. Bitte die Leitung der Einheit oder eine Leitungsstelle nennen.',
  en: 'Only a management post can be accountable. Please name the head of the unit or a management post.',
};
const mustHead = {
  de: 'Verantwortlich kann nur sein, wer die Einheit oder eine übergeordnete leitet.',
  en: 'Only a post that heads the unit or a superior one can be accountable.',
};

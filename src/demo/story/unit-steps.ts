import { auditedLevel, levelOf, type DemoCriterion } from './ratings.rules.ts';
import type { WayStep } from './story.ts';
import type { Fields } from './teller.ts';
import type { UnitWay } from './unit-way.ts';
import { dayOf } from './schedule.rules.ts';

const minuteMs = 60_000;
export const before = (at: Date, minutes: number) => new Date(at.getTime() - minutes * minuteMs);
export const day = (at: Date, days = 0) => dayOf(new Date(at.getTime() + days * 24 * 60 * minuteMs));

export type Taking = (unit: UnitWay, at: Date) => Promise<unknown>;

/** How each step of a way is told: what people do first, then who takes it. */
export const taking: Readonly<Record<WayStep, Taking>> = {
  NAME_TEAM: async (unit, at) => {
    const [owner, deputy] = await teamOf(unit, at);
    unit.owner = owner;
    unit.deputy = deputy;
    const { ownerId, deputyId } = await idsOf(unit, at);
    await unit.take(await unit.head(at), at, 'NAME_TEAM', { ownerId, deputyId });
  },
  CONFIRM_SCOPE: (unit, at) =>
    unit.take(unit.of.coordination, at, 'CONFIRM_SCOPE', { representationsInformedOn: day(at, -2) }),
  OPEN_SELF_ASSESSMENT: async (unit, at) => {
    await unit.take(unit.owner, at, 'OPEN_SELF_ASSESSMENT');
    await unit.readCriteria(at);
    if (unit.of.way.carryOver)
      await unit.send(unit.owner, new Date(at.getTime() + 30 * minuteMs), 'takeOverRatings', {});
    else await unit.rateOwn(new Date(at.getTime() + 30 * minuteMs));
  },
  CLOSE_RATINGS: (unit, at) => unit.take(unit.owner, at, 'CLOSE_RATINGS'),
  SIGN_OFF: async (unit, at) => {
    const head = await unit.head(at, [unit.owner]);
    const { contentHash } = await unit.checklist(head, at, 'contentHash');
    await unit.take(head, at, 'SIGN_OFF', { contentHash });
  },
  RETURN_INCOMPLETE: (unit, at) =>
    unit.take(unit.of.auditLead, at, 'RETURN_INCOMPLETE', {
      criteria: unit.criteria.slice(0, 2).map(({ id }) => ({
        criterionId: id,
        reason: 'Der Nachweis belegt die Stufe noch nicht; bitte ergänzen.',
      })),
    }),
  ACCEPT_SUBMISSION: async (unit, at) => {
    await unit.take(unit.of.auditLead, at, 'ACCEPT_SUBMISSION');
    const desk = new Date(at.getTime() + 60 * minuteMs);
    if (unit.of.way.auditDone === 'half') await rateHalf(unit, desk);
    else if (maySkipVisit(unit)) await rateCore(unit, desk);
  },
  REQUEST_EVIDENCE: async (unit, at) => {
    const items = unit.criteria
      .slice(0, 2)
      .map(({ id }) => ({ criterionId: id, text: 'Bitte die Niederschrift nachreichen.' }));
    await unit.take(await unit.somebody('AUD', at), at, 'REQUEST_EVIDENCE', { items });
  },
  EVIDENCE_PROVIDED: async (unit, at) => {
    const { evidenceRequests } = await unit.see(unit.owner, at, 'evidenceRequests { id }');
    const answers = (evidenceRequests as Fields[]).map(({ id }) => ({
      requestId: id,
      note: 'Liegt in der E-Akte der Einheit.',
    }));
    await unit.send(unit.owner, before(at, 20), 'provideEvidence', { answers });
    await unit.take(unit.owner, at, 'EVIDENCE_PROVIDED');
  },
  SCHEDULE_VISIT: async (unit, at) => {
    if (maySkipVisit(unit)) return;
    await unit.take(unit.of.auditLead, at, 'SCHEDULE_VISIT', {
      plannedOn: day(at, 14),
      plan: 'Gespräche mit Leitung und zwei Teams, Rundgang.',
    });
    if (unit.of.way.auditDone === 'half') await rateHalf(unit, new Date(at.getTime() + 60 * minuteMs));
  },
  VISIT_DONE: async (unit, at) => {
    if (maySkipVisit(unit))
      return unit.take(unit.of.auditLead, at, 'SKIP_VISIT', {
        reason: 'Keine Abweichung bei einem Kernkriterium; die Unterlagen genügen.',
      });
    const talks = { openingTalkOn: day(at, -3), closingTalkOn: day(at, -2) };
    return unit.take(unit.of.auditLead, at, 'VISIT_DONE', talks);
  },
  SEND_DRAFT: async (unit, at) => {
    const auditor = await unit.somebody('AUD', at);
    await rateAs(unit, auditor, before(at, 180), (criterion) =>
      auditedLevel(criterion, unit.of.way, unit.of.story),
    );
    await signedReport(unit, auditor, at);
    await unit.take(unit.of.auditLead, at, 'SEND_DRAFT');
  },
  ACCEPT_DRAFT: async (unit, at) => unit.take(await unit.head(at), at, 'ACCEPT_DRAFT'),
  COMMENT: async (unit, at) => {
    const head = await unit.head(at);
    const comments = [
      {
        criterionId: unit.criteria[0]!.id,
        comment: 'Die Niederschrift vom Frühjahr wurde nicht berücksichtigt.',
      },
    ];
    await unit.send(head, before(at, 30), 'commentOnReport', { comments });
    await unit.take(head, at, 'COMMENT', { text: 'Die Einheit nimmt zu einem Kriterium Stellung.' });
  },
  PUBLISH_REPORT: (unit, at) =>
    unit.take(unit.of.coordination, at, 'PUBLISH_REPORT', { visibility: 'PUBLIC' }),
  CANCEL: async (unit, at) =>
    unit.take(await unit.somebody('LEAD', at), at, 'CANCEL', { reason: unit.of.way.reason }),
};

/**
 * The staff of the unit, then staff and heads above. The owner is nobody who can act as the unit's head, who signs what
 * the owner closes; the deputy does not count as one with the owner, so that core criteria are rated by two.
 */
export async function teamOf(unit: UnitWay, at: Date): Promise<[string, string]> {
  const { teller } = unit.of;
  const { id, code } = unit.of.unit;
  const heads = await teller.who('HEAD', unit.place, at);
  const staff = [...(await teller.staff(id, at)), ...(await teller.staffAbove(id, at))];
  const above = await Promise.all(['NEXT_ABOVE', 'ABOVE'].map((fn) => teller.who(fn, unit.place, at)));
  const others = [...new Set([...staff, ...above.flat()])].filter((key) => !heads.includes(key));
  const [owner] = others;
  for (const key of [...others.slice(1), ...heads])
    if (owner && !(await teller.countAsOne(owner, key, at))) return [owner, key];
  throw new Error(`${code} has no two people to name`);
}

async function idsOf(unit: UnitWay, at: Date): Promise<{ ownerId: string; deputyId: string }> {
  const id = (key: string) => unit.of.teller.as(key, at, async (actor) => actor.person);
  return { ownerId: await id(unit.owner), deputyId: await id(unit.deputy) };
}

/** On the lowest levels, where no core criterion departs from what the unit says (Konzept §2.2, T12). */
function maySkipVisit({ of: { way, story, unit }, criteria }: UnitWay): boolean {
  const profile = story.profiles[way.profile ?? 'beginning']!;
  const departs = (criterion: DemoCriterion) =>
    auditedLevel(criterion, way, story) !== levelOf(criterion, profile);
  return (
    ['L3', 'L4'].includes(unit.level) && !criteria.some((criterion) => criterion.core && departs(criterion))
  );
}

/** Whether a visit is needed is seen from the core criteria, so they are looked at first. */
async function rateCore(unit: UnitWay, at: Date): Promise<void> {
  const core = unit.criteria.filter((criterion) => criterion.core);
  const level = (criterion: DemoCriterion) => auditedLevel(criterion, unit.of.way, unit.of.story);
  await rateAs(unit, await unit.somebody('AUD', at), at, level, core);
}

async function rateHalf(unit: UnitWay, at: Date): Promise<void> {
  const half = unit.criteria.slice(0, Math.ceil(unit.criteria.length / 2));
  const level = (criterion: DemoCriterion) => auditedLevel(criterion, unit.of.way, unit.of.story);
  await rateAs(unit, await unit.somebody('AUD', at), at, level, half);
}

/** An auditor's ratings beside the unit's own; a departure is explained. */
export async function rateAs(
  unit: UnitWay,
  auditor: string,
  at: Date,
  level: (criterion: DemoCriterion) => number,
  criteria = unit.criteria,
): Promise<void> {
  const { story, way } = unit.of;
  const profile = story.profiles[way.profile ?? 'beginning']!;
  const agreed = new Set(
    story.notApplicable
      .filter(({ units }) => units.includes(unit.of.unit.code))
      .map(({ criterion }) => criterion),
  );
  const ratings = criteria.map((criterion) => {
    const found = level(criterion);
    const departs = found !== levelOf(criterion, profile);
    return {
      criterionId: criterion.id,
      ...(agreed.has(criterion.code) ? { notApplicable: true } : { level: found }),
      ...(departs && { explanation: 'Die Unterlagen und die Gespräche vor Ort zeigen ein anderes Bild.' }),
    };
  });
  await unit.send(auditor, at, 'rateAsAuditor', { ratings });
}

async function signedReport(unit: UnitWay, auditor: string, at: Date): Promise<void> {
  await unit.send(auditor, before(at, 120), 'writeReport', {
    summary:
      'Die Einheit hat ihre Selbsteinschätzung nachvollziehbar belegt; die Feststellungen stehen bei den Kriterien.',
    publicSummary:
      'Die Einheit hat den Öffnungsprozess durchlaufen; die Ergebnisse stehen bei den Handlungsfeldern.',
  });
  const second = await unit.somebody('AUD2', at, [auditor]);
  const { report } = await unit.see(second, before(at, 90), 'report { contentHash }');
  await unit.send(second, before(at, 60), 'signReport', { contentHash: report.contentHash });
}

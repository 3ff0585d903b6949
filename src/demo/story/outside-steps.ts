import { auditedLevel, finalLevel, type DemoCriterion } from './ratings.rules.ts';
import type { WayStep } from './story.ts';
import { report, takingTargets } from './target-steps.ts';
import { before, day, rateAs, taking, type Taking } from './unit-steps.ts';
import type { UnitWay } from './unit-way.ts';

const halfAnHour = -30;
const decided = (at: Date) => ({
  decidedOn: day(at, -1),
  minutes: `Protokoll vom ${day(at, -1)}, TOP 3`,
  reason: 'Wie nach der gemeinsamen Auswertung empfohlen.',
});
const byBoard =
  (step: WayStep, more: object = {}): Taking =>
  async (unit, at) =>
    unit.take(await unit.somebody('BOARD', at), at, step, { ...decided(at), ...more });

/** Rates again what was found wanting, then recommends. */
const recommending =
  (recommendation: string): Taking =>
  async (unit, at) => {
    const { way, story } = unit.of;
    const weak = unit.criteria.filter((criterion) => auditedLevel(criterion, way, story) < 2);
    const level = (criterion: DemoCriterion) =>
      finalLevel(
        criterion,
        way,
        story,
        weak.map(({ code }) => code),
      );
    if (weak.length > 0) await rateAs(unit, await unit.somebody('AUD', at), before(at, 120), level, weak);
    const reason = 'Die Einschätzungen und das Gespräch tragen diese Empfehlung.';
    await unit.take(unit.of.auditLead, at, 'RECOMMEND', { recommendation, reason });
  };

async function openInventory(unit: UnitWay, at: Date, payload: object): Promise<void> {
  await unit.take(unit.of.coordination, at, 'CONFIRM_SCOPE', payload);
  await unit.readCriteria(at);
  await unit.rateOwn(before(at, halfAnHour));
}

/** What schools do otherwise than units of the administration. */
const ofSchools: Readonly<Record<WayStep, Taking>> = {
  CONFIRM_SCOPE: (unit, at) => openInventory(unit, at, { supportRequested: ['ADVICE', 'TRAINING'] }),
  RELEASE: async (unit, at) => unit.take(await unit.head(at), at, 'RELEASE'),
  PUBLISH_REPORT: (unit, at) =>
    unit.take(unit.of.coordination, at, 'PUBLISH_REPORT', { visibility: 'INTERNAL' }),
  APPROVE_TARGETS: async (unit, at) => {
    await unit.take(unit.of.coordination, at, 'APPROVE_TARGETS');
    unit.agreed = true;
  },
  RECORD_SUPPORT: (unit, at) =>
    unit.take(unit.of.coordination, at, 'RECORD_SUPPORT', {
      supportUsed: ['TRAINING'],
      reactivatedOffer: true,
      heldOn: day(at, -1),
    }),
  CONFIRM: async (unit, at) => {
    await report(unit, before(at, 60), 'some');
    await unit.take(unit.of.coordination, at, 'CONFIRM', { heldOn: day(at), supportUsed: ['ADVICE'] });
  },
  RECOMMEND: recommending('CONTINUE_WITH_SUPPORT'),
  CONTINUE_WITH_SUPPORT: byBoard('CONTINUE_WITH_SUPPORT', { support: ['ADVICE', 'LANGUAGE_CONCEPT'] }),
};

/** What municipalities do otherwise. */
const ofTowns: Readonly<Record<WayStep, Taking>> = {
  CONFIRM_SCOPE: (unit, at) =>
    openInventory(unit, at, { agreedOn: day(at, -7), agreement: `Vereinbarung 46/${day(at).slice(0, 4)}` }),
  APPROVE_TARGETS: async (unit, at) => {
    const { reason: _, ...paper } = decided(at);
    await unit.take(await unit.somebody('BOARD', at), at, 'APPROVE_TARGETS', paper);
    unit.agreed = true;
  },
  RECOMMEND: recommending('ESTABLISHED'),
  DECLARE_ESTABLISHED: byBoard('DECLARE_ESTABLISHED'),
};

const known: Readonly<Record<string, Readonly<Record<WayStep, Taking>>>> = {
  education: ofSchools,
  'case-management': ofTowns,
};

/** How the steps of a definition are told: what it does otherwise, and else as the opening does. */
export const stepsFor = (definition: string): Readonly<Record<WayStep, Taking>> => ({
  ...taking,
  ...takingTargets,
  ...known[definition],
});

import { DueSteps } from '../../engine/index.ts';
import { payloadOf, type Scheduled } from './schedule.rules.ts';
import type { Beside, WayStep } from './story.ts';
import { stepsFor } from './outside-steps.ts';
import { teamOf } from './unit-steps.ts';
import type { UnitWay } from './unit-way.ts';

/** After these steps more is told at once, so that one which was interrupted is told again from its beginning. */
const goesOn: ReadonlySet<WayStep> = new Set([
  'CONFIRM_SCOPE',
  'OPEN_SELF_ASSESSMENT',
  'ACCEPT_SUBMISSION',
  'SCHEDULE_VISIT',
  'SUBMIT_TARGETS',
  'RECOMMEND',
]);

/** What later steps must know of one that was told before an interruption. */
const remembered: Readonly<Record<WayStep, (unit: UnitWay, at: Date) => Promise<void>>> = {
  NAME_TEAM: async (unit, at) => void ([unit.owner, unit.deputy] = await teamOf(unit, at)),
  OPEN_SELF_ASSESSMENT: (unit, at) => unit.readCriteria(at),
  CONFIRM_SCOPE: async (unit, at) => {
    if (unit.of.way.tale) await unit.readCriteria(at);
  },
  SUBMIT_TARGETS: async (unit, at) => void (unit.submitter = await unit.head(at)),
  APPROVE_TARGETS: async (unit) => void (unit.agreed = true),
};

/** Whoever holds the function takes a step beside the course. */
async function takeBeside(unit: UnitWay, at: Date, beside: Beside, start: Date): Promise<void> {
  const idOf = (code: string) => unit.criteria.find((criterion) => criterion.code === code)?.id;
  const who = await unit.somebody(beside.by, at);
  await unit.take(who, at, beside.step, payloadOf(beside, start, idOf));
}

/** What fell due by then, in the process and in the measures agreed on, happens at its own moment. */
async function catchUp(unit: UnitWay, until: Date): Promise<void> {
  const { teller, processId } = unit.of;
  const due = teller.get(DueSteps);
  await due.catchUp(teller.tenant, processId, until);
  for (const id of await unit.courses(until)) await due.catchUp(teller.tenant, id, until);
}

/** Tells a unit's way step by step; what fell due in between is told, too. */
export async function walk(unit: UnitWay, way: readonly Scheduled[], until: Date): Promise<void> {
  const told = await unit.toldUntil();
  const steps = stepsFor(unit.of.definition);
  for (const { step, at, beside } of way) {
    try {
      if (told > at || (told.getTime() === at.getTime() && !goesOn.has(step))) {
        await remembered[step]?.(unit, at);
        continue;
      }
      await catchUp(unit, at);
      await (beside ? takeBeside(unit, at, beside, until) : steps[step]!(unit, at));
    } catch (error) {
      throw new Error(`${unit.of.unit.code} ${step}: ${(error as Error).message}`, { cause: error });
    }
  }
  await catchUp(unit, until);
}

import { refuse, refuseFaults, type Refusal } from '../../platform/bare.ts';
import type { Draft, Stage } from './assignment.rules.ts';

// Why a step with assignments is not taken.

/** Refuses a step that the stage does not allow. `wanted` is the stage it starts from. */
export function refuseStage(lines: readonly Draft[], wanted: Stage): Refusal<'NotPossibleNow'> | undefined {
  const other = lines.find(({ stage }) => stage !== wanted);
  return (
    other && refuse('NotPossibleNow', notInStage(other.stage, wanted), { state: other.stage, reasons: [] })
  );
}

/** Refuses a choice that names both single assignments and a rule, or neither. */
export function refuseChoice(chosen: {
  readonly assignmentIds?: readonly string[] | null | undefined;
  readonly ruleId?: string | null | undefined;
}): Refusal<'InvalidInput'> | undefined {
  const named = Number(Boolean(chosen.assignmentIds?.length)) + Number(Boolean(chosen.ruleId));
  return named === 1 ? undefined : refuseFaults([{ path: 'assignmentIds', message: oneOfBoth }]);
}

/** Refuses a step of a rule of which nothing waits for this step. */
export function refuseNothingDue(lines: readonly Draft[]): Refusal<'NotPossibleNow'> | undefined {
  return lines.length > 0 ? undefined : refuse('NotPossibleNow', nothingDue, { state: null, reasons: [] });
}

const oneOfBoth = {
  de: 'Bitte entweder Zuweisungen oder eine Regel nennen.',
  en: 'Please name either assignments or a rule.',
};
const nothingDue = {
  de: 'Von dieser Regel wartet gerade nichts auf Sie.',
  en: 'Nothing of this rule is waiting for you at the moment.',
};
const stageName = {
  PROPOSED: { de: 'vorgeschlagen', en: 'proposed' },
  ACCEPTED: { de: 'angenommen', en: 'accepted' },
  DECLINED: { de: 'abgelehnt', en: 'declined' },
  CONFIRMED: { de: 'bestätigt', en: 'confirmed' },
} satisfies Record<Stage, { de: string; en: string }>;

const notInStage = (is: Stage, wanted: Stage) => ({
  de: `Das geht nur, solange die Zuweisung ${stageName[wanted].de} ist; sie ist ${stageName[is].de}.`,
  en: `This is possible only while the assignment is ${stageName[wanted].en}; it is ${stageName[is].en}.`,
});

/** Who proposed or accepted may not be the one who confirms: four eyes are two natural persons. Konzept §6.2. */
export function refuseSamePerson(
  lines: readonly Draft[],
  countsAsOne: (personId: string) => boolean,
): Refusal<'FourEyesNeeded'> | undefined {
  const own = lines.some(({ proposedBy }) => proposedBy !== null && countsAsOne(proposedBy));
  return own ? fourEyesNeeded() : undefined;
}

/** The refusal of a second signature by the first person, or by whom they stand in for. */
export function fourEyesNeeded(): Refusal<'FourEyesNeeded'> {
  return refuse('FourEyesNeeded', {
    de: 'Hier braucht es eine zweite Person: Wer vorschlägt (oder diese Person vertritt), kann nicht selbst bestätigen.',
    en: 'A second person is needed here: whoever proposed (or stands in for them) cannot confirm it themselves.',
  });
}

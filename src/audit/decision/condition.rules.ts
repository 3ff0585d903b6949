import { type Refusal, notPossible } from '../../platform/bare.ts';

/** OPEN until the unit shows something; SHOWN until an auditor has looked; NOT_MET opens it again. */
export type ConditionState = 'OPEN' | 'SHOWN' | 'MET' | 'NOT_MET';
export type ConditionEntryKind = Exclude<ConditionState, 'OPEN'>;

const next: Readonly<Record<ConditionState, readonly ConditionEntryKind[]>> = {
  OPEN: ['SHOWN'],
  NOT_MET: ['SHOWN'],
  SHOWN: ['SHOWN', 'MET', 'NOT_MET'],
  MET: [],
};

/** A condition is closed by an auditor on evidence the unit has shown, never without (Konzept §2.2 T27). */
export function refuseConditionEntry(
  state: ConditionState,
  kind: ConditionEntryKind,
): Refusal<'NotPossibleNow'> | undefined {
  if (next[state].includes(kind)) return;
  const message =
    state === 'MET'
      ? { de: 'Die Auflage ist bereits erfüllt.', en: 'The condition is met already.' }
      : {
          de: 'Zu dieser Auflage liegt noch kein Nachweis vor; zuerst zeigt die Einheit, was sie getan hat.',
          en: 'No evidence was shown for this condition yet; first the unit shows what it has done.',
        };
  return notPossible(state, message);
}

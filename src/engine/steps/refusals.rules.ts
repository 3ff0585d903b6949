import { ClientError, refuse, type Refusal, type Text, notPossible } from '../../platform/index.ts';
import type { Chart } from '../definition/chart.rules.ts';
import { shownDay } from '../definition/day.rules.ts';
import type { Step } from '../definition/definition.rules.ts';
import type { Reason } from '../definition/guard.rules.ts';
import { fourEyes } from './four-eyes.rules.ts';
import { HAND_OVER, MIGRATE, MIGRATE_BACK, START } from './log.rules.ts';
import { functionList, type NameOf } from '../machine/function-names.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';

export type StepRefusal = Refusal<'NotAllowed' | 'NotPossibleNow' | 'ChangedMeanwhile' | 'InvalidInput'>;

export function refuseVersion({ version }: ProcessRow, expected?: number | null): StepRefusal | undefined {
  if (expected == null || expected === version) return undefined;
  const message: Text = {
    de: 'Der Vorgang hat sich inzwischen geändert. Bitte neu laden und erneut entscheiden.',
    en: 'The process changed meanwhile. Please reload and decide again.',
  };
  return refuse('ChangedMeanwhile', message, { currentVersion: version });
}

export function labelOfStage(chart: Chart, stage: string): Text {
  return chart.nodeOfStage(stage)?.state.label ?? { de: stage, en: stage };
}

/** A log entry in words: a step of the definition, or what the engine wrote by itself. */
export const labelOfStep = ({ definition }: Chart, step: string): Text =>
  own.get(step) ?? definition.steps[step]?.label ?? { de: step, en: step };

const own: ReadonlyMap<string, Text> = new Map([
  [START, { de: 'Begonnen', en: 'Started' }],
  [
    MIGRATE,
    {
      de: 'Auf eine andere Version des Ablaufs umgestellt',
      en: 'Changed to another version of the definition',
    },
  ],
  [MIGRATE_BACK, { de: 'Umstellung zurückgenommen', en: 'Change of definition taken back' }],
  [HAND_OVER, { de: 'An einen Nachfolger übergegangen', en: 'Handed over to a successor' }],
]);

/**
 * Why nothing can happen here whoever asks: the process rests, has ended, or its state does not know the step. What a
 * deadline does that has not stopped is done also while the process rests.
 */
export function refuseState(
  chart: Chart,
  process: ProcessRow,
  name: string,
  step: Step,
  nameOf: NameOf,
  fired?: object,
): StepRefusal | undefined {
  const { de, en } = labelOfStage(chart, process.stage);
  if (process.status === 'FINISHED')
    return refuseAct(process, {
      de: `Der Vorgang ist beendet („${de}“).`,
      en: `The process has ended (“${en}”).`,
    });
  if (process.suspendedAt && !isForResting(step) && !fired)
    return refuseAct(process, resting(chart, process, nameOf));
  if (!process.suspendedAt && step.does === 'resume')
    return refuseAct(process, {
      de: 'Der Vorgang ist nicht ausgesetzt.',
      en: 'The process is not suspended.',
    });
  if (step.does || chart.candidates(process.states, name).length > 0) return undefined;
  return refuseAct(process, {
    de: `„${step.label.de}“ ist im Zustand „${de}“ nicht vorgesehen.`,
    en: `“${step.label.en}” does not belong to the state “${en}”.`,
  });
}

const isForResting = ({ does, whileSuspended }: Step) =>
  does === 'resume' || (whileSuspended && does !== 'suspend');

function resting({ definition }: Chart, { suspendedOn, suspendedUntil }: ProcessRow, nameOf: NameOf): Text {
  const resumes = Object.values(definition.steps).filter(({ does }) => does === 'resume');
  const codes = new Set(resumes.flatMap(({ who }) => who.map((one) => one.function)));
  const who = functionList(
    [...codes].filter((code) => code !== 'SYS'),
    nameOf,
  );
  const says = (language: keyof Text) =>
    [suspendedOn!, suspendedUntil!].map((day) => shownDay(day, language));
  const [de, en] = [says('de'), says('en')];
  return {
    de: `Der Vorgang ist seit ${de[0]} ausgesetzt, bis einschließlich ${de[1]}. Fortsetzen kann ihn: ${who.de}.`,
    en: `The process has been suspended since ${en[0]}, until the end of ${en[1]}. It can be resumed by: ${who.en}.`,
  };
}

/** Not now, for one reason. */
export const refuseAct = ({ stage }: ProcessRow, message: Text): StepRefusal => notPossible(stage, message);

export function refuseGuards(process: ProcessRow, { label }: Step, reasons: readonly Reason[]): StepRefusal {
  const all = (language: keyof Text) => reasons.map(({ text }) => text[language]).join(' ');
  return refuse(
    'NotPossibleNow',
    {
      de: `„${label.de}“ ist noch nicht möglich: ${all('de')}`,
      en: `“${label.en}” is not possible yet: ${all('en')}`,
    },
    { state: process.stage, reasons: reasons.map(({ text }) => text) },
  );
}

export const refuseFourEyes = (): StepRefusal => refuse('NotAllowed', fourEyes.text);

export const refuseFunction = ({ label, who }: Step, nameOf: NameOf): StepRefusal => {
  const functions = functionList(
    who.map((one) => one.function),
    nameOf,
  );
  return refuse('NotAllowed', {
    de: `„${label.de}“ ist hier Sache von: ${functions.de}. Wer das gerade ist, steht am Vorgang.`,
    en: `“${label.en}” is for others here: ${functions.en}. The process shows who they are.`,
  });
};

/** A step of the definition's public list; signals and unknown names are a fault of the client's code. */
export function stepOf({ definition }: Chart, name: string): Step {
  const { title, steps } = definition;
  if (Object.hasOwn(steps, name)) return steps[name]!;
  const shown = name.slice(0, 60);
  throw new ClientError('BAD_INPUT', {
    de: `Der Ablauf „${title.de}“ kennt keinen Schritt „${shown}“.`,
    en: `The process “${title.en}” knows no step “${shown}”.`,
  });
}

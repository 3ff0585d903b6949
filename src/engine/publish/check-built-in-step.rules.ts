import type { Chart } from '../definition/chart.rules.ts';
import type { Say } from './check-guard.rules.ts';
import type { Field, Step, BuiltInStep } from '../definition/definition.rules.ts';

/** What must come with each built-in step, by name: a day, a word of a list, or a text. */
const asked: Readonly<Record<BuiltInStep, Readonly<Record<string, 'day' | 'choice' | 'text'>>>> = {
  suspend: { until: 'day', reason: 'choice' },
  resume: {},
  requestExtension: { deadline: 'text', until: 'day', reason: 'text' },
  grantExtension: { deadline: 'text' },
  refuseExtension: { deadline: 'text', reason: 'text' },
  remind: {},
};

/** A step of the engine's own has what the engine needs for it; any other step has nothing of the kind. */
export function checkBuiltInStep(place: string, step: Step, chart: Chart, say: Say): void {
  const { suspension } = chart.definition;
  if (step.whileSuspended && !suspension)
    say(
      `${place}.whileSuspended`,
      'Ein Vorgang dieser Art wird nie ausgesetzt.',
      'A process of this kind is never suspended.',
    );
  if (!step.does) return checkNoBuiltInStep(place, step, say);
  if (step.automatic || step.after)
    say(
      place,
      'Was die Engine selbst tut, ist weder selbsttätig noch an andere Schritte gebunden.',
      'What the engine does itself is neither automatic nor bound to other steps.',
    );
  if ((step.does === 'suspend' || step.does === 'resume') && !suspension)
    say(
      place,
      'Es fehlt, wie lange ausgesetzt werden kann.',
      'It is missing how long a suspension may last.',
    );
  for (const [name, kind] of Object.entries(asked[step.does]))
    if (!fits(step, name, kind))
      say(
        `${place}.payload`,
        `${step.does} braucht die Pflichtangabe ${name} (${kindOf[kind].de}).`,
        `${step.does} needs the required property ${name} (${kindOf[kind].en}).`,
      );
  if (step.does === 'resume' && step.payload?.required)
    say(
      `${place}.payload`,
      'Am Ende der Aussetzung macht niemand Angaben: nichts darf Pflicht sein.',
      'Nobody gives anything at the end of a suspension: nothing may be required.',
    );
  checkNamedDeadlines(place, step, chart, say);
}

const kindOf = {
  day: { de: 'Datum', en: 'date' },
  choice: { de: 'Auswahl', en: 'choice' },
  text: { de: 'Text', en: 'text' },
};

function fits({ payload }: Step, name: string, kind: 'day' | 'choice' | 'text'): boolean {
  const field: Field | undefined = payload?.properties[name];
  if (field?.type !== 'string' || !payload!.required?.includes(name)) return false;
  if (kind === 'day') return field.format === 'date';
  return kind === 'text' || field.enum !== undefined;
}

function checkNoBuiltInStep(place: string, step: Step, say: Say): void {
  for (const part of ['guard', 'effects', 'notices', 'raise'] as const)
    if (step[part])
      say(
        `${place}.${part}`,
        'Das steht an den Übergängen; nur was die Engine selbst tut, hat es am Schritt.',
        'This stands at the transitions; only what the engine does itself has it at the step.',
      );
}

/** A choice of deadlines names those that can be extended. */
function checkNamedDeadlines(place: string, { does, payload }: Step, { definition }: Chart, say: Say): void {
  const field = payload?.properties.deadline;
  if (!does!.endsWith('Extension') || field?.type !== 'string') return;
  for (const name of field.enum ?? [])
    if (!Object.hasOwn(definition.deadlines, name) || !definition.deadlines[name]!.extendable)
      say(
        `${place}.payload.properties.deadline`,
        `${name} ist keine Frist, die verlängert werden kann.`,
        `${name} is no deadline that can be extended.`,
      );
}

/** What belongs together: to rest and to go on, to ask and to decide. */
export function checkBuiltInStepsTogether({ definition, builtInSteps }: Chart, say: Say): void {
  const { deadlines, steps, suspension } = definition;
  const done = new Set(builtInSteps.map((name) => steps[name]!.does));
  if (suspension && !(done.has('suspend') && done.has('resume')))
    say(
      '$.suspension',
      'Es fehlt ein Schritt, der aussetzt, oder einer, der fortsetzt.',
      'There is no step that suspends, or none that resumes.',
    );
  for (const [name, { extendable }] of Object.entries(deadlines))
    if (extendable && !(done.has('requestExtension') && done.has('grantExtension')))
      say(
        `$.deadlines.${name}.extendable`,
        'Niemand kann die Verlängerung beantragen oder gewähren.',
        'Nobody can ask for the extension, or grant it.',
      );
}

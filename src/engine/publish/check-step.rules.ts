import type { Chart } from '../definition/chart.rules.ts';
import { checkBuiltInStep } from './check-built-in-step.rules.ts';
import { checkDeed, type Say } from './check-guard.rules.ts';
import type { Definition, Field, Step } from '../definition/definition.rules.ts';
import type { Vocabulary } from '../machine/registry.ts';

const has = (record: object, name: string) => Object.hasOwn(record, name);

/** The public list of steps: who takes them, by which form, and that somebody or something does. */
export function checkSteps(chart: Chart, known: Vocabulary, say: Say): void {
  const handled = new Set(chart.edges.map(({ event }) => event));
  const byItself = stepsOfClocks(chart.definition);
  for (const [name, step] of Object.entries(chart.definition.steps)) {
    const place = `$.steps.${name}`;
    if (!handled.has(name) && !step.does)
      say(place, 'Kein Zustand kennt diesen Schritt.', 'No state handles this step.');
    if (handled.has(name) && step.does)
      say(
        `${place}.does`,
        'Was die Engine selbst tut, behandelt kein Zustand.',
        'What the engine does itself is handled by no state.',
      );
    checkDeed(place, step, chart, known, say);
    checkBuiltInStep(place, step, chart, say);
    checkSystem(place, step, byItself.has(name), say);
    checkPeople(place, step, chart.definition, known, say);
    if (step.payload)
      checkFields({ type: 'object', title: step.label, ...step.payload }, `${place}.payload`, say);
  }
}

/** The steps that some deadline takes, the end of a rest among them. */
function stepsOfClocks({ steps, chains, deadlines }: Definition): ReadonlySet<string> {
  return new Set([
    ...Object.values(deadlines).flatMap(({ onDue }) => onDue ?? []),
    ...Object.values(chains).flatMap((links) => links.map(({ step }) => step)),
    ...Object.keys(steps).filter((name) => steps[name]!.does === 'resume'),
  ]);
}

function checkSystem(place: string, step: Step, isOfClocks: boolean, say: Say): void {
  const bySystem = step.who.every((who) => who.function === 'SYS');
  if (step.automatic && !bySystem)
    say(
      place,
      'Einen selbsttätigen Schritt geht nur das System (SYS).',
      'An automatic step is taken by the system (SYS) alone.',
    );
  if (bySystem && step.payload)
    say(`${place}.payload`, 'Das System gibt keine Angaben mit.', 'The system gives no payload.');
  if (bySystem && !step.automatic && !isOfClocks)
    say(
      place,
      'Niemand löst diesen Schritt aus: keine Frist, nicht selbsttätig.',
      'Nobody triggers this step: no deadline, not automatic.',
    );
}

function checkPeople(place: string, step: Step, { steps }: Definition, known: Vocabulary, say: Say): void {
  const unknown = (at: string, name: string) =>
    has(steps, name) || say(at, `Unbekannter Schritt ${name}.`, `Unknown step ${name}.`);
  step.who.forEach((who, i) => {
    checkFunction(who.function, `${place}.who[${i}]`, known, say);
    for (const other of who.notSameAs ?? []) unknown(`${place}.who[${i}]`, other);
  });
  for (const earlier of step.after ?? []) unknown(`${place}.after`, earlier);
}

export function checkFunction(code: string, place: string, { functions }: Vocabulary, say: Say): void {
  if (functions && !functions.has(code))
    say(place, `Die Funktion ${code} hat niemand inne.`, `Nobody can hold the function ${code}.`);
}

function checkFields(field: Field, path: string, say: Say): void {
  if (field.type === 'array') return checkFields(field.items, `${path}.items`, say);
  if (field.type !== 'object') return;
  for (const name of field.required ?? [])
    if (!has(field.properties, name))
      say(`${path}.required`, `Unbekannte Angabe ${name}.`, `Unknown property ${name}.`);
  for (const [name, inner] of Object.entries(field.properties))
    checkFields(inner, `${path}.properties.${name}`, say);
}

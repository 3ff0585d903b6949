import { leavesOf, type Chart } from './chart.rules.ts';
import type { Fault } from './definition-file.rules.ts';
import type { Field } from './definition.rules.ts';

/** Numbers that each stand in the format's range and make no sense together. */
export function faultsOfNumbers({ definition, edges }: Chart): Fault[] {
  const payloads = Object.entries(definition.steps).flatMap(([name, { payload }]) =>
    Object.entries(payload?.properties ?? {}).flatMap(([property, field]) =>
      faultsOfField(field, `$.steps.${name}.payload.properties.${property}`),
    ),
  );
  const guards = edges.flatMap(({ transition, place }) =>
    leavesOf(transition.guard).some((leaf) => 'fact' in leaf && Object.values(leaf).some(isNoCount))
      ? [
          fault(
            `${place}.guard`,
            'Keine ganze Zahl im zulässigen Bereich.',
            'No whole number within the range.',
          ),
        ]
      : [],
  );
  return [...payloads, ...guards];
}

const mostCounted = 1_000_000_000;
const isNoCount = (operand: unknown) =>
  typeof operand === 'number' && (!Number.isInteger(operand) || Math.abs(operand) > mostCounted);

function faultsOfField(field: Field, path: string): Fault[] {
  switch (field.type) {
    case 'string':
      return upsideDown(field.minLength, field.maxLength, path);
    case 'integer':
      return upsideDown(field.minimum, field.maximum, path);
    case 'array':
      return [
        ...upsideDown(field.minItems, field.maxItems, path),
        ...faultsOfField(field.items, `${path}.items`),
      ];
    case 'object':
      return Object.entries(field.properties).flatMap(([name, inner]) =>
        faultsOfField(inner, `${path}.properties.${name}`),
      );
    case 'boolean':
      return [];
  }
}

const upsideDown = (least: number | undefined, most: number, path: string): Fault[] =>
  least !== undefined && least > most
    ? [fault(path, `Mindestens ${least} und höchstens ${most}.`, `At least ${least} and at most ${most}.`)]
    : [];

const fault = (path: string, de: string, en: string): Fault => ({ path, message: { de, en } });

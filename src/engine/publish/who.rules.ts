import type { Chart } from '../definition/chart.rules.ts';
import type { Fault } from '../definition/definition-file.rules.ts';
import type { Step } from '../definition/definition.rules.ts';

type Entitled = Step['who'][number];

/**
 * Four eyes that nobody could have. The second pair of eyes must be able to be another natural person than the first:
 * not where one and the same post takes both steps, nor where the system took the first.
 */
export function faultsOfFourEyes({ definition }: Chart, single: ReadonlySet<string>): Fault[] {
  const { steps } = definition;
  const takers = (name: string): readonly Entitled[] => (Object.hasOwn(steps, name) ? steps[name]!.who : []);
  return Object.entries(steps).flatMap(([name, { who }]) => {
    const blocked = who.map((one) =>
      (one.notSameAs ?? []).find((first) => isOnlyPerson(one, takers(first), single)),
    );
    const onlyPerson = blocked.every((first) => first !== undefined)
      ? [onePerson(`$.steps.${name}.who`, who[0]!.function, blocked[0]!)]
      : [];
    const bySystem = who.flatMap((one, i) =>
      (one.notSameAs ?? [])
        .filter((first) => takers(first).length > 0 && takers(first).every(isSystem))
        .map((first) => ofSystem(`$.steps.${name}.who[${i}].notSameAs`, first)),
    );
    return [...onlyPerson, ...bySystem];
  });
}

const isSystem = ({ function: code }: Entitled) => code === 'SYS';

/** Whoever took the first step is the only one who could take the second. */
const isOnlyPerson = (second: Entitled, first: readonly Entitled[], single: ReadonlySet<string>): boolean =>
  single.has(second.function) &&
  first.length > 0 &&
  first.every((one) => one.function === second.function && one.scope === second.scope);

const onePerson = (path: string, code: string, first: string): Fault => ({
  path,
  message: {
    de: `Diesen Schritt und ${first} kann nur dieselbe Person gehen (${code}): vier Augen sind nie möglich.`,
    en: `Only one and the same person can take this step and ${first} (${code}): four eyes are never possible.`,
  },
});

const ofSystem = (path: string, first: string): Fault => ({
  path,
  message: {
    de: `${first} geht das System: Es fehlt eine erste Person.`,
    en: `${first} is taken by the system: there is no first person.`,
  },
});

/** The functions asked for in the whole administration: for them it can be said today who holds them. */
export const placesToStaff = ({ definition }: Chart): Set<string> =>
  new Set(
    Object.values(definition.steps)
      .flatMap(({ who }) => who.filter(({ scope }) => scope === 'tenant'))
      .map((one) => one.function),
  );

/** What keeps a sound definition from being used today: functions nobody holds, four eyes where there is one person. */
export function hintsOfStaff(
  { definition }: Chart,
  staff: ReadonlyMap<string, ReadonlySet<string>>,
): Fault[] {
  const people = (who: readonly Entitled[]): ReadonlySet<string> | undefined => {
    const sets = who.map((one) => (one.scope === 'tenant' ? staff.get(one.function) : undefined));
    return sets.includes(undefined) ? undefined : new Set(sets.flatMap((set) => [...set!]));
  };
  return Object.entries(definition.steps).flatMap(([name, { who }]) => {
    const second = people(who);
    const first = people(
      who.flatMap((one) => one.notSameAs ?? []).flatMap((step) => definition.steps[step]!.who),
    );
    if (!second) return [];
    const path = `$.steps.${name}.who`;
    if (second.size === 0)
      return [fault(path, 'Diese Funktion hat heute niemand inne.', 'Nobody holds this function today.')];
    const alone = first && first.size > 0 && new Set([...first, ...second]).size === 1;
    return alone
      ? [
          fault(
            path,
            'Heute hat nur eine Person diese Funktionen inne: vier Augen sind nicht möglich.',
            'Only one person holds these functions today: four eyes are not possible.',
          ),
        ]
      : [];
  });
}

const fault = (path: string, de: string, en: string): Fault => ({ path, message: { de, en } });

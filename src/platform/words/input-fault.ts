import { refuse, type Refusal } from './refusal.ts';
import { isBlank, type Text } from './text.ts';

/** One fault of an input: where (`ratings.3.level`), what is wrong there, what would be right. */
export interface InputFault {
  readonly path: string;
  readonly message: Text;
}
export type InvalidInput = Refusal<'InvalidInput'> & { readonly faults: readonly InputFault[] };

/** Refuses an input with all its faults; undefined when there is none. */
export function refuseFaults(faults: readonly InputFault[]): InvalidInput | undefined {
  const [only, ...others] = faults;
  if (!only) return;
  const message: Text = {
    de: `${faults.length} Angaben passen nicht; die Liste nennt jede Stelle.`,
    en: `${faults.length} entries do not fit; the list names each place.`,
  };
  return refuse('InvalidInput', others.length === 0 ? only.message : message, { faults });
}

/** Texts, by their path, that say nothing. */
export function blankFaults(texts: Readonly<Record<string, string>>): InputFault[] {
  return Object.entries(texts).flatMap(([path, text]) => (isBlank(text) ? [{ path, message: blank }] : []));
}

/** Entries of a list whose text of this name says nothing. */
export function blankFaultsIn<N extends string>(
  list: readonly Readonly<Record<N, string>>[],
  path: string,
  name: N,
): InputFault[] {
  return list.flatMap((entry, at) => blankFaults({ [`${path}.${at}.${name}`]: entry[name] }));
}

/** Ids that stand in a list twice; `path` names the place of an entry. */
export function repeatedFaults(ids: readonly string[], path: (at: number) => string): InputFault[] {
  return ids.flatMap((id, at) => (ids.indexOf(id) === at ? [] : [{ path: path(at), message: repeated }]));
}

const blank: Text = { de: 'Hier wird ein Text gebraucht.', en: 'A text is needed here.' };
const repeated: Text = { de: 'Das steht schon in der Liste.', en: 'This stands in the list already.' };

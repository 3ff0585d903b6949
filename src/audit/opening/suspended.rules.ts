import type { Text } from '../../platform/bare.ts';

/** While a process rests, only what its definition names is accepted, and the withdrawal of evidence. */
export const suspended: Text = {
  de: 'Das Verfahren ist ausgesetzt; bis es fortgesetzt wird, ruht die Arbeit daran.',
  en: 'The process is suspended; work on it rests until it is resumed.',
};

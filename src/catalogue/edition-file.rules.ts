import { z } from 'zod';
import type { Text } from '../platform/bare.ts';
import { contradictions, type EditionContent } from './edition.rules.ts';
import { readYaml, type FileFault } from './yaml.rules.ts';

const language = z.string().regex(/^[a-z]{2,3}$/);
const text = (max: number) =>
  z
    .record(language, z.string().min(1).max(max))
    .refine((texts) => Object.keys(texts).length > 0, 'TEXT_IN_NO_LANGUAGE');
const code = z.string().regex(/^[A-Z]{2,8}$/);
const list = <T extends z.ZodType>(item: T, max: number) => z.array(item).min(1).max(max);

/** The format of a catalogue file. Texts may lack a language: a draft holds that, publication does not. docs/catalogues.md describes it for authors. */
const file = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/),
  version: z.string().regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/),
  languages: list(language, 10),
  title: text(200),
  scale: list(
    z.strictObject({
      level: z.int().min(0).max(9),
      label: text(80),
      pdca: z.enum(['P', 'D', 'C', 'A']).nullable(),
      proof: text(500),
    }),
    10,
  ),
  fields: list(z.strictObject({ id: code, title: text(200) }), 50),
  criteria: list(
    z.strictObject({
      id: z.string().regex(/^[A-Z]{2,8}-\d{2,4}$/),
      field: code,
      core: z.boolean(),
      weight: z.int().min(1).max(3),
      reference: z.string().min(1).max(200).optional(),
      title: text(200),
      description: text(2000),
      indicator: text(500),
      evidence: text(500),
      levels: list(z.enum(['L0', 'L1', 'L2', 'L3', 'L4']), 5).default([]),
      unitKinds: list(z.string().regex(/^[A-Z][A-Z0-9]{1,11}(:[A-Z][A-Z0-9]{0,11})?$/), 40),
    }),
    2000,
  ),
});

/** What each place of the file may hold, for the sentence of a fault. */
const expected: Record<string, Text> = {
  file: {
    de: 'key, version, languages, title, scale, fields und criteria',
    en: 'key, version, languages, title, scale, fields and criteria',
  },
  key: {
    de: 'Kleinbuchstaben, Ziffern und Bindestriche, etwa „administration“',
    en: 'lower-case letters, digits and hyphens, such as “administration”',
  },
  version: { de: 'drei Zahlen mit Punkten, etwa „1.0.0“', en: 'three numbers with dots, such as “1.0.0”' },
  languages: {
    de: 'eine Liste von Sprachen, etwa [de] oder [de, en]',
    en: 'a list of languages, such as [de] or [de, en]',
  },
  level: { de: 'eine ganze Zahl von 0 an', en: 'a whole number from 0 on' },
  pdca: { de: 'P, D, C, A oder null', en: 'P, D, C, A or null' },
  field: {
    de: 'die Kennung eines Handlungsfeldes in Großbuchstaben',
    en: 'the id of a field of action in capitals',
  },
  core: { de: 'true oder false', en: 'true or false' },
  weight: { de: 'eine ganze Zahl von 1 bis 3', en: 'a whole number from 1 to 3' },
  reference: {
    de: 'ein Text, wie das Kriterium in seiner Quelle heißt',
    en: 'a text: what its source calls the criterion',
  },
  levels: {
    de: 'eine Liste aus L0, L1, L2, L3, L4; ohne Angabe gilt jede Ebene',
    en: 'a list of L0, L1, L2, L3, L4; left out, every level counts',
  },
  unitKinds: {
    de: 'ALL, eine Art von Einheit oder ART:MERKMAL, etwa „QUE:IT“',
    en: 'ALL, a kind of unit or KIND:TAG, such as “QUE:IT”',
  },
  id: {
    de: 'eine Kennung in Großbuchstaben, etwa „LEI“ oder „LEI-01“',
    en: 'an id in capitals, such as “LEI” or “LEI-01”',
  },
};
const textExpected: Text = {
  de: 'ein Text je Sprache, etwa { de: …, en: … }, nicht leer',
  en: 'a text for each language, such as { de: …, en: … }, not empty',
};

/** Enough to mend a file by; more would be read by nobody. */
const mostFaults = 100;

export interface FaultyFile {
  readonly faults: readonly FileFault[];
}

/** A catalogue file as content, or all of its faults with line and column. Nothing is half read. */
export function readEdition(bytes: Uint8Array): EditionContent | FaultyFile {
  const yaml = readYaml(bytes);
  if ('length' in yaml) return { faults: yaml };
  const parsed = file.safeParse(yaml.content, { reportInput: true });
  if (!parsed.success)
    return {
      faults: parsed.error.issues.slice(0, mostFaults).flatMap((issue) => faultsOf(issue, yaml.faultAt)),
    };
  const faults = contradictions(parsed.data).map(({ path, message }) => yaml.faultAt(path, message));
  return faults.length > 0 ? { faults } : parsed.data;
}

function faultsOf(
  issue: z.core.$ZodIssue,
  faultAt: (path: readonly PropertyKey[], message: Text) => FileFault,
): FileFault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, mostFaults).map((key) =>
      faultAt([...issue.path, key], {
        de: `„${key.slice(0, 80)}“ ist hier nicht bekannt.`,
        en: `“${key.slice(0, 80)}” is not known here.`,
      }),
    );
  const name = nameAt(issue.path);
  const limit = limitOf(issue, name);
  if (limit) return [faultAt(issue.path, limit)];
  const wanted = expected[name] ?? textExpected;
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return [
    faultAt(issue.path, {
      de: `„${name}“ ${missing ? 'fehlt' : 'passt nicht'}. Erwartet: ${wanted.de}.`,
      en: `“${name}” ${missing ? 'is missing' : 'does not fit'}. Expected: ${wanted.en}.`,
    }),
  ];
}

/** The limit that a list or text exceeds, said with what stands there. */
function limitOf(issue: z.core.$ZodIssue, name: string): Text | undefined {
  if (issue.code !== 'too_big' || (issue.origin !== 'array' && issue.origin !== 'string')) return undefined;
  const here = (issue.input as string | readonly unknown[]).length;
  const most = Number(issue.maximum);
  const [de, en] = issue.origin === 'array' ? ['Einträge', 'entries'] : ['Zeichen', 'characters'];
  return {
    de: `„${name}“ darf höchstens ${most} ${de} haben; hier sind es ${here}.`,
    en: `“${name}” may have at most ${most} ${en}; here there are ${here}.`,
  };
}

/** What stands at a path, in the file's words; a text is called by its name, not by its language. */
function nameAt(path: readonly PropertyKey[]): string {
  const words = path.filter((step) => typeof step === 'string');
  const last = words.at(-1) ?? 'file';
  return words.length > 1 && /^[a-z]{2,3}$/.test(last) ? words.at(-2)! : last;
}

import { isBlank, type Text } from '../platform/bare.ts';

/** A text as a draft may hold it: one language can still be missing. Publication asks for both. */
export type DraftText = Partial<Text>;

export interface ScaleLevelContent {
  readonly level: number;
  readonly label: DraftText;
  readonly pdca: 'P' | 'D' | 'C' | 'A' | null;
  readonly proof: DraftText;
}
export interface FieldContent {
  readonly id: string;
  readonly title: DraftText;
}
export interface CriterionContent {
  readonly id: string;
  readonly field: string;
  readonly core: boolean;
  readonly weight: number;
  readonly title: DraftText;
  readonly description: DraftText;
  readonly indicator: DraftText;
  readonly evidence: DraftText;
  readonly levels: readonly string[];
  readonly unitKinds: readonly string[];
}
/** What a catalogue file says, in the file's own words. */
export interface EditionContent {
  readonly key: string;
  readonly version: string;
  readonly languages: readonly string[];
  readonly title: DraftText;
  readonly scale: readonly ScaleLevelContent[];
  readonly fields: readonly FieldContent[];
  readonly criteria: readonly CriterionContent[];
}

/** Where in the content (`criteria`, 3, `weight`) and what is wrong there. */
export interface ContentFault {
  readonly path: readonly (string | number)[];
  readonly message: Text;
}

const languages = ['de', 'en'] as const;
const languageName = { de: { de: 'Deutsch', en: 'German' }, en: { de: 'Englisch', en: 'English' } } as const;
const criterionTexts = ['title', 'description', 'indicator', 'evidence'] as const;

/** What makes the content contradict itself: no draft may hold it. */
export function contradictions(content: EditionContent): ContentFault[] {
  const fields = content.fields.map(({ id }) => id);
  return [
    ...repeated(fields, 'fields'),
    ...repeated(
      content.criteria.map(({ id }) => id),
      'criteria',
    ),
    ...content.criteria.flatMap((criterion, at) =>
      fields.includes(criterion.field) ? [] : [unknownField(criterion, at)],
    ),
    ...scaleFaults(content.scale),
  ];
}

/**
 * What still lacks before the edition may be published: both languages in every text, a criterion in every field,
 * a core criterion, kinds of unit that the administration knows, and no contradiction. Empty means: complete.
 */
export function gapsForPublication(content: EditionContent, unitKinds: readonly string[]): ContentFault[] {
  return [
    ...contradictions(content),
    ...missingLanguages(content),
    ...unknownKinds(content, new Set(['ALL', ...unitKinds])),
    ...emptyFields(content),
    ...noCore(content),
  ];
}

function repeated(ids: readonly string[], list: string): ContentFault[] {
  return ids.flatMap((id, at) =>
    ids.indexOf(id) === at
      ? []
      : [
          {
            path: [list, at, 'id'],
            message: {
              de: `Die Kennung ${id} kommt doppelt vor. Jede Kennung darf nur einmal stehen.`,
              en: `The id ${id} occurs twice. Each id may occur only once.`,
            },
          },
        ],
  );
}

function unknownField({ id, field }: CriterionContent, at: number): ContentFault {
  return {
    path: ['criteria', at, 'field'],
    message: {
      de: `Das Handlungsfeld ${field} von ${id} steht nicht unter „fields“.`,
      en: `The field of action ${field} of ${id} is not listed under "fields".`,
    },
  };
}

const stages = ['P', 'D', 'C', 'A'];
const [fewestLevels, mostLevels] = [2, 10];

/** The scale is cumulative: its levels are 0, 1, 2 … without a hole, and none stands for an earlier stage than the one below. */
function scaleFaults(scale: readonly ScaleLevelContent[]): ContentFault[] {
  if (scale.length < fewestLevels || scale.length > mostLevels)
    return [scaleFault(['scale'], `Die Skala hat ${scale.length} Stufen; es müssen ${fewestLevels} bis ${mostLevels} sein.`, `The scale has ${scale.length} levels; it must have ${fewestLevels} to ${mostLevels}.`)]; // prettier-ignore
  return scale.flatMap(({ level, pdca }, at): ContentFault[] => {
    if (level !== at)
      return [scaleFault(['scale', at, 'level'], `Die Stufen müssen lückenlos von 0 an aufsteigen; hier steht ${level} statt ${at}.`, `The levels must rise from 0 without a gap; this one is ${level} instead of ${at}.`)]; // prettier-ignore
    const below = scale[at - 1]?.pdca ?? null;
    if (at === 0 && pdca !== null)
      return [scaleFault(['scale', at, 'pdca'], 'Stufe 0 heißt, dass noch nichts gezeigt ist; sie steht für keinen Schritt.', 'Level 0 means that nothing was shown yet; it stands for no stage.')]; // prettier-ignore
    if (below !== null && (pdca === null || stages.indexOf(pdca) < stages.indexOf(below)))
      return [scaleFault(['scale', at, 'pdca'], `Stufe ${at} verlangt weniger Nachweis als Stufe ${at - 1}; eine Stufe schließt die darunter ein.`, `Level ${at} asks for less proof than level ${at - 1}; a level includes those below it.`)]; // prettier-ignore
    return [];
  });
}

const scaleFault = (path: ContentFault['path'], de: string, en: string): ContentFault => ({
  path,
  message: { de, en },
});

function missingLanguages(content: EditionContent): ContentFault[] {
  const texts: [ContentFault['path'], string, DraftText][] = [
    [['title'], content.key, content.title],
    ...content.scale.flatMap(({ level, label, proof }, at) => [
      [['scale', at, 'label'], `scale ${level}`, label] as [ContentFault['path'], string, DraftText],
      [['scale', at, 'proof'], `scale ${level}`, proof] as [ContentFault['path'], string, DraftText],
    ]),
    ...content.fields.map(
      ({ id, title }, at) =>
        [['fields', at, 'title'], id, title] as [ContentFault['path'], string, DraftText],
    ),
    ...content.criteria.flatMap((criterion, at) =>
      criterionTexts.map(
        (name) =>
          [['criteria', at, name], criterion.id, criterion[name]] as [
            ContentFault['path'],
            string,
            DraftText,
          ],
      ),
    ),
  ];
  return texts.flatMap(([path, of, text]) =>
    languages.filter((language) => isBlank(text[language])).map((language) => lacks(path, of, language)),
  );
}

function lacks(path: ContentFault['path'], of: string, language: (typeof languages)[number]): ContentFault {
  const part = String(path.at(-1));
  return {
    path,
    message: {
      de: `${of}: „${part}“ fehlt auf ${languageName[language].de}.`,
      en: `${of}: "${part}" lacks ${languageName[language].en}.`,
    },
  };
}

/** A mistyped kind would not fail, it would silently ask nobody. */
function unknownKinds({ criteria }: EditionContent, known: ReadonlySet<string>): ContentFault[] {
  return criteria.flatMap(({ id, unitKinds }, at) =>
    unitKinds.flatMap((kind, index) =>
      known.has(kind.split(':')[0]!)
        ? []
        : [
            {
              path: ['criteria', at, 'unitKinds', index],
              message: {
                de: `${id}: „${kind}“ ist keine Art von Einheit dieser Verwaltung.`,
                en: `${id}: "${kind}" is no kind of unit of this administration.`,
              },
            },
          ],
    ),
  );
}

function emptyFields({ fields, criteria }: EditionContent): ContentFault[] {
  return fields.flatMap(({ id }, at) =>
    criteria.some(({ field }) => field === id)
      ? []
      : [
          {
            path: ['fields', at],
            message: {
              de: `Das Handlungsfeld ${id} hat kein Kriterium.`,
              en: `The field of action ${id} has no criterion.`,
            },
          },
        ],
  );
}

function noCore({ criteria }: EditionContent): ContentFault[] {
  if (criteria.some(({ core }) => core)) return [];
  return [
    {
      path: ['criteria'],
      message: {
        de: 'Kein Kriterium ist als Kernkriterium gekennzeichnet; die Anerkennung braucht mindestens eines.',
        en: 'No criterion is marked as core; recognition needs at least one.',
      },
    },
  ];
}

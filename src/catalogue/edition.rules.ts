import type { Text } from '../platform/bare.ts';

/** A text by language (`de`, `tr` …). A draft's may lack some; publication asks for all that its edition names. */
export type DraftText = Readonly<Partial<Record<string, string>>>;

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
  /** What the criterion is called where it was taken from, such as a number in another catalogue. */
  readonly reference?: string | undefined;
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

/** What a language is called in either. */
export const nameOf = { de: new Intl.DisplayNames('de', { type: 'language' }), en: new Intl.DisplayNames('en', { type: 'language' }) }; // prettier-ignore
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
    ...unnamedLanguages(content),
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
      en: `The field of action ${field} of ${id} is not listed under “fields”.`,
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

type PlacedText = readonly [path: ContentFault['path'], of: string, text: DraftText];

/** Every text of the content, with its place and the id of what it belongs to. */
export const textsOf = ({ key, title, scale, fields, criteria }: EditionContent): PlacedText[] => [
  [['title'], key, title],
  ...scale.flatMap(({ level, label, proof }, at): PlacedText[] => [
    [['scale', at, 'label'], `scale ${level}`, label],
    [['scale', at, 'proof'], `scale ${level}`, proof],
  ]),
  ...fields.map(({ id, title: heading }, at): PlacedText => [['fields', at, 'title'], id, heading]),
  ...criteria.flatMap((criterion, at) =>
    criterionTexts.map((name): PlacedText => [['criteria', at, name], criterion.id, criterion[name]]),
  ),
];

function unnamedLanguages(content: EditionContent): ContentFault[] {
  return textsOf(content).flatMap(([path, of, text]) =>
    Object.keys(text).flatMap((language) =>
      content.languages.includes(language)
        ? []
        : [
            {
              path: [...path, language],
              message: {
                de: `${of}: Dieser Text ist auf ${nameOf.de.of(language)}, aber „${language}“ steht nicht unter „languages“.`,
                en: `${of}: this text is in ${nameOf.en.of(language)}, but “${language}” is not listed under “languages”.`,
              },
            },
          ],
    ),
  );
}

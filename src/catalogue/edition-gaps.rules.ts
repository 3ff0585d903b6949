import { isBlank } from '../platform/bare.ts';
import { contradictions, nameOf, textsOf, type ContentFault, type EditionContent } from './edition.rules.ts';

/**
 * What still lacks before the edition may be published: its languages in every text, a criterion in every field,
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

function missingLanguages(content: EditionContent): ContentFault[] {
  return textsOf(content).flatMap(([path, of, text]) =>
    content.languages
      .filter((language) => isBlank(text[language]))
      .map((language) => ({
        path,
        message: {
          de: `${of}: „${path.at(-1)}“ fehlt auf ${nameOf.de.of(language)}.`,
          en: `${of}: “${path.at(-1)}” lacks ${nameOf.en.of(language)}.`,
        },
      })),
  );
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
                en: `${id}: “${kind}” is no kind of unit of this administration.`,
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

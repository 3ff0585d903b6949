import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { allows, functionCodes, permissions } from '../../src/responsibility/functions/permission.rules.ts';

// The matrix is written by hand and read by data protection officers; the table in the code is the other statement of
// the same thing. Neither is made from the other, and here they have to agree in every state of the shipped process.
const [head, ...lines] = readFileSync(new URL('./permission-matrix.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(';'));
const [, , ...functions] = head!;
const opening = JSON.parse(
  readFileSync(new URL('../../data/processes/opening-2.json', import.meta.url), 'utf8'),
);

interface State {
  readonly name: string;
  readonly tags: ReadonlySet<string>;
}
/** The states of the course in the order of the definition; `from X` in the matrix means X and all that follow. */
const course = leaves(opening.states.live.states.course, 'course', []);
const none: State = { name: 'no process', tags: new Set() };
const published: State = { name: 'public', tags: new Set([...course.at(-1)!.tags, 'published']) };
/** How many people the matter is about; `of many` in the matrix means enough of them for whoever asks. */
const sizes = [
  { tags: [], isMany: () => true },
  { tags: ['fewOutside'], isMany: (code: string) => code !== 'COMMITTEE' },
  { tags: ['fewOutside', 'fewInside'], isMany: () => false },
];

test('every action and every function stands in both', () => {
  expect(lines.map(([action]) => action!).toSorted()).toEqual(Object.keys(permissions).toSorted());
  expect(functions.toSorted()).toEqual([...functionCodes].toSorted());
  expect(new Set(lines.map(([, says]) => says)).size).toBe(lines.length);
});

describe.each(lines)('%s', (action, _says, ...cells) => {
  test('matrix and table agree', () => {
    const differences = functions.flatMap((code, column) =>
      [none, ...course, published].flatMap((state) =>
        sizes.flatMap(({ tags, isMany }) => {
          const matrix = says(cells[column]!, state, isMany(code));
          const table = allows(action!, new Set([code]), new Set([...state.tags, ...tags]));
          return matrix === table
            ? []
            : [`${code} in ${[state.name, ...tags].join(' ')}: matrix ${matrix}, table ${table}`];
        }),
      ),
    );
    expect(differences).toEqual([]);
  });
});

function says(whole: string, state: State, isMany: boolean): boolean {
  const cell = whole.replace(/, of many$/, '');
  if (cell !== whole && !isMany) return false;
  if (cell === '-') return false;
  if (cell === 'x') return true;
  const [, word, rest] = /^(in|from|public)(?: (.+))?$/.exec(cell) ?? [];
  if (word === 'public') return state === published;
  const named = (rest ?? '').split(', ');
  for (const name of named) if (!course.some((one) => one.name === name)) throw new Error(`no state ${name}`);
  const at = state === published ? course.length - 1 : course.indexOf(state);
  if (word === 'in') return state !== published && named.includes(state.name);
  return at >= course.findIndex(({ name }) => name === named[0]);
}

interface Node {
  readonly tags?: readonly string[];
  readonly states?: Readonly<Record<string, Node>>;
}
function leaves(node: Node, name: string, above: readonly string[]): State[] {
  const tags = [...above, ...(node.tags ?? [])];
  if (!node.states) return [{ name, tags: new Set(tags) }];
  return Object.entries(node.states).flatMap(([child, inner]) => leaves(inner, child, tags));
}

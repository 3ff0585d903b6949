import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOrganigramm } from '../file/organigramm.rules.ts';
import { merged } from '../file/statement.rules.ts';
import { keepKnown } from '../file/correction.rules.ts';
import { readPlanFile } from '../file/plan-file.rules.ts';
import { isStopping } from '../plan/import-fault.rules.ts';
import { emptyPlan, type Plan, type Statement } from '../plan/plan.rules.ts';
import { changeOf } from './plan-change.rules.ts';
import { faultsOfChange, Spots } from './plan-check.rules.ts';
import { differencesOf } from './plan-difference.rules.ts';

/** A box of a drawing as this test thinks of it. */
interface Box {
  readonly id: string;
  address: string;
  name: string;
  isTop?: boolean;
  head?: string;
  status?: string;
  readonly below: Box[];
}

const drawn = ({ id, address, name, isTop, head, status, below }: Box): unknown => ({
  id,
  uri: { uri: `https://example.org/${address}` },
  name,
  type: 'Referat',
  isMainOrganisation: isTop,
  positions: [
    {
      uri: { uri: `https://example.org/post-${address}` },
      positionType: 'Leitung',
      positionStatus: status,
      person: head ? { lastName: head, uri: { uri: `https://example.org/person-${head}` } } : {},
    },
  ],
  organisations: below.map(drawn),
});
const file = (...roots: Box[]) =>
  Buffer.from(JSON.stringify({ document: { schemaVersion: '1.1.0' }, organisations: roots.map(drawn) }));
const all = (box: Box): Box[] => [box, ...box.below.flatMap(all)];

function imported(plan: Plan, said: Statement, day: string) {
  const statement = keepKnown(said, plan);
  let ids = 0;
  const change = changeOf(plan, statement, day, () => `${day}-${(ids += 1)}`);
  return { change, faults: faultsOfChange(change, new Spots(statement, 'chart')).filter(isStopping) };
}
const chart = (bytes: Buffer, top?: string) => {
  const { statement, faults } = readOrganigramm(bytes, 'chart.json', top);
  expect(faults.filter(isStopping)).toEqual([]);
  return statement;
};

/** Who is head where on a day, in the plan: unit and person, as the test's own drawing would say it. */
const heads = (plan: Plan, day: string) =>
  [...plan.holders.values()]
    .flatMap(({ versions }) => versions)
    .filter(({ from, until }) => from <= day && (until === null || day < until))
    .map(({ facts }) => {
      const post = plan.posts.get(facts.postNo)!.versions.at(-1)!.facts;
      return `${post.unitCode} ${facts.personKey.slice('person-'.length)} ${facts.as}`;
    })
    .sort();

// A small generator with a seed of its own: the same drawings on every machine.
const random = (seed: number) => () => (seed = (seed * 48271) % 2147483647) / 2147483647;

function drawing(next: () => number): { roots: Box[]; top: string } {
  let count = 0;
  const grow = (depth: number): Box => {
    const number = (count += 1);
    const below =
      depth === 3 ? [] : Array.from({ length: 1 + Math.floor(next() * 3) }, () => grow(depth + 1));
    const head = next() < 0.7 ? `Person${number}` : undefined;
    return { id: `n${number}`, address: `organisation-${number}`, name: `Einheit ${number}`, head, below };
  };
  const roots = [grow(0), grow(2), grow(2)];
  roots[0]!.isTop = true;
  const [model, copy] = all(roots[0]!).slice(1);
  copy!.address = model!.address; // a box copied in the tool
  return { roots, top: roots[0]!.name };
}

/** The next month: some people change, some posts fall vacant, one box moves, one is renamed, one is interim. */
function nextMonth({ roots }: { roots: Box[] }, next: () => number, month: number): void {
  const boxes = roots.flatMap(all);
  for (const box of boxes.slice(1))
    if (next() < 0.15) {
      box.head = next() < 0.5 ? `Neu${month}x${box.id}` : undefined;
      box.status = box.head ? (next() < 0.5 ? 'kommissarisch' : undefined) : 'N.N.';
    }
  boxes.at(-1)!.name = `Umbenannt ${month}`;
  const [from, to] = [boxes.find((box) => box.below.length > 1)!, roots[1]!];
  if (!all(from).includes(to)) to.below.push(from.below.pop()!);
}

const expectedHeads = (roots: readonly Box[]) =>
  roots
    .flatMap(all)
    .flatMap(({ id, head, status }) => (head ? [`${id} ${head} ${status ? 'INTERIM' : 'HOLDER'}`] : []))
    .sort();

test.each(Array.from({ length: 10 }, (_, seed) => seed + 1))(
  'drawing %i arrives in three versions: who is where is as drawn, and nobody else is touched',
  (seed) => {
    const next = random(seed);
    const made = drawing(next);
    let plan = emptyPlan;
    for (const [month, day] of ['2026-10-01', '2026-11-01', '2026-12-01'].entries()) {
      const statement = chart(file(...made.roots), made.top);
      const { change, faults } = imported(plan, statement, day);
      expect(faults).toEqual([]);
      const before = plan;
      plan = change.after;
      const boxes = made.roots.flatMap(all);
      const standing = [...plan.units.values()].filter(({ versions }) => versions.at(-1)?.until === null);
      expect(standing.map(({ code }) => code).sort()).toEqual(boxes.map(({ id }) => id).sort());
      expect(heads(plan, day)).toEqual(expectedHeads(made.roots));
      // What the drawing says as before keeps its row, to the id.
      const kept = expectedHeads(made.roots).filter((head) => heads(before, day).includes(head));
      const rows = (of: Plan) =>
        [...of.holders.values()].flatMap(({ versions }) => versions.map(({ id }) => id));
      expect(rows(plan).filter((id) => rows(before).includes(id)).length).toBeGreaterThanOrEqual(kept.length);
      expect(differencesOf(imported(plan, statement, day).change)).toEqual([]);
      nextMonth(made, next, month);
    }
  },
);

const one = (head: string | undefined, status?: string): Box => ({
  id: 'n0',
  address: 'organisation-0',
  name: 'Verwaltung',
  isTop: true,
  head,
  status,
  below: [],
});
const held = (plan: Plan) =>
  [...plan.holders.values()].flatMap(({ code, versions }) =>
    versions.map(({ from, until }) => `${code} ${from} ${until}`),
  );

test.each<[string, Box, string[]]>([
  [
    'a new head: the old one ends the day before',
    one('Zwei'),
    [
      'post-organisation-0 · person-Eins · HOLDER 2026-10-01 2026-11-01',
      'post-organisation-0 · person-Zwei · HOLDER 2026-11-01 null',
    ],
  ],
  [
    'the same head, now in the interim',
    one('Eins', 'kommissarisch'),
    [
      'post-organisation-0 · person-Eins · HOLDER 2026-10-01 2026-11-01',
      'post-organisation-0 · person-Eins · INTERIM 2026-11-01 null',
    ],
  ],
  [
    'N.N.: nobody any more',
    one(undefined, 'N.N.'),
    ['post-organisation-0 · person-Eins · HOLDER 2026-10-01 2026-11-01'],
  ],
  [
    'no name: nothing is said of it',
    one(undefined),
    ['post-organisation-0 · person-Eins · HOLDER 2026-10-01 null'],
  ],
])('%s', (_, then, expected) => {
  const first = imported(emptyPlan, chart(file(one('Eins'))), '2026-10-01');
  const second = imported(first.change.after, chart(file(then)), '2026-11-01');
  expect([first.faults, second.faults]).toEqual([[], []]);
  expect(held(second.change.after)).toEqual(expected);
});

const table = (...rows: string[]) =>
  readPlanFile(
    'holders.csv',
    Buffer.from(['postNo;personKey;displayName;type;from;to', ...rows].join('\n')),
    'holders.csv',
  );

test('a table sent along with the chart says who is where, and that is said', () => {
  const readings = [
    readOrganigramm(file(one('Eins')), 'chart.json'),
    table('post-organisation-0;k1;Ada Eins;holder;2020-01-01;'),
  ];
  const { statement, faults } = merged(readings, 'END');
  expect(faults).toMatchObject([{ code: 'TABLE_WINS', severity: 'WARNING', file: 'chart.json' }]);
  expect(faults[0]!.message.de).toContain('Eins');
  const { change, faults: stopping } = imported(emptyPlan, statement, '2026-10-01');
  expect(stopping).toEqual([]);
  expect(held(change.after)).toEqual(['post-organisation-0 · k1 · HOLDER 2020-01-01 null']);
});

test('a row for a new holder ends the one before, also where the table is a part', () => {
  const first = imported(emptyPlan, chart(file(one('Eins'))), '2026-10-01').change.after;
  const { statement } = merged([table('post-organisation-0;k2;Ben Zwei;holder;15.11.2026;')], 'KEEP');
  const { change, faults } = imported(first, statement, '2026-12-01');
  expect(faults).toEqual([]);
  expect(held(change.after)).toEqual([
    'post-organisation-0 · person-Eins · HOLDER 2026-10-01 2026-11-15',
    'post-organisation-0 · k2 · HOLDER 2026-11-15 null',
  ]);
});

// Real charts are open data of others and not part of this repository; the folder is named by who has them.
const folder = process.env.ORGCHARTS_DIR;
const files = folder ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
for (const name of files)
  test(`${name} once more, the next month, changes nothing`, () => {
    const statement = chart(readFileSync(join(folder!, name)));
    const first = imported(emptyPlan, statement, '2026-10-01');
    expect(first.faults).toEqual([]);
    expect(differencesOf(imported(first.change.after, statement, '2026-11-01').change)).toEqual([]);
  });

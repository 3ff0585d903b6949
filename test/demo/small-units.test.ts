import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Fields, TestApp } from '../support/app.ts';
import type { TestDatabase } from '../support/database.ts';
import { bootDemo } from '../support/demo.ts';
import { inDays } from '../support/days.ts';
import { fixedBy, sumOf, type Equation } from '../support/elimination.ts';

// An attack on what small units must not show: for each role everything it can ask about ratings, on several days, is
// written as sums over units, and elimination says which units' values these sums fix. Which unit is small the attack
// knows from the head counts, which are public, and not from the answers.
const minimum = 8; // inside; more of the demo's units lie below it than below five
const outside = 10;
const roles: Readonly<Record<string, string>> = {
  leadership: 'P-0001',
  hr: 'P-0022',
  coordination: 'P-0255',
  head: 'P-0096',
  'audit lead': 'P-0296',
  auditor: 'P-0309',
  board: 'X-03',
  'staff council': 'X-01',
  committee: 'X-05',
};
const days = [0, -1, -20, -200].map(inDays);

interface Unit {
  readonly id: string;
  readonly code: string;
  readonly level: string;
  readonly headcount: number;
  readonly parent: { readonly id: string } | null;
}

let database: TestDatabase;
let app: TestApp;
let superuser: pg.Client;
let units: readonly Unit[];
const of = new Map<string, Unit>();

beforeAll(async () => {
  ({ app, database } = await bootDemo());
  superuser = new pg.Client(database.superUrl);
  await superuser.connect();
  await superuser.query('update organisation.administration set minimum_shown_size = $1', [minimum]);
  units = await everyUnit();
  for (const unit of units) of.set(unit.code, unit);
}, 300_000);
afterAll(async () => {
  await superuser?.end();
  await app?.close();
  await database?.drop();
});

async function everyUnit(): Promise<Unit[]> {
  const query = `query ($after: String) { units(first: 100, after: $after) {
    nodes { id code level headcount parent { id } } pageInfo { hasNextPage endCursor } } }`;
  const found: Unit[] = [];
  for (let after: string | null = null; ;) {
    const page: Fields = (await app.see(roles['leadership']!, query, { after }))['units'];
    found.push(...page['nodes']);
    if (!page['pageInfo'].hasNextPage) return found;
    after = page['pageInfo'].endCursor;
  }
}

const isSmall = (role: string, { headcount }: Unit) => headcount < (role === 'committee' ? outside : minimum);
const subtree = (id: string): Unit[] => [
  ...units.filter((unit) => unit.id === id),
  ...units.filter(({ parent }) => parent?.id === id).flatMap((child) => subtree(child.id)),
];

/** What one role learns of one subtree on one day; the lists are read to their end. */
async function learn(role: string, underUnitId: string, asOf: string): Promise<Fields | undefined> {
  const question = `query ($under: ID, $asOf: Date, $a: String, $b: String) { status(underUnitId: $under, asOf: $asOf) {
    maturity { n fields { field n points possible } leftOut { reason units }
      units(first: 100, after: $a) { nodes { unit { code } } pageInfo { hasNextPage endCursor } } }
    coreCriteria { number n criteria { criterion number n } }
    deviations { number n criteria { criterion kind number n } }
    anchoring { n anchored areas { unit { code } n number } levels { level n number } matrix { area level n number }
      units(lackingOnly: false, first: 100, after: $b) {
        nodes { unit { code } state since suppressed maturity anchored provisionallyAnchored lacking }
        pageInfo { hasNextPage endCursor } } } } }`;
  const read = async (a: string | null, b: string | null): Promise<Fields | undefined> =>
    (await app.ask(roles[role]!, question, { under: underUnitId, asOf, a, b })).data?.['status'];
  const first = await read(null, null);
  for (let page = first; page;) {
    const [{ pageInfo: a }, { pageInfo: b }] = [page['maturity'].units, page['anchoring'].units];
    if (!a.hasNextPage && !b.hasNextPage) break;
    page = await read(a.hasNextPage ? a.endCursor : null, b.hasNextPage ? b.endCursor : null);
    if (a.hasNextPage) first!['maturity'].units.nodes.push(...page!['maturity'].units.nodes);
    if (b.hasNextPage) first!['anchoring'].units.nodes.push(...page!['anchoring'].units.nodes);
  }
  return first;
}

interface Knowledge {
  /** Sums of ratings, and sums of verdicts; an unknown is a unit in a state that it entered at some instant. */
  readonly ratings: Equation[];
  readonly verdicts: Equation[];
  /** What the same sums would be if small units counted in them. */
  readonly careless: Equation[];
  /** Small units as the lists show them. */
  readonly listed: Fields[];
  /** Unknowns of units that the role must not learn of. */
  readonly hidden: Set<string>;
  answers: number;
}

async function gather(role: string): Promise<Knowledge> {
  const known: Knowledge = {
    ratings: [],
    verdicts: [],
    careless: [],
    listed: [],
    hidden: new Set(),
    answers: 0,
  };
  const top = units.find(({ level }) => level === 'L0')!;
  for (const day of days) {
    const whole = await learn(role, top.id, day);
    if (!whole) continue; // before the first round
    const nodes: Fields[] = whole['anchoring'].units.nodes;
    const since = new Map(nodes.map((node) => [node['unit'].code, `${node['state']} ${node['since']}`]));
    const unknown = (code: string) => `${code} ${since.get(code) ?? day}`;
    for (const node of nodes) {
      const { unit, maturity, anchored } = node;
      if (isSmall(role, of.get(unit.code)!)) {
        known.listed.push(node);
        known.hidden.add(unknown(unit.code));
      }
      if (maturity !== null) {
        known.ratings.push(sumOf([unknown(unit.code)]));
        known.careless.push(sumOf([unknown(unit.code)]));
      }
      if (anchored !== null) known.verdicts.push(sumOf([unknown(unit.code)]));
    }
    for (const unit of units)
      if (role === 'committee' && !since.has(unit.code)) known.hidden.add(unknown(unit.code));
    const isAsked = (unit: Unit) => subtree(unit.id).length > 1 || (day === inDays(0) && isSmall(role, unit));
    const asked = units.filter(isAsked);
    for (const { id } of asked) {
      const learnt = id === top.id ? whole : await learn(role, id, day);
      if (!learnt) continue;
      known.answers += 1;
      takeIn(known, role, id, learnt, unknown);
    }
  }
  return known;
}

function takeIn(
  known: Knowledge,
  role: string,
  id: string,
  { maturity, anchoring }: Fields,
  unknown: (code: string) => string,
): void {
  const counted: string[] = maturity.units.nodes.map(({ unit }: Fields) => unit.code);
  expect(maturity.n).toBe(counted.length);
  known.ratings.push(sumOf(counted.map(unknown)));
  const small = subtree(id).filter((unit) => isSmall(role, unit) && anchoring.units.nodes.some(isNode(unit)));
  known.careless.push(sumOf([...new Set([...counted, ...small.map(({ code }) => code)])].map(unknown)));
  const listed: Fields[] = anchoring.units.nodes;
  const shown = listed.filter(({ suppressed }) => !suppressed).map(({ unit }) => of.get(unit.code)!);
  expect(anchoring.n).toBe(shown.length);
  known.verdicts.push(sumOf(shown.map(({ code }) => unknown(code))));
  for (const { level, n } of anchoring.levels) {
    const there = shown.filter((unit) => unit.level === level);
    expect(n).toBe(there.length);
    known.verdicts.push(sumOf(there.map(({ code }) => unknown(code))));
  }
  for (const { unit, n } of anchoring.areas) {
    if (!unit) continue;
    const inside = new Set(subtree(of.get(unit.code)!.id));
    const there = shown.filter((one) => inside.has(one));
    expect(n).toBe(there.length);
    known.verdicts.push(sumOf(there.map(({ code }) => unknown(code))));
    for (const { level, area: _area, ...cell } of anchoring.matrix.filter(isCellOf(unit, anchoring)))
      known.verdicts.push(
        sumOf(there.filter((one) => one.level === level && cell.n > 0).map(({ code }) => unknown(code))),
      );
  }
}
const isNode =
  (unit: Unit) =>
  ({ unit: { code } }: Fields) =>
    code === unit.code;
const isCellOf = (unit: Fields, anchoring: Fields) => {
  const { area } = anchoring.areas.find((one: Fields) => one['unit']?.code === unit['code']);
  return (cell: Fields) => cell['area'] === area;
};

describe.each(Object.keys(roles))('What the %s can ask', (role) => {
  let known: Knowledge;
  beforeAll(async () => {
    known = await gather(role);
  }, 300_000);

  test('shows no small unit by itself', () => {
    const bare = {
      suppressed: true,
      maturity: null,
      anchored: null,
      provisionallyAnchored: null,
      lacking: [],
    };
    for (const node of known.listed) expect(node).toMatchObject(bare);
    expect(known.answers).toBeGreaterThan(5);
    if (role !== 'auditor') expect(known.hidden.size).toBeGreaterThan(0); // who audits a few units only
  });

  test('fixes no small unit’s ratings or verdict, and no sum holds them at all', () => {
    for (const equations of [known.ratings, known.verdicts]) {
      const fixed = fixedBy(equations);
      expect([...known.hidden].filter((one) => fixed.has(one))).toEqual([]);
      // In no sum at all: so nothing narrows the value, which stays anywhere between the scale's ends.
      expect([...known.hidden].filter((one) => equations.some((sum) => sum.has(one)))).toEqual([]);
    }
  });
});

test('The attack would find them if small units counted in the sums', async () => {
  const { careless, hidden } = await gather('leadership');
  const fixed = fixedBy(careless);
  expect([...hidden].filter((one) => fixed.has(one)).length).toBeGreaterThan(5);
}, 300_000);

test('What is said to count is what counts: the sums by field are those of the listed units', async () => {
  const [top] = units.filter(({ level }) => level === 'L0');
  for (const role of ['leadership', 'committee']) {
    const { maturity } = (await learn(role, top!.id, inDays(0)))!;
    const ids = maturity.units.nodes.map(({ unit }: Fields) => of.get(unit.code)!.id);
    const { rows } = await superuser.query<{ points: number[]; possible: number[] }>(
      `select array_agg(points order by no)::int[] as points, array_agg(possible order by no)::int[] as possible from (
         select f.no, sum(f.points) as points, sum(f.possible) as possible from audit.opening_process p
           join audit.round r on r.id = p.round_id and r.ended_at is null,
           unnest(p.field_points, p.field_points_of) with ordinality as f(points, possible, no)
          where p.unit_id = any($1) group by f.no) sums`,
      [ids],
    );
    expect(maturity.fields.map(({ points }: Fields) => points)).toEqual(rows[0]!.points);
    expect(maturity.fields.map(({ possible }: Fields) => possible)).toEqual(rows[0]!.possible);
  }
});

describe('By the way of the process', () => {
  const parts = [
    'maturity { percent }',
    'review { unrated }',
    'recognition { percent }',
    'returnReasons { reason }',
  ];
  const processes = async () => {
    const query = `query ($after: String) { openingProcesses(first: 100, after: $after) {
      nodes { id unit { code } team { person { displayName } } process { tags } } pageInfo { hasNextPage endCursor } } }`;
    const found: Fields[] = [];
    for (let after: string | null = null; ;) {
      const page: Fields = (await app.see(roles['coordination']!, query, { after }))['openingProcesses'];
      found.push(...page['nodes']);
      if (!page['pageInfo'].hasNextPage) break;
      after = page['pageInfo'].endCursor;
    }
    return found.filter(({ unit }) => of.get(unit.code)!.headcount < minimum);
  };
  const seen = async (who: string, id: string) => {
    const checklist = await app.ask(who, `{ checklist(processId: "${id}") { contentHash } }`);
    const whole = await app.ask(who, `{ openingProcess(id: "${id}") { ${parts.join(' ')} } }`);
    const values = Object.values(whole.data?.['openingProcess'] ?? {}).filter((value) => value !== null);
    return [...values, ...(checklist.data ? ['checklist'] : [])];
  };

  test('those who do not work on the case of a small unit see none of its ratings', async () => {
    const small = await processes();
    expect(small.length).toBeGreaterThan(5);
    const severelyDisabled = 'X-02';
    for (const who of [roles['staff council']!, severelyDisabled, roles['committee']!])
      for (const { id } of small) expect([who, await seen(who, id)]).toEqual([who, []]);
    let asked = 0;
    for (const who of [roles['leadership']!, 'P-0070']) {
      const { me } = await app.see(who, '{ me { person { displayName } } }');
      const isOfTeam = ({ person }: Fields) => person.displayName === me.person.displayName;
      for (const { id, team } of small) {
        if (team.some(isOfTeam)) continue;
        asked += 1;
        expect([who, await seen(who, id)]).toEqual([who, []]);
      }
    }
    expect(asked).toBeGreaterThan(5);
  }, 120_000);

  test('those who do, see them', async () => {
    const closed = (await processes()).filter(({ process }) => process.tags.includes('released'));
    expect(closed.length).toBeGreaterThan(0);
    for (const { id } of closed) expect(await seen(roles['coordination']!, id)).toContain('checklist');
  });
});

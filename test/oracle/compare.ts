import type { Unit } from './inputs.ts';
import type { Fields } from '../support/app.ts';
import type { Expected } from './status.oracle.ts';

/** Asks a question of the server and gives its data; `TestApp.see` bound to a person is one. */
export type See = (query: string, variables: object) => Promise<Fields>;

export interface StatusAsked {
  readonly roundId?: string;
  readonly underUnitId?: string;
  readonly asOf?: string;
}

const figures = `
  asOf
  states { number n definition states { state number } }
  completion { number n date done }
  maturity { number n fields { field number } }
  overdue { number n }
  missingResponsibilities { number n competence accountability }
  anchoring {
    number n anchored breadth depth statement notStarted
    matrix { area level number n }
  }`;
const question = `query ($roundId: ID, $underUnitId: ID, $asOf: Date) {
  status(roundId: $roundId, underUnitId: $underUnitId, asOf: $asOf) { ${figures} } }`;
const list = `query ($roundId: ID, $underUnitId: ID, $asOf: Date, $after: String) {
  status(roundId: $roundId, underUnitId: $underUnitId, asOf: $asOf) { states {
    units(first: 100, after: $after) {
      nodes { unit { code level } state applicable done maturity suppressed anchored missingCompetence
              missingAccountability }
      pageInfo { hasNextPage endCursor } } } } }`;

/** Everything a status answers, ids and instants left out. */
export async function statusShown(see: See, asked: StatusAsked): Promise<Shown> {
  const { status } = await see(question, asked);
  const units: Record<string, unknown>[] = [];
  for (let after: string | null = null; ;) {
    const page: Fields = (await see(list, { ...asked, after })).status.states.units;
    units.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  return { status, units };
}

export interface Shown {
  readonly status: Fields;
  readonly units: readonly Fields[];
}

/** What server and oracle both say, in one shape: compare the two with `toEqual`. */
export function fromServer({ status, units }: Shown) {
  const { states, completion, maturity, overdue, missingResponsibilities: gaps, anchoring } = status;
  return {
    states: inOrder(states.states.map((s: { state: string; number: number }) => [s.state, s.number])),
    units: inOrder(
      units.map(({ unit, suppressed, ...rest }) => [
        unit.code,
        suppressed ? { ...rest, maturity: null, anchored: null } : rest,
      ]),
    ),
    completion: [completion.done, completion.n],
    fields: inOrder(
      maturity.fields
        .filter(({ number }: { number: number | null }) => number !== null)
        .map((field: { field: string; number: number }) => [field.field, field.number]),
    ),
    overdue: overdue.number,
    missing: [gaps.competence, gaps.accountability],
    matrix: inOrder(
      anchoring.matrix.map(
        (cell: { area: string | null; level: string; number: number | null; n: number }) => [
          `${cell.area ?? '—'}/${cell.level}`,
          `${cell.number} of ${cell.n}`,
        ],
      ),
    ),
    anchored: anchoring.anchored,
    breadth: anchoring.breadth,
    depth: anchoring.depth,
    index: anchoring.number,
    statement: anchoring.statement,
  };
}

/** As leadership sees it: units of fewer than `smallest` people show no ratings, nor do those still talking them over. */
export function fromOracle(expected: Expected, units: readonly Unit[], smallest = 5) {
  const staff = new Map(units.map(({ code, headcount }) => [code, headcount]));
  const areaNames = new Map([...units.map(({ code, name }) => [code, name] as const), directlyBelow]);
  return {
    states: inOrder(Object.entries(expected.states)),
    units: inOrder(
      expected.units.map((unit) => {
        const hidden = staff.get(unit.code)! < smallest || unit.state === 'inventory.consensus';
        return [
          unit.code,
          {
            state: unit.state,
            applicable: unit.criteria,
            done: unit.rated,
            maturity: hidden || unit.maturity === null ? null : fourDigits(unit.maturity),
            anchored: hidden ? null : unit.anchored,
            missingCompetence: unit.missingCompetence,
            missingAccountability: unit.missingAccountability,
          },
        ];
      }),
    ),
    completion: [expected.rated, expected.applicable],
    fields: inOrder(
      Object.entries(expected.maturityByField).map(([field, value]) => [field, fourDigits(value)]),
    ),
    overdue: expected.overdue,
    missing: [expected.missingCompetence, expected.missingAccountability],
    matrix: inOrder(
      Object.entries(expected.matrix).map(([cell, { anchored, of }]) => {
        const [area, level] = cell.split('/') as [string, string];
        return [`${areaNames.get(area) ?? area}/${level}`, `${fourDigits(anchored / of)} of ${of}`];
      }),
    ),
    anchored: expected.anchored,
    breadth: expected.breadth === null ? null : fourDigits(expected.breadth),
    depth: expected.depth === null ? null : fourDigits(expected.depth),
    index: expected.index === null ? null : fourDigits(expected.index),
    statement: expected.statement,
  };
}

const fourDigits = (value: number) => Math.round(value * 10_000) / 10_000;
const directlyBelow = ['direct', 'Direkt unter der Spitze'] as const;

function inOrder(entries: [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

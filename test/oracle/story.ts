/**
 * What the demo's story amounts to on the day of its end, read from data/demo by other means than the loader's: the
 * record of a walk nobody has walked. Dates inside the story do not matter for figures of its end, so all of it is
 * recorded on one day.
 */
import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { applicable, rowsOf, type Criterion, type Unit } from './inputs.ts';
import type { Assignment, Move, Rating, Walk } from './record.ts';

interface Way {
  readonly units: readonly string[];
  readonly reached: string;
  readonly profile?: string;
  readonly look?: string;
  readonly final?: 'improved' | 'nearly' | 'unchanged';
  readonly rated?: readonly string[];
  readonly cutAt?: string;
}
interface Rule {
  readonly scope?: string;
  readonly levels: readonly string[];
  readonly fields: 'ALL' | readonly string[];
  readonly confirmedBy?: string;
  readonly competent?: { readonly headOf: 'UNIT' | 'OFFICE' };
  readonly competentPosts?: Readonly<Record<string, string>>;
  readonly accountable?: { readonly headOf: 'UNIT' | 'OFFICE' };
}
interface Story {
  readonly assignments: readonly Rule[];
  readonly profiles: Readonly<
    Record<string, { fields: Record<string, number>; but: Record<string, number> }>
  >;
  readonly looks: Readonly<Record<string, Record<string, number>>>;
  readonly notApplicable: readonly { criterion: string; units: readonly string[] }[];
  readonly rounds: readonly { key: string; waves: readonly { ways: readonly Way[] }[] }[];
}

export interface Demo {
  readonly units: readonly Unit[];
  readonly criteria: readonly Criterion[];
  /** Folder of units.csv, posts.csv, holders.csv and story.yaml. */
  readonly folder: string;
  readonly round: string;
  readonly day: string;
}

/** The record of one round of the story, without deadlines: those depend on the calendar of each way. */
export function walkOf(demo: Demo): Walk {
  const story = parseYaml(readFileSync(`${demo.folder}story.yaml`, 'utf8')) as Story;
  const round = story.rounds.find(({ key }) => key === demo.round)!;
  const ways = round.waves.flatMap((wave) => wave.ways);
  return {
    moves: ways.flatMap((way) => way.units.map((unit) => moveOf(unit, way, demo.day))),
    ratings: ways.flatMap((way) => way.units.flatMap((unit) => ratingsOf(unit, way, story, demo))),
    assignments: assignmentsOf(story, demo),
    deadlines: [],
    coreMeasures: [],
    steeringActive: true,
  };
}

const beforeRelease = (state: string) => state === 'inventory.submitted' || state.startsWith('review.');
const beforeClosing = (state: string) =>
  state.startsWith('preparation.') || state === 'inventory.selfAssessment' || state === 'cancelled';

function moveOf(unit: string, { reached }: Way, on: string): Move {
  const closed = ['ratingsClosed', ...(reached === 'inventory.consensus' ? ['consensus'] : [])];
  const isReleased = reached !== 'inventory.consensus' && !beforeRelease(reached);
  const tags = beforeClosing(reached) ? [] : isReleased ? [...closed, 'released'] : closed;
  return { unit, state: reached, tags, on };
}

function ratingsOf(code: string, way: Way, story: Story, demo: Demo): Rating[] {
  const unit = demo.units.find((known) => known.code === code)!;
  const asked = applicable(unit, demo.criteria);
  const state = way.cutAt ?? way.reached;
  if (!way.profile || state.startsWith('preparation.')) return [];
  const own = asked.filter(({ field }) => !way.rated || way.rated.includes(field));
  const isOut = ({ code: criterion }: Criterion) =>
    story.notApplicable.some((entry) => entry.criterion === criterion && entry.units.includes(code));
  const rating = (by: Rating['by'], criterion: Criterion, level: number): Rating => ({
    unit: code,
    criterion: criterion.code,
    by,
    level: isOut(criterion) ? 'NOT_APPLICABLE' : level,
    on: demo.day,
  });
  const self = own.map((criterion) => rating('SELF', criterion, ownLevel(criterion, way, story)));
  const { tags } = moveOf(code, way, demo.day);
  if (!tags.includes('released')) return self;
  return [
    ...self,
    ...asked.map((criterion) => rating('FINAL', criterion, finalLevel(criterion, asked, way, story))),
  ];
}

function ownLevel({ code, field }: Criterion, way: Way, story: Story): number {
  const { fields, but } = story.profiles[way.profile!]!;
  return but[code] ?? fields[field]!;
}

function auditedLevel(criterion: Criterion, way: Way, story: Story): number {
  const moved = ownLevel(criterion, way, story) + (story.looks[way.look!]?.[criterion.code] ?? 0);
  return Math.min(4, Math.max(0, moved));
}

/** Rated again in the final review: what was below 2 reached it, but "nearly" leaves two core criteria at 1. */
function finalLevel(criterion: Criterion, asked: readonly Criterion[], way: Way, story: Story): number {
  const audited = auditedLevel(criterion, way, story);
  const reviewed = /^(decision|recognised|refused)/.test(way.reached);
  if (!reviewed || way.final === 'unchanged' || audited >= 2) return audited;
  const weak = asked.filter((one) => one.core && auditedLevel(one, way, story) < 2).slice(0, 2);
  return way.final === 'nearly' && weak.includes(criterion) ? Math.max(1, audited) : 2;
}

interface Post {
  readonly unit: string;
  /** Persons with their capacity. */
  readonly people: readonly { person: string; type: string }[];
}

/** Confirmed rules that win for a unit, where somebody holds the post to have accepted it. */
function assignmentsOf(story: Story, demo: Demo): Assignment[] {
  const posts = postsOf(demo);
  const byCode = new Map(demo.units.map((unit) => [unit.code, unit]));
  const lineOf = (unit: Unit): Unit[] => [unit, ...(unit.parent ? lineOf(byCode.get(unit.parent)!) : [])];
  const rules = story.assignments.filter(({ confirmedBy }) => confirmedBy).flatMap(single);
  return demo.units.flatMap((unit) => {
    const line = lineOf(unit);
    const distance = ({ scope }: SingleRule) => line.findIndex(({ code }) => code === scope);
    const meant = rules.filter((rule) => distance(rule) >= 0 && rule.levels.includes(unit.level));
    const winner = (kind: 'competent' | 'accountable', field: string) =>
      meant
        .filter((rule) => rule[kind] && (rule.fields === 'ALL' || rule.fields.includes(field)))
        .sort(
          (a, b) => distance(a) - distance(b) || Number(a.fields === 'ALL') - Number(b.fields === 'ALL'),
        )[0];
    const postNo = (target: Target): string =>
      typeof target === 'string' ? target : `${(target.headOf === 'UNIT' ? unit : officeOf(line)).code}-01`;
    const held = (target: Target | undefined) => {
      const post = target === undefined ? undefined : posts.get(postNo(target));
      return post?.people.some(({ type }) => type !== 'deputy') ? postNo(target!) : undefined;
    };
    const asked = applicable(unit, demo.criteria);
    const competent = asked.flatMap(({ code, field }) => {
      const no = held(winner('competent', field)?.competent);
      const withDeputy = no !== undefined && hasDeputy(no, unit, posts, demo);
      return no
        ? [{ unit: unit.code, kind: 'COMPETENT' as const, subject: code, withDeputy, from: demo.day }]
        : [];
    });
    const accountable = [...new Set(asked.map(({ field }) => field))].flatMap((field) =>
      held(winner('accountable', field)?.accountable)
        ? [
            {
              unit: unit.code,
              kind: 'ACCOUNTABLE' as const,
              subject: field,
              withDeputy: false,
              from: demo.day,
            },
          ]
        : [],
    );
    return [...competent, ...accountable];
  });
}

type Target = string | { readonly headOf: 'UNIT' | 'OFFICE' };
interface SingleRule {
  readonly scope: string;
  readonly levels: readonly string[];
  readonly fields: 'ALL' | readonly string[];
  readonly competent?: Target | undefined;
  readonly accountable?: Target | undefined;
}

function single({ scope, levels, fields, competent, accountable, competentPosts }: Rule): SingleRule[] {
  const posts = Object.entries(competentPosts ?? {});
  if (posts.length > 0)
    return posts.map(([unit, post]) => ({ scope: unit, levels, fields, competent: post }));
  return [{ scope: scope!, levels, fields, competent, accountable }];
}

const officeOf = (line: readonly Unit[]): Unit => line.find(({ level }) => level === 'L2') ?? line[0]!;

function postsOf({ folder, day }: Demo): Map<string, Post> {
  const stands = (row: Readonly<Record<string, string>>, from: string, to: string) =>
    row[from]! <= day && (!row[to] || row[to]! >= day);
  const holders = rowsOf(`${folder}holders.csv`).filter((row) => stands(row, 'from', 'to'));
  return new Map(
    rowsOf(`${folder}posts.csv`)
      .filter((row) => stands(row, 'validFrom', 'validTo'))
      .map((row) => [
        row.postNo!,
        {
          unit: row.unitCode!,
          people: holders
            .filter(({ postNo }) => postNo === row.postNo)
            .map(({ personKey, type }) => ({ person: personKey!, type: type! })),
        },
      ]),
  );
}

/** A deputy sits in the post's unit or where the work is; for sections and teams one level up will do. */
function hasDeputy(postNo: string, unit: Unit, posts: ReadonlyMap<string, Post>, { folder }: Demo): boolean {
  const post = posts.get(postNo)!;
  const near = [post.unit, unit.code, ...(/L[34]/.test(unit.level) ? [unit.parent] : [])];
  const seats = (person: string) =>
    [...posts.values()].filter(({ people }) =>
      people.some((one) => one.person === person && one.type === 'holder'),
    );
  const named = post.people
    .filter(({ type }) => type === 'deputy')
    .some(
      ({ person }) => seats(person).length === 0 || seats(person).some((seat) => near.includes(seat.unit)),
    );
  const planned = rowsOf(`${folder}business-distribution.csv`)
    .filter((row) => row.unitCode === unit.code && row.postNo === postNo && row.deputyPostNo)
    .map((row) => posts.get(row.deputyPostNo!))
    .some((deputy) => deputy?.people.some(({ type }) => type !== 'deputy') && near.includes(deputy.unit));
  return named || planned;
}

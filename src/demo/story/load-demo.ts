import type { INestApplicationContext } from '@nestjs/common';
import { parse as parseCsv } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { v5 } from 'uuid';
import { createTenant, furnish, type Founder } from '../../founding.ts';
import { Persons } from '../../identity/index.ts';
import { Imports, Organisation, type UnitNode } from '../../organisation/index.ts';
import { Clock, Commands, Reads, systemActor } from '../../platform/index.ts';
import { DemoRound, inTurns } from './demo-round.ts';
import { dayOf, instantOf } from './schedule.rules.ts';
import { migrate } from './migrate.ts';
import { demoFolder, readStory, type Story, type StoryGrant, type StoryRule } from './story.ts';
import { Teller } from './teller.ts';

const files = {
  'units.csv': 'units.csv',
  'posts.csv': 'posts.csv',
  'holders.csv': 'holders.csv',
  'gvp.csv': 'business-distribution.csv',
} as const;
const founded = 'P-37M';
const imported = 'P-36M';
const dayMs = 86_400_000;

/**
 * Loads the demo administration: its history is told by the commands that its people would have sent, on the platform's
 * clock, counted back from the first start. Interrupted, it goes on at the next start; loaded, it is left alone.
 * `onUnit` hears how many of the units' processes are told.
 */
export async function loadDemo(
  app: INestApplicationContext,
  ownerUrl: string,
  issuer: string,
  onUnit: (told: number, of: number) => void = () => {},
): Promise<'loaded' | 'there'> {
  const story = await readStory();
  const tenant = await createTenant(ownerUrl, story.administration);
  const teller = new Teller(app, tenant, story.administration.key, issuer);
  const start = await beginning(teller);
  if (!start) return 'there';
  const founders = await foundersOf(story);
  await app.get(Clock).at(instantOf(founded, start), () => furnish(app, tenant, founders));
  if ((await unitsOf(teller)).size === 0) await importPlan(teller, story, instantOf(imported, start));
  const units = await unitsOf(teller);
  for (const grant of story.grants) await grantFunction(teller, story, grant, start, units);
  for (const rule of story.assignments) await assignByRule(teller, rule, start, units);
  const rounds = [...story.rounds, ...story.outside];
  const of = rounds.flatMap(({ ways }) => ways.flatMap((way) => way.units)).length;
  let told = 0;
  for (const round of rounds)
    await new DemoRound(teller, story, round, start, units).tell(() => onUnit((told += 1), of));
  for (const { post, on, by } of story.vacated) {
    const at = instantOf(on, start);
    await teller.send(by, at, 'vacatePost', { postId: await postId(teller, post, at) }, 'post { id }');
  }
  for (const migration of story.migrations) await migrate(teller, migration, start);
  await finish(teller);
  return 'loaded';
}

const ending = (tenant: string) => v5('the demo is told', tenant);
const firstStart = `select founded_at from platform.tenant where id = platform.tenant()
  and not exists (select from platform.command where command_id = $1)`;

/** When the administration was founded, from which the story counts back; undefined once everything is told. */
async function beginning(teller: Teller): Promise<Date | undefined> {
  const db = await teller.get(Reads).db(systemActor(teller.tenant));
  return (await db.call<{ founded_at: Date }>(firstStart, [ending(teller.tenant)]))[0]?.founded_at;
}

async function finish(teller: Teller): Promise<void> {
  const request = { name: 'finishDemo', commandId: ending(teller.tenant), input: null };
  await teller.get(Commands).run(systemActor(teller.tenant), request, async (tx) => (tx.permit(true), null));
}

/** Two people of HR, who let everybody else in, and the people who hold no post. */
async function foundersOf(story: Story): Promise<Founder[]> {
  const rows = parseCsv(await readFile(`${demoFolder}holders.csv`), { columns: true }) as Record<
    string,
    string
  >[];
  const hr = [story.cast['hr']!, story.cast['hrSecond']!].map((key) => {
    const row = rows.find(({ personKey }) => personKey === key)!;
    return { key, name: row['displayName']!, mail: row['mail']!, functions: ['HR'] };
  });
  return [...hr, ...story.people.map((person) => ({ ...person, functions: [] }))];
}

async function unitsOf(teller: Teller): Promise<Map<string, UnitNode>> {
  const db = await teller.get(Reads).db(systemActor(teller.tenant));
  const tree = await teller.get(Organisation).tree(db);
  return new Map(tree.all().map((unit) => [unit.code, unit]));
}

async function importPlan(teller: Teller, story: Story, at: Date): Promise<void> {
  const hr = story.cast['hr']!;
  const importIds: string[] = [];
  for (const [format, fileName] of Object.entries(files)) {
    const bytes = await readFile(`${demoFolder}${fileName}`);
    const upload = { format: format as keyof typeof files, fileName, bytes };
    const file = await teller.as(hr, at, (actor) => teller.get(Imports).upload(actor, upload, true));
    importIds.push((file as { id: string }).id);
  }
  await teller.send(hr, at, 'applyImport', { importIds });
}

/** One of HR proposes, the other confirms. */
async function grantFunction(
  teller: Teller,
  story: Story,
  grant: StoryGrant,
  start: Date,
  units: ReadonlyMap<string, UnitNode>,
): Promise<void> {
  const { hr, hrSecond } = story.cast as { hr: string; hrSecond: string };
  if (grant.fn === 'HR') return; // from the founding on
  const at = new Date(instantOf(grant.from, start).getTime() + dayMs);
  const input = {
    function: grant.fn,
    scope: grant.scope,
    ...(grant.person && { personId: await personId(teller, grant.person, at) }),
    ...(grant.post && { postId: await postId(teller, grant.post, at) }),
    ...(grant.unit && { unitId: units.get(grant.unit)?.id }),
  };
  const { grant: proposed } = await teller.send(hr, at, 'grantFunction', input, 'grant { id }');
  await teller.send(hrSecond, new Date(at.getTime() + 3_600_000), 'confirmGrant', { grantId: proposed.id });
}

/** HR applies the rule, the holders accept, the second person of HR confirms. */
async function assignByRule(
  teller: Teller,
  rule: StoryRule,
  start: Date,
  units: ReadonlyMap<string, UnitNode>,
): Promise<void> {
  const at = instantOf(rule.on, start);
  const posts = Object.entries(rule.competentPosts ?? {});
  const single = { scope: rule.scope!, competent: rule.competent, accountable: rule.accountable };
  const each =
    posts.length > 0
      ? await Promise.all(posts.map(([scope, postNo]) => forPost(teller, scope, postNo, at)))
      : [single];
  for (const { scope, competent, accountable } of each) {
    const input = {
      unitId: units.get(scope)?.id,
      levels: rule.levels,
      rationale: rule.name,
      ...(rule.fields !== 'ALL' && { fields: rule.fields }),
      competent,
      accountable,
      ...(rule.until && { validUntil: dayOf(instantOf(rule.until, start)) }),
    };
    const applied = await teller.send(rule.by, at, 'applyAssignmentRule', { rule: input }, 'rule { id }');
    const ruleId = applied['rule'].id as string;
    const accepted = new Date(at.getTime() + 4 * dayMs);
    const people = await asked(teller, { ...rule, scope, competent, accountable }, accepted);
    await inTurns(
      6,
      people,
      async (key) => void (await teller.offer(key, accepted, 'acceptAssignments', { ruleId })),
    );
    const confirmed = new Date(at.getTime() + 6 * dayMs);
    if (rule.confirmedBy) await teller.send(rule.confirmedBy, confirmed, 'confirmAssignments', { ruleId });
  }
}

type Target = { readonly headOf: 'UNIT' | 'OFFICE' } | { readonly postId: string };
interface Asked {
  readonly scope: string;
  readonly levels: readonly string[];
  readonly competent: Target | undefined;
  readonly accountable: Target | undefined;
}

async function forPost(
  teller: Teller,
  scope: string,
  postNo: string,
  at: Date,
): Promise<Omit<Asked, 'levels'>> {
  return { scope, competent: { postId: await postId(teller, postNo, at) }, accountable: undefined };
}

/** The people whom a rule names: the heads of the units it speaks of, or whoever is at its post. */
async function asked(
  teller: Teller,
  { scope, levels, competent, accountable }: Asked,
  at: Date,
): Promise<string[]> {
  return teller.get(Clock).at(at, async () => {
    const db = await teller.get(Reads).db(systemActor(teller.tenant));
    const tree = await teller.get(Organisation).tree(db);
    const top = tree.all().find(({ code }) => code === scope)!;
    const meant = tree.subtree(top.id).filter(({ level }) => levels.includes(level));
    const officeOf = (unit: UnitNode) =>
      [unit, ...tree.ancestors(unit.id)].find(({ level }) => level === 'L2') ?? unit;
    const targets = [competent, accountable].filter((target) => target !== undefined);
    const heads = targets.flatMap((t) =>
      'headOf' in t ? meant.map(t.headOf === 'UNIT' ? (u) => u : officeOf) : [],
    );
    const headed = new Set(heads.map(({ id }) => id));
    const postIds = new Set(targets.flatMap((t) => ('postId' in t ? [t.postId] : [])));
    const posts = (await teller.get(Organisation).posts(db)).filter(
      ({ id, unitId, isManagement }) => postIds.has(id) || (isManagement && headed.has(unitId)),
    );
    const holders = posts.flatMap((post) => post.holders.filter(({ as }) => as === 'HOLDER'));
    const people = [...new Set(holders.map(({ personId: id }) => id))];
    return [...(await teller.get(Persons).records(db, people)).values()].map(({ personKey }) => personKey);
  });
}

function personId(teller: Teller, key: string, at: Date): Promise<string> {
  return teller.as(key, at, async (actor) => actor.person);
}

async function postId(teller: Teller, postNo: string, at: Date): Promise<string> {
  return teller.get(Clock).at(at, async () => {
    const db = await teller.get(Reads).db(systemActor(teller.tenant));
    const post = (await teller.get(Organisation).posts(db)).find((known) => known.postNo === postNo);
    if (!post) throw new Error(`There is no post ${postNo} on ${db.today}`);
    return post.id;
  });
}

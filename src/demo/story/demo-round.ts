import { Definitions } from '../../engine/index.ts';
import { Catalogue } from '../../catalogue/index.ts';
import type { UnitNode } from '../../organisation/index.ts';
import { Reads, systemActor } from '../../platform/index.ts';
import { dayOf, instantOf, schedule } from './schedule.rules.ts';
import type { Body, Story, StoryRound, Way } from './story.ts';
import type { Fields, Teller } from './teller.ts';
import { walk } from './unit-walk.ts';
import { UnitWay } from './unit-way.ts';

/** So many units go their way at the same time; the server's connections are the bound. */
const atATime = 6;
const hourMs = 3_600_000;
const later = (at: Date, hours: number) => new Date(at.getTime() + hours * hourMs);
const isBody = (people: readonly string[] | Body): people is Body => !Array.isArray(people);

/** Tells one round of the story: opened, staffed, started and joined, then every unit's way. */
export class DemoRound {
  readonly #teller: Teller;
  readonly #story: Story;
  readonly #round: StoryRound;
  readonly #start: Date;
  readonly #units: ReadonlyMap<string, UnitNode>;
  #id = '';

  constructor(
    teller: Teller,
    story: Story,
    round: StoryRound,
    start: Date,
    units: ReadonlyMap<string, UnitNode>,
  ) {
    this.#teller = teller;
    this.#story = story;
    this.#round = round;
    this.#start = start;
    this.#units = units;
  }

  /** Tells the round; `onUnit` hears whenever a unit's way is told to where it stands today. */
  async tell(onUnit: () => void): Promise<void> {
    const opened = instantOf(this.#round.opensOn, this.#start);
    await this.#open(later(opened, -72));
    await this.#staff(later(opened, -48));
    await this.#assignAuditors(later(opened, -24), this.#round.waves[0]!.ways);
    await this.#begin(opened);
    await this.#joinWaves();
    const processes = await this.#processes();
    const ways = this.#round.ways.flatMap((way) => way.units.map((code) => ({ way, code })));
    await inTurns(atATime, ways, async ({ way, code }) => {
      await this.#go(way, code, processes.get(code));
      onUnit();
    });
    if (this.#round.endedOn) await this.#end(later(instantOf(this.#round.endedOn, this.#start), 200));
  }

  get #definition(): string {
    return this.#round.definition ?? 'opening';
  }

  /** Who sees all of its processes: the top management heads no school. */
  get #reader(): string {
    return this.#round.definition ? this.#coordination : this.#story.cast['leadership']!;
  }

  get #coordination(): string {
    return this.#story.cast['coordination']!;
  }

  #unit(code: string): string {
    const id = this.#units.get(code)?.id;
    if (!id) throw new Error(`The story names a unit ${code} that units.csv does not know`);
    return id;
  }

  async #open(at: Date): Promise<void> {
    const { name, version, opensOn, closesOn, mandate, scope } = this.#round;
    const day = (relative: string) => dayOf(instantOf(relative, this.#start));
    const db = await this.#teller.get(Reads).db(systemActor(this.#teller.tenant));
    const edition = await this.#teller.get(Catalogue).newest(db, this.#round.catalogue ?? 'administration');
    const known = (await this.#teller.get(Definitions).list(db)).filter(
      ({ key }) => key === this.#definition,
    );
    const definition = version ? known.find((one) => one.version === version) : known.at(-1);
    const input = {
      name,
      editionId: edition!.id,
      definitionId: definition!.id,
      opensOn: day(opensOn),
      closesOn: day(closesOn),
      mandate: { ...mandate, decidedOn: day(mandate.decidedOn) },
      scope: scope ? { subtrees: [this.#unit(scope.subtree)] } : { units: this.#firstWave() },
    };
    const { round } = await this.#teller.send(this.#coordination, at, 'openRound', input, 'round { id }');
    this.#id = round.id;
  }

  #firstWave(): string[] {
    return this.#round.waves[0]!.ways.flatMap(({ units }) => units).map((code) => this.#unit(code));
  }

  async #staff(at: Date): Promise<void> {
    const people: object[] = [];
    let boardQuorum: number | undefined;
    for (const [fn, named] of Object.entries(this.#round.people)) {
      const { members, chair, quorum } = isBody(named)
        ? named
        : { members: named, chair: undefined, quorum: undefined };
      boardQuorum = quorum ?? boardQuorum;
      for (const key of members)
        people.push({ function: fn, personId: await this.#personId(key, at), chair: key === chair });
    }
    const input = { roundId: this.#id, people, boardQuorum };
    await this.#teller.send(this.#coordination, at, 'nameRoundPeople', input);
  }

  /** Two auditors share the units in turn, one second auditor reads all reports. */
  async #assignAuditors(at: Date, ways: readonly Pick<Way, 'units'>[]): Promise<void> {
    const source = 'query ($id: ID!) { round(id: $id) { people { id function } } }';
    const { round } = await this.#teller.ask(this.#coordination, at, source, { id: this.#id });
    const of = (fn: string) =>
      (round.people as Fields[]).filter((person) => person['function'] === fn).map(({ id }) => id as string);
    const codes = ways.flatMap(({ units }) => units);
    const share = (ids: readonly string[]) =>
      ids.map((id, i) => ({
        roundPersonId: id,
        unitIds: codes.filter((_, k) => k % ids.length === i).map((code) => this.#unit(code)),
      }));
    const input = { roundId: this.#id, assignments: [...share(of('AUD')), ...share(of('AUD2'))] };
    await this.#teller.send(this.#coordination, at, 'assignAuditors', input);
  }

  async #begin(at: Date): Promise<void> {
    const version = await this.#version(at);
    await this.#teller.send(this.#coordination, at, 'startRound', {
      roundId: this.#id,
      expectedVersion: version,
    });
  }

  async #joinWaves(): Promise<void> {
    for (const { from, ways } of this.#round.waves.slice(1)) {
      const unitIds = ways.flatMap(({ units }) => units).map((code) => this.#unit(code));
      const input = { roundId: this.#id, unitIds };
      const joined = instantOf(from, this.#start);
      await this.#teller.send(this.#coordination, joined, 'joinRound', input);
      await this.#assignAuditors(later(joined, 1), ways);
    }
  }

  async #go(way: Way, code: string, processId: string | undefined): Promise<void> {
    if (!processId) throw new Error(`${code} has no process in ${this.#round.key}`);
    const lead = (this.#round.people['AUDLEAD'] as readonly string[])[0]!;
    // The integration centre never coordinates its own process.
    const place = { unitId: this.#unit(code), seriesId: this.#id, processId };
    const coordinating = await this.#teller.who('OPENING_COORD', place, instantOf(way.from, this.#start));
    const coordination = coordinating.includes(this.#coordination) ? this.#coordination : coordinating[0]!;
    const unit = new UnitWay({
      teller: this.#teller,
      story: this.#story,
      way,
      definition: this.#definition,
      reader: this.#reader,
      unit: this.#units.get(code)!,
      roundId: this.#id,
      processId,
      coordination,
      auditLead: lead,
    });
    const told = way.tale?.map(({ step, on }) => ({ step, at: instantOf(on, this.#start) }));
    await walk(unit, told ?? schedule({ ...way, units: [code] }, this.#story, this.#start), this.#start);
  }

  async #end(at: Date): Promise<void> {
    const expectedVersion = await this.#version(at);
    await this.#teller.send(this.#coordination, at, 'endRound', { roundId: this.#id, expectedVersion });
  }

  async #version(at: Date): Promise<number> {
    const source = 'query ($id: ID!) { round(id: $id) { version } }';
    const { round } = await this.#teller.ask(this.#coordination, at, source, { id: this.#id });
    return round.version;
  }

  async #processes(): Promise<Map<string, string>> {
    const processes = new Map<string, string>();
    const source = `query ($id: ID!, $after: String) { openingProcesses(roundId: $id, first: 100, after: $after) {
      nodes { id unit { code } } pageInfo { hasNextPage endCursor } } }`;
    for (let after: string | null = null; ;) {
      const asked = await this.#teller.ask(this.#reader, this.#start, source, {
        id: this.#id,
        after,
      });
      const { nodes, pageInfo } = asked['openingProcesses'];
      for (const { id, unit } of nodes) processes.set(unit.code, id);
      if (!pageInfo.hasNextPage) return processes;
      after = pageInfo.endCursor;
    }
  }

  #personId(key: string, at: Date): Promise<string> {
    return this.#teller.as(key, at, async (actor) => actor.person);
  }
}

/** Works through a list, so many at the same time; the first failure ends it. */
export async function inTurns<T>(
  width: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}

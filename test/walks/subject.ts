import { Clock } from '../../src/platform/index.ts';
import { DueSteps } from '../../src/engine/index.ts';
import { bootApp, type Fields, type Outcome, type TestApp } from '../support/app.ts';
import { plant, publishShipped, type Planted, type PlantedUnit } from '../support/planted.ts';

/** What is walked: a unit by criteria of a catalogue through a definition, with the people who carry it. */
export interface Told {
  readonly definition: string;
  readonly catalogue: string;
  readonly closesOn: string;
  readonly units: readonly PlantedUnit[];
  /** Code of the unit that takes part. */
  readonly of: string;
  readonly head: string;
  readonly owner: string;
  readonly deputy: string;
  readonly others?: readonly string[];
}

/** Everybody who has to do with a round; `wanda` coordinates, `jana` leads the audit, `vera` chairs the board. */
export const roundPeople = {
  AUDLEAD: ['jana'],
  AUD: ['ali'],
  AUD2: ['zoe'],
  BOARD: ['vera', 'max'],
  APPEAL: ['sina'],
  PR: ['paul'],
  GB: ['greta'],
};

/** The way of one unit, as its people send it to the server; `on` sets the day they act on. */
export class Subject {
  readonly planted: Planted;
  readonly walk: TestApp;
  readonly told: Told;
  roundId = '';
  id = '';
  #now = new Date('2026-03-02T09:00:00Z');

  private constructor(planted: Planted, walk: TestApp, told: Told) {
    this.planted = planted;
    this.walk = walk;
    this.told = told;
  }

  /** The unit's round is started, its process commissioned. */
  static async begin(told: Told): Promise<Subject> {
    const inRound = Object.values(roundPeople).flat();
    const others = [told.owner, told.deputy, ...(told.others ?? []), 'wanda', 'hanno', 'kai', ...inRound];
    const planted = await plant(told.units, others);
    await planted.grant('wanda', 'OPENING_COORD');
    await planted.grant('hanno', 'HR');
    await planted.grant('kai', 'FIN');
    const walk = await bootApp(planted.database, 'probe');
    await publishShipped((type) => walk.app.get(type, { strict: false }), planted.tenant);
    const subject = new Subject(planted, walk, told);
    await subject.#startRound();
    return subject;
  }

  async close(): Promise<void> {
    await this.walk.close();
    await this.planted.superuser.end();
    await this.planted.database.drop();
  }

  /** What happens from now on happens on this day, at ten in the morning of the administration. */
  on(day: string): void {
    this.#now = new Date(`${day}T09:00:00Z`);
  }

  person(name: string): string {
    return this.planted.persons.get(name)!;
  }
  unit(code: string): string {
    return this.planted.units.get(code)!;
  }

  /** Everything that has fallen due by now is done, as the server does it. The steps taken. */
  async passes(): Promise<string[]> {
    const { taken } = await this.#then(() => this.walk.app.get(DueSteps, { strict: false }).run());
    return taken.map(({ step }) => step);
  }

  /** Asks for fields of the process's unit; the answer as it came. */
  async see(who: string, fields: string): Promise<Fields> {
    const query = `{ openingProcess(id: "${this.id}") { ${fields} } }`;
    return (await this.#then(() => this.walk.see(who, query)))['openingProcess'];
  }
  /** Asks anything at all. */
  asks(who: string, query: string): Promise<Fields> {
    return this.#then(() => this.walk.see(who, query));
  }
  /** Uploads files by format; their ids. */
  async uploads(who: string, files: Readonly<Record<string, string>>): Promise<string[]> {
    const ids: string[] = [];
    for (const [format, file] of Object.entries(files))
      ids.push(await this.#then(() => this.walk.upload(who, format, file)));
    return ids;
  }
  /** Asks for fields of a process of whatever kind. */
  async process(who: string, id: string, fields: string): Promise<Fields> {
    return (await this.#then(() => this.walk.see(who, `{ process(id: "${id}") { ${fields} } }`)))['process'];
  }
  ask(who: string, fields: string) {
    return this.#then(() => this.walk.ask(who, `{ openingProcess(id: "${this.id}") { ${fields} } }`));
  }
  act(who: string, mutation: string, input: object, selection?: string): Promise<Outcome> {
    return this.#then(() => this.walk.act(who, mutation, input, selection));
  }
  does(who: string, mutation: string, input: object, selection?: string): Promise<Outcome> {
    return this.#then(() => this.walk.does(who, mutation, input, selection));
  }

  /** Takes a step; where the process stands then, or the refusal. */
  async takes(who: string, step: string, payload?: object, processId = this.id): Promise<string | Outcome> {
    const input = { processId, step, payload };
    const outcome = await this.act(who, 'takeStep', input, 'process { stage }');
    return outcome.__typename === 'TakeStepSuccess' ? outcome['process'].stage : outcome;
  }

  /** The unit rates itself: every criterion at `level`, the named ones otherwise; core criteria by two people. */
  async rates(level: number, levels: Readonly<Record<string, number>> = {}): Promise<void> {
    const items = await this.#items();
    const rating = ({ criterion: { id, code } }: Item, expectedRatingVersion: number) => ({
      criterionId: id,
      expectedRatingVersion,
      ...proven(levels[code] ?? level),
    });
    const own = items.map((item) => rating(item, 0));
    await this.does(this.told.owner, 'rateCriteria', { processId: this.id, ratings: own });
    const second = items.filter(({ core }) => core).map((item) => rating(item, 1));
    await this.does(this.told.deputy, 'confirmRatings', { processId: this.id, ratings: second });
  }

  async signsOff(): Promise<string | Outcome> {
    const { contentHash } = (
      await this.#then(() =>
        this.walk.see(this.told.head, `{ checklist(processId: "${this.id}") { contentHash } }`),
      )
    )['checklist'];
    return this.takes(this.told.head, 'SIGN_OFF', { contentHash });
  }

  /** The auditor rates: every criterion at `level`, the named ones otherwise, each with a word of explanation. */
  async audits(level: number, levels: Readonly<Record<string, number>> = {}): Promise<void> {
    const { review } = await this.see('ali', 'review { lines { criterion { id code } } }');
    const ratings = review.lines.map(({ criterion: { id, code } }: Item) => ({
      criterionId: id,
      level: levels[code] ?? level,
      explanation: 'So zeigen es die Unterlagen und das Gespräch.',
    }));
    await this.does('ali', 'rateAsAuditor', { processId: this.id, ratings });
  }

  /** The report is written by the lead and signed by a second person. */
  async reports(summary: string): Promise<void> {
    const hash = 'openingProcess { report { contentHash } }';
    const written = await this.does('jana', 'writeReport', { processId: this.id, summary }, hash);
    const { contentHash } = written['openingProcess'].report;
    await this.does('zoe', 'signReport', { processId: this.id, contentHash });
  }

  /** A complete measure for a criterion, carried out by the head's post. */
  async undertakes(code: string, more: object = {}): Promise<string> {
    const items = await this.see(this.told.head, 'review { lines { criterion { id code } } }');
    const criterionId = items['review'].lines.find((line: Item) => line.criterion.code === code).criterion.id;
    const terms = {
      criterionId,
      title: `Maßnahme zu ${code}`,
      competentPostId: await this.postOf(this.told.of),
      dueOn: '2027-06-30',
      indicator: 'Anteil der Bereiche mit Regelung',
      baseline: '1 von 4',
      budgetKind: 'NONE',
      ...more,
    };
    const input = { processId: this.id, measures: [terms] };
    const drafted = await this.does(this.told.owner, 'proposeMeasures', input, 'measures { id }');
    return drafted['measures'][0].id;
  }

  async postOf(code: string): Promise<string> {
    const { rows } = await this.planted.superuser.query<{ id: string }>(
      'select id from organisation.post where post_no = $1',
      [`${code}-01`],
    );
    return rows[0]!.id;
  }

  async #items(): Promise<Item[]> {
    const query = `{ checklist(processId: "${this.id}") { items { criterion { id code } core } } }`;
    return (await this.#then(() => this.walk.see(this.told.owner, query)))['checklist'].items;
  }

  #then<T>(work: () => Promise<T>): Promise<T> {
    return this.walk.app.get(Clock).at(this.#now, work);
  }

  async #startRound(): Promise<void> {
    const { catalogues, processDefinitions } = await this.walk.see(
      'wanda',
      '{ catalogues { key editions { id } } processDefinitions { id key } }',
    );
    const keyed = (of: readonly Fields[], key: string) => of.find((one) => one['key'] === key)!;
    const input = {
      name: { de: 'Runde', en: 'Round' },
      editionId: keyed(catalogues, this.told.catalogue)['editions'][0].id,
      definitionId: keyed(processDefinitions, this.told.definition)['id'],
      opensOn: '2026-03-01',
      closesOn: this.told.closesOn,
      mandate: {
        title: 'Beschluss',
        reference: '2022/0470',
        decidedOn: '2022-12-08',
        body: 'Städteregionstag',
      },
      scope: { units: [this.unit(this.told.of)] },
    };
    const opened = await this.does('wanda', 'openRound', input, 'round { id }');
    this.roundId = opened['round'].id;
    const people = Object.entries(roundPeople).flatMap(([fn, names]) =>
      names.map((name) => ({ function: fn, personId: this.person(name), chair: name === 'vera' })),
    );
    const named = await this.does(
      'wanda',
      'nameRoundPeople',
      { roundId: this.roundId, people, boardQuorum: 2 },
      'round { people { id function } }',
    );
    const assignments = ['AUD', 'AUD2'].map((fn) => ({
      roundPersonId: named['round'].people.find((one: Fields) => one['function'] === fn).id,
      unitIds: [this.unit(this.told.of)],
    }));
    const assigned = await this.does(
      'wanda',
      'assignAuditors',
      { roundId: this.roundId, assignments },
      'round { version }',
    );
    const started = await this.does(
      'wanda',
      'startRound',
      { roundId: this.roundId, expectedVersion: assigned['round'].version },
      'round { openingProcesses { nodes { id } } }',
    );
    this.id = started['round'].openingProcesses.nodes[0].id;
  }
}

interface Item {
  readonly criterion: { readonly id: string; readonly code: string };
  readonly core: boolean;
}

/** A level with all that the scale asks for it. */
const proven = (level: number) => ({
  level,
  statement: 'Beschlossen in der Leitungsrunde am 3. Februar.',
  checkNote: 'Mit Rückmeldungen verglichen.',
  changedRule: 'Konzept, Abschnitt 4',
  newEvidence: ['2026-01-15', '2026-02-15'].map((proofOn) => ({
    kind: 'FILE_REFERENCE',
    evidenceType: 'MINUTES',
    reference: 'Az. 46-2',
    proofOn,
    containsNoPersonalData: true,
  })),
});

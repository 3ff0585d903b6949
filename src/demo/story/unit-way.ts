import { ratingInput, levelOf, type DemoCriterion } from './ratings.rules.ts';
import type { Story, Way } from './story.ts';
import type { Fields, Teller } from './teller.ts';
import { dayOf } from './schedule.rules.ts';

const hourMs = 3_600_000;

export interface WayOf {
  readonly teller: Teller;
  readonly story: Story;
  readonly way: Way;
  /** Key of the definition it goes by. */
  readonly definition: string;
  /** Who sees where it stands. */
  readonly reader: string;
  readonly unit: { readonly id: string; readonly code: string; readonly level: string };
  readonly roundId: string;
  readonly processId: string;
  readonly coordination: string;
  readonly auditLead: string;
}

/** One unit on its way: who acts for it, and what each step of the way asks of whom before it is taken. */
export class UnitWay {
  readonly of: WayOf;
  owner = '';
  deputy = '';
  submitter = '';
  /** From the approval of the targets on its measures have a course of their own. */
  agreed = false;
  criteria: readonly DemoCriterion[] = [];

  constructor(of: WayOf) {
    this.of = of;
  }

  get place() {
    return { unitId: this.of.unit.id, seriesId: this.of.roundId, processId: this.of.processId };
  }

  /** The moment of the last step that was told before; the process's own start when nothing was. */
  async toldUntil(): Promise<Date> {
    const { process } = await this.see(this.of.reader, new Date(), 'process { history { at } }');
    return new Date((process.history as Fields[]).at(-1)!['at'] as string);
  }

  /** Takes a step of the process as the person. */
  take(personKey: string, at: Date, step: string, payload?: object): Promise<Fields> {
    const { teller, processId } = this.of;
    return teller.send(personKey, at, 'takeStep', { processId, step, ...(payload && { payload }) });
  }

  send(personKey: string, at: Date, mutation: string, input: object, selection?: string): Promise<Fields> {
    return this.of.teller.send(
      personKey,
      at,
      mutation,
      { processId: this.of.processId, ...input },
      selection,
    );
  }

  async see(personKey: string, at: Date, selection: string): Promise<Fields> {
    const source = `query ($id: ID!) { openingProcess(id: $id) { ${selection} } }`;
    return (await this.of.teller.ask(personKey, at, source, { id: this.of.processId }))[
      'openingProcess'
    ] as Fields;
  }

  async checklist(personKey: string, at: Date, selection: string): Promise<Fields> {
    const source = `query ($id: ID!) { checklist(processId: $id) { ${selection} } }`;
    return (await this.of.teller.ask(personKey, at, source, { id: this.of.processId }))[
      'checklist'
    ] as Fields;
  }

  /** Somebody who holds the function, other than the given people. */
  async somebody(fn: string, at: Date, but: readonly string[] = []): Promise<string> {
    const { teller, unit } = this.of;
    const found = (await teller.who(fn, this.place, at)).find((key) => !but.includes(key));
    if (!found) throw new Error(`${unit.code}: nobody holds ${fn} on ${dayOf(at)}`);
    return found;
  }

  /** The head acts; where the head did the work, the head's deputy or the head above. */
  async head(at: Date, but: readonly string[] = []): Promise<string> {
    return this.somebody('HEAD', at, but);
  }

  /** The processes of the measures agreed on. */
  async courses(at: Date): Promise<string[]> {
    if (!this.agreed) return [];
    const { measures } = await this.see(this.of.coordination, at, 'measures { process { id } }');
    return (measures as Fields[]).flatMap(({ process }) => process?.id ?? []);
  }

  async rateOwn(at: Date): Promise<void> {
    const { way, story } = this.of;
    const profile = story.profiles[way.profile ?? 'beginning']!;
    const rated = this.criteria.filter(({ field }) => !way.rated || way.rated.includes(field));
    const ofUnit = story.notApplicable.filter(({ units }) => units.includes(this.of.unit.code));
    const ratings = rated.map((criterion) => {
      const reason = ofUnit.find(({ criterion: code }) => code === criterion.code)?.reason;
      const answer = reason
        ? { criterionId: criterion.id, notApplicable: true, reason }
        : ratingInput(criterion, levelOf(criterion, profile), at, this.of.unit.code);
      return { ...answer, expectedRatingVersion: 0 };
    });
    if (ratings.length > 0) await this.send(this.owner, at, 'rateCriteria', { ratings });
    const core = rated.filter((criterion) => criterion.core);
    if (core.length === 0) return;
    const later = new Date(at.getTime() + hourMs);
    const second = core.map((criterion) => ({
      ...ratingInput(criterion, levelOf(criterion, profile), later, this.of.unit.code),
      expectedRatingVersion: 1,
    }));
    await this.send(this.deputy, later, 'confirmRatings', { ratings: second });
  }

  async readCriteria(at: Date): Promise<void> {
    const fields = 'items { criterion { id code title } field core }';
    const { items } = await this.checklist(this.owner, at, fields);
    this.criteria = (items as Fields[]).map(
      ({ criterion, field, core }) => ({ ...criterion, field, core }) as DemoCriterion,
    );
  }
}

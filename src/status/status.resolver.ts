import { Args, Context, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { RoundViews } from '../audit/index.ts';
import { Live } from '../engine/index.ts';
import { CurrentActor, type Actor, type PageArgs } from '../platform/index.ts';
import { AnchoringStatus } from './anchoring-status.service.ts';
import type { Condition } from './anchoring.rules.ts';
import type { Question } from './status-data-loader.service.ts';
import { RatingsStatus } from './ratings-status.service.ts';
import { pageOf, type StatusFigures } from './status-figures.ts';
import * as rules from './status.rules.ts';
import type { UnitState } from './status.rules.ts';
import { StatusQuestions, type Overdue } from './status-questions.service.ts';

const pause = { named: 5_000, much: 5_000 };

/** What a figure's list is taken from. */
interface OfView {
  readonly view: StatusFigures;
}

@Resolver('Status')
export class StatusResolver {
  readonly #status: StatusQuestions;
  readonly #ratings: RatingsStatus;
  readonly #anchoring: AnchoringStatus;
  readonly #rounds: RoundViews;
  readonly #live: Live;

  constructor(
    status: StatusQuestions,
    ratings: RatingsStatus,
    anchoring: AnchoringStatus,
    rounds: RoundViews,
    live: Live,
  ) {
    this.#live = live;
    this.#status = status;
    this.#ratings = ratings;
    this.#anchoring = anchoring;
    this.#rounds = rounds;
  }

  @Query()
  async status(@Args() question: Question, @CurrentActor() actor: Actor) {
    const view = await this.#status.open(actor, question);
    const { under, when, db } = view.picture;
    return { view, under, asOf: when.day, countedAt: db.at };
  }

  @Subscription('statusChanged', {
    resolve(this: StatusResolver, _event, question: Question, { actor }: { actor: Actor }) {
      return this.status(question, actor);
    },
  })
  statusChanged(
    @Args() _question: Question,
    @CurrentActor() actor: Actor,
    @Context('ended') ended: AbortSignal,
  ) {
    return this.#live.ticks({ tenant: actor.tenant, commands: true }, pause, ended);
  }

  @ResolveField()
  round(@Parent() { view: { picture } }: OfView) {
    return this.#rounds.one(picture.db, picture.roundId);
  }

  @ResolveField()
  states(@Parent() { view }: OfView) {
    return { view, ...this.#status.states(view) };
  }

  @ResolveField()
  completion(@Parent() { view }: OfView) {
    return { view, ...this.#status.completion(view) };
  }

  @ResolveField()
  async maturity(@Parent() { view }: OfView) {
    return { view, ...(await this.#ratings.maturity(view)) };
  }

  @ResolveField()
  async overdue(@Parent() { view }: OfView) {
    return { view, ...(await this.#status.overdue(view)) };
  }

  @ResolveField()
  missingResponsibilities(@Parent() { view }: OfView) {
    return { view, ...this.#status.gaps(view) };
  }

  @ResolveField()
  anchoring(@Parent() { view }: OfView) {
    return { view, ...this.#anchoring.anchoring(view) };
  }

  @ResolveField()
  coreCriteria(@Parent() { view }: OfView) {
    return this.#ratings.coreCriteria(view);
  }

  @ResolveField()
  deviations(@Parent() { view }: OfView) {
    return this.#ratings.deviations(view);
  }
}

/** A page of units as the lists show them. */
function unitsOf(status: StatusQuestions, view: StatusFigures, units: readonly UnitState[], args: PageArgs) {
  const { nodes, pageInfo } = pageOf(units, args, ({ unit }) => [unit.id]);
  return { nodes: nodes.map((state) => status.unit(view, state)), pageInfo };
}

@Resolver('StatesFigure')
export class StatesFigureResolver {
  readonly #status: StatusQuestions;
  constructor(status: StatusQuestions) {
    this.#status = status;
  }

  @ResolveField()
  units(@Parent() { view }: OfView, @Args() args: PageArgs & { state?: string | null }) {
    const wanted = (unit: UnitState) => !args.state || rules.stateOf(unit) === args.state;
    return unitsOf(this.#status, view, view.picture.units.filter(wanted), args);
  }
}

@Resolver('CompletionFigure')
export class CompletionFigureResolver {
  readonly #status: StatusQuestions;
  constructor(status: StatusQuestions) {
    this.#status = status;
  }

  @ResolveField()
  units(@Parent() { view }: OfView, @Args() args: PageArgs) {
    const open = view.picture.units.map((unit) => ({ unit, done: rules.doneOf(unit) }));
    const unfinished = open.filter(({ done }) => done.part < done.of).map(({ unit }) => unit);
    return unitsOf(this.#status, view, unfinished, args);
  }
}

@Resolver('MaturityFigure')
export class MaturityFigureResolver {
  readonly #status: StatusQuestions;
  readonly #ratings: RatingsStatus;
  constructor(status: StatusQuestions, ratings: RatingsStatus) {
    this.#status = status;
    this.#ratings = ratings;
  }

  @ResolveField()
  units(@Parent() { view }: OfView, @Args() args: PageArgs) {
    return unitsOf(this.#status, view, this.#ratings.counted(view), args);
  }
}

@Resolver('OverdueFigure')
export class OverdueFigureResolver {
  readonly #status: StatusQuestions;
  constructor(status: StatusQuestions) {
    this.#status = status;
  }

  @ResolveField('entries')
  list(@Parent() { view, entries }: OfView & { entries: readonly Overdue[] }, @Args() args: PageArgs) {
    const { nodes, pageInfo } = pageOf(entries, args, ({ kind, processId, what }) => [kind, processId, what]);
    return {
      nodes: nodes.map(({ kind, name, dueOn, days, unit }) => ({
        kind,
        name,
        dueOn,
        days,
        unit: this.#status.unit(view, unit),
      })),
      pageInfo,
    };
  }
}

@Resolver('GapsFigure')
export class GapsFigureResolver {
  readonly #status: StatusQuestions;
  constructor(status: StatusQuestions) {
    this.#status = status;
  }

  @ResolveField()
  units(@Parent() { view }: OfView, @Args() args: PageArgs) {
    const lacking = view.picture.units.filter(
      ({ coverage: c, mayRead }) => mayRead.gaps && (c.competent < c.criteria || c.accountable < c.fields),
    );
    return unitsOf(this.#status, view, lacking, args);
  }
}

@Resolver('AnchoringFigure')
export class AnchoringFigureResolver {
  readonly #status: StatusQuestions;
  constructor(status: StatusQuestions) {
    this.#status = status;
  }

  /** Units whose ratings are withheld are listed too, but only where nothing in particular is asked for. */
  @ResolveField()
  units(
    @Parent() { view }: OfView,
    @Args() args: PageArgs & { lackingOnly: boolean; lacking?: Condition | null },
  ) {
    const listed = view.picture.units.filter((state) => {
      const { anchored, lacking } = this.#status.unit(view, state);
      if (args.lacking) return lacking.includes(args.lacking);
      return !args.lackingOnly || anchored !== true;
    });
    return unitsOf(this.#status, view, listed, args);
  }
}

@Resolver('StatusUnit')
export class StatusUnitResolver {
  readonly #status: StatusQuestions;
  constructor(status: StatusQuestions) {
    this.#status = status;
  }

  @ResolveField()
  dueOn(@Parent() { view, processId }: OfView & { processId: string | null }) {
    return this.#status.dueOn(view, processId);
  }
}

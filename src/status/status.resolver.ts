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

/** What the list behind a figure is made of. */
interface OfFigures {
  readonly figures: StatusFigures;
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
    const figures = await this.#status.open(actor, question);
    const { under, when, db } = figures.data;
    return { figures, under, asOf: when.day, countedAt: db.at };
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
  round(@Parent() { figures: { data } }: OfFigures) {
    return this.#rounds.one(data.db, data.roundId);
  }

  @ResolveField()
  states(@Parent() { figures }: OfFigures) {
    return { figures, ...this.#status.states(figures) };
  }

  @ResolveField()
  completion(@Parent() { figures }: OfFigures) {
    return { figures, ...this.#status.completion(figures) };
  }

  @ResolveField()
  async maturity(@Parent() { figures }: OfFigures) {
    return { figures, ...(await this.#ratings.maturity(figures)) };
  }

  @ResolveField()
  async overdue(@Parent() { figures }: OfFigures) {
    return { figures, ...(await this.#status.overdue(figures)) };
  }

  @ResolveField()
  missingResponsibilities(@Parent() { figures }: OfFigures) {
    return { figures, ...this.#status.gaps(figures) };
  }

  @ResolveField()
  anchoring(@Parent() { figures }: OfFigures) {
    return { figures, ...this.#anchoring.anchoring(figures) };
  }

  @ResolveField()
  coreCriteria(@Parent() { figures }: OfFigures) {
    return this.#ratings.coreCriteria(figures);
  }

  @ResolveField()
  deviations(@Parent() { figures }: OfFigures) {
    return this.#ratings.deviations(figures);
  }
}

/** A page of units as the lists show them. */
function unitsOf(
  status: StatusQuestions,
  figures: StatusFigures,
  units: readonly UnitState[],
  args: PageArgs,
) {
  const shown = units.filter(({ mayRead }) => mayRead.unit);
  const { nodes, pageInfo } = pageOf(shown, args, ({ unit }) => [unit.id]);
  return { nodes: nodes.map((state) => status.unit(figures, state)), pageInfo };
}

@Resolver('StatesFigure')
export class StatesFigureResolver {
  readonly #status: StatusQuestions;
  constructor(status: StatusQuestions) {
    this.#status = status;
  }

  @ResolveField()
  units(@Parent() { figures }: OfFigures, @Args() args: PageArgs & { state?: string | null }) {
    const wanted = (unit: UnitState) => !args.state || rules.stateOf(unit) === args.state;
    return unitsOf(this.#status, figures, figures.data.units.filter(wanted), args);
  }
}

@Resolver('CompletionFigure')
export class CompletionFigureResolver {
  readonly #status: StatusQuestions;
  constructor(status: StatusQuestions) {
    this.#status = status;
  }

  @ResolveField()
  units(@Parent() { figures }: OfFigures, @Args() args: PageArgs) {
    const open = figures.data.units.map((unit) => ({ unit, done: rules.doneOf(unit) }));
    const unfinished = open.filter(({ done }) => done.part < done.of).map(({ unit }) => unit);
    return unitsOf(this.#status, figures, unfinished, args);
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
  units(@Parent() { figures }: OfFigures, @Args() args: PageArgs) {
    return unitsOf(this.#status, figures, this.#ratings.counted(figures), args);
  }
}

@Resolver('OverdueFigure')
export class OverdueFigureResolver {
  readonly #status: StatusQuestions;
  constructor(status: StatusQuestions) {
    this.#status = status;
  }

  @ResolveField('entries')
  list(@Parent() { figures, entries }: OfFigures & { entries: readonly Overdue[] }, @Args() args: PageArgs) {
    const { nodes, pageInfo } = pageOf(entries, args, ({ kind, processId, what }) => [kind, processId, what]);
    return {
      nodes: nodes.map(({ kind, name, dueOn, days, unit }) => ({
        kind,
        name,
        dueOn,
        days,
        unit: this.#status.unit(figures, unit),
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
  units(@Parent() { figures }: OfFigures, @Args() args: PageArgs) {
    const lacking = figures.data.units.filter(
      ({ coverage: c, mayRead }) => mayRead.gaps && (c.competent < c.criteria || c.accountable < c.fields),
    );
    return unitsOf(this.#status, figures, lacking, args);
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
    @Parent() { figures }: OfFigures,
    @Args() args: PageArgs & { lackingOnly: boolean; lacking?: Condition | null },
  ) {
    const listed = figures.data.units.filter((state) => {
      const { anchored, lacking } = this.#status.unit(figures, state);
      if (args.lacking) return lacking.includes(args.lacking);
      return !args.lackingOnly || anchored !== true;
    });
    return unitsOf(this.#status, figures, listed, args);
  }
}

@Resolver('StatusUnit')
export class StatusUnitResolver {
  readonly #status: StatusQuestions;
  constructor(status: StatusQuestions) {
    this.#status = status;
  }

  @ResolveField()
  dueOn(@Parent() { figures, processId }: OfFigures & { processId: string | null }) {
    return this.#status.dueOn(figures, processId);
  }
}

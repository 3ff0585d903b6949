import { Injectable } from '@nestjs/common';
import { daysBetween, type Actor, type Text } from '../platform/index.ts';
import { functionName } from '../responsibility/bare.ts';
import * as texts from './figure-texts.rules.ts';
import { figure, type Counted, type Figure } from './figure.rules.ts';
import { StatusDataLoader, type Question, type StatusData } from './status-data-loader.service.ts';
import { toNumber } from './share.rules.ts';
import { StatusFigures } from './status-figures.ts';
import type { DueRow } from './status.sql.ts';
import * as rules from './status.rules.ts';
import type { UnitState } from './status.rules.ts';

export interface Overdue extends DueRow {
  readonly kind: 'DEADLINE' | 'MEASURE';
  readonly unit: UnitState;
  /** The label of the deadline in the process definition, or the measure with its number. */
  readonly name: Text;
  readonly days: number;
}

/** Leadership's questions about progress. Nothing here writes; every figure carries what it counts and of which day. */
@Injectable()
export class StatusQuestions {
  readonly #loader: StatusDataLoader;

  constructor(loader: StatusDataLoader) {
    this.#loader = loader;
  }

  /**
   * Opens the answer for one round, subtree and day.
   * @throws ClientError as `StatusDataLoader.load`.
   */
  async open(actor: Actor, question: Question): Promise<StatusFigures> {
    return new StatusFigures(await this.#loader.load(actor, question));
  }

  states({ data }: StatusFigures) {
    const { units, words } = data;
    const underWay = units.filter(({ process }) => rules.isUnderWay(process)).length;
    const states = rules.byState(units, words.states).map((group) => ({
      ...group,
      label: words.stateLabel(group.state),
      number: group.units.length,
    }));
    return { ...figure(ofAll(data, texts.statesText), ofAny(data, underWay), units.length), states };
  }

  completion({ data }: StatusFigures): Figure & { readonly done: number } {
    const done = rules.total(data.units.map(rules.doneOf));
    return { ...figure(ofAll(data, texts.completionText), toNumber(done), done.of), done: done.part };
  }

  /** Deadlines and measures whose day has passed, the longest overdue first, out of all that have a day. */
  async overdue(figures: StatusFigures): Promise<Figure & { readonly entries: readonly Overdue[] }> {
    const { when, units, measures, words } = figures.data;
    const byProcess = new Map(figures.running.map((unit) => [unit.process!.processId, unit]));
    const byUnit = new Map(units.map((unit) => [unit.unit.id, unit]));
    const late = ({ dueOn }: DueRow) => daysBetween(dueOn, when.day);
    const deadlines = (await figures.deadlines).flatMap((row) => {
      const unit = byProcess.get(row.processId);
      const kind = 'DEADLINE' as const;
      return unit ? [{ ...row, kind, unit, name: words.deadlineLabel(row.what), days: late(row) }] : [];
    });
    const agreed = measures.flatMap((row) => {
      const unit = byUnit.get(row.unitId);
      return unit
        ? [{ ...row, kind: 'MEASURE' as const, unit, name: measureName(row.what), days: late(row) }]
        : [];
    });
    const due: Overdue[] = [...deadlines, ...agreed];
    const overdue = due.filter(({ days }) => days > 0).sort(longestFirst);
    const entries = overdue.filter(({ unit: { mayRead } }) => mayRead.unit);
    const kind = ofAll(figures.data, texts.overdueText);
    return { ...figure(kind, ofAny(figures.data, overdue.length), due.length), entries };
  }

  gaps({ data }: StatusFigures) {
    const units = data.units.filter(({ mayRead }) => mayRead.gaps);
    const closed = data.units.length - units.length;
    const kind = ofAll(data, texts.gapsText);
    const leftOut = [...kind.leftOut, ...Array.from({ length: closed }, () => 'NOT_YOURS' as const)];
    const sum = (pick: (of: rules.Coverage) => number) =>
      units.reduce((total, { coverage }) => total + pick(coverage), 0);
    const competence = sum(({ criteria, competent }) => criteria - competent);
    const accountability = sum(({ fields, accountable }) => fields - accountable);
    const needed = sum(({ criteria, fields }) => criteria + fields);
    return {
      ...figure({ ...kind, leftOut }, units.length > 0 ? competence + accountability : null, needed),
      competence,
      accountability,
      withoutDeputy: sum(({ competent, coveredWithDeputy }) => competent - coveredWithDeputy),
    };
  }

  /** A unit as the lists behind the figures show it: ratings only where they may be read and enough people work. */
  unit(figures: StatusFigures, state: UnitState) {
    const { unit, process, coverage, mayRead } = state;
    const suppressed = state.hidden !== null;
    const open = !suppressed && (mayRead.verdict || rules.countedProcess(state) === undefined);
    const verdict = figures.verdicts.get(state)!;
    const done = rules.doneOf(state);
    return {
      figures,
      // The place where field rules ask for the asker's functions.
      unitId: unit.id,
      seriesId: figures.data.roundId,
      unit,
      processId: process?.processId ?? null,
      state: rules.stateOf(state),
      stateLabel: figures.data.words.stateLabel(rules.stateOf(state)),
      since: process?.since ?? null,
      suspended: rules.isSuspended(process),
      waitingFor: process?.waitingFor ?? [],
      waitingForNames: process?.waitingFor.map(functionName) ?? [],
      applicable: done.of,
      done: done.part,
      maturity: !suppressed && mayRead.ratings ? toNumber(rules.maturityOf(state)) : null,
      suppressed,
      missingCompetence: mayRead.gaps ? coverage.criteria - coverage.competent : null,
      missingAccountability: mayRead.gaps ? coverage.fields - coverage.accountable : null,
      anchored: open ? verdict.anchored : null,
      provisionallyAnchored: open ? verdict.provisionallyAnchored : null,
      lacking: open ? verdict.lacking : [],
    };
  }

  /** YYYY-MM-DD on which the process's next deadline ends; null when none runs. */
  async dueOn(figures: StatusFigures, processId: string | null): Promise<string | null> {
    return (await figures.deadlines).find((row) => row.processId === processId)?.dueOn ?? null;
  }
}

/** Where no unit takes part, such as at a school outside the round, a number does not apply: it is absent, not 0. */
const ofAny = ({ units }: StatusData, number: number) => (units.length > 0 ? number : null);

const ofAll = ({ when, leftOut }: StatusData, definition: Text): Counted => ({
  date: when.day,
  definition,
  leftOut,
});

const measureName = (no: string): Text => ({ de: `Maßnahme ${no}`, en: `Measure ${no}` });

function longestFirst(a: Overdue, b: Overdue): number {
  return b.days - a.days || a.unit.unit.code.localeCompare(b.unit.unit.code) || a.what.localeCompare(b.what);
}

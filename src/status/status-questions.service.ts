import { Injectable } from '@nestjs/common';
import { daysBetween, type Actor, type Text } from '../platform/index.ts';
import * as texts from './figure-texts.rules.ts';
import { figure, type Figure } from './figure.rules.ts';
import { StatusDataLoader, type Question } from './status-data-loader.service.ts';
import { toNumber } from './share.rules.ts';
import { StatusFigures } from './status-figures.ts';
import type { DueRow } from './status.sql.ts';
import * as rules from './status.rules.ts';
import type { UnitState } from './status.rules.ts';

export interface Overdue extends DueRow {
  readonly kind: 'DEADLINE' | 'MEASURE';
  readonly unit: UnitState;
  /** Of the deadline in the process definition, or the measure by its number. */
  readonly name: Text;
  readonly days: number;
}

/** Leadership's questions about progress. Nothing here writes; every figure carries what it counts and of which day. */
@Injectable()
export class StatusQuestions {
  readonly #pictures: StatusDataLoader;

  constructor(pictures: StatusDataLoader) {
    this.#pictures = pictures;
  }

  /** Opens the answer for one round, subtree and day. Throws NOT_FOUND and BAD_INPUT as `StatusDataLoader.take`. */
  async open(actor: Actor, question: Question): Promise<StatusFigures> {
    return new StatusFigures(await this.#pictures.take(actor, question));
  }

  states({ picture: { units, when, words } }: StatusFigures) {
    const underWay = units.filter(({ process }) => rules.isUnderWay(process)).length;
    const states = rules.byState(units, words.states).map((group) => ({
      ...group,
      label: words.stateLabel(group.state),
      number: group.units.length,
    }));
    return { ...figure(when.day, texts.statesText, underWay, units.length), states };
  }

  completion({ picture: { units, when } }: StatusFigures): Figure & { readonly done: number } {
    const done = rules.total(units.map(rules.doneOf));
    return { ...figure(when.day, texts.completionText, toNumber(done), done.of), done: done.part };
  }

  /** What is overdue, the longest first, out of all that is due some day. */
  async overdue(view: StatusFigures): Promise<Figure & { readonly entries: readonly Overdue[] }> {
    const { when, units, measures, words } = view.picture;
    const byProcess = new Map(view.running.map((unit) => [unit.process!.processId, unit]));
    const byUnit = new Map(units.map((unit) => [unit.unit.id, unit]));
    const late = ({ dueOn }: DueRow) => daysBetween(dueOn, when.day);
    const deadlines = (await view.deadlines).flatMap((row) => {
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
    const entries = due.filter(({ days }) => days > 0).sort(longestFirst);
    return { ...figure(when.day, texts.overdueText, entries.length, due.length), entries };
  }

  gaps({ picture }: StatusFigures) {
    const { when } = picture;
    const units = picture.units.filter(({ mayRead }) => mayRead.gaps);
    const sum = (pick: (of: rules.Coverage) => number) =>
      units.reduce((total, { coverage }) => total + pick(coverage), 0);
    const competence = sum(({ criteria, competent }) => criteria - competent);
    const accountability = sum(({ fields, accountable }) => fields - accountable);
    const needed = sum(({ criteria, fields }) => criteria + fields);
    return {
      ...figure(when.day, texts.gapsText, competence + accountability, needed),
      competence,
      accountability,
      withoutDeputy: sum(({ competent, coveredWithDeputy }) => competent - coveredWithDeputy),
    };
  }

  /** A unit as the lists behind the figures show it: ratings only where they may be read and enough people work. */
  unit(view: StatusFigures, state: UnitState) {
    const { unit, process, coverage, mayRead } = state;
    const suppressed = rules.isSuppressed(unit.headcount, view.picture.minimumShown);
    const open = !suppressed && (mayRead.verdict || rules.countedProcess(state) === undefined);
    const verdict = view.verdicts.get(state)!;
    const done = rules.doneOf(state);
    return {
      view,
      // Where the field rules ask for functions.
      unitId: unit.id,
      seriesId: view.picture.roundId,
      unit,
      processId: process?.processId ?? null,
      state: rules.stateOf(state),
      stateLabel: view.picture.words.stateLabel(rules.stateOf(state)),
      since: process?.since ?? null,
      suspended: rules.isSuspended(process),
      waitingFor: process?.waitingFor ?? [],
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

  /** The day the process's next deadline runs out; null when none runs. */
  async dueOn(view: StatusFigures, processId: string | null): Promise<string | null> {
    return (await view.deadlines).find((row) => row.processId === processId)?.dueOn ?? null;
  }
}

const measureName = (no: string): Text => ({ de: `Maßnahme ${no}`, en: `Measure ${no}` });

function longestFirst(a: Overdue, b: Overdue): number {
  return b.days - a.days || a.unit.unit.code.localeCompare(b.unit.unit.code) || a.what.localeCompare(b.what);
}

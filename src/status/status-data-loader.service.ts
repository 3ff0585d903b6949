import { Injectable } from '@nestjs/common';
import { openingTags, shownTags, unitsInScope } from '../audit/index.ts';
import { applicableCriteria, Catalogue, type Edition } from '../catalogue/index.ts';
import { Definitions } from '../engine/index.ts';
import {
  groupSizes,
  Organisation,
  type GroupSizes,
  type UnitNode,
  type UnitTree,
} from '../organisation/index.ts';
import { ClientError, found, Reads, type Actor, type Db } from '../platform/index.ts';
import { allows, Responsibility, type UnitCoverage } from '../responsibility/index.ts';
import { policyOn, type AnchoringPolicy } from './anchoring.rules.ts';
import { wordsOf, type ChartWords } from './chart-words.rules.ts';
import type { LeftOutReason } from './left-out.rules.ts';
import { anchoringPolicies } from './policies.ts';
import * as ask from './status.sql.ts';
import { choose, countedProcess, isJudged, type ProcessState, type UnitState } from './status.rules.ts';

export interface Question {
  readonly roundId?: string | null | undefined;
  readonly underUnitId?: string | null | undefined;
  readonly asOf?: string | null | undefined;
}

/** What all figures of one answer share: the moment, the rules in force, and the units with all that is known of them. */
export interface StatusData {
  readonly db: Db;
  readonly actor: Actor;
  readonly roundId: string;
  readonly when: ask.Moment;
  readonly under: UnitNode;
  readonly tree: UnitTree;
  readonly edition: Edition;
  readonly policy: AnchoringPolicy;
  readonly words: ChartWords;
  readonly steeringActive: boolean;
  /** Those of the round that count for this asker. */
  readonly units: readonly UnitState[];
  /** Why others of the round do not, one entry for each. */
  readonly leftOut: readonly LeftOutReason[];
  readonly measures: readonly ask.MeasureRow[];
}

/** Gathers what a status rests on: a handful of round trips, however many figures are asked for. */
@Injectable()
export class StatusDataLoader {
  readonly #reads: Reads;
  readonly #organisation: Organisation;
  readonly #catalogue: Catalogue;
  readonly #responsibility: Responsibility;
  readonly #definitions: Definitions;

  constructor(
    reads: Reads,
    organisation: Organisation,
    catalogue: Catalogue,
    responsibility: Responsibility,
    definitions: Definitions,
  ) {
    this.#definitions = definitions;
    this.#reads = reads;
    this.#organisation = organisation;
    this.#catalogue = catalogue;
    this.#responsibility = responsibility;
  }

  /** @throws ClientError NOT_FOUND for an unknown round or unit, and BAD_INPUT for a day to come. */
  async load(actor: Actor, { roundId, underUnitId, asOf }: Question): Promise<StatusData> {
    const db = await this.#reads.db(actor);
    const day = asOf ?? db.today;
    if (day > db.today) throw dayToCome(day);
    const tree = await this.#organisation.tree(db, { on: day, asOf: day });
    const outside = tree.outside().map(({ id }) => id);
    const round = found(await ask.roundRow(db, roundId ?? null, day, outside), aRound);
    const edition = found(await this.#catalogue.edition(db, round.editionId), aRound);
    const under = found(underUnitId ? tree.node(underUnitId) : tree.top(), aUnit);
    const when = { day, cutoff: day < db.today ? round.endOfDay : null };
    const base = {
      db,
      actor,
      roundId: round.id,
      when,
      under,
      tree,
      edition,
      policy: policyOn(anchoringPolicies(), day),
      words: await this.#wordsOf(db, round.definitionId),
      steeringActive: round.steeringActive,
    };
    return { ...base, ...(await this.#units(base)) };
  }

  async #units(base: Base): Promise<Pick<StatusData, 'units' | 'leftOut' | 'measures'>> {
    const { db, actor, roundId, when, edition, tree } = base;
    const all = tree.subtree(base.under.id);
    const nodes = all.filter(({ id }) => mayCount(actor, id, roundId));
    const ids = nodes.map(({ id }) => id);
    const [scopeRows, rows, coverage, measures] = await Promise.all([
      ask.scopeRows(db, roundId, when),
      ask.processRows(db, roundId, when, ids),
      this.#responsibility.coverage(db, { unitIds: ids, editionId: edition.id, ...asOf(when) }),
      ask.measureRows(db, when, ids),
    ]);
    const scope = new Set(unitsInScope(scopeRows, tree).map(({ id }) => id));
    const known = {
      scope,
      processes: Map.groupBy(rows, byUnit),
      coverage,
      measures: Map.groupBy(measures, byUnit),
    };
    const states = nodes.flatMap((node) => unitState(base, node, known));
    const counted = base.under.id === tree.top()?.id ? ofTheWhole(states) : states.filter(isShownSingly);
    const foreign = all.filter((unit) => scope.has(unit.id) && !coverage.has(unit.id) && isAsked(base, unit));
    return {
      units: counted,
      leftOut: [
        ...foreign.map(() => 'NOT_YOURS' as const),
        ...states.slice(counted.length).map(() => 'NOT_PUBLISHED' as const),
      ],
      measures,
    };
  }

  async #wordsOf(db: Db, definitionId: string): Promise<ChartWords> {
    const { chart } = await this.#definitions.machineOf(db, definitionId);
    return wordsOf(chart.definition);
  }
}

type Base = Omit<StatusData, 'units' | 'leftOut' | 'measures'>;

interface Known {
  readonly scope: ReadonlySet<string>;
  readonly processes: ReadonlyMap<string, readonly ask.ProcessRow[]>;
  readonly coverage: ReadonlyMap<string, UnitCoverage>;
  readonly measures: ReadonlyMap<string, readonly ask.MeasureRow[]>;
}
const byUnit = ({ unitId }: { readonly unitId: string }) => unitId;

/** The unit as one entry, or none where nothing is asked of it in this round. */
function unitState(base: Base, node: UnitNode, known: Known): UnitState[] {
  const sizes = groupSizes(node, base.tree.minimumShown);
  const processes = (known.processes.get(node.id) ?? []).map((row) => ({
    ...row,
    tags: shownTags(row.tags, { isReleasedToPublic: row.isReleasedToPublic, sizes }),
  }));
  const chosen = choose(processes, base.roundId);
  const coverage = known.coverage.get(node.id);
  const isOfRound = chosen.process !== undefined || known.scope.has(node.id);
  if (!coverage || !isOfRound) return [];
  if (!isJudged(node, coverage.criteria, chosen.process !== undefined, base.policy)) return [];
  return [
    {
      unit: node,
      areaId: base.tree.area(node.id)?.id ?? null,
      ...chosen,
      coverage,
      coreMeasureDueOn: known.measures.get(node.id)?.find(({ core }) => core)?.dueOn ?? null,
      hidden: hiddenFrom(functionsFor(base, node.id, chosen.process), sizes),
      mayRead: {
        unit: allows('status.readUnits', functionsFor(base, node.id), new Set(chosen.process?.tags)),
        ratings: mayRead(base, node.id, chosen.process),
        verdict: mayRead(base, node.id, countedProcess(chosen)),
        gaps: allows('gap.read', base.actor.functionsAt({ unitId: node.id }), noTags),
      },
    },
  ];
}

/** Whoever asks: figures are the same for all, and those who work on a small unit's case see its ratings there. */
function hiddenFrom(functions: ReadonlySet<string>, { inside, outside }: GroupSizes): UnitState['hidden'] {
  const size = allows('status.readUnits', functions, noTags) ? inside : outside;
  return size === 'ENOUGH' ? null : size;
}

const isShownSingly = ({ mayRead }: UnitState) => mayRead.unit;

/**
 * A committee sees units without a published report in the figures of the whole alone, and as a group: those of a part
 * would tell of single units.
 */
function ofTheWhole(states: readonly UnitState[]): readonly UnitState[] {
  const [single, grouped] = [states.filter(isShownSingly), states.filter((state) => !isShownSingly(state))];
  const isGroup = grouped.length > 1 && grouped.some(({ unit }) => unit.headcount >= committeeGroup);
  return isGroup ? states : single;
}
const committeeGroup = 10;

/** Whether criteria apply to a unit that the asker sees nothing else of. */
function isAsked({ edition, policy }: Base, unit: UnitNode): boolean {
  return isJudged(unit, applicableCriteria(edition, unit).length, false, policy);
}

const asOf = ({ day, cutoff }: ask.Moment) => (cutoff ? { on: day, asOf: day } : { on: day });

const noTags: ReadonlySet<string> = new Set();

/** A unit counts for those who hold a function there or in the round; what they may read of its ratings is a question of its own. */
function mayCount(actor: Actor, unitId: string, roundId: string): boolean {
  return allows('status.read', actor.functionsAt({ unitId, seriesId: roundId }), noTags);
}

function functionsFor({ actor, roundId }: Base, unitId: string, process?: ProcessState): ReadonlySet<string> {
  return actor.functionsAt({
    unitId,
    seriesId: roundId,
    ...(process && { processId: process.processId }),
  });
}

function mayRead(base: Base, unitId: string, process: ProcessState | undefined): boolean {
  if (!process) return false;
  const tags = new Set(process.tags);
  const action = tags.has(openingTags.released) ? 'auditRating.read' : 'selfRating.read';
  return allows(action, functionsFor(base, unitId, process), tags);
}

const aRound = { de: 'Auditrunde', en: 'Round' };
const aUnit = { de: 'Einheit', en: 'Unit' };
const dayToCome = (day: string) =>
  new ClientError('BAD_INPUT', {
    de: `Der gefragte Tag liegt in der Zukunft (${day}). Möglich ist jeder Tag bis heute.`,
    en: `The day asked for lies in the future (${day}). Any day up to today is possible.`,
  });

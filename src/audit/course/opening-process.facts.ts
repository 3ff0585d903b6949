import { Injectable } from '@nestjs/common';
import { Catalogue } from '../../catalogue/index.ts';
import { EngineRegistry, type Fact, type ProcessRow } from '../../engine/index.ts';
import { Organisation } from '../../organisation/index.ts';
import type { Db } from '../../platform/index.ts';
import { Responsibility } from '../../responsibility/index.ts';
import { Independence } from '../opening/independence.service.ts';
import { openingsById } from '../opening/opening-process.sql.ts';
import { OpeningProcesses } from '../opening/opening-processes.service.ts';
import { auditorsOf, peopleOf, roundsById, type RoundRow } from '../opening/round.sql.ts';

type Values<T> = Promise<Map<string, T>>;

/** What guards ask about the beginning of an opening process: unit, round, scope, team, and who audits. */
@Injectable()
export class OpeningProcessFacts {
  readonly #organisation: Organisation;
  readonly #catalogue: Catalogue;
  readonly #responsibility: Responsibility;
  readonly #openings: OpeningProcesses;
  readonly #independence: Independence;

  constructor(
    registry: EngineRegistry,
    organisation: Organisation,
    catalogue: Catalogue,
    responsibility: Responsibility,
    openings: OpeningProcesses,
    independence: Independence,
  ) {
    this.#organisation = organisation;
    this.#catalogue = catalogue;
    this.#responsibility = responsibility;
    this.#openings = openings;
    this.#independence = independence;
    registry.registerFacts({ ...this.#ofScope(), ...this.#ofTeam() });
  }

  #ofScope(): Record<string, Fact> {
    return {
      'scope.active': { type: 'bool', load: (db, processes) => this.#active(db, processes) },
      'edition.published': { type: 'bool', load: (db, processes) => this.#published(db, processes) },
      // The database takes no round without its mandate.
      'mandate.present': {
        type: 'bool',
        load: async (db, processes) => mapRounds(await roundsOf(db, processes), processes, () => true),
      },
      'round.closesOn': {
        type: 'text',
        load: async (db, processes) =>
          mapRounds(await roundsOf(db, processes), processes, ({ closesOn }) => closesOn),
      },
      // No process of a focus area ends behind the council's back.
      'cancel.councilInformed': {
        type: 'bool',
        ofPayload: true,
        load: async (db, processes, step) => {
          const { councilInformedOn } = step!.payload as { councilInformedOn?: string };
          const isInformed = councilInformedOn !== undefined && councilInformedOn <= db.today;
          const rounds = await roundsOf(db, processes);
          return mapRounds(rounds, processes, ({ focusArea }) => !focusArea || isInformed);
        },
      },
      'scope.otherProcesses': { type: 'int', load: (db, processes) => this.#others(db, processes) },
      'scope.criteria': { type: 'int', load: (db, processes) => this.#criteria(db, processes) },
      // Nor a criterion declared not applicable without its reason.
      'scope.exclusionsWithoutReason': {
        type: 'int',
        load: async (_, processes) => new Map(processes.map(({ id }) => [id, 0])),
      },
    };
  }

  #ofTeam(): Record<string, Fact> {
    return {
      'team.twoPersons': {
        type: 'bool',
        ofPayload: true,
        load: async (db, processes, step) => {
          const { ownerId, deputyId } = step!.payload as { ownerId: string; deputyId: string };
          const values = new Map<string, boolean>();
          for (const { id, scopeId } of processes)
            values.set(id, !(await this.#responsibility.countAsOne(db, ownerId, deputyId, scopeId)));
          return values;
        },
      },
      'team.independent': {
        type: 'bool',
        ofPayload: true,
        load: async (db, processes, step) => {
          const { ownerId, deputyId } = step!.payload as { ownerId: string; deputyId: string };
          const auditors = await this.#auditors(db, processes);
          const isFree = ({ id }: ProcessRow) =>
            ![ownerId, deputyId].some((person) => auditors.get(id)?.has(person));
          return new Map(processes.map((process) => [process.id, isFree(process)]));
        },
      },
      'auditors.dependent': { type: 'int', load: (db, processes) => this.#dependent(db, processes) },
    };
  }

  async #active(db: Db, processes: readonly ProcessRow[]): Values<boolean> {
    const tree = await this.#organisation.tree(db);
    return new Map(processes.map(({ id, scopeId }) => [id, tree.node(scopeId) !== undefined]));
  }

  async #published(db: Db, processes: readonly ProcessRow[]): Values<boolean> {
    const rounds = await roundsOf(db, processes);
    const published = new Set<string>();
    for (const { editionId } of rounds.values())
      if ((await this.#catalogue.edition(db, editionId))?.status === 'PUBLISHED') published.add(editionId);
    return mapRounds(rounds, processes, ({ editionId }) => published.has(editionId));
  }

  async #others(db: Db, processes: readonly ProcessRow[]): Values<number> {
    const live = await this.#openings.liveOf(
      db,
      processes.map(({ scopeId }) => scopeId),
    );
    const others = ({ id, scopeId }: ProcessRow) =>
      (live.get(scopeId) ?? []).filter((other) => other !== id).length;
    return new Map(processes.map((process) => [process.id, others(process)]));
  }

  async #criteria(db: Db, processes: readonly ProcessRow[]): Values<number> {
    const counts = new Map<string, number>();
    for (const row of await openingsById(
      db,
      processes.map(({ id }) => id),
    ))
      counts.set(
        row.id,
        row.frozenAt ? row.applicable : (await this.#openings.applicable(db, row)).criteria.length,
      );
    return counts;
  }

  /** Everybody who audits each process: the lead of its round and the auditors of its unit. */
  async #auditors(db: Db, processes: readonly ProcessRow[]): Values<ReadonlySet<string>> {
    const audited = new Map<string, Set<string>>();
    for (const [seriesId, ofRound] of bySeries(processes)) {
      const leads = (await peopleOf(db, seriesId, db.today)).filter(({ fn }) => fn === 'AUDLEAD');
      const assigned = await this.#independence.personsBehind(db, await auditorsOf(db, seriesId, db.today));
      const everywhere = (await this.#independence.personsBehind(db, leads)).flatMap(
        ({ personIds }) => personIds,
      );
      for (const { id, scopeId } of ofRound) {
        const here = assigned
          .filter(({ unitId }) => unitId === scopeId)
          .flatMap(({ personIds }) => personIds);
        audited.set(id, new Set([...everywhere, ...here]));
      }
    }
    return audited;
  }

  /** Auditors in the unit's line: those assigned, and the lead who asks. Another lead may step in for a dependent one. */
  async #dependent(db: Db, processes: readonly ProcessRow[]): Values<number> {
    const tree = await this.#organisation.tree(db);
    const counts = new Map<string, number>();
    for (const [seriesId, ofRound] of bySeries(processes)) {
      const leads = (await peopleOf(db, seriesId, db.today)).filter(({ fn }) => fn === 'AUDLEAD');
      const behind = await this.#independence.personsBehind(db, leads);
      const asking = behind.filter(({ personIds }) => personIds.includes(db.actor.person));
      const assigned = await auditorsOf(db, seriesId, db.today);
      for (const { id, scopeId } of ofRound) {
        const here = assigned.filter(({ unitId }) => unitId === scopeId);
        const looking = [...here, ...asking.map((lead) => ({ ...lead, unitId: scopeId }))];
        counts.set(id, (await this.#independence.dependent(db, looking, tree)).length);
      }
    }
    return counts;
  }
}

function bySeries(processes: readonly ProcessRow[]): Map<string, ProcessRow[]> {
  return Map.groupBy(
    processes.filter(({ seriesId }) => seriesId !== null),
    ({ seriesId }) => seriesId!,
  );
}

async function roundsOf(db: Db, processes: readonly ProcessRow[]): Promise<Map<string, RoundRow>> {
  const rounds = await roundsById(db, [...bySeries(processes).keys()]);
  return new Map(rounds.map((round) => [round.id, round]));
}

function mapRounds<T>(
  rounds: ReadonlyMap<string, RoundRow>,
  processes: readonly ProcessRow[],
  value: (round: RoundRow) => T,
): Map<string, T> {
  return new Map(
    processes.flatMap(({ id, seriesId }): [string, T][] => {
      const round = rounds.get(seriesId ?? '');
      return round ? [[id, value(round)]] : [];
    }),
  );
}

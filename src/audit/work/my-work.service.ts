import { Injectable } from '@nestjs/common';
import { Catalogue } from '../../catalogue/index.ts';
import { Engine } from '../../engine/index.ts';
import type { Actor, Db } from '../../platform/index.ts';
import { ChecklistGate } from '../checklist/checklist-gate.service.ts';
import { isOpenFor } from '../checklist/checklist.rules.ts';
import { workOn, type WorkKind } from './my-work.rules.ts';
import { isAbout, OpenWorkSources, type OpenWorkSource } from '../opening/open-work-sources.service.ts';
import { liveOpenings, type OpeningKey } from '../opening/opening-process.sql.ts';
import { OpeningProcesses, type OpeningProcess } from '../opening/opening-processes.service.ts';
import { Ratings } from '../rating/ratings.service.ts';
import { Staffings } from '../opening/staffings.service.ts';

export interface OpenWork {
  readonly kind: WorkKind | OpenWorkSource['kind'] | 'STEP' | 'STAFF';
  /** Null for whoever has part in one of its companions alone. */
  readonly openingProcess: OpeningProcess | null;
  /** The process that waits where it is not the opening process itself but one that goes with it. */
  readonly companionId: string | null;
  readonly dueOn: string | null;
  readonly criteria: readonly unknown[];
  readonly steps: readonly unknown[];
}

const mostEntries = 200;
/** Who writes on checklists; everybody else has steps only. */
const writers = ['OWNER', 'HEAD', 'CONTRIB'];

/** What waits for one person, over all processes of running rounds. */
@Injectable()
export class MyWork {
  readonly #engine: Engine;
  readonly #catalogue: Catalogue;
  readonly #openings: OpeningProcesses;
  readonly #access: ChecklistGate;
  readonly #ratings: Ratings;
  readonly #sources: OpenWorkSources;
  readonly #staffings: Staffings;

  constructor(
    engine: Engine,
    catalogue: Catalogue,
    openings: OpeningProcesses,
    access: ChecklistGate,
    ratings: Ratings,
    sources: OpenWorkSources,
    staffings: Staffings,
  ) {
    this.#staffings = staffings;
    this.#engine = engine;
    this.#catalogue = catalogue;
    this.#openings = openings;
    this.#access = access;
    this.#ratings = ratings;
    this.#sources = sources;
  }

  /** The next deadline first; at most 200 entries. */
  async of(db: Db): Promise<OpenWork[]> {
    const { actor } = db;
    const keys = await liveOpenings(db);
    const mine = keys.filter((key) => functionsAt(actor, key).size > 0);
    const companions = await this.#sources.companionsOf(db, mine);
    const openingOf = new Map(companions.map(({ id, openingId }) => [id, openingId]));
    const steps = await this.#steps(db, [...mine, ...companions]);
    const writing = mine.filter((key) => writers.some((fn) => functionsAt(actor, key).has(fn)));
    const staffing = await this.#staffing(db, mine);
    const wanted = new Set([...writing, ...steps, ...staffing].map(({ id }) => openingOf.get(id) ?? id));
    const openings = await this.#openings.byIds(db, [...wanted]);
    const due = await this.#dueDays(db, [...wanted, ...openingOf.keys()]);
    const ratings = await this.#checklists(
      db,
      openings.filter(({ id }) => writing.some((key) => key.id === id)),
    );
    const byId = new Map(openings.map((opening) => [opening.id, opening]));
    const visible = new Set(mine.map(({ id }) => id));
    return [...ratings, ...steps, ...staffing]
      .map(({ id, ...work }) => {
        const openingId = openingOf.get(id) ?? id;
        return {
          ...work,
          openingProcess: visible.has(openingId) ? byId.get(openingId)! : null,
          companionId: openingOf.has(id) ? id : null,
          dueOn: due.get(id) ?? null,
        };
      })
      .sort((a, b) => (a.dueOn ?? '9999').localeCompare(b.dueOn ?? '9999'))
      .slice(0, mostEntries);
  }

  async #checklists(db: Db, openings: readonly OpeningProcess[]) {
    const writable = openings.filter(({ process }) => isOpenFor(process, ['editable', 'consensus']));
    const sheets = await this.#ratings.sheets(
      db,
      writable.map(({ id }) => id),
    );
    const found = [];
    for (const opening of writable) {
      const functions = db.actor.functionsAt({
        unitId: opening.unitId,
        seriesId: opening.roundId,
        processId: opening.id,
      });
      const mayRate = await this.#access.mayRate(db, opening, functions);
      const lines = [...(sheets.get(opening.id)?.lines.values() ?? [])];
      const edition = await this.#catalogue.edition(db, opening.editionId);
      const me = { personId: db.actor.person, representsId: null };
      const work = workOn(lines, {
        me,
        functions,
        mayRate,
        isEditable: isOpenFor(opening.process, ['editable']),
      });
      for (const { kind, criterionIds } of work) {
        const criteria = edition!.criteria.filter(({ id }) => criterionIds.has(id));
        found.push({ kind, id: opening.id, criteria, steps: [] });
      }
    }
    return found;
  }

  /** Tasks that wait for the asker: by the function they name or, where a source knows better, by what it says. */
  async #steps(db: Db, mine: readonly OpeningKey[]) {
    const tasks = await this.#engine.openTasks(
      db,
      mine.map(({ id }) => id),
    );
    const held = new Map(mine.map((key) => [key.id, functionsAt(db.actor, key)]));
    const sources = this.#sources.all;
    const isPlain = (task: (typeof tasks)[number]) =>
      sources.every((source) => source.besides || !isAbout(source, task));
    const plain = tasks.filter((task) => isPlain(task) && held.get(task.processId)!.has(task.function));
    const waiting: [OpenWork['kind'], ReadonlySet<string>][] = [['STEP', idsOf(plain)]];
    for (const source of sources) {
      const open = idsOf(tasks.filter((task) => isAbout(source, task)));
      const asked = mine.filter(({ id }) => open.has(id));
      if (asked.length > 0) waiting.push([source.kind, await source.of(db, asked)]);
    }
    const entries = waiting.flatMap(([kind, ids]) =>
      [...ids].slice(0, mostEntries).map((id) => ({ kind, id })),
    );
    const possible = await this.#engine.possibleSteps(db, [...new Set(entries.map(({ id }) => id))]);
    return entries
      .map(({ kind, id }) => ({
        kind,
        id,
        criteria: [],
        steps: (possible.get(id) ?? []).filter(({ mayI, answersTask }) => mayI && answersTask),
      }))
      .filter(({ kind, steps }) => kind !== 'STEP' || steps.length > 0);
  }

  /** Processes that human resources must find somebody for: they go on, but nobody carries them. */
  async #staffing(db: Db, mine: readonly OpeningKey[]) {
    const asked = mine.filter((key) => functionsAt(db.actor, key).has('HR'));
    if (asked.length === 0) return [];
    const vacant = await this.#staffings.vacantTooLong(
      db,
      asked.map(({ id }) => id),
    );
    const over = ['terminal', 'recognised', 'concluded'];
    const processes = await this.#engine.processes(db, [...vacant]);
    return processes
      .filter(({ tags }) => !over.some((tag) => tags.includes(tag)))
      .map(({ id }) => ({ kind: 'STAFF' as const, id, criteria: [], steps: [] }));
  }

  async #dueDays(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
    const deadlines = await this.#engine.deadlines(db, ids);
    const days = new Map<string, string>();
    const running = deadlines.filter(({ name, pausedOn }) => !pausedOn && !name.startsWith('$'));
    for (const { processId, dueOn } of running) if (!days.has(processId)) days.set(processId, dueOn);
    return days;
  }
}

const functionsAt = (actor: Actor, { id, unitId, roundId }: OpeningKey) =>
  actor.functionsAt({ unitId, seriesId: roundId, processId: id });
const idsOf = (tasks: readonly { readonly processId: string }[]): Set<string> =>
  new Set(tasks.map(({ processId }) => processId));

import { Injectable } from '@nestjs/common';
import { Catalogue } from '../catalogue/index.ts';
import { Engine } from '../engine/index.ts';
import type { Actor, Db } from '../platform/index.ts';
import { ChecklistAccess } from './checklist-access.service.ts';
import { workOn, type WorkKind } from './my-work.rules.ts';
import { liveOpenings, type OpeningKey } from './opening-process.queries.ts';
import { OpeningProcesses, type OpeningProcess } from './opening-process.service.ts';
import { Ratings } from './rating.service.ts';

export interface OpenWork {
  readonly kind: WorkKind | 'STEP';
  readonly openingProcess: OpeningProcess;
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
  readonly #access: ChecklistAccess;
  readonly #ratings: Ratings;

  constructor(
    engine: Engine,
    catalogue: Catalogue,
    openings: OpeningProcesses,
    access: ChecklistAccess,
    ratings: Ratings,
  ) {
    this.#engine = engine;
    this.#catalogue = catalogue;
    this.#openings = openings;
    this.#access = access;
    this.#ratings = ratings;
  }

  /** The next deadline first; at most 200 entries. */
  async of(db: Db): Promise<OpenWork[]> {
    const { actor } = db;
    const keys = await liveOpenings(db);
    const mine = keys.filter((key) => functionsAt(actor, key).size > 0);
    const steps = await this.#steps(db, mine);
    const writing = mine.filter((key) => writers.some((fn) => functionsAt(actor, key).has(fn)));
    const openings = await this.#openings.byIds(db, [...new Set([...writing, ...steps].map(({ id }) => id))]);
    const due = await this.#dueDays(db, openings);
    const ratings = await this.#checklists(
      db,
      openings.filter(({ id }) => writing.some((key) => key.id === id)),
    );
    const toTake = steps.map(({ id, steps }) => ({ kind: 'STEP' as const, id, criteria: [], steps }));
    const byId = new Map(openings.map((opening) => [opening.id, opening]));
    return [...ratings, ...toTake]
      .map(({ id, ...work }) => ({ ...work, openingProcess: byId.get(id)!, dueOn: due.get(id) ?? null }))
      .sort((a, b) => (a.dueOn ?? '9999').localeCompare(b.dueOn ?? '9999'))
      .slice(0, mostEntries);
  }

  async #checklists(db: Db, openings: readonly OpeningProcess[]) {
    const writable = openings.filter(({ processTags }) =>
      ['editable', 'consensus'].some((tag) => processTags.includes(tag)),
    );
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
        isEditable: opening.processTags.includes('editable'),
      });
      for (const { kind, criterionIds } of work) {
        const criteria = edition!.criteria.filter(({ id }) => criterionIds.has(id));
        found.push({ kind, id: opening.id, criteria, steps: [] });
      }
    }
    return found;
  }

  /** Steps that wait for a function the asker holds at the process. */
  async #steps(db: Db, mine: readonly OpeningKey[]) {
    const ids = mine.map(({ id }) => id);
    const held = new Map(mine.map((key) => [key.id, functionsAt(db.actor, key)]));
    const waiting = (await this.#engine.openTasks(db, ids)).filter((task) =>
      held.get(task.processId)!.has(task.function),
    );
    const processes = [...new Set(waiting.map(({ processId }) => processId))].slice(0, mostEntries);
    const possible = await this.#engine.possibleSteps(db, processes);
    return processes.flatMap((id) => {
      const steps = (possible.get(id) ?? []).filter(({ mayI }) => mayI);
      return steps.length > 0 ? [{ id, steps }] : [];
    });
  }

  async #dueDays(db: Db, openings: readonly OpeningProcess[]): Promise<Map<string, string>> {
    const deadlines = await this.#engine.deadlines(
      db,
      openings.map(({ id }) => id),
    );
    const days = new Map<string, string>();
    for (const { processId, dueOn } of deadlines) if (!days.has(processId)) days.set(processId, dueOn);
    return days;
  }
}

const functionsAt = (actor: Actor, { id, unitId, roundId }: OpeningKey) =>
  actor.functionsAt({ unitId, seriesId: roundId, processId: id });

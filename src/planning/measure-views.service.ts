import { Injectable } from '@nestjs/common';
import { OpeningProcesses, type OpeningProcess } from '../audit/index.ts';
import { Catalogue } from '../catalogue/index.ts';
import { Engine } from '../engine/index.ts';
import { Persons } from '../identity/index.ts';
import { Organisation } from '../organisation/index.ts';
import type { Db } from '../platform/index.ts';
import { Responsibility } from '../responsibility/index.ts';
import { measureById, measuresById, measuresOf, statusesOf, type MeasureRow } from './measure.sql.ts';
import { lacking } from './measure.rules.ts';
import { coSignatures, currentAgreements } from './target.sql.ts';
import { Targets } from './targets.service.ts';

/** Reads measures and the agreement on them as their readers see them. */
@Injectable()
export class MeasureViews {
  readonly #engine: Engine;
  readonly #openings: OpeningProcesses;
  readonly #catalogue: Catalogue;
  readonly #organisation: Organisation;
  readonly #persons: Persons;
  readonly #responsibility: Responsibility;
  readonly #targets: Targets;

  constructor(
    engine: Engine,
    openings: OpeningProcesses,
    catalogue: Catalogue,
    organisation: Organisation,
    persons: Persons,
    responsibility: Responsibility,
    targets: Targets,
  ) {
    this.#engine = engine;
    this.#openings = openings;
    this.#catalogue = catalogue;
    this.#organisation = organisation;
    this.#persons = persons;
    this.#responsibility = responsibility;
    this.#targets = targets;
  }

  /** The measures of a process, as they stand or as recorded by the end of a day. */
  async ofProcess(db: Db, opening: OpeningProcess, asOf: string | null) {
    return this.#shown(db, opening, await measuresOf(db, [opening.id], asOf));
  }

  /** One measure; null when it is unknown here or not the asker's to see. */
  async one(db: Db, id: string) {
    const row = await measureById(db, id);
    if (!row) return null;
    const opening = await this.#openings.one(db, row.processId);
    const { unitId, seriesId, processId, processTags } = opening;
    const post = row.competentPostId ? { postId: row.competentPostId } : {};
    // Whoever carries it out owns its process, without any part in the one it came from.
    const places = [processId, row.id].map((id) => ({ unitId, seriesId, processId: id, ...post }));
    const may = (await this.#responsibility.mayEach(db, 'measure.read', places, processTags)).some(Boolean);
    return may ? (await this.#shown(db, opening, [row]))[0]! : null;
  }

  /** Measures that a command has just written, in the order of their numbers. */
  async written(db: Db, processId: string, measureIds: readonly string[]) {
    return this.#shown(db, await this.#openings.one(db, processId), await measuresById(db, measureIds));
  }

  /** The latest agreement with who has signed and who could; null before one was submitted. */
  async agreement(db: Db, opening: OpeningProcess) {
    const agreement = (await currentAgreements(db, [opening.id])).get(opening.id);
    if (!agreement) return null;
    const given = await coSignatures(db, [agreement.id]);
    const missing = (await this.#targets.missing(db, [opening.id])).get(opening.id) ?? [];
    const ids = [agreement, ...agreement.ends, ...given].map(({ personId }) => personId);
    const person = await this.#people(db, [
      ...ids,
      ...given.flatMap(({ representsId }) => representsId ?? []),
    ]);
    const slots = agreement.required.map(async (fn) => {
      const signature = given.find((s) => s.fn === fn);
      const holders = await this.#targets.holders(db, fn, opening.process);
      return {
        function: fn,
        isSigned: !missing.includes(fn),
        by: signature && person(signature.personId),
        represents: signature?.representsId && person(signature.representsId),
        at: signature?.signedAt,
        holders: holders.map(({ personId, name }) => ({ id: personId, displayName: name })),
      };
    });
    return {
      ...agreement,
      submittedBy: person(agreement.personId),
      coSignatures: await Promise.all(slots),
      outcomes: agreement.ends.map((end) => ({ ...end, by: person(end.personId), at: new Date(end.at) })),
    };
  }

  async #shown(db: Db, opening: OpeningProcess, rows: readonly MeasureRow[]) {
    const statuses = await statusesOf(
      db,
      rows.map(({ id }) => id),
    );
    const courses = new Map(
      (
        await this.#engine.processes(
          db,
          rows.map(({ id }) => id),
        )
      ).map((process) => [process.id, process]),
    );
    const person = await this.#people(
      db,
      statuses.map(({ personId }) => personId),
    );
    const edition = await this.#catalogue.edition(db, opening.editionId);
    const tree = await this.#organisation.tree(db);
    const postIds = [...new Set(rows.flatMap(({ competentPostId }) => competentPostId ?? []))];
    const posts = postIds.length > 0 ? await this.#organisation.posts(db, { ids: postIds }) : [];
    const { unitId, seriesId, processId, processTags } = opening;
    return rows.map((row) => ({
      ...row,
      unitId,
      seriesId,
      processId,
      processTags,
      ...(row.competentPostId && { postId: row.competentPostId }),
      number: row.measureNo,
      process: courses.get(row.id),
      unit: tree.node(row.unitId),
      criterion: edition?.criteria.find(({ id }) => id === row.criterionId),
      competentPost: posts.find(({ id }) => id === row.competentPostId),
      lacking: lacking(row),
      history: statuses
        .filter(({ measureId, recordedAt }) => measureId === row.id && recordedAt <= row.statusSince)
        .map((status) => ({ ...status, by: person(status.personId), at: status.recordedAt })),
    }));
  }

  async #people(db: Db, ids: readonly string[]) {
    const names = await this.#persons.names(db, [...new Set(ids)]);
    return (id: string) => ({ id, displayName: names.get(id) ?? '' });
  }
}

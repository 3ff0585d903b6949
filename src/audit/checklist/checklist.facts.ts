import { Injectable } from '@nestjs/common';
import { EngineRegistry, type Fact, type ProcessRow } from '../../engine/index.ts';
import { Organisation } from '../../organisation/index.ts';
import type { Db } from '../../platform/index.ts';
import { openingsById, type OpeningProcessRow } from '../opening/opening-process.sql.ts';
import { contentHash, Ratings, type Sheet } from '../rating/ratings.service.ts';

const ids = (processes: readonly ProcessRow[]) => processes.map(({ id }) => id);

/** What guards ask about a checklist: its counters, who rated, and whether a signature means what stands there. */
@Injectable()
export class ChecklistFacts {
  readonly #organisation: Organisation;
  readonly #ratings: Ratings;

  constructor(registry: EngineRegistry, organisation: Organisation, ratings: Ratings) {
    this.#organisation = organisation;
    this.#ratings = ratings;
    registry.registerFacts({
      'checklist.total': counted(({ applicable }) => applicable),
      'checklist.open': counted((row) => row.applicable - row.rated - row.not_applicable),
      'checklist.coreByOnePerson': counted((row) => row.core_total - row.core_confirmed),
      'checklist.openSpreads': counted(({ differences }) => differences),
      'checklist.headIsOnlyRater': { type: 'bool', load: (db, processes) => this.#headAlone(db, processes) },
      'checklist.hashMatches': {
        type: 'bool',
        ofPayload: true,
        load: async (db, processes, step) => {
          const sheets = await this.#ratings.sheets(db, ids(processes));
          const matches = (sheet: Sheet) => contentHash(sheet) === step?.payload['contentHash'];
          return new Map([...sheets].map(([id, sheet]) => [id, matches(sheet)]));
        },
      },
    });
  }

  /** Whether nobody but those who act as head of the unit rated anything: a deputy counts with the head. */
  async #headAlone(db: Db, processes: readonly ProcessRow[]): Promise<Map<string, boolean>> {
    const sheets = await this.#ratings.sheets(db, ids(processes));
    const heads = await this.#organisation.headPost(
      db,
      processes.map(({ scopeId }) => scopeId),
    );
    return new Map(
      processes.map(({ id, scopeId }) => {
        const asHead = new Set(heads.get(scopeId)?.holders.map(({ personId }) => personId));
        const raters = ratersOf(sheets.get(id));
        return [id, raters.length > 0 && raters.every((personId) => asHead.has(personId))];
      }),
    );
  }
}

function counted(count: (row: OpeningProcessRow) => number): Fact {
  return {
    type: 'int',
    load: async (db, processes) => {
      const rows = await openingsById(db, ids(processes));
      return new Map(rows.map((row) => [row.id, count(row)]));
    },
  };
}

function ratersOf(sheet: Sheet | undefined): string[] {
  const lines = [...(sheet?.lines.values() ?? [])];
  return lines.flatMap(({ ratings: { SELF, SECOND } }) =>
    [SELF, SECOND].flatMap((rating) => rating?.personId ?? []),
  );
}

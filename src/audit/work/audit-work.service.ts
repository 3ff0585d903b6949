import { Injectable } from '@nestjs/common';
import type { Db } from '../../platform/index.ts';
import { Conditions } from '../decision/conditions.service.ts';
import { OpenWorkSources } from '../opening/open-work-sources.service.ts';
import type { OpeningKey } from '../opening/opening-process.sql.ts';
import { Ratings } from '../rating/ratings.service.ts';
import { Reports } from '../review/reports.service.ts';
import { reportTexts } from '../opening/report.sql.ts';
import { ratersOf, refuseSigner } from '../review/report.rules.ts';

/** Shows reports to second auditors who can sign them, and conditions to heads who have to show something. */
@Injectable()
export class AuditWork {
  readonly #ratings: Ratings;
  readonly #reports: Reports;
  readonly #conditions: Conditions;

  constructor(sources: OpenWorkSources, ratings: Ratings, reports: Reports, conditions: Conditions) {
    this.#ratings = ratings;
    this.#reports = reports;
    this.#conditions = conditions;
    for (const task of ['writeDraft', 'releaseReport'])
      sources.register({
        about: { task },
        kind: 'SIGN',
        besides: true,
        of: (db, keys) => this.#unsigned(db, keys),
      });
    sources.register({
      about: { tag: 'conditional' },
      kind: 'SHOW',
      of: (db, keys) => this.#unshown(db, keys),
    });
  }

  /** Reports with words that nobody has countersigned as they stand, unless the asker wrote them. */
  async #unsigned(db: Db, keys: readonly OpeningKey[]): Promise<ReadonlySet<string>> {
    const texts = await reportTexts(db, heldAs(db, 'AUD2', keys));
    if (texts.size === 0) return new Set();
    const sheets = await this.#ratings.sheets(db, [...texts.keys()]);
    const signed = await this.#reports.signed(db, [...texts.keys()]);
    const isMe = (personId: string) => personId === db.actor.person;
    const waits = [...texts].filter(([id, text]) => {
      const raters = ratersOf(sheets.get(id)!);
      return !signed.get(id) && !refuseSigner({ words: text.personId, raters }, isMe);
    });
    return new Set(waits.map(([id]) => id));
  }

  async #unshown(db: Db, keys: readonly OpeningKey[]): Promise<ReadonlySet<string>> {
    const conditions = await this.#conditions.of(db, heldAs(db, 'HEAD', keys));
    const isUnshown = ({ state }: { readonly state: string }) => state === 'OPEN' || state === 'NOT_MET';
    return new Set([...conditions].filter(([, those]) => those.some(isUnshown)).map(([id]) => id));
  }
}

const heldAs = ({ actor }: Db, fn: string, keys: readonly OpeningKey[]): string[] =>
  keys
    .filter(({ id, unitId, roundId }) =>
      actor.functionsAt({ unitId, seriesId: roundId, processId: id }).has(fn),
    )
    .map(({ id }) => id);

import { LockMode } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import {
  Commands,
  refuseFaults,
  type Actor,
  type Db,
  type InputFault,
  type Language,
} from '../platform/index.ts';
import { noChoice, type Choice, type Rhythm } from './notice.rules.ts';
import { noticeTexts } from './notice-texts.rules.ts';
import { ChoiceRow } from './notices.entity.ts';
import { read } from './choices.sql.ts';

export interface ChosenNotices {
  readonly language?: Language | undefined;
  readonly rhythm?: Rhythm | undefined;
  readonly kinds: readonly { readonly kind: string; readonly rhythm: Rhythm }[];
}

/** What people chose to be told, each for themselves. */
@Injectable()
export class Choices {
  readonly #commands: Commands;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  /** Those who chose anything. */
  async of(db: Db, personIds: readonly string[]): Promise<Map<string, Choice>> {
    const rows = await db.call<Choice & { personId: string }>(read, [personIds]);
    return new Map(rows.map((row) => [row.personId, row]));
  }

  choose(actor: Actor, { commandId, ...chosen }: ChosenNotices & { readonly commandId: string }) {
    const request = { name: 'chooseNotices', commandId, input: { ...chosen } };
    return this.#commands.run(actor, request, async (tx) => {
      // Everybody chooses for themselves; whoever holds no function is told nothing and has nothing to choose.
      tx.permit((actor.functionsAnywhere?.() ?? actor.functionsAt()).size > 0);
      const refusal = refuseFaults(unknownKinds(chosen));
      if (refusal) return refusal;
      const lock = { lockMode: LockMode.PESSIMISTIC_WRITE } as const;
      const before: Choice = (await tx.em.findOne(ChoiceRow, actor.person, lock)) ?? noChoice;
      const kinds = {
        ...before.kinds,
        ...Object.fromEntries(chosen.kinds.map((one) => [one.kind, one.rhythm])),
      };
      const choice = {
        tenantId: actor.tenant,
        personId: actor.person,
        language: chosen.language ?? before.language,
        rhythm: chosen.rhythm ?? before.rhythm,
        kinds,
        chosenAt: tx.at,
      };
      // Who chooses twice at once for the first time has no row to wait for.
      await tx.em.upsert(ChoiceRow, choice, { onConflictFields: ['tenantId', 'personId'] });
      return { kinds: chosen.kinds.length };
    });
  }
}

const unknownKinds = ({ kinds }: ChosenNotices): InputFault[] =>
  kinds.flatMap(({ kind }, at) =>
    Object.hasOwn(noticeTexts, kind)
      ? []
      : [
          {
            path: `choices.${at}.kind`,
            message: { de: 'Diese Nachricht gibt es nicht.', en: 'There is no such notice.' },
          },
        ],
  );

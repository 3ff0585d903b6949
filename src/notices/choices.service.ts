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

/** Which notices people chose to receive, each for themselves. */
@Injectable()
export class Choices {
  readonly #commands: Commands;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  /** The choices of those among the given persons who chose anything. */
  async of(db: Db, personIds: readonly string[]): Promise<Map<string, Choice>> {
    const rows = await db.call<Choice & { personId: string }>(read, [personIds]);
    return new Map(rows.map((row) => [row.personId, row]));
  }

  choose(actor: Actor, { commandId, ...chosen }: ChosenNotices & { readonly commandId: string }) {
    const request = { name: 'chooseNotices', commandId, input: { ...chosen } };
    return this.#commands.run(actor, request, async (tx) => {
      // Everybody chooses for themselves. Whoever holds no function receives no notices and has nothing to choose.
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
      // At a first choice there is no row to lock, so two at once must not both insert one.
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

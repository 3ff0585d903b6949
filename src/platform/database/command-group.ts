import { Injectable, Logger } from '@nestjs/common';
import type { Actor } from '../words/actor.ts';
import type { CommandRequest } from './command.ts';
import { contentOf, noteFinished, recalled, type Json, type Opened } from './receipt.ts';
import { Reads } from './reads.ts';
import { isRefusal, type Refusal } from '../words/refusal.ts';
import { Transaction } from './transaction.ts';
import { CommandTx, type CommandContext, type Tx } from './tx.ts';
import type { Statement } from './wire.ts';
import { zoneOf } from '../words/zone.ts';

export interface Member extends Pick<CommandRequest, 'name' | 'commandId' | 'input'> {
  readonly actor: Actor;
}

/** A member's receipt, or why not; undefined: not done here, it needs a transaction of its own. */
export type MemberOutcome<R> = R | Refusal | undefined;

/** Undefined for a member that is not done here: its turn is somebody else's, or it was done before. */
type Hands = readonly (Tx | undefined)[];

/** Ends a group of which one member has written and must not: nothing of any is written. */
export class GroupRolledBack extends Error {}

const log = new Logger('Commands');
const begin = 'begin';
const open = 'select * from platform.open_commands($1, $2)';
const receipts = `insert into platform.command (command_id, account_id, name, payload_digest, answer)
  select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[])`;

/**
 * Several commands in one transaction: each is as whole as alone, and what a transaction costs is paid once (ADR 69).
 * Turns and rows are taken without waiting, and any other lock is waited for a tenth of a second, so the slowest does
 * not hold up the others: whoever would have to wait goes alone.
 */
@Injectable()
export class CommandGroups {
  readonly #reads: Reads;

  constructor(reads: Reads) {
    this.#reads = reads;
  }

  /**
   * Runs commands of one administration, no two with the same id. `ahead` is what the work asks first, as with
   * `Commands.run`; it must not wait. The work answers for each in the order of the members. A member that
   * refuses must not have written; if one has, the work throws `GroupRolledBack`. Then, and whenever anything fails, nothing of
   * any is written, and all are left undefined.
   */
  async run<R extends Json>(
    members: readonly Member[],
    ahead: Statement,
    work: (hands: Hands, rows: readonly object[]) => Promise<readonly MemberOutcome<R>[]>,
  ): Promise<readonly MemberOutcome<R>[]> {
    try {
      return await Transaction.run(await this.#reads.pool(), [{ sql: begin }], (transaction) =>
        this.#together(transaction, members, ahead, work),
      );
    } catch (error) {
      if (!(error instanceof GroupRolledBack))
        log.warn(`Commands that failed together go one by one: ${(error as Error).message}`);
      return members.map(() => undefined);
    } finally {
      for (const { actor } of members) noteFinished(actor);
    }
  }

  async #together<R extends Json>(
    transaction: Transaction,
    members: readonly Member[],
    ahead: Statement,
    work: (hands: Hands, rows: readonly object[]) => Promise<readonly MemberOutcome<R>[]>,
  ): Promise<readonly MemberOutcome<R>[]> {
    const { actor } = members[0]!;
    const ids = members.map(({ commandId }) => commandId);
    const [answer, first] = await transaction.ask([{ sql: open, values: [actor.tenant, ids] }, ahead]);
    const opened = answer!.rows as readonly (Opened & { is_ours: boolean })[];
    const zone = await zoneOf(actor, (sql) => transaction.call(sql));
    const inHand = opened.map(({ at, is_ours, account_id }, i): CommandContext | undefined =>
      is_ours && account_id === null ? { transaction, commandId: ids[i]!, at, zone } : undefined,
    );
    const outcomes = await work(
      inHand.map((command, i) => command && new CommandTx(members[i]!.actor, command)),
      first!.rows,
    );
    const contents = members.map(contentOf);
    const done = members.flatMap((member, i) => {
      const outcome = outcomes[i];
      if (!inHand[i] || outcome === undefined || isRefusal(outcome)) return [];
      if (!inHand[i].isPermitted)
        throw new Error(`Command ${member.name} wrote without asking for permission`);
      return { ...member, content: contents[i]!, answer: JSON.stringify(outcome) };
    });
    if (done.length > 0)
      transaction.queue(receipts, [
        done.map(({ commandId }) => commandId),
        done.map(({ actor: { account } }) => account),
        done.map(({ name }) => name),
        done.map(({ content }) => content),
        done.map(({ answer: text }) => text),
      ]);
    return members.map(({ actor: asking, name }, i) =>
      opened[i]!.account_id === null ? outcomes[i] : recalled<R>(opened[i]!, asking, name, contents[i]!),
    );
  }
}

// One process that everybody wants to move, by the same engine twice: it locks the row, or it reads without the lock and
// trusts the version column, so that whoever comes second finds 40001 and does everything again.
import { v7 } from 'uuid';

const { Commands, isRefusal } = await import('../dist/platform/index.js');

const unlocked = (sql) => sql.replace(/ for update$/, '');

const withoutLock = (tx) => ({
  ...{ actor: tx.actor, at: tx.at, today: tx.today, commandId: tx.commandId },
  permit: (decision) => tx.permit(decision),
  call: (sql, values) => tx.call(unlocked(sql), values),
  queue: (sql, values) => tx.queue(sql, values),
  asSystem: () => withoutLock(tx.asSystem()),
});

export function hotVariants({ get, actor, engine, groups, ids }) {
  const commands = get(Commands);
  const [id] = ids;
  const seen = { locked: 0, retries: 0, moves: 0 };
  const attempt = (commandId, hands, ahead) =>
    commands.run(actor, { name: 'bench', commandId, input: { what: 'hot' }, ahead }, async (tx) => {
      const taken = await engine.take(hands(tx), { processId: id, step: 'TICK' });
      return isRefusal(taken) ? taken : { processId: id };
    });
  return {
    seen,
    variants: {
      locked: {
        once: async () => {
          const answer = await attempt(v7(), (tx) => tx, engine.lockAhead(id));
          if (isRefusal(answer)) seen.locked += 1;
        },
      },
      together: {
        once: async () => {
          const taken = await groups.take(actor, v7(), { processId: id, step: 'TICK' });
          if (isRefusal(taken)) seen.locked += 1;
        },
      },
      versioned: {
        once: async () => {
          const ahead = engine.lockAhead(id);
          const read = { ...ahead, sql: unlocked(ahead.sql) };
          const commandId = v7();
          while (isRefusal(await attempt(commandId, withoutLock, read))) seen.retries += 1;
          seen.moves += 1;
        },
      },
    },
  };
}

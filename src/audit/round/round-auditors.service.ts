import { Injectable } from '@nestjs/common';
import { Organisation, type UnitTree } from '../../organisation/index.ts';
import { Commands, found, refuseFaults, type Actor, type Tx } from '../../platform/index.ts';
import { Responsibility } from '../../responsibility/index.ts';
import { Independence, type Assignment } from '../opening/independence.service.ts';
import { openingsOfRound } from '../opening/opening-process.sql.ts';
import { endAuditors, insertAuditors, who, type NamedHolder } from '../opening/round-people.sql.ts';
import {
  auditorsOf,
  lockRound,
  peopleOf,
  scopeOf,
  touchRound,
  type AuditorRow,
  type RoundRow,
} from '../opening/round.sql.ts';
import { roundEnded } from './round.rules.ts';
import { unitsInScope } from '../opening/scope.rules.ts';

export interface AssignAuditors {
  readonly commandId: string;
  readonly roundId: string;
  readonly assignments: readonly { roundPersonId: string; unitIds: readonly string[]; andBelow: boolean }[];
}

const anAuditor = { de: 'Auditor:in der Runde', en: 'Auditor of the round' };

/** Who looks at which unit. An auditor's rights are grants in the processes of the units assigned, and no others. */
@Injectable()
export class RoundAuditors {
  readonly #commands: Commands;
  readonly #organisation: Organisation;
  readonly #responsibility: Responsibility;
  readonly #independence: Independence;

  constructor(
    commands: Commands,
    organisation: Organisation,
    responsibility: Responsibility,
    independence: Independence,
  ) {
    this.#commands = commands;
    this.#organisation = organisation;
    this.#responsibility = responsibility;
    this.#independence = independence;
  }

  /** Assigns auditors; the earlier one of the same unit and function is released. Refuses whoever is not independent. */
  assignAuditors(actor: Actor, { commandId, ...input }: AssignAuditors) {
    return this.#commands.run(actor, { name: 'assignAuditors', commandId, input }, async (tx) => {
      tx.permit(await this.#responsibility.may(tx, 'round.prepare', {}));
      const round = found(await lockRound(tx, input.roundId), { de: 'Runde', en: 'Round' });
      if (round.phase === 'ENDED') return roundEnded();
      const tree = await this.#organisation.tree(tx);
      const scope = await this.#unitIds(tx, round, tree);
      const wanted = await this.#wanted(tx, round, input.assignments, tree, scope);
      const outside = wanted.filter(({ unitId }) => !scope.has(unitId));
      const faulty = refuseFaults(outside.map(({ unitId }) => notInRound(tree, unitId)));
      if (faulty) return faulty;
      const standing = await auditorsOf(tx, round.id, tx.today);
      const { added, replaced, after } = changes(standing, wanted);
      const refusal = await this.#independence.refuseDependent(tx, added, after, tree);
      if (refusal) return refusal;
      await this.unassign(tx, round, replaced);
      await insertAuditors(tx, round.id, added);
      await this.grant(tx, round, added);
      await touchRound(tx, round.id);
      return { roundId: round.id, assigned: added.length };
    });
  }

  /** Gives auditors their rights in the processes of their units; where there is none yet, they wait for it. */
  async grant(tx: Tx, round: RoundRow, assigned: readonly Assignment[]): Promise<void> {
    const grants = await inProcesses(tx, round, assigned);
    if (grants.length > 0) await this.#responsibility.grant(tx, grants);
  }

  async unassign(tx: Tx, round: RoundRow, rows: readonly AuditorRow[]): Promise<void> {
    if (rows.length === 0) return;
    await endAuditors(
      tx,
      rows.map(({ id }) => id),
    );
    const grants = await inProcesses(tx, round, rows);
    if (grants.length > 0) await this.#responsibility.endGrants(tx, grants);
  }

  async #wanted(
    tx: Tx,
    round: RoundRow,
    assignments: AssignAuditors['assignments'],
    tree: UnitTree,
    scope: Set<string>,
  ) {
    const people = await peopleOf(tx, round.id, tx.today);
    const auditors = new Map(people.filter(({ fn }) => fn.startsWith('AUD')).map((row) => [row.id, row]));
    const wanted = new Map<string, Assignment>();
    for (const { roundPersonId, unitIds, andBelow } of assignments) {
      const { fn, personId, postId } = found(auditors.get(roundPersonId), anAuditor);
      for (const unitId of unitIds) {
        const { id } = found(tree.node(unitId), { de: 'Einheit', en: 'Unit' });
        const below = tree.subtree(id).filter((unit) => scope.has(unit.id));
        for (const unit of andBelow ? below : [{ id }])
          wanted.set(`${unit.id} ${fn}`, { unitId: unit.id, fn, personId, postId });
      }
    }
    return [...wanted.values()];
  }

  /** In a draft the units of the scope, in a running round those that have a process. */
  async #unitIds(tx: Tx, round: RoundRow, tree: UnitTree): Promise<Set<string>> {
    if (round.phase === 'RUNNING')
      return new Set((await openingsOfRound(tx, round.id)).map(({ unitId }) => unitId));
    return new Set(unitsInScope(await scopeOf(tx, round.id), tree).map(({ id }) => id));
  }
}

/** What an assignment changes: the same auditor stays, another one of the same function gives way. */
function changes(standing: readonly AuditorRow[], wanted: readonly Assignment[]) {
  const at = ({ unitId, fn }: Assignment) => `${unitId} ${fn}`;
  const before = new Map(standing.map((row) => [at(row), row]));
  const added = wanted.filter((one) => !isSame(before.get(at(one)), one));
  const replaced = added.flatMap((one) => before.get(at(one)) ?? []);
  const gone = new Set(replaced);
  return { added, replaced, after: [...standing.filter((row) => !gone.has(row)), ...added] };
}
const isSame = (one: NamedHolder | undefined, other: NamedHolder) =>
  one !== undefined && one.personId === other.personId && one.postId === other.postId;

async function inProcesses(tx: Tx, round: RoundRow, assigned: readonly Assignment[]) {
  if (round.phase === 'DRAFT') return [];
  const processes = new Map((await openingsOfRound(tx, round.id)).map(({ unitId, id }) => [unitId, id]));
  return assigned.flatMap((one) => {
    const scopeId = processes.get(one.unitId);
    return scopeId ? [{ ...who(one), fn: one.fn, scope: 'PROCESS' as const, scopeId, from: tx.today }] : [];
  });
}

function notInRound(tree: UnitTree, unitId: string) {
  const name = tree.node(unitId)!.name;
  const message = {
    de: `${name} nimmt an der Runde nicht teil.`,
    en: `${name} does not take part in the round.`,
  };
  return { path: 'assignments', message };
}

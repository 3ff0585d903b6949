import { Injectable } from '@nestjs/common';
import { EngineRegistry, type Effect, type ProcessRow } from '../../engine/index.ts';
import { Persons } from '../../identity/index.ts';
import { Organisation } from '../../organisation/index.ts';
import { found, refuseFaults, repeatedFaults, type Tx } from '../../platform/index.ts';
import { Responsibility } from '../../responsibility/index.ts';
import { CarryOver } from '../succession/carry-over.service.ts';
import { OpeningProcesses } from '../opening/opening-processes.service.ts';
import { contentHash, Ratings } from '../rating/ratings.service.ts';
import { insertReturnReasons, insertSignature, insertTeam } from '../opening/opening-process.sql.ts';

interface Team {
  readonly ownerId: string;
  readonly deputyId: string;
}
interface Return {
  readonly criteria: readonly { readonly criterionId: string; readonly reason: string }[];
}

/** What steps from naming the team to the sign-off do beside moving. */
@Injectable()
export class OpeningProcessEffects {
  readonly #persons: Persons;
  readonly #organisation: Organisation;
  readonly #responsibility: Responsibility;
  readonly #ratings: Ratings;

  constructor(
    registry: EngineRegistry,
    persons: Persons,
    organisation: Organisation,
    responsibility: Responsibility,
    openings: OpeningProcesses,
    ratings: Ratings,
    carryOver: CarryOver,
  ) {
    this.#persons = persons;
    this.#organisation = organisation;
    this.#responsibility = responsibility;
    this.#ratings = ratings;
    registry.registerEffects({
      nameTeam: effect<Team>((tx, process, team) => this.#nameTeam(tx, process, team)),
      freezeCriteria: effect(async (tx, { id }) => {
        const criteria = await openings.freeze(tx, id);
        await carryOver.fromLastCycle(tx, id);
        await carryOver.inherit(tx, id);
        return { criteria };
      }),
      closeRatings: own(effect((tx, process) => this.#close(tx, process))),
      bindSignature: {
        isOwn: true,
        apply: (tx, process, _params, { name }) => this.#sign(tx, process, name),
      },
      reopenChecklist: own(
        effect<Return>((tx, process, { criteria }) => this.#return(tx, process, criteria)),
      ),
    });
  }

  /** Owner and deputy hold the same rights in this process; who was named before loses them today. */
  async #nameTeam(tx: Tx, { id }: ProcessRow, { ownerId, deputyId }: Team): Promise<void> {
    const names = await this.#persons.names(tx, [ownerId, deputyId]);
    for (const person of [ownerId, deputyId]) found(names.get(person), { de: 'Person', en: 'Person' });
    await this.#responsibility.endGrants(tx, [{ scopeId: id, fn: 'OWNER' }]);
    const owner = { fn: 'OWNER', scope: 'PROCESS' as const, scopeId: id, from: tx.today };
    await this.#responsibility.grant(tx, [
      { ...owner, personId: ownerId },
      { ...owner, personId: deputyId },
    ]);
    await insertTeam(tx, id, ownerId, deputyId);
  }

  async #close(tx: Tx, { id }: ProcessRow) {
    const sheet = await this.#ratings.sheet(tx, id);
    return { contentHash: contentHash(sheet), ratings: sheet.lines.size };
  }

  async #sign(tx: Tx, { id, scopeId, seriesId }: ProcessRow, step: string) {
    const hash = contentHash(await this.#ratings.sheet(tx, id));
    const place = { unitId: scopeId, processId: id, ...(seriesId && { seriesId }) };
    const [held] = await this.#responsibility.capacitiesAt(tx, [place]);
    const head = found(held!.get('HEAD'), { de: 'Leitung', en: 'Head' });
    const [post] =
      head.as === 'DEPUTY' && head.postId ? await this.#organisation.posts(tx, { ids: [head.postId] }) : [];
    const represents = post?.holders.find(({ as }) => as === 'HOLDER')?.personId ?? null;
    await insertSignature(tx, {
      processId: id,
      step,
      contentHash: hash,
      representsId: represents,
      capacity: head.as,
    });
    return { contentHash: hash };
  }

  async #return(tx: Tx, { id }: ProcessRow, criteria: Return['criteria']) {
    const ids = criteria.map(({ criterionId }) => criterionId);
    const twice = refuseFaults(repeatedFaults(ids, (at) => `payload.criteria.${at}.criterionId`));
    if (twice) return twice;
    const { lines } = await this.#ratings.sheet(tx, id);
    for (const { criterionId } of criteria)
      found(lines.get(criterionId), { de: 'Kriterium', en: 'Criterion' });
    await insertReturnReasons(tx, id, criteria);
    return { criteria: criteria.length };
  }
}

const own = (effect: Effect): Effect => ({ ...effect, isOwn: true });

function effect<P>(apply: (tx: Tx, process: ProcessRow, payload: P) => ReturnType<Effect['apply']>): Effect {
  return { apply: (tx, process, _params, step) => apply(tx, process, step.payload as P) };
}

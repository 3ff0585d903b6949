import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { WithdrawProofInput } from '../graphql.ts';
import { CurrentActor, isRefusal, Reads, type Actor, type PageArgs } from '../platform/index.ts';
import { Evidence } from './evidence.service.ts';

@Resolver()
export class EvidenceResolver {
  readonly #evidence: Evidence;
  readonly #reads: Reads;

  constructor(evidence: Evidence, reads: Reads) {
    this.#evidence = evidence;
    this.#reads = reads;
  }

  @Query()
  evidence(@Args() { unitId, ...args }: PageArgs & { unitId: string }, @CurrentActor() actor: Actor) {
    return this.#evidence.ofUnit(actor, unitId, args);
  }

  @Mutation()
  async withdrawProof(@Args('input') input: WithdrawProofInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#evidence.withdrawProof(actor, input);
    if (isRefusal(outcome)) return outcome;
    const { evidenceId } = outcome;
    const proofs = await this.#evidence.of(await this.#reads.db(actor), [evidenceId]);
    return { __typename: 'WithdrawProofSuccess', evidence: proofs.get(evidenceId) };
  }
}

import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type {
  AppointHolderInput,
  ClassifyUnitInput,
  DefineUnitKindInput,
  EndUnitInput,
  MoveUnitInput,
  StateHeadcountsInput,
  VacatePostInput,
} from '../../graphql.ts';
import { CurrentActor, isRefusal, Reads, type Actor } from '../../platform/index.ts';
import { Organisation } from '../tree/organisation.service.ts';
import { Staffing, type StaffingRefusal } from './staffing.service.ts';
import { UnitKinds } from './unit-kinds.service.ts';

@Resolver()
export class StaffingResolver {
  readonly #reads: Reads;
  readonly #staffing: Staffing;
  readonly #organisation: Organisation;
  readonly #kinds: UnitKinds;

  constructor(reads: Reads, staffing: Staffing, organisation: Organisation, kinds: UnitKinds) {
    this.#reads = reads;
    this.#staffing = staffing;
    this.#organisation = organisation;
    this.#kinds = kinds;
  }

  @Mutation()
  async moveUnit(@Args('input') input: MoveUnitInput, @CurrentActor() actor: Actor) {
    return this.#unit('MoveUnitSuccess', actor, input.from, await this.#staffing.moveUnit(actor, input));
  }

  @Mutation()
  async classifyUnit(@Args('input') input: ClassifyUnitInput, @CurrentActor() actor: Actor) {
    return this.#unit(
      'ClassifyUnitSuccess',
      actor,
      input.from,
      await this.#staffing.classifyUnit(actor, input),
    );
  }

  @Mutation()
  async stateHeadcounts(@Args('input') input: StateHeadcountsInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#staffing.stateHeadcounts(actor, input);
    if (isRefusal(outcome)) return outcome;
    const tree = await this.#organisation.tree(await this.#reads.db(actor), { on: input.from });
    const units = input.headcounts.map(({ unitId }) => tree.node(unitId));
    return { __typename: 'StateHeadcountsSuccess', units };
  }

  @Mutation()
  async endUnit(@Args('input') input: EndUnitInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#staffing.endUnit(actor, input);
    return isRefusal(outcome) ? outcome : { __typename: 'EndUnitSuccess', unitId: outcome };
  }

  @Mutation()
  async appointHolder(@Args('input') input: AppointHolderInput, @CurrentActor() actor: Actor) {
    return this.#post(
      'AppointHolderSuccess',
      actor,
      input.from,
      await this.#staffing.appointHolder(actor, { ...input, as: input.as ?? 'HOLDER' }),
    );
  }

  @Mutation()
  async vacatePost(@Args('input') input: VacatePostInput, @CurrentActor() actor: Actor) {
    return this.#post('VacatePostSuccess', actor, input.from, await this.#staffing.vacatePost(actor, input));
  }

  @Mutation()
  async defineUnitKind(@Args('input') input: DefineUnitKindInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#kinds.define(actor, input);
    if (isRefusal(outcome)) return outcome;
    const unitKinds = await this.#organisation.kinds(await this.#reads.db(actor));
    return { __typename: 'DefineUnitKindSuccess', unitKinds };
  }

  async #unit(
    __typename: string,
    actor: Actor,
    on: string | null | undefined,
    outcome: string | StaffingRefusal,
  ) {
    if (isRefusal(outcome)) return outcome;
    const tree = await this.#organisation.tree(await this.#reads.db(actor), { on });
    return { __typename, unit: tree.node(outcome) };
  }

  async #post(
    __typename: string,
    actor: Actor,
    on: string | null | undefined,
    outcome: string | StaffingRefusal,
  ) {
    if (isRefusal(outcome)) return outcome;
    const [post] = await this.#organisation.posts(await this.#reads.db(actor), { on, ids: [outcome] });
    return { __typename, post };
  }
}

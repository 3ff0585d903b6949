import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type {
  ApplyImportInput,
  PreviewImportInput,
  PreviewImportSuccessDifferencesArgs,
  PreviewImportSuccessUnitsArgs,
} from '../../graphql.ts';
import { CurrentActor, isRefusal, type Actor } from '../../platform/index.ts';
import { countsOf, Imports, type Preview } from './imports.service.ts';
import { pageOf, unitPage } from '../tree/unit-page.rules.ts';

@Resolver()
export class ImportResolver {
  readonly #imports: Imports;

  constructor(imports: Imports) {
    this.#imports = imports;
  }

  @Mutation()
  async previewImport(@Args('input') input: PreviewImportInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#imports.preview(actor, input);
    return isRefusal(outcome) ? outcome : { __typename: 'PreviewImportSuccess', ...outcome };
  }

  @Mutation()
  async applyImport(@Args('input') input: ApplyImportInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#imports.apply(actor, input);
    if (isRefusal(outcome)) return outcome;
    const { planVersion, ...counts } = outcome;
    return { __typename: 'ApplyImportSuccess', planVersion, counts };
  }
}

@Resolver('PreviewImportSuccess')
export class PreviewResolver {
  @ResolveField()
  counts(@Parent() { draft }: Preview) {
    return countsOf(draft);
  }

  @ResolveField()
  differences(@Parent() { draft }: Preview, @Args() args: PreviewImportSuccessDifferencesArgs) {
    const wanted = draft.differences.filter(
      (one) =>
        (!args.subject || one.subject === args.subject) && (!args.change || one.change === args.change),
    );
    return pageOf(wanted, args, ({ subject, code }) => `${subject} ${code}`);
  }

  @ResolveField()
  units(@Parent() { draft }: Preview, @Args() args: PreviewImportSuccessUnitsArgs) {
    return unitPage(draft.shift.after, args);
  }

  @ResolveField()
  consequences(@Parent() { consequences }: Preview) {
    return consequences.slice(0, 500);
  }

  @ResolveField()
  warnings(@Parent() { draft }: Preview) {
    return draft.faults.slice(0, 500);
  }
}

import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { ImportEditionInput, PublishEditionInput } from '../graphql.ts';
import { CurrentActor, found, isRefusal, Reads, type Actor } from '../platform/index.ts';
import { applicableCriteria, type UnitProfile } from './applicability.rules.ts';
import { Catalogue, type CatalogueEditions, type Edition } from './catalogue.service.ts';
import { gapOf } from './edition-refusal.rules.ts';
import { Editions } from './editions.service.ts';

const maySeeDrafts = (actor: Actor) => actor.functionsAt().has('OPENING_COORD');

@Resolver()
export class CatalogueResolver {
  readonly #catalogue: Catalogue;
  readonly #editions: Editions;
  readonly #reads: Reads;

  constructor(catalogue: Catalogue, editions: Editions, reads: Reads) {
    this.#catalogue = catalogue;
    this.#editions = editions;
    this.#reads = reads;
  }

  @Query()
  async catalogues(@CurrentActor() actor: Actor): Promise<CatalogueEditions[]> {
    return this.#catalogue.catalogues(await this.#reads.db(actor), maySeeDrafts(actor));
  }

  @Query()
  async edition(@Args('id') id: string, @CurrentActor() actor: Actor): Promise<Edition | undefined> {
    const edition = await this.#catalogue.edition(await this.#reads.db(actor), id);
    return edition?.status === 'PUBLISHED' || maySeeDrafts(actor) ? edition : undefined;
  }

  @Query()
  async criteriaFor(
    @Args() { editionId, ...unit }: UnitProfile & { editionId: string },
    @CurrentActor() actor: Actor,
  ) {
    const edition = found(await this.edition(editionId, actor), { de: 'Fassung', en: 'Edition' });
    const criteria = applicableCriteria(edition, unit);
    const weight = criteria.reduce((sum, criterion) => sum + criterion.weight, 0);
    return { criteria, coreCount: criteria.filter(({ core }) => core).length, weight };
  }

  @Mutation()
  async importEdition(@Args('input') input: ImportEditionInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#editions.importUpload(actor, input);
    if (isRefusal(outcome)) return outcome;
    const { editionId, report } = outcome;
    return {
      __typename: 'ImportEditionSuccess',
      edition: editionId && (await this.edition(editionId, actor)),
      report,
    };
  }

  @Mutation()
  async publishEdition(@Args('input') input: PublishEditionInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#editions.publishEdition(actor, input);
    if (isRefusal(outcome)) return outcome;
    return { __typename: 'PublishEditionSuccess', edition: await this.edition(outcome.editionId, actor) };
  }
}

@Resolver('Catalogue')
export class CatalogueEditionsResolver {
  readonly #catalogue: Catalogue;
  readonly #reads: Reads;

  constructor(catalogue: Catalogue, reads: Reads) {
    this.#catalogue = catalogue;
    this.#reads = reads;
  }

  @ResolveField()
  async editions(@Parent() { editionIds }: CatalogueEditions, @CurrentActor() actor: Actor) {
    const db = await this.#reads.db(actor);
    return Promise.all(editionIds.map((id) => this.#catalogue.edition(db, id)));
  }
}

@Resolver('Edition')
export class EditionResolver {
  readonly #catalogue: Catalogue;
  readonly #reads: Reads;

  constructor(catalogue: Catalogue, reads: Reads) {
    this.#catalogue = catalogue;
    this.#reads = reads;
  }

  @ResolveField()
  criteria(@Parent() { criteria }: Edition, @Args('field') field?: string | null) {
    return field ? criteria.filter((criterion) => criterion.field === field) : criteria;
  }

  @ResolveField()
  async gaps(@Parent() { id, status }: Edition, @CurrentActor() actor: Actor) {
    if (status === 'PUBLISHED') return [];
    const db = await this.#reads.db(actor);
    const content = await this.#catalogue.content(db, id);
    return content && (await this.#catalogue.gaps(db, content)).map(gapOf);
  }
}

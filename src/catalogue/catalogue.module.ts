import { Module } from '@nestjs/common';
import { OrganisationModule } from '../organisation/index.ts';
import { CatalogueEditionsResolver, CatalogueResolver, EditionResolver } from './catalogue.resolver.ts';
import { Catalogue } from './catalogue.service.ts';
import { Editions } from './editions.service.ts';

@Module({
  imports: [OrganisationModule],
  providers: [Catalogue, Editions, CatalogueResolver, CatalogueEditionsResolver, EditionResolver],
  exports: [Catalogue, Editions],
})
export class CatalogueModule {}

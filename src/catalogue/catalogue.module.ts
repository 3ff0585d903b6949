import { Module } from '@nestjs/common';
import { OrganisationModule } from '../organisation/index.ts';
import { CatalogueEditionsResolver, CatalogueResolver, EditionResolver } from './catalogue.resolver.ts';
import { Catalogue } from './catalogue.service.ts';
import { EditionFiles } from './edition-files.service.ts';
import { Editions } from './editions.service.ts';

@Module({
  imports: [OrganisationModule],
  providers: [
    Catalogue,
    EditionFiles,
    Editions,
    CatalogueResolver,
    CatalogueEditionsResolver,
    EditionResolver,
  ],
  exports: [Catalogue, Editions],
})
export class CatalogueModule {}

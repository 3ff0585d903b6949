// The face of the catalogue: editions with their criteria, and which of them a unit is asked.
export { CatalogueModule } from './catalogue.module.ts';
export { Catalogue, type Criterion, type Edition, type FieldOfAction } from './catalogue.service.ts';
export { Editions } from './editions.service.ts';
export { applicableCriteria, type UnitProfile } from './applicability.rules.ts';

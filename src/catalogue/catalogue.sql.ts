export const oneEdition = `select e.id, c.key, e.version, e.status, e.languages, e.title, e.scale,
    e.imported_by as "importedBy", e.imported_at as "importedAt", e.published_at as "publishedAt", e.revision,
    (select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'code', f.code, 'title', f.title) order by f.position), '[]')
      from catalogue.field f where f.edition_id = e.id) as fields,
    (select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'code', k.code, 'field', f.code, 'core', k.core,
        'weight', k.weight, 'reference', k.reference, 'title', k.title, 'description', k.description, 'indicator', k.indicator,
        'evidence', k.evidence, 'levels', k.levels, 'unitKinds', k.unit_kinds) order by k.position), '[]')
      from catalogue.criterion k join catalogue.field f on f.id = k.field_id where k.edition_id = e.id) as criteria
  from catalogue.edition e join catalogue.catalogue c on c.id = e.catalogue_id
  where e.id = $1`;
export const allCatalogues = `select c.id, c.key, coalesce(array_agg(e.id::text
      order by string_to_array(e.version, '.')::int[] desc) filter (where e.id is not null), '{}') as "editionIds"
  from catalogue.catalogue c
  left join catalogue.edition e on e.catalogue_id = c.id and ($1 or e.status = 'PUBLISHED')
  group by c.id, c.key order by c.key`;
export const newestPublished = `select e.id from catalogue.edition e join catalogue.catalogue c on c.id = e.catalogue_id
  where c.key = $1 and e.status = 'PUBLISHED'
  order by string_to_array(e.version, '.')::int[] desc limit 1`;

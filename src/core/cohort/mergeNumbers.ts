import { Catalog, type CatalogField } from '../catalog/catalog.ts';

/**
 * A merge table whose only key is the old patient number is read as having a `merge_id`: the key says which row it is. Mock
 * data must put the number there, so the field is taken for what it holds.
 */
export function withMergeNumbers(catalog: Catalog): Catalog {
  const named = new Set(
    catalog.fields.filter((field) => field.concept === 'old_patient_id').map((field) => field.table),
  );
  const held = (field: CatalogField): CatalogField =>
    field.family === 'MERGE' && field.concept === 'merge_id' && !named.has(field.table)
      ? { ...field, concept: 'old_patient_id' }
      : field;
  return new Catalog(catalog.side, catalog.fields.map(held));
}

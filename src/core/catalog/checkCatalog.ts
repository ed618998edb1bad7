import type { Problem } from '../shared/problem.ts';
import type { Catalog, CatalogField } from './catalog.ts';

/** What a catalog says that cannot be right: links that lead nowhere, keys that may be empty, tables without a key. */
export function checkCatalog(catalog: Catalog): Problem[] {
  const problems: Problem[] = [];
  const report = (field: CatalogField, code: string, message: string): void => {
    problems.push({
      code,
      severity: 'warning',
      message: `${message} (${field.specLocation})`,
      place: { file: field.specFile },
    });
  };
  for (const table of catalog.tables.values()) {
    const [first] = table.fields;
    if (first !== undefined && table.fields.every((field) => !field.primaryKey)) {
      report(first, 'catalog-no-key', `${table.name} has no primary key; duplicates in it cannot be told.`);
    }
    for (const field of table.fields) {
      const name = `${table.name}.${field.field}`;
      if (field.foreignKey !== null && catalog.field(field.foreignKey.table, field.foreignKey.field) === undefined) {
        report(
          field,
          'catalog-dangling-link',
          `${name} links to ${field.foreignKey.table}.${field.foreignKey.field}, which is not in the catalog.`,
        );
      }
      if (field.primaryKey && !field.mandatory)
        report(field, 'catalog-optional-key', `${name} is a key but not mandatory.`);
      if (catalog.side === 'target' && field.dataType === 'VARCHAR' && field.length === null) {
        report(field, 'catalog-no-length', `${name} is a text without a length; longer values cannot be found.`);
      }
    }
  }
  return problems;
}

import { compareText } from '../shared/order.ts';
import type { SpecField } from './specField.ts';

/**
 * Brings the links of documents to the spelling of the catalog: names are compared without case, and a link that names
 * only a table leads to its single key field. A link to what the documents do not define stays as written, for the
 * catalog's checks to report.
 */
export function resolveLinks(fields: readonly SpecField[]): SpecField[] {
  const byName = new Map<string, SpecField[]>();
  for (const field of fields) {
    const key = field.table.toLowerCase();
    const table = byName.get(key) ?? [];
    table.push(field);
    byName.set(key, table);
  }
  return fields.map((found) => {
    const field = asReference(found, byName);
    const link = field.foreignKey;
    if (link === null) return field;
    const table = byName.get(link.table.toLowerCase()) ?? [];
    const target =
      link.field === ''
        ? onlyKey(table, field)
        : table.find((other) => other.field.toLowerCase() === link.field.toLowerCase());
    if (target !== undefined) return { ...field, foreignKey: { table: target.table, field: target.field } };
    return link.field === '' ? { ...field, foreignKey: null } : field;
  });
}

/** A property whose type is a class of the same documents (Caché, IRIS) refers to it and holds its key. */
function asReference(field: SpecField, tables: ReadonlyMap<string, readonly SpecField[]>): SpecField {
  const referred = field.foreignKey === null ? tables.get(field.declaredType.toLowerCase()) : undefined;
  const key = referred === undefined ? undefined : onlyKey(referred, field);
  if (key === undefined || field.declaredType.toLowerCase() === field.table.toLowerCase()) return field;
  const { dataType, length, precision, scale, format } = key;
  return { ...field, dataType, length, precision, scale, format, foreignKey: { table: key.table, field: key.field } };
}

/** The one key field; of several, the one with the same name as the field that links. */
function onlyKey(table: readonly SpecField[], from: SpecField): SpecField | undefined {
  const keys = table.filter((field) => field.primaryKey);
  if (keys.length === 1) return keys[0];
  const candidates = keys.length === 0 ? table : keys;
  return candidates.find((field) => compareText(field.field.toLowerCase(), from.field.toLowerCase()) === 0);
}

import type { CatalogField } from '../catalog/catalog.ts';
import { readFieldType } from './fieldType.ts';

type Typed = Omit<CatalogField, 'ordinal' | 'family' | 'concept'>;

/** A type that people wrote in the overrides replaces the one that was read, and is certain. */
export function withDecidedTypes<F extends Typed>(fields: readonly F[], types: Readonly<Record<string, string>>): F[] {
  return fields.map((field) => {
    const decided = types[`${field.table}.${field.field}`];
    if (decided === undefined) return field;
    const { dataType, length, precision, scale, format } = readFieldType({ type: decided });
    return { ...field, dataType, length, precision, scale, format, declaredType: decided, parseConfidence: 1 };
  });
}

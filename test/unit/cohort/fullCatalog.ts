import {
  Catalog,
  type CatalogField,
  type CatalogSide,
  type DataType,
  type ValueFormat,
} from '../../../src/core/catalog/catalog.ts';
import { type Concept, FAMILIES } from '../../../src/core/concepts/vocabulary.ts';

/** A field with everything not named left plain. */
export function field(table: string, name: string, more: Partial<CatalogField> = {}): CatalogField {
  return {
    table,
    field: name,
    ordinal: 1,
    dataType: 'VARCHAR',
    length: null,
    precision: null,
    scale: null,
    mandatory: false,
    primaryKey: false,
    foreignKey: null,
    codeSet: '',
    description: '',
    specFile: 'spec.csv',
    specLocation: 'line 1',
    parseConfidence: 1,
    declaredType: 'VARCHAR',
    format: '',
    family: '',
    concept: '',
    ...more,
  };
}

const TYPES: Readonly<Record<string, DataType>> = {
  date: 'DATE',
  datetime: 'DATETIME',
  time: 'TIME',
  number: 'INTEGER',
};

function conceptField(family: string, concept: Concept, side: CatalogSide, numericKeys: boolean): CatalogField {
  const { kind, name } = concept;
  const source = side === 'source';
  const formats: Readonly<Record<string, ValueFormat>> = {
    date: 'HOROLOG',
    datetime: 'HOROLOG_STAMP',
    time: 'HOROLOG_SECONDS',
  };
  const format = source ? (formats[kind.type] ?? '') : '';
  const foreignKey = kind.type === 'ref' ? { table: kind.family, field: keyOf(kind.family) } : null;
  const identifies = kind.type === 'ref' || kind.type === 'key';
  return field(family, name.toUpperCase(), {
    dataType: identifies && numericKeys ? 'INTEGER' : (TYPES[kind.type] ?? 'VARCHAR'),
    length: kind.type === 'flag' ? 1 : null,
    primaryKey: kind.type === 'key',
    mandatory: kind.type === 'key',
    foreignKey,
    format,
    family,
    concept: name,
  });
}

function keyOf(family: string): string {
  return (FAMILIES.get(family)?.concepts.find((concept) => concept.kind.type === 'key')?.name ?? '').toUpperCase();
}

/** One table a family, one column a concept: the cohort as it is, for checks of its laws. */
export function fullCatalog(side: CatalogSide, extra: readonly CatalogField[] = [], numericKeys = false): Catalog {
  const fields = [...FAMILIES.values()].flatMap((family) =>
    family.concepts.map((concept) => conceptField(family.id, concept, side, numericKeys)),
  );
  return new Catalog(side, [...fields, ...extra]);
}

import type { CatalogField } from '../catalog/catalog.ts';
import type { Problem } from '../shared/problem.ts';
import { badName } from './cells.ts';
import { DOUBTS, readFieldType, type TypeWords } from './fieldType.ts';

/** A field as a document lists it: the catalog's columns but for what only the whole catalog can tell. */
export type SpecField = Omit<CatalogField, 'ordinal' | 'family' | 'concept'> & { readonly tableTitle: string };

/** One field as a reader found it, its type still in the document's words. */
export interface DeclaredField {
  readonly table: string;
  readonly field: string;
  readonly type: TypeWords;
  readonly mandatory: boolean;
  readonly primaryKey: boolean;
  readonly foreignKey: { readonly table: string; readonly field: string } | null;
  readonly codeSet: string;
  readonly description: string;
  readonly tableTitle: string;
  /** `line 12`, `Sheet!row 12`. */
  readonly location: string;
  /** 0 to 1: how sure it is that the document's columns mean what they were taken for. */
  readonly confidence: number;
}

/** Where the fields of one list stand. */
export interface ListPlace {
  readonly file: string;
  readonly sheet?: string;
}

/** Descriptions longer than this are cut: they are read by people, and compared by words. */
const MOST_DESCRIPTION = 2000;

/** Brings a declared field to the catalog's terms. Null, with a problem, when its name cannot be used. */
export function specField(
  declared: DeclaredField,
  place: ListPlace,
  line: number,
  problems: Problem[],
): SpecField | null {
  const at = { ...place, line };
  const bad = badName(declared.table, 'table') ?? badName(declared.field, 'field');
  if (bad !== null) {
    const message = `A ${bad}; correct it in the document.`;
    problems.push({ code: 'spec-bad-name', severity: 'warning', message, place: at });
    return null;
  }
  const type = readFieldType({ ...declared.type, description: declared.description });
  for (const doubt of type.doubts) {
    const message = `${declared.table}.${declared.field} ${DOUBTS[doubt].says}.`;
    problems.push({ code: `spec-${doubt}`, severity: 'warning', message, place: at });
  }
  const { words, ...found } = { words: declared.type, ...type };
  const size = words.length === undefined || words.length === '' ? '' : `(${words.length})`;
  return {
    table: declared.table,
    field: declared.field,
    dataType: found.dataType,
    length: found.length,
    precision: found.precision,
    scale: found.scale,
    mandatory: declared.mandatory,
    primaryKey: declared.primaryKey,
    foreignKey: declared.foreignKey,
    codeSet: declared.codeSet,
    description: declared.description.slice(0, MOST_DESCRIPTION),
    specFile: place.file,
    specLocation: declared.location,
    parseConfidence: Math.round(declared.confidence * found.confidence * 100) / 100,
    declaredType: `${words.type}${size}`,
    format: found.format,
    tableTitle: declared.tableTitle,
  };
}

/**
 * A schema catalog: every table and field of one system, as read from its requirement specs, with the place each came from.
 * It is the one description that mapping, contract, mock data, migration and quality rules share.
 */

/** Normalised types. `declaredType` keeps what the document said. */
export const DATA_TYPES = ['VARCHAR', 'INTEGER', 'DECIMAL', 'DATE', 'DATETIME', 'TIME', 'BOOLEAN'] as const;
export type DataType = (typeof DATA_TYPES)[number];

/**
 * How a date or time is written in the file. Empty means ISO 8601 (`CCYY-MM-DD`, `CCYY-MM-DDThh:mm:ss`, `hh:mm:ss`).
 * `HOROLOG`: days since 1840-12-31; `HOROLOG_STAMP`: `days,seconds`; `HOROLOG_SECONDS`: seconds since midnight.
 */
export const FORMATS = [
  '',
  'HOROLOG',
  'HOROLOG_STAMP',
  'HOROLOG_SECONDS',
  'YYYYMMDD',
  'YYYYMMDDHHMM',
  'YYYYMMDDHHMMSS',
  'DD/MM/YYYY',
  'DDMMYYYY',
  'HHMM',
] as const;
export type ValueFormat = (typeof FORMATS)[number];

export interface CatalogField {
  readonly table: string;
  readonly field: string;
  /** From 1, in the order of the document. */
  readonly ordinal: number;
  readonly dataType: DataType;
  readonly length: number | null;
  readonly precision: number | null;
  readonly scale: number | null;
  readonly mandatory: boolean;
  readonly primaryKey: boolean;
  readonly foreignKey: { readonly table: string; readonly field: string } | null;
  /** Source: the local code table, which is also the crosswalk's name. Target: the national or target code list. */
  readonly codeSet: string;
  readonly description: string;
  /** Project-relative path of the document, and the sheet/row or line in it. */
  readonly specFile: string;
  readonly specLocation: string;
  /** 0 to 1: how sure the reader is that it understood this field. */
  readonly parseConfidence: number;
  readonly declaredType: string;
  readonly format: ValueFormat;
  /** Table family of the domain (`PMI`, `REF`, …) or empty, and the attribute this field holds (`nhs_number`, …) or empty. */
  readonly family: string;
  readonly concept: string;
}

export interface CatalogTable {
  readonly name: string;
  readonly family: string;
  readonly fields: readonly CatalogField[];
}

export type CatalogSide = 'source' | 'target';

/** Tables by name, in document order. Look-ups are exact: the catalog's spelling is the spelling. */
export class Catalog {
  readonly side: CatalogSide;
  readonly tables: ReadonlyMap<string, CatalogTable>;
  readonly #fields = new Map<string, CatalogField>();

  constructor(side: CatalogSide, fields: readonly CatalogField[]) {
    this.side = side;
    const tables = new Map<string, { name: string; family: string; fields: CatalogField[] }>();
    for (const field of fields) {
      const table = tables.get(field.table) ?? { name: field.table, family: field.family, fields: [] };
      table.fields.push(field);
      tables.set(field.table, table);
      this.#fields.set(`${field.table}\u0000${field.field}`, field);
    }
    this.tables = tables;
  }

  get fields(): CatalogField[] {
    return [...this.tables.values()].flatMap((table) => table.fields);
  }

  table(name: string): CatalogTable | undefined {
    return this.tables.get(name);
  }

  field(table: string, field: string): CatalogField | undefined {
    return this.#fields.get(`${table}\u0000${field}`);
  }

  /** The key fields of a table in order; empty when none is declared. */
  primaryKey(table: string): CatalogField[] {
    return this.tables.get(table)?.fields.filter((field) => field.primaryKey) ?? [];
  }

  /** Tables of one family, in document order. */
  ofFamily(family: string): CatalogTable[] {
    return [...this.tables.values()].filter((table) => table.family === family);
  }
}

import type { Catalog } from '../catalog/catalog.ts';
import type { TableFamily } from '../concepts/recognise.ts';
import { formatPlace, type Problem } from '../shared/problem.ts';
import type { SpecFile } from './specFile.ts';

/** A document (or a connection) from which tables were read, in `schemas/schema_catalog_summary.json`. */
export interface FileSummary {
  readonly path: string;
  readonly format: string;
  readonly tables: number;
  readonly fields: number;
  readonly parse_confidence: number;
  readonly problems: readonly {
    readonly code: string;
    readonly severity: Problem['severity'];
    readonly message: string;
    readonly place: string;
    readonly line: number | null;
  }[];
  readonly headers: readonly { readonly in: string; readonly columns: FieldListHeaders }[];
}

type FieldListHeaders = SpecFile['lists'][number]['headers'];

/** What is summed up of one system. */
export interface SummarySide {
  readonly catalog: Catalog;
  readonly files: readonly FileSummary[];
  readonly families: readonly TableFamily[];
  readonly problems: readonly Problem[];
}

/** One document. */
export function fileSummary(file: SpecFile): FileSummary {
  return {
    path: file.path,
    format: file.format,
    tables: new Set(file.lists.flatMap((list) => list.fields.map((field) => field.table))).size,
    fields: file.lists.reduce((sum, list) => sum + list.fields.length, 0),
    parse_confidence: mean(file.lists.flatMap((list) => list.fields.map((field) => field.parseConfidence))),
    problems: file.problems.map(problemSummary),
    headers: file.lists
      .filter((list) => list.headers.length > 0)
      .map((list) => ({ in: list.grid, columns: list.headers })),
  };
}

/** A connection that was asked for its tables. @param path file that holds the connection */
export function connectionSummary(path: string, catalog: Catalog, problems: readonly Problem[]): FileSummary {
  return {
    path,
    format: 'connector',
    tables: catalog.tables.size,
    fields: catalog.fields.length,
    parse_confidence: mean(catalog.fields.map((field) => field.parseConfidence)),
    problems: problems.map(problemSummary),
    headers: [],
  };
}

/** One system: its tables, whence they are, and what is uncertain about them. */
export function sideSummary(side: SummarySide) {
  return {
    tables: side.catalog.tables.size,
    fields: side.catalog.fields.length,
    parse_confidence: mean(side.catalog.fields.map((field) => field.parseConfidence)),
    files: side.files,
    families: side.families.map(({ table, family, score }) => ({ table, family, score })),
    table_confidence: [...side.catalog.tables.values()].map((table) => ({
      table: table.name,
      parse_confidence: mean(table.fields.map((field) => field.parseConfidence)),
    })),
    unrecognised_tables: side.families.filter((found) => found.family === '').map((found) => found.table),
    // The catalog CSV holds the place of each field; here it stands once more for tools that read only the summary.
    citations: side.catalog.fields.map((field) => ({
      table: field.table,
      field: field.field,
      file: field.specFile,
      location: field.specLocation,
    })),
    catalog_problems: side.problems
      .filter((problem) => problem.code.startsWith('catalog-') || problem.code === 'spec-defined-twice')
      .map(({ code, message }) => ({ code, message })),
  };
}

function problemSummary({ code, severity, message, place }: Problem) {
  return { code, severity, message, place: formatPlace(place), line: place.line ?? null };
}

function mean(values: readonly number[]): number {
  return values.length === 0
    ? 0
    : Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 1000) / 1000;
}

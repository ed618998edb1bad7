import type { Problem } from '../shared/problem.ts';
import type { FieldList } from './fieldList.ts';

/** One document, with what was understood of it. Plain data: it crosses from a worker thread. */
export interface SpecFile {
  readonly path: string;
  readonly format: string;
  readonly lists: readonly FieldList[];
  readonly problems: readonly Problem[];
}

/** Endings of the documents that are read, for messages. */
export const SPEC_ENDINGS = '.xlsx, .csv, .tsv, .sql, .dbml, .json, .md or .docx';

/** A document larger than this is data, not a description of data. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** Says that a document could not be read at all. */
export function oneProblem(
  file: string,
  format: string,
  code: string,
  severity: Problem['severity'],
  message: string,
): SpecFile {
  return { path: file, format, lists: [], problems: [{ code, severity, message, place: { file } }] };
}

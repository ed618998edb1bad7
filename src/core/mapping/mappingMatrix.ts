import type { MappingClass } from '../contract/contract.ts';
import { csvText, parseCsvText } from '../csv/csvText.ts';
import type { Parsed } from '../shared/problem.ts';

/** Columns of `reports/semantic_mapping_matrix.csv`, fixed for other tools. */
export const MATRIX_COLUMNS = [
  'target_table',
  'target_field',
  'rank',
  'source_table',
  'source_field',
  'score',
  'proposed_class',
  'reasons',
] as const;

/** One candidate of a target field. A field without one has a single line of rank 1 with empty source, class unresolved. */
export interface MatrixRow {
  readonly targetTable: string;
  readonly targetField: string;
  readonly rank: number;
  readonly sourceTable: string;
  readonly sourceField: string;
  readonly score: number;
  readonly proposedClass: MappingClass;
  readonly reasons: string;
}

export function writeMatrixText(rows: readonly MatrixRow[]): string {
  return csvText(
    MATRIX_COLUMNS,
    rows.map((row) => [
      row.targetTable,
      row.targetField,
      row.rank,
      row.sourceTable,
      row.sourceField,
      row.score.toFixed(3),
      row.proposedClass,
      row.reasons,
    ]),
  );
}

export function readMatrixText(text: string, file: string): Parsed<MatrixRow[]> {
  const { value, problems } = parseCsvText(text, file, MATRIX_COLUMNS);
  const rows = value.records.map(({ cells }) => ({
    targetTable: cells['target_table'] ?? '',
    targetField: cells['target_field'] ?? '',
    rank: Number(cells['rank']),
    sourceTable: cells['source_table'] ?? '',
    sourceField: cells['source_field'] ?? '',
    score: Number(cells['score']),
    proposedClass: (cells['proposed_class'] ?? 'unresolved') as MappingClass,
    reasons: cells['reasons'] ?? '',
  }));
  return { value: rows, problems };
}

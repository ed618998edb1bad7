import { MAPPING_CLASSES, type MappingClass } from '../contract/contract.ts';
import { csvText, parseCsvText } from '../csv/csvText.ts';
import type { Parsed, Problem } from '../shared/problem.ts';

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

/** From here up a candidate is proposed as the mapping; below, the field stays unresolved and candidates are hints. */
export const PROPOSAL_SCORE = 0.6;
/** From here up a proposal is called confident. */
export const CONFIDENT_SCORE = 0.8;

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

/** Reads a matrix. A line that cannot be understood is a problem and left out. */
export function readMatrixText(text: string, file: string): Parsed<MatrixRow[]> {
  const { value, problems } = parseCsvText(text, file, MATRIX_COLUMNS);
  const found: Problem[] = [...problems];
  const rows = value.records.flatMap(({ cells, line }): MatrixRow[] => {
    const rank = Number(cells['rank']);
    const score = Number(cells['score']);
    const proposedClass = MAPPING_CLASSES.find((known) => known === cells['proposed_class']);
    if (!(rank >= 1 && rank <= 5) || !(score >= 0 && score <= 1) || proposedClass === undefined) {
      const message = 'The line is no mapping candidate; run analyze-semantic-mapping again.';
      found.push({ code: 'matrix-bad-line', severity: 'error', message, place: { file, line } });
      return [];
    }
    return [
      {
        targetTable: cells['target_table'] ?? '',
        targetField: cells['target_field'] ?? '',
        rank,
        sourceTable: cells['source_table'] ?? '',
        sourceField: cells['source_field'] ?? '',
        score,
        proposedClass,
        reasons: cells['reasons'] ?? '',
      },
    ];
  });
  return { value: rows, problems: found };
}

import type { Problem } from '../../shared/problem.ts';
import type { CsvOptions } from './csvOptions.ts';
import { ENCODING_NAMES, type Encoding } from './encoding.ts';
import type { OddRow, RecordFacts } from './recordFacts.ts';

/** Rows named one by one; the rest is counted. */
const MOST_LINES = 20;

/** What is wrong with the header. Columns are named by number: without a header, the first row's values stand here. */
export function headerProblems(file: string, columns: readonly string[]): Problem[] {
  const fail = (message: string): Problem[] => [
    { code: 'connector-bad-header', severity: 'error', message, place: { file, line: 1 } },
  ];
  const nameless = columns.findIndex((column) => column.trim() === '');
  if (nameless >= 0) return fail(`The header has no name for column ${nameless + 1}; give it one.`);
  const twice = columns.findIndex((column, index) => columns.indexOf(column) !== index);
  if (twice >= 0) return fail(`The header names column ${twice + 1} like an earlier one; rename one.`);
  return [];
}

/** What a pass over a file found, as problems with line numbers. */
export function factProblems(file: string, facts: RecordFacts, encoding: Encoding, options: CsvOptions): Problem[] {
  const at = (line: number): Problem['place'] => (line > 0 ? { file, line } : { file });
  const problems: Problem[] = [];
  const add = (code: string, severity: Problem['severity'], message: string, line = 0): void => {
    problems.push({ code, severity, message, place: at(line) });
  };
  if (facts.endlessLine > 0)
    add(
      'connector-open-quote',
      'error',
      'A record here is longer than 16 MB: a quote is missing, or the file is no delimited text.',
      facts.endlessLine,
    );
  if (facts.nulLine > 0)
    add(
      'connector-nul',
      'error',
      'A row holds a NUL character; extract it again without ($CHAR(0) stands for an empty value).',
      facts.nulLine,
    );
  if (facts.replaced > 0)
    add(
      'connector-garbled',
      'warning',
      `${facts.replaced} characters could not be read when the file was written; look at its accented letters.`,
    );
  if (facts.doubled > 0)
    add(
      'connector-garbled',
      'warning',
      `${facts.doubled} places look like UTF-8 that was read as Windows-1252 before; extract it again, or set the encoding.`,
    );
  if (encoding === 'windows-1252' && options.encoding === 'auto')
    add(
      'connector-encoding',
      'info',
      `The file is not UTF-8; it is read as ${ENCODING_NAMES[encoding]}. Look at its accented letters.`,
    );
  if (facts.lineEnds.size > 1)
    add('connector-line-ends', 'info', 'The file mixes kinds of line ends; all are made LF.');
  const severity = options.ragged_rows === 'stop' ? 'error' : 'warning';
  const ends =
    options.ragged_rows === 'stop' ? 'mend the file, or set ragged_rows to leave_out' : 'it is left out and counted';
  oddRows(facts.ragged, facts.raggedTotal).forEach(({ line, cells }, index) => {
    const rest = index === 0 && facts.raggedTotal > 1 ? ` (${facts.raggedTotal} such rows in all)` : '';
    add(
      'connector-ragged-row',
      severity,
      `The row has ${cells} ${cells === 1 ? 'cell' : 'cells'}, the header has ${facts.headerCells}${rest}; ${ends}.`,
      line,
    );
  });
  oddRows(facts.malformed, facts.malformedTotal).forEach(({ line }, index) => {
    const rest = index === 0 && facts.malformedTotal > 1 ? ` (${facts.malformedTotal} such rows in all)` : '';
    add('connector-malformed-row', severity, `The quotes of the row do not balance${rest}; ${ends}.`, line);
  });
  return problems;
}

function oddRows(rows: readonly OddRow[], total: number): readonly OddRow[] {
  return total === 0 ? [] : rows.slice(0, MOST_LINES);
}

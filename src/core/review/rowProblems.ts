import { csvLine } from '../csv/csvCell.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import type { Checking } from './checking.ts';
import { contractProblems } from './contractProblems.ts';
import type { ContractSheet, RowMark } from './contractSheet.ts';
import { asReviewed, checkedAgainst } from './projectProblems.ts';

/**
 * What the Problems panel would say of one contract row if cells of it were set, by the same check: codes and sentences
 * are the same. Only the row's own target table and the surrogate keys that it may look up are read, so that the answer
 * comes between two key strokes in a contract of any size.
 *
 * @param tables the text of the tables file where it is open and not saved yet; null to read it
 * @returns the problems of that row; none while catalogs or tables file are missing
 */
export async function rowProblems(
  project: Project,
  sheet: ContractSheet,
  index: number,
  set: Readonly<Record<string, string>>,
  checking: Checking,
  tables: string | null = null,
): Promise<RowMark[]> {
  const against = await checkedAgainst(project, checking);
  const tablesText = tables ?? (await readOptionalText(project, ARTEFACTS.contractTables));
  if (against === null || tablesText === null) return [];
  const { text, line } = neighbourhood(sheet, index, set);
  const problems = await contractProblems(
    {
      fields: { file: ARTEFACTS.contract, text },
      tables: { file: ARTEFACTS.contractTables, text: tablesText },
      source: against.source,
      target: against.target,
      crosswalks: against.crosswalks.value,
    },
    checking,
  );
  return problems
    .map(asReviewed)
    .filter(({ place }) => place.file === ARTEFACTS.contract && place.line === line)
    .map(({ severity, code, message }) => ({ severity, code, message }));
}

/** The rows that a row's check looks at, in file order, as a contract of their own, and the row's line in it. */
function neighbourhood(
  sheet: ContractSheet,
  index: number,
  set: Readonly<Record<string, string>>,
): { text: string; line: number } {
  const { columns, rows } = sheet.neighbours(index);
  let text = `${csvLine(columns)}\n`;
  let line = 0;
  for (const row of rows) {
    if (row.index === index) line = text.split(/\r\n|\r|\n/).length;
    const cells = columns.map((name, at) => (row.index === index ? set[name] : undefined) ?? row.cells[at] ?? '');
    text += `${csvLine(cells)}\n`;
  }
  return { text, line };
}

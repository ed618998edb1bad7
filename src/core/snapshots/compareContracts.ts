import {
  CONTRACT_DIFF_COLUMNS,
  type ContractRowChange,
  contractDiffLines,
  diffContracts,
  diffContractTables,
  impactWords,
  rowName,
} from '../contract/contractDiff.ts';
import { csvText } from '../csv/csvText.ts';
import type { ContractVersion } from './contractVersion.ts';

/** What differs between two versions of the contract, field rows first, then table rows. */
export interface ContractComparison {
  readonly before: string;
  readonly after: string;
  readonly changes: readonly (ContractRowChange & { readonly words: string })[];
  /** What could not be compared, in sentences. */
  readonly notes: readonly string[];
}

/** Compares two versions row by row; what one of them lacks is told, never taken for a difference. */
export function compareContracts(before: ContractVersion, after: ContractVersion): ContractComparison {
  const fields = diffContracts(before.fields, after.fields);
  const tables = before.tables === null || after.tables === null ? [] : diffContractTables(before.tables, after.tables);
  const notes = [before, after].flatMap(({ name, tables: rows, unreadable }) => [
    ...(rows === null ? [`${name} has no table rows, so those are not compared.`] : []),
    ...(unreadable === 0
      ? []
      : [`${unreadable} rows of ${name} have another number of cells than its header and are left out.`]),
  ]);
  return {
    before: before.name,
    after: after.name,
    changes: [...fields, ...tables].map((row) => ({ ...row, words: impactWords(row) })),
    notes,
  };
}

/** A comparison as CSV, one line for each cell that differs. */
export function comparisonCsv({ changes }: ContractComparison): string {
  return csvText(CONTRACT_DIFF_COLUMNS, contractDiffLines(changes));
}

/** Rows named on a terminal. */
const MOST_ROWS = 40;

/** A comparison as a person reads it on a terminal. */
export function comparisonText({ before, after, changes, notes }: ContractComparison): string[] {
  const count = (impact: ContractRowChange['impact']): number => changes.filter((row) => row.impact === impact).length;
  const head = `From ${before} to ${after}: `;
  return [
    changes.length === 0
      ? `${head}no row differs.`
      : `${head}${changes.length} row${changes.length === 1 ? ' differs' : 's differ'}: ${count('breaking')} breaking, ${count('additive')} additive, ${count('review')} of review only.`,
    ...changes.slice(0, MOST_ROWS).map((row) => `  ${row.impact.padEnd(8)}  ${rowName(row)}: ${row.words}`),
    ...(changes.length > MOST_ROWS ? [`  and ${changes.length - MOST_ROWS} more; --out FILE.csv has all`] : []),
    ...notes,
  ];
}

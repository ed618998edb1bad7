import type { Catalog } from '../catalog/catalog.ts';
import { compileContract, ruleTexts } from '../contract/compileContract.ts';
import { readContractText } from '../contract/contractFile.ts';
import type { Crosswalk } from '../crosswalk/crosswalk.ts';
import { cellPlace } from '../csv/csvScan.ts';
import { parseCsvText } from '../csv/csvText.ts';
import type { Problem } from '../shared/problem.ts';
import type { Checking } from './checking.ts';

/** The cell of a row that a problem is about; problems without one are about the row. */
const COLUMN_OF_CODE: Readonly<Record<string, string>> = {
  'contract-bad-rule': 'rule',
  'contract-no-rule': 'rule',
  'contract-direct-with-rule': 'rule',
  'contract-bad-surrogate': 'rule',
  'contract-unknown-source': 'source_field',
  'contract-unknown-crosswalk': 'crosswalk',
  'contract-unknown-target': 'target_field',
  'contract-unresolved': 'mapping_class',
  'contract-unresolved-mandatory': 'mapping_class',
  'contract-no-constant': 'default_value',
  'contract-no-reason': 'notes',
  'contract-unknown-row-set': 'row_set',
  'contract-unknown-driving-table': 'driving_table',
  'contract-bad-join': 'joins',
  'contract-bad-dedupe': 'dedupe',
  'contract-bad-clause': 'filter',
  'contract-load-order': 'load_order',
};

/** A contract as it stands in an editor, with what it is checked against. */
export interface ContractTexts {
  readonly fields: { readonly file: string; readonly text: string };
  readonly tables: { readonly file: string; readonly text: string };
  readonly source: Catalog;
  readonly target: Catalog;
  readonly crosswalks: ReadonlyMap<string, Crosswalk>;
}

/** Every problem of a contract, each at the cell it is about. The engine parses the rules; nothing is run. */
export async function contractProblems(texts: ContractTexts, checking: Checking): Promise<Problem[]> {
  const { fields, tables } = texts;
  const read = readContractText(fields.text, fields.file, tables.text, tables.file);
  const { problems } = compileContract({
    contract: read.value,
    contractFile: fields.file,
    tablesFile: tables.file,
    source: texts.source,
    target: texts.target,
    crosswalks: texts.crosswalks,
    rules: await checking.parse(ruleTexts(read.value)),
    imputeMode: 'off',
  });
  const texted = new Map([fields, tables].map(({ file, text }) => [file, text]));
  const spans = new Map<string, CellSpans>();
  const spansOf = (file: string): CellSpans => {
    const known = spans.get(file) ?? new CellSpans(texted.get(file) ?? '');
    spans.set(file, known);
    return known;
  };
  return [...read.problems, ...problems].map((problem) => {
    const { file, line, column } = problem.place;
    if (line === undefined || column !== undefined) return problem;
    const span = spansOf(file).of(line, COLUMN_OF_CODE[problem.code] ?? null);
    return span === undefined ? problem : { ...problem, place: { file, ...span } };
  });
}

/** Where the cells of a CSV text stand. */
class CellSpans {
  readonly #text: string;
  readonly #columns: readonly string[];
  readonly #records: ReadonlyMap<number, { readonly line: number; readonly start: number; readonly end: number }>;

  constructor(text: string) {
    const { value } = parseCsvText(text, '', []);
    this.#text = text;
    this.#columns = value.columns;
    this.#records = new Map(value.records.map((record) => [record.line, record]));
  }

  of(line: number, column: string | null): { line: number; column: number; endColumn: number } | undefined {
    const record = this.#records.get(line);
    const at = column === null ? 0 : this.#columns.indexOf(column);
    return record === undefined || at < 0 ? undefined : cellPlace(this.#text, record, at);
  }
}

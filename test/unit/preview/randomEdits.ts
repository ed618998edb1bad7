import { CONTRACT_COLUMNS, CONTRACT_TABLE_COLUMNS } from '../../../src/core/contract/contractFile.ts';
import { csvText, parseCsvText } from '../../../src/core/csv/csvText.ts';

/** Project files by path: the contract, its table rows, crosswalks. */
export type Texts = ReadonlyMap<string, string>;
export type Random = () => number;

/** The same numbers for the same seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CONTRACT = 'reports/mapping_contract.csv';
const TABLES = 'reports/mapping_contract_tables.csv';
type Cells = Record<string, string>;

/** What an edit may draw from. */
export interface Stock {
  /** Source table → its columns. */
  readonly sources: ReadonlyMap<string, readonly string[]>;
  /** Paths of crosswalk files. */
  readonly crosswalks: readonly string[];
}

type Edit = (row: Cells, random: Random, stock: Stock) => Cells | null;

const pick = <T>(from: readonly T[], random: Random): T => from[Math.floor(random() * from.length)] as T;
const columnOf = (row: Cells, random: Random, stock: Stock): string | null => {
  const columns = stock.sources.get(row['source_table'] ?? '');
  return columns === undefined ? null : pick(columns, random);
};
const plain = { rule: '', crosswalk: '', default_value: '' };

/** Edits of one field row by kind; null when the kind does not fit the row. */
const FIELD_EDITS: Readonly<Record<string, Edit>> = {
  class: (row, random, stock) => {
    const column = row['source_field'] || columnOf(row, random, stock);
    if (column === null) return { mapping_class: 'constant', ...plain, default_value: pick(['X', '1', 'ZZ'], random) };
    return pick<Cells>(
      [
        { mapping_class: 'direct', ...plain, source_field: column },
        { mapping_class: 'derived', ...plain, source_field: '', rule: `upper(${column})` },
        {
          mapping_class: 'constant',
          ...plain,
          source_field: '',
          default_value: pick(['X', '1', '2024-01-31'], random),
        },
        { mapping_class: 'reference_feed', ...plain, source_table: '', source_field: '' },
        { mapping_class: 'unresolved', ...plain, source_table: '', source_field: '' },
      ],
      random,
    );
  },
  source: (row, random, stock) => {
    const column = columnOf(row, random, stock);
    return row['source_field'] === '' || column === null ? null : { source_field: column };
  },
  rule: (row, random, stock) => {
    const column = row['source_field'] || columnOf(row, random, stock);
    if (column === null) return null;
    const rules = [
      `left(${column}, 2)`,
      `coalesce(${column}, 'X')`,
      `nullif(${column}, '1')`,
      `CASE WHEN ${column} IS NULL THEN 'Y' ELSE upper(trim(${column})) END`,
      `regexp_replace(${column}, '[0-9]', '')`,
      `text_date(${column}, 'YYYYMMDD')`,
      `no_such_function(${column})`,
    ];
    return { mapping_class: 'derived', ...plain, source_field: '', rule: pick(rules, random) };
  },
  crosswalk: (row, random, stock) =>
    row['mapping_class'] === 'lookup'
      ? { crosswalk: (pick(stock.crosswalks, random).split('/').pop() ?? '').replace('.csv', '') }
      : null,
  default: (row, random) =>
    row['mandatory'] === 'Y' && row['mapping_class'] !== 'surrogate'
      ? { default_value: pick(['', 'X', '9', '1900-01-01'], random) }
      : null,
  out_of_scope: () => ({
    mapping_class: 'out_of_scope',
    ...plain,
    source_table: '',
    source_field: '',
    notes: 'Not wanted in the new system.',
  }),
  status: (row, random) => {
    const statuses = ['DRAFT', 'IN_REVIEW', 'APPROVED', 'REJECTED'].filter((status) => status !== row['status']);
    return { status: pick(statuses, random) };
  },
};

/** Every kind of edit, in the order in which a test goes round. */
export const EDIT_KINDS = [...Object.keys(FIELD_EDITS), 'table row', 'crosswalk file'] as const;

/** Texts with one random edit of a kind: those that changed. */
export function randomEdit(kind: string, texts: Texts, random: Random, stock: Stock): Map<string, string> {
  if (kind === 'crosswalk file') {
    const path = pick(stock.crosswalks, random);
    const lines = (texts.get(path) ?? '').trimEnd().split('\n');
    // One code less: what the data hold of it is rejected or loaded without.
    lines.splice(1 + Math.floor(random() * Math.max(1, lines.length - 1)), 1);
    return new Map([[path, `${lines.join('\n')}\n`]]);
  }
  if (kind === 'table row') return editRow(TABLES, CONTRACT_TABLE_COLUMNS, texts, random, stock, tableEdit);
  return editRow(CONTRACT, CONTRACT_COLUMNS, texts, random, stock, FIELD_EDITS[kind] ?? (() => null));
}

function tableEdit(row: Cells, random: Random, stock: Stock): Cells | null {
  const columns = stock.sources.get(row['driving_table'] ?? '');
  if (row['target_table'] === '' || columns === undefined) return null;
  const [column, other] = [pick(columns, random), pick(columns, random)];
  return pick<Cells>(
    [
      { filter: `${row['driving_table']}.${column} IS NOT NULL` },
      { dedupe: `${column} KEEP FIRST BY ${other}` },
      { load_order: String(1 + Math.floor(random() * 8)) },
    ],
    random,
  );
}

function editRow(
  path: string,
  columns: readonly string[],
  texts: Texts,
  random: Random,
  stock: Stock,
  edit: Edit,
): Map<string, string> {
  const rows = parseCsvText(texts.get(path) ?? '', path, []).value.records.map(({ cells }): Cells => ({ ...cells }));
  for (;;) {
    const row = pick(rows, random);
    const set = edit(row, random, stock);
    if (set === null) continue;
    Object.assign(row, set);
    return new Map([
      [
        path,
        csvText(
          columns,
          rows.map((cells) => columns.map((column) => cells[column] ?? '')),
        ),
      ],
    ]);
  }
}

import type { CsvOptions } from './csvOptions.ts';
import { RecordReader } from './recordReader.ts';

/** How a delimited file is written. `null` for quote: cells are never quoted. */
export interface Dialect {
  readonly delimiter: string;
  readonly quote: '"' | "'" | null;
  readonly escape: 'doubled' | 'backslash';
  /** A carriage return alone ends a line, as on old Macs. */
  readonly crLines: boolean;
}

const CANDIDATES = [',', '\t', ';', '|', '^', '~'];
/** Records of the sample that must agree before a delimiter is taken. */
const AGREE = 0.9;

/**
 * The dialect of a file: what the options say; where they say `auto`, the character that cuts the sample into the same
 * number of cells throughout. A file of one column has none, and is read with commas.
 *
 * @param sample the beginning of the file as UTF-8
 */
export function dialectOf(sample: Buffer, options: CsvOptions): Dialect {
  const quote = options.quote === 'double' ? '"' : options.quote === 'single' ? "'" : null;
  const crLines = sample.includes(13) && !sample.includes(10);
  const base = { quote, escape: options.escape, crLines } as const;
  if (options.delimiter !== 'auto')
    return { ...base, delimiter: options.delimiter === 'tab' ? '\t' : options.delimiter };
  const scored = CANDIDATES.map((delimiter) => ({ delimiter, ...agreement(sample, { ...base, delimiter }) }))
    .filter(({ cells, share }) => cells > 1 && share >= AGREE)
    .sort((a, b) => b.share - a.share || b.cells - a.cells);
  return { ...base, delimiter: scored[0]?.delimiter ?? ',' };
}

/** The number of cells that most records have, and the share of records that have it. */
function agreement(sample: Buffer, dialect: Dialect): { cells: number; share: number } {
  const reader = new RecordReader(dialect);
  const counts = new Map<number, number>();
  let records = 0;
  let at = 0;
  while (at < sample.length) {
    const record = reader.next(sample, at, false);
    if (record === null) break;
    at = record.next;
    if (record.blank) continue;
    records += 1;
    counts.set(record.cells, (counts.get(record.cells) ?? 0) + 1);
    if (records >= 500) break;
  }
  // A header alone, without a line end, is a record too.
  if (records === 0) {
    const record = reader.next(sample, 0, true);
    return { cells: record?.cells ?? 0, share: record === null ? 0 : 1 };
  }
  const [cells = 0, most = 0] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [];
  return { cells, share: most / records };
}

import { isUtf8 } from 'node:buffer';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat, truncate } from 'node:fs/promises';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Engine } from '../../engine/engine.ts';
import { quoteIdentifier, quoteLiteral } from '../../engine/sqlText.ts';
import { Cancelled, UserError } from '../../shared/errors.ts';
import { hasErrors, type Problem } from '../../shared/problem.ts';
import { lineLimit, readCanonical, writeCanonical } from '../canonicalCsv.ts';
import type { ReadReport, ReadRequest } from '../connector.ts';
import type { CsvOptions } from './csvOptions.ts';
import type { Dialect } from './dialect.ts';
import { type Encoding, toUtf8, wholeCharacters } from './encoding.ts';
import { factProblems, headerProblems } from './fileProblems.ts';
import type { RecordFacts } from './recordFacts.ts';
import { RecordFilter } from './recordFilter.ts';
import { openBytes, readingFault, type Sniffed, sniff } from './sample.ts';
import type { DataFile, TableFiles } from './tableFiles.ts';

export interface Normalising {
  readonly table: TableFiles;
  readonly request: ReadRequest;
  readonly options: CsvOptions;
  /** Names of the columns when the files have no header; null when nobody knows. */
  readonly columns: readonly string[] | null;
  /** Where the canonical CSV goes. */
  readonly path: string;
  /** A file beside it for the step between; removed afterwards. */
  readonly scratch: string;
  readonly engine: () => Promise<Engine>;
  readonly signal: AbortSignal;
}

/**
 * Brings the delimited files of a table into canonical form. The bytes pass through once (unpack, decode, check, one kind
 * of line end); a file that is canonical but for that is then ready, and any other is rewritten by the engine, never row
 * by row. Rows that do not fit are problems with their line numbers.
 *
 * @throws UserError when the table cannot be read at all, or has ragged rows and the options say to stop
 */
export async function normalise(job: Normalising): Promise<ReadReport> {
  const merged = await mergeParts(job);
  const { columns, problems, records, unreadable } = merged;
  const wanted = job.request.columns ?? columns;
  const missing = wanted.filter((column) => !columns.includes(column));
  if (missing.length > 0)
    throw new UserError(
      `${job.table.files[0]?.name}: has no column ${missing.join(', ')}; correct the file or the catalog.`,
    );
  if (merged.canonical && job.request.orderBy === undefined && sameList(wanted, columns)) {
    await rename(job.scratch, job.path);
    return { table: job.request.table, columns, rows: records, unreadable, problems };
  }
  const engine = await job.engine();
  try {
    const source = merged.canonical ? readCanonical(job.scratch, columns, merged.longest) : readDialect(job, merged);
    const select = wanted.map((column) => nulled(column, merged.canonical ? '' : job.options.null_text)).join(', ');
    const order = (job.request.orderBy ?? []).map((column) => `${quoteIdentifier(column)} NULLS FIRST`).join(', ');
    const rows = await engine.run(
      writeCanonical(`SELECT ${select} FROM ${source}${order === '' ? '' : ` ORDER BY ${order}`}`, job.path),
    );
    if (rows !== records)
      throw new UserError(
        `${job.table.files[0]?.name}: two readers count ${records} and ${rows} rows; check its quotes, or set quote and escape of the connection.`,
      );
    return { table: job.request.table, columns: wanted, rows, unreadable, problems };
  } finally {
    await engine.close();
    await rm(job.scratch, { force: true });
  }
}

function nulled(column: string, nullText: string): string {
  const name = quoteIdentifier(column);
  return nullText === '' ? name : `nullif(${name}, ${quoteLiteral(nullText)}) AS ${name}`;
}

function readDialect(job: Normalising, { dialect, columns, longest }: Merged): string {
  const types = columns.map((column) => `${quoteLiteral(column)}: 'VARCHAR'`).join(', ');
  const quote = quoteLiteral(dialect.quote ?? '');
  const escaped = dialect.quote === null ? quote : quoteLiteral(dialect.escape === 'backslash' ? '\\' : dialect.quote);
  return `read_csv(${quoteLiteral(job.scratch)}, auto_detect = false, header = ${job.options.header}, delim = ${quoteLiteral(dialect.delimiter)}, quote = ${quote}, escape = ${escaped}, columns = {${types}}, allow_quoted_nulls = false, ${lineLimit(longest)})`;
}

interface Merged {
  readonly columns: readonly string[];
  readonly dialect: Dialect;
  readonly records: number;
  readonly unreadable: number;
  /** Bytes of the longest record. */
  readonly longest: number;
  /** The merged file is canonical already. */
  readonly canonical: boolean;
  readonly problems: readonly Problem[];
}

/** All parts of the table in one UTF-8 file, in the dialect of the first. */
async function mergeParts(job: Normalising): Promise<Merged> {
  const problems: Problem[] = [];
  let first: { dialect: Dialect; facts: RecordFacts } | null = null;
  let [records, unreadable, loose, longest] = [0, 0, 0, 0];
  let columns: readonly string[] = [];
  for (const file of job.table.files) {
    const sniffed = await sniff(file, job.options);
    if (sniffed.empty) throw new UserError(`${file.name}: is empty (0 bytes), not even a header; extract it again.`);
    const dialect: Dialect = first?.dialect ?? sniffed.dialect;
    const { facts, encoding } = await passThrough(job, file, { ...sniffed, dialect }, first !== null, columns);
    const found = factProblems(file.name, facts, encoding, job.options);
    if (first === null) {
      columns = columnsOf(job, file, facts);
      problems.push(...headerProblems(file.name, columns));
    } else if (facts.headerCells !== columns.length || (job.options.header && !sameList(facts.header, columns)))
      throw new UserError(
        `${file.name}: has other columns than the first part of ${job.table.table}; give all parts the same header.`,
      );
    problems.push(...found);
    if (hasErrors(problems)) throw UserError.from(problems);
    first ??= { dialect, facts };
    // Without a header the first record is a row too, which the filter passed on.
    records += facts.records + (job.options.header || facts.headerCells === 0 ? 0 : 1);
    unreadable += facts.raggedTotal + facts.malformedTotal;
    loose += facts.looseQuotes;
    longest = Math.max(longest, facts.longest);
  }
  const dialect = first?.dialect ?? { delimiter: ',', quote: '"', escape: 'doubled', crLines: false };
  const plain = dialect.delimiter === ',' && dialect.quote === '"' && dialect.escape === 'doubled';
  const canonical = plain && loose === 0 && job.options.null_text === '' && job.options.header;
  return { columns, dialect, records, unreadable, longest, canonical, problems };
}

function columnsOf(job: Normalising, file: DataFile, facts: RecordFacts): readonly string[] {
  if (facts.headerCells === 0)
    throw new UserError(`${file.name}: holds no record, not even a header; extract it again.`);
  if (job.options.header) return facts.header;
  const known = job.columns;
  if (known === null) return facts.header.map((_, index) => `column_${index + 1}`);
  if (known.length === facts.headerCells) return known;
  throw new UserError(
    `${file.name}: its rows have ${facts.headerCells} cells, but the source catalog knows ${known.length} columns; correct one of them, or the delimiter.`,
  );
}

/** One part through the pipe; read again as Windows-1252 when it turns out not to be UTF-8 and nobody said it must be. */
async function passThrough(
  job: Normalising,
  file: DataFile,
  { encoding, dialect }: Sniffed,
  later: boolean,
  columns: readonly string[],
): Promise<{ facts: RecordFacts; encoding: Encoding }> {
  const filter = new RecordFilter(dialect, later && job.options.header);
  const check = new Utf8Check(encoding === 'utf-8');
  const start = later ? (await stat(job.scratch)).size : 0;
  const out = createWriteStream(job.scratch, later ? { flags: 'r+', start } : {});
  try {
    await pipeline(openBytes(file), check, toUtf8(encoding), filter, out, { signal: job.signal });
  } catch (error) {
    if (job.signal.aborted) throw new Cancelled();
    if (!(error instanceof NotUtf8)) throw readingFault(file, error);
    if (job.options.encoding === 'utf-8')
      throw new UserError(
        `${file.name}: is not valid UTF-8, as the connection says it is; set encoding to windows-1252 or auto.`,
      );
    if (later) await truncate(job.scratch, start);
    return passThrough(job, file, { encoding: 'windows-1252', dialect, empty: false }, later, columns);
  }
  return { facts: filter.facts, encoding };
}

class NotUtf8 extends Error {}

class Utf8Check extends Transform {
  readonly #wanted: boolean;
  #rest: Buffer = Buffer.alloc(0);

  constructor(wanted: boolean) {
    super();
    this.#wanted = wanted;
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    if (!this.#wanted) {
      done(null, chunk);
      return;
    }
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const whole = wholeCharacters(bytes);
    this.#rest = Buffer.from(bytes.subarray(whole.length));
    done(isUtf8(whole) ? null : new NotUtf8(), chunk);
  }

  override _flush(done: TransformCallback): void {
    done(this.#rest.length > 0 ? new NotUtf8() : null);
  }
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

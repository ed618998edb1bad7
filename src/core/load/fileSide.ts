import { open } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { readCanonical } from '../connectors/canonicalCsv.ts';
import type { LoadTable } from '../connectors/connector.ts';
import type { LoadIssue } from '../connectors/loadReport.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier } from '../engine/sqlText.ts';
import { Cancelled, UserError } from '../shared/errors.ts';
import { type IssueList, rowKeyOf } from './issueList.ts';
import { fileChecksumSql, misfitName, misfitSql } from './rowChecksum.ts';
import type { TargetTable } from './targetSchema.ts';

/** A migrated table's file, its header read and found to hold the catalog's columns. */
export interface ContractFile {
  readonly table: TargetTable;
  readonly path: string;
  readonly name: string;
  /** Columns in the file's order. */
  readonly columns: readonly string[];
  /** Where the first row begins, and where the file ends. */
  readonly dataStart: number;
  readonly bytes: number;
  /** Rows and hash as the migration recorded them. */
  readonly rows: number;
  readonly sha256: string;
}

/** What a second reader finds in the file. */
export interface FileFacts {
  readonly rows: number;
  readonly checksum: string;
  /** Cells that the target could not take. */
  readonly misfits: number;
}

const HEADER_BYTES = 1 << 18;
const NEXT = 'Run run-contract-migration again.';

/** Opens a file and compares its header with the catalog by name: COPY and the checksum both rely on it. */
export async function openContractFile(file: LoadTable, table: TargetTable): Promise<ContractFile> {
  const { header, bytes } = await readStart(file);
  let columns: string[];
  let length: number;
  try {
    const [first] = parse(header, { to: 1, info: true, relax_column_count: true }) as unknown as {
      record: string[];
      info: { bytes: number };
    }[];
    columns = first?.record ?? [];
    length = first?.info.bytes ?? 0;
  } catch {
    throw new UserError(`${file.name}:1: the header is not well-formed CSV. ${NEXT}`);
  }
  const names = table.fields.map((field) => field.field);
  const missing = names.filter((name) => !columns.includes(name));
  const unknown = columns.filter((name) => !names.includes(name));
  if (columns.length === 0) throw new UserError(`${file.name}: is empty, without a header. ${NEXT}`);
  if (missing.length > 0) throw new UserError(`${file.name}:1: the header lacks ${missing.join(', ')}. ${NEXT}`);
  if (unknown.length > 0)
    throw new UserError(`${file.name}:1: the target has no ${unknown.join(', ')}; extract the specs again. ${NEXT}`);
  if (columns.length > names.length) throw new UserError(`${file.name}:1: the header names a column twice. ${NEXT}`);
  return {
    table,
    path: file.path,
    name: file.name,
    columns,
    dataStart: length,
    bytes,
    rows: file.rows,
    sha256: file.sha256,
  };
}

async function readStart(file: LoadTable): Promise<{ header: Buffer; bytes: number }> {
  try {
    const handle = await open(file.path, 'r');
    try {
      const buffer = Buffer.alloc(HEADER_BYTES);
      const { bytesRead } = await handle.read(buffer, 0, HEADER_BYTES, 0);
      return { header: buffer.subarray(0, bytesRead), bytes: (await handle.stat()).size };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new UserError(`${file.name}: ${code === 'ENOENT' ? 'not found' : `cannot be read (${code})`}. ${NEXT}`);
  }
}

/** Reads a whole file in DuckDB: its rows, its checksum, and whether every cell fits its column. */
export async function readFileFacts(engine: Engine, file: ContractFile): Promise<FileFacts> {
  const misfits = file.table.fields.flatMap((field) => misfitSql(field) ?? []);
  const misfitCount =
    misfits.length === 0 ? '0' : `count(*) FILTER (WHERE coalesce(${misfits.join(' OR ')}, false))::VARCHAR`;
  const [row] = await reading(file, () =>
    engine.rows(
      `SELECT count(*)::VARCHAR AS rows, ${fileChecksumSql(file.table.fields)} AS checksum, ${misfitCount} AS misfits FROM ${readCanonical(file.path, file.columns)}`,
    ),
  );
  return { rows: Number(row?.['rows']), checksum: String(row?.['checksum']), misfits: Number(row?.['misfits']) };
}

/** Adds an issue for each cell that does not fit; only asked when some do not. */
export async function addMisfits(engine: Engine, file: ContractFile, issues: IssueList): Promise<void> {
  const key = file.table.key.map((name) => `${quoteIdentifier(name)} AS ${quoteIdentifier(name)}`);
  for (const field of file.table.fields) {
    const misfit = misfitSql(field);
    if (misfit === null) continue;
    const rows = await reading(file, () =>
      engine.rows(
        `SELECT (row_number)::VARCHAR AS file_row${key.map((column) => `, ${column}`).join('')} FROM (SELECT row_number() OVER () AS row_number, * FROM ${readCanonical(file.path, file.columns)}) WHERE ${misfit} LIMIT ${issues.room + 1}`,
      ),
    );
    for (const row of rows)
      issues.add(
        misfitIssue(
          file.table,
          field.field,
          misfitName(field),
          Number(row['file_row']),
          rowKeyOf(file.table.key.map((name) => row[name] ?? null)),
        ),
      );
  }
}

/** A cell that the target cannot take. */
export function misfitIssue(
  table: TargetTable,
  field: string,
  constraint: string,
  fileRow: number,
  rowKey: string,
): LoadIssue {
  const message = `${table.name}.${field}: the value does not fit (${constraint}); mend the contract's rule or the target specification.`;
  return { severity: 'ERROR', table: table.name, field, rowKey, fileRow, constraint, message };
}

async function reading<T>(file: ContractFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Cancelled || error instanceof UserError) throw error;
    throw new UserError(`${file.name}: cannot be read as CSV (${(error as Error).message}). ${NEXT}`);
  }
}

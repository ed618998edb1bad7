import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Project } from '../project/layout.ts';
import { type FileScan, scanFile } from '../project/scanFile.ts';
import { UserError } from '../shared/errors.ts';
import type { Problem } from '../shared/problem.ts';
import type { SourcePlan } from './plan.ts';

/** A source CSV whose header fits the catalog. Columns are in the file's order, which may differ from the catalog's. */
export interface SourceFile {
  readonly plan: SourcePlan;
  /** Absolute path, and as named in messages and reports. */
  readonly path: string;
  readonly name: string;
  readonly columns: readonly string[];
}

const HEADER_BYTES = 1 << 16;

/**
 * Opens every source file the plan reads and compares its header with the catalog by name. All files are looked at
 * before any is loaded, so that one run names everything that is wrong.
 */
export async function findSourceFiles(
  project: Project,
  directory: string,
  plans: readonly SourcePlan[],
): Promise<{ files: SourceFile[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const files: SourceFile[] = [];
  for (const plan of plans) {
    const path = join(project.at(directory), `${plan.table}.csv`);
    const name = project.name(path);
    const columns = await readHeader(path, name, problems);
    if (columns === null) continue;
    const faults = headerFaults(columns, plan, name);
    problems.push(...faults);
    if (faults.every((fault) => fault.severity !== 'error')) files.push({ plan, path, name, columns });
  }
  return { files, problems };
}

/** Reads the whole file once as bytes: hash, record count, and whatever would make the engine misread it. */
export async function scanSource(file: SourceFile, signal: AbortSignal): Promise<FileScan> {
  const scan = await scanFile(file.path, signal);
  const fault = byteFault(scan);
  if (fault !== null) throw new UserError(`${file.name}: ${fault}`);
  return scan;
}

function byteFault(scan: FileScan): string | null {
  if (!scan.utf8)
    return 'is not valid UTF-8, so names would be garbled; export it as UTF-8 (or convert it from Windows-1252 first).';
  if (scan.holdsNul) return 'holds NUL characters; export it again without them ($CHAR(0) stands for an empty value).';
  if (scan.openQuote)
    return 'ends inside a quoted value: the file is cut short or a quote is missing; extract it again.';
  if (scan.lineEnds === 'cr') return 'uses CR line ends; export it with LF or CRLF.';
  return null;
}

async function readHeader(path: string, name: string, problems: Problem[]): Promise<string[] | null> {
  const fail = (code: string, message: string): null => {
    problems.push({ code, severity: 'error', message, place: { file: name, line: 1 } });
    return null;
  };
  let head: Buffer;
  try {
    if ((await stat(path)).isDirectory()) return fail('source-not-a-file', 'is a folder, not a CSV file.');
    head = await readHead(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const what = code === 'ENOENT' ? 'The source file is missing' : `The source file cannot be read (${code})`;
    return fail('source-missing', `${what}; put the extract there, or put its table out of scope in the contract.`);
  }
  if (head.length === 0)
    return fail('source-empty', 'The source file is empty (0 bytes), not even a header; extract it again.');
  try {
    const records = parse(head, { bom: true, to: 1, relax_column_count: true }) as string[][];
    return records[0] ?? fail('source-no-header', 'The source file has no header line; extract it again with one.');
  } catch {
    return fail('source-no-header', 'The header line cannot be read as CSV; check its quotes.');
  }
}

async function readHead(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(HEADER_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, HEADER_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    const newline = head.indexOf(10);
    return newline < 0 ? head : head.subarray(0, newline + 1);
  } finally {
    await handle.close();
  }
}

function headerFaults(columns: readonly string[], plan: SourcePlan, name: string): Problem[] {
  const place = { file: name, line: 1 };
  const faults: Problem[] = [];
  const twice = columns.filter((column, index) => columns.indexOf(column) !== index);
  if (twice.length > 0) {
    faults.push({
      code: 'source-duplicate-column',
      severity: 'error',
      message: `The header names ${twice.join(', ')} twice; rename one.`,
      place,
    });
  }
  const missing = plan.columns.filter((column) => !columns.includes(column));
  const unknown = columns.filter((column) => !plan.columns.includes(column));
  const needed = missing.filter((column) => plan.used.includes(column));
  const hint =
    unknown.length > 0 ? ` (the file has ${unknown.slice(0, 5).join(', ')}, which the catalog does not know)` : '';
  if (needed.length > 0) {
    const message = `The header lacks ${needed.join(', ')}, which the contract reads${hint}; extract the file again, or correct the source spec and the contract.`;
    faults.push({ code: 'source-missing-column', severity: 'error', message, place });
  }
  const unneeded = missing.filter((column) => !plan.used.includes(column));
  if (unneeded.length > 0) {
    const message = `The header lacks ${unneeded.join(', ')}${hint}; the contract does not read it.`;
    faults.push({ code: 'source-column-absent', severity: 'warning', message, place });
  } else if (needed.length === 0 && unknown.length > 0) {
    const message = `The file has ${unknown.join(', ')}, which the source catalog does not know; it is not migrated.`;
    faults.push({ code: 'source-column-unknown', severity: 'warning', message, place });
  }
  return faults;
}

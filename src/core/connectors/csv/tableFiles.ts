import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Project } from '../../project/layout.ts';
import { UserError } from '../../shared/errors.ts';
import { compareText } from '../../shared/order.ts';

/** The files of one table: one file, or the parts of it in the order of their names. */
export interface TableFiles {
  readonly table: string;
  readonly parquet: boolean;
  readonly files: readonly DataFile[];
}

export interface DataFile {
  /** Absolute path, and the name for messages. */
  readonly path: string;
  readonly name: string;
  readonly gzip: boolean;
}

const KNOWN = /^(?<table>.+?)\.(?<form>csv|tsv|txt|parquet)(?<gzip>\.gz)?$/i;

/**
 * The tables of a folder (or of a single file): `PATMAST.csv`, `PATMAST.csv.gz`, `PATMAST.parquet`, or a folder `PATMAST`
 * of such parts. Files of other kinds are passed over; two sources for one table are refused, because one would be lost.
 *
 * @throws UserError when there is nothing to read
 */
export async function findTables(project: Project, path: string): Promise<TableFiles[]> {
  const root = project.at(path);
  const name = project.name(path);
  const found = await stat(root).catch((error: NodeJS.ErrnoException) => {
    const what = error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code})`;
    throw new UserError(`${name}: ${what}; correct the path of the connection.`);
  });
  if (found.isFile()) {
    const table = tableOf(basename(root));
    if (table === null)
      throw new UserError(`${name}: is no .csv, .csv.gz, .tsv, .txt or .parquet file; correct the path.`);
    return [{ table: table.name, parquet: table.parquet, files: [{ path: root, name, gzip: table.gzip }] }];
  }
  const tables = await tablesIn(project, root);
  const twice = tables.find(({ table }, index) => tables.findIndex((other) => same(other.table, table)) !== index);
  if (twice !== undefined)
    throw new UserError(`${name}: holds ${twice.table} twice, as several files or folders; keep one of them.`);
  if (tables.length === 0)
    throw new UserError(`${name}: holds no .csv, .csv.gz, .tsv, .txt or .parquet file; put the extract there.`);
  return tables.sort((a, b) => compareText(a.table, b.table));
}

/** One table by name. */
export async function findTable(project: Project, path: string, table: string): Promise<TableFiles> {
  const tables = await findTables(project, path);
  const exact = tables.find((candidate) => candidate.table === table);
  const found = exact ?? tables.find((candidate) => same(candidate.table, table));
  if (found === undefined) {
    const first = tables.slice(0, 5).map((there) => there.table);
    const more = tables.length > first.length ? ` and ${tables.length - first.length} more` : '';
    throw new UserError(
      `${project.name(path)}: holds no file for the table ${table}; the tables there are ${first.join(', ')}${more}. Name one of them, or correct the path of the connection.`,
    );
  }
  return found;
}

/** File systems that fold case would give one file for both. */
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

async function tablesIn(project: Project, root: string): Promise<TableFiles[]> {
  const tables: TableFiles[] = [];
  const entries = await readdir(root, { withFileTypes: true });
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name.startsWith('_')) continue;
    const path = join(root, entry.name);
    if ((await stat(path).catch(() => null))?.isDirectory() === true) {
      const parts = await partsIn(project, path);
      if (parts !== null) tables.push({ table: entry.name, ...parts });
      continue;
    }
    const table = tableOf(entry.name);
    if (table === null) continue;
    const file = { path, name: project.name(path), gzip: table.gzip };
    tables.push({ table: table.name, parquet: table.parquet, files: [file] });
  }
  return tables;
}

async function partsIn(project: Project, folder: string): Promise<Omit<TableFiles, 'table'> | null> {
  const names = (await readdir(folder)).filter((name) => !/^[._]/.test(name)).sort(compareText);
  const parts = names.flatMap((name) => {
    const table = tableOf(name);
    const path = join(folder, name);
    return table === null
      ? []
      : [{ parquet: table.parquet, file: { path, name: project.name(path), gzip: table.gzip } }];
  });
  if (parts.length === 0) return null;
  const parquet = parts.every((part) => part.parquet);
  if (!parquet && parts.some((part) => part.parquet))
    throw new UserError(`${project.name(folder)}: mixes Parquet and text files; keep one kind.`);
  return { parquet, files: parts.map((part) => part.file) };
}

function tableOf(file: string): { name: string; parquet: boolean; gzip: boolean } | null {
  const groups = KNOWN.exec(file)?.groups;
  if (groups === undefined) return null;
  const parquet = groups['form']?.toLowerCase() === 'parquet';
  const gzip = groups['gzip'] !== undefined;
  return parquet && gzip ? null : { name: groups['table'] ?? '', parquet, gzip };
}

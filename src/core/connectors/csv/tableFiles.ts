import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Project } from '../../project/layout.ts';
import { UserError } from '../../shared/errors.ts';
import { compareText } from '../../shared/order.ts';
import type { Problem } from '../../shared/problem.ts';

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

/** The tables of a folder, and those that it names but nobody can read: one bad file hides no other table. */
export interface FoundTables {
  readonly tables: readonly TableFiles[];
  readonly broken: readonly { readonly table: string; readonly problem: Problem }[];
}

/**
 * The tables of a folder (or of a single file): `PATMAST.csv`, `PATMAST.csv.gz`, `PATMAST.parquet`, or a folder `PATMAST`
 * of such parts. Files of other kinds are passed over; a table with two sources is broken, because one would be lost.
 *
 * @throws UserError when there is nothing to read
 */
export async function listTables(project: Project, path: string): Promise<FoundTables> {
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
    const files = [{ path: root, name, gzip: table.gzip }];
    return { tables: [{ table: table.name, parquet: table.parquet, files }], broken: [] };
  }
  const all = await tablesIn(project, root);
  if (all.length === 0)
    throw new UserError(`${name}: holds no .csv, .csv.gz, .tsv, .txt or .parquet file; put the extract there.`);
  const tables: TableFiles[] = [];
  const broken: FoundTables['broken'][number][] = [];
  for (const listed of all.sort((a, b) => compareText(a.table, b.table))) {
    const { mixed, ...table } = listed;
    const twins = all.filter((other) => same(other.table, table.table));
    if (twins.length > 1) {
      if (twins[0] === listed) broken.push({ table: table.table, problem: twice(table, twins) });
    } else if (mixed) broken.push({ table: table.table, problem: mixedParts(project, root, table) });
    else tables.push(table);
  }
  return { tables, broken };
}

function twice(table: TableFiles, twins: readonly TableFiles[]): Problem {
  const places = twins.map((twin) => {
    const [file] = twin.files;
    return twin.files.length > 1 ? `the folder ${twin.table}` : basename(file?.name ?? twin.table);
  });
  return unreadable(
    table.files[0]?.name ?? table.table,
    `The folder holds ${table.table} twice, as ${places.join(' and ')}; keep one of them.`,
  );
}

function mixedParts(project: Project, root: string, { table }: TableFiles): Problem {
  return unreadable(project.name(join(root, table)), 'The folder mixes Parquet and text files; keep one kind.');
}

/** A table of which no row can be read, and why. */
export function unreadable(file: string, message: string): Problem {
  return { code: 'connector-unreadable-table', severity: 'error', message, place: { file } };
}

/** All tables of a folder. @throws UserError also when one of them cannot be read */
export async function findTables(project: Project, path: string): Promise<readonly TableFiles[]> {
  const { tables, broken } = await listTables(project, path);
  if (broken.length > 0) throw UserError.from(broken.map(({ problem }) => problem));
  return tables;
}

/** One table by name. */
export async function findTable(project: Project, path: string, table: string): Promise<TableFiles> {
  const { tables, broken } = await listTables(project, path);
  const bad = broken.find((candidate) => same(candidate.table, table));
  if (bad !== undefined) throw UserError.from([bad.problem]);
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

/** Parts of more than one kind cannot be read together. */
type Listed = TableFiles & { readonly mixed: boolean };

async function tablesIn(project: Project, root: string): Promise<Listed[]> {
  const tables: Listed[] = [];
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
    tables.push({ table: table.name, parquet: table.parquet, files: [file], mixed: false });
  }
  return tables;
}

async function partsIn(project: Project, folder: string): Promise<Omit<Listed, 'table'> | null> {
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
  const mixed = !parquet && parts.some((part) => part.parquet);
  return { parquet, files: parts.map((part) => part.file), mixed };
}

function tableOf(file: string): { name: string; parquet: boolean; gzip: boolean } | null {
  const groups = KNOWN.exec(file)?.groups;
  if (groups === undefined) return null;
  const parquet = groups['form']?.toLowerCase() === 'parquet';
  const gzip = groups['gzip'] !== undefined;
  return parquet && gzip ? null : { name: groups['table'] ?? '', parquet, gzip };
}

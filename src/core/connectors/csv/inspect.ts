import { readCatalogText } from '../../catalog/catalogFile.ts';
import type { Engine } from '../../engine/engine.ts';
import { ARTEFACTS, type Project } from '../../project/layout.ts';
import { readOptionalText } from '../../project/readText.ts';
import { UserError } from '../../shared/errors.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Connection } from '../connector.ts';
import type { CsvOptions } from './csvOptions.ts';
import { factProblems, headerProblems } from './fileProblems.ts';
import { parquetColumns } from './parquet.ts';
import { type Peek, peek } from './peek.ts';
import { type DataFile, type TableFiles, unreadable } from './tableFiles.ts';

export type CsvConnection = Connection<typeof CsvOptions>;

export interface FoundColumn {
  readonly name: string;
  readonly values: readonly string[];
  /** The type that the file itself says, for Parquet. */
  readonly type: string | null;
}

/** What the beginnings of a table's files say of it. */
export interface Inspected {
  readonly columns: readonly FoundColumn[];
  /** Why the table cannot be read at all; then it has no columns. */
  readonly faults: readonly Problem[];
  /** What is amiss with rows and characters near the beginning of each file. */
  readonly rows: readonly Problem[];
  /** How the first file is written; null for Parquet. */
  readonly peek: Peek | null;
}

/** Records from which types are guessed. */
const SAMPLE_ROWS = 500;

/** Looks at tables one after the other; what is wrong with one is told of that one. */
export class Inspector {
  readonly #connection: CsvConnection;
  #engine: Promise<Engine> | null = null;

  constructor(connection: CsvConnection) {
    this.#connection = connection;
  }

  async inspect(table: TableFiles): Promise<Inspected> {
    const [file] = table.files;
    if (file === undefined) throw new Error('A table has at least one file.');
    try {
      return table.parquet ? await this.#parquet(table) : await this.#text(table, file);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { columns: [], faults: [asProblem(file, error)], rows: [], peek: null };
    }
  }

  async close(): Promise<void> {
    await this.#engine?.then((engine) => engine.close());
  }

  async #parquet(table: TableFiles): Promise<Inspected> {
    this.#engine ??= this.#connection.context.openEngine();
    const columns = await parquetColumns(await this.#engine, table);
    return {
      columns: columns.map(({ name, type }) => ({ name, values: [], type })),
      faults: [],
      rows: [],
      peek: null,
    };
  }

  async #text(table: TableFiles, file: DataFile): Promise<Inspected> {
    const { options, context } = this.#connection;
    const first = await peek(file, options, SAMPLE_ROWS);
    const names = await namesOf(context.project, options, table.table, first);
    const faults = [...peekFaults(file, first), ...(options.header ? headerProblems(file.name, names) : [])];
    const rows = peekProblems(file, first, options);
    for (const part of table.files.slice(1)) {
      const next = await peek(part, options, 0);
      const differs =
        next.first.length !== names.length || (options.header && next.first.join('\0') !== names.join('\0'));
      faults.push(...peekFaults(part, next));
      if (differs && !next.empty)
        faults.push(
          unreadable(
            part.name,
            `The file has other columns than the first part of ${table.table}; give all parts the same header.`,
          ),
        );
      rows.push(...peekProblems(part, next, options));
    }
    if (faults.length > 0) return { columns: [], faults, rows: [], peek: first };
    const records = options.header ? first.records : [first.first, ...first.records];
    const columns = names.map((name, index) => ({
      name,
      values: valuesOf(records, names.length, index, options),
      type: null,
    }));
    return { columns, faults, rows, peek: first };
  }
}

function valuesOf(
  records: readonly (readonly string[])[],
  cells: number,
  index: number,
  options: CsvOptions,
): readonly string[] {
  return records
    .flatMap((row) => (row.length === cells ? [row[index] ?? ''] : []))
    .filter((value) => value !== options.null_text);
}

/** What stops the whole file, as far as its beginning tells. */
export function peekFaults(file: DataFile, { empty, first, fault }: Peek): Problem[] {
  if (fault !== null) return [asProblem(file, fault)];
  const nothing = empty
    ? 'is empty (0 bytes), not even a header'
    : first.length === 0
      ? 'holds no record, not even a header'
      : null;
  return nothing === null ? [] : [unreadable(file.name, `The file ${nothing}; extract it again, or take it away.`)];
}

/** What is amiss with rows and characters near the beginning of a file. */
export function peekProblems(file: DataFile, { facts, encoding, longLine }: Peek, options: CsvOptions): Problem[] {
  const problems = factProblems(file.name, facts, encoding, options);
  if (longLine === 0) return problems;
  const message = 'A record begins here that does not end within 100 kB; look for a quote that is never closed.';
  const place = { file: file.name, line: longLine };
  return [...problems, { code: 'connector-open-quote', severity: 'warning', message, place }];
}

/** A sentence that begins with the file, as a problem with the file as its place. */
function asProblem(file: DataFile, { message, problems }: UserError): Problem {
  const [first] = problems;
  if (first !== undefined) return first;
  return message.startsWith(`${file.name}: `)
    ? unreadable(file.name, `The file ${message.slice(file.name.length + 2)}`)
    : unreadable(file.name, message);
}

/** Names of the columns: the header's, else those of the source catalog, else numbers. */
export async function namesOf(
  project: Project,
  options: CsvOptions,
  table: string,
  { first }: Peek,
): Promise<readonly string[]> {
  if (options.header) return first;
  const known = await catalogColumns(project, table);
  return known?.length === first.length ? known : first.map((_, index) => `column_${index + 1}`);
}

/** Columns of a source table as the catalog knows them, when there is one. */
export async function catalogColumns(project: Project, table: string): Promise<readonly string[] | null> {
  const text = await readOptionalText(project, ARTEFACTS.sourceCatalog);
  if (text === null) return null;
  const found = readCatalogText(text, ARTEFACTS.sourceCatalog, 'source').value.table(table);
  return found === undefined ? null : found.fields.map((field) => field.field);
}

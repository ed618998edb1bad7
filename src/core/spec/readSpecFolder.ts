import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogSide } from '../catalog/catalog.ts';
import type { Project } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import type { Parsed, Problem } from '../shared/problem.ts';
import { type FieldList, readFieldList, type SpecField } from './fieldList.ts';
import type { Grid } from './grid.ts';
import { readDelimited } from './readDelimited.ts';
import { readMarkdown } from './readMarkdown.ts';
import { readWorkbook } from './readWorkbook.ts';

/** The formats that are understood: a new one is one reader and one line. */
const FORMATS: readonly {
  readonly format: string;
  readonly endings: RegExp;
  readonly read: (bytes: Uint8Array, file: string) => Parsed<Grid[]>;
}[] = [
  { format: 'workbook', endings: /\.(xlsx|xlsm|xls)$/i, read: readWorkbook },
  { format: 'delimited', endings: /\.(csv|tsv|txt|psv)$/i, read: readDelimited },
  { format: 'markdown', endings: /\.(md|markdown)$/i, read: readMarkdown },
];

/** One document, with what was understood of it. */
export interface SpecFile {
  readonly path: string;
  readonly format: string;
  readonly lists: readonly FieldList[];
  readonly problems: readonly Problem[];
}

/** Reads every document below a spec folder, by name, so that the catalog is the same on every machine. */
export async function readSpecFolder(project: Project, folder: string, side: CatalogSide): Promise<SpecFile[]> {
  const names = await documentNames(project, folder, side);
  const files: SpecFile[] = [];
  for (const name of names) files.push(await readDocument(project, join(folder, name)));
  return files;
}

async function documentNames(project: Project, folder: string, side: CatalogSide): Promise<string[]> {
  let entries: string[];
  try {
    entries = await readdir(project.at(folder), { recursive: true });
  } catch {
    throw new UserError(
      `${folder}: the folder is missing; create it and put the ${side} system's data dictionary in it (.xlsx, .csv, .tsv or .md).`,
    );
  }
  const documents = entries
    .map((entry) => entry.replaceAll('\\', '/'))
    .filter((entry) => !/(^|\/)[.~]/.test(entry) && /\.[a-z0-9]+$/i.test(entry))
    .sort(compareText);
  if (documents.length === 0) {
    throw new UserError(
      `${folder}: the folder is empty; put the ${side} system's data dictionary in it (.xlsx, .csv, .tsv or .md).`,
    );
  }
  return documents;
}

async function readDocument(project: Project, path: string): Promise<SpecFile> {
  const file = project.name(path);
  const known = FORMATS.find((candidate) => candidate.endings.test(file));
  if (known === undefined) {
    const message = 'This kind of file is not read; save the field list as .xlsx, .csv or .md.';
    return {
      path: file,
      format: 'unknown',
      lists: [],
      problems: [{ code: 'spec-unknown-format', severity: 'warning', message, place: { file } }],
    };
  }
  let bytes: Buffer;
  try {
    bytes = await readFile(project.at(path));
  } catch (error) {
    throw new UserError(
      `${file}: cannot be read (${(error as NodeJS.ErrnoException).code}); check that it is a file you may read.`,
    );
  }
  const { value: grids, problems } = known.read(bytes, file);
  const found: Problem[] = [...problems];
  const lists = grids.map((grid) => readFieldList(grid, file, found));
  for (const list of lists) {
    if (list.headers.length > 0) continue;
    found.push({
      code: 'spec-no-field-list',
      severity: 'info',
      message: 'No field list was found here: no header row names a field and its type.',
      place: { file, sheet: list.grid },
    });
  }
  if (found.every((problem) => problem.severity !== 'error') && lists.every((list) => list.fields.length === 0)) {
    found.push({
      code: 'spec-no-fields',
      severity: 'warning',
      message: 'The document holds no field list; give it a header row with a field name and a type.',
      place: { file },
    });
  }
  return { path: file, format: known.format, lists, problems: found };
}

/** All fields in document order; one that is defined twice is kept once and reported with both places. */
export function mergeFields(files: readonly SpecFile[], problems: Problem[]): SpecField[] {
  const fields = new Map<string, SpecField>();
  for (const field of files.flatMap((file) => file.lists.flatMap((list) => list.fields))) {
    const key = `${field.table}\u0000${field.field}`;
    const before = fields.get(key);
    if (before === undefined) {
      fields.set(key, field);
      continue;
    }
    const message = `${field.table}.${field.field} is defined at ${before.specFile} ${before.specLocation} and again at ${field.specLocation}; the first is used.`;
    problems.push({ code: 'spec-defined-twice', severity: 'warning', message, place: { file: field.specFile } });
  }
  return [...fields.values()];
}

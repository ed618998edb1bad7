import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogSide } from '../catalog/catalog.ts';
import type { Project } from '../project/layout.ts';
import { throwIfCancelled, UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import type { Problem } from '../shared/problem.ts';
import { DocumentReader } from './documentReader.ts';
import type { SpecField } from './specField.ts';
import { MOST_BYTES, oneProblem, SPEC_ENDINGS, type SpecFile } from './specFile.ts';
import { headersOf, type SpecOverrides } from './specOverrides.ts';

/** Reads every document below a spec folder, by name, so that the catalog is the same on every machine. */
export async function readSpecFolder(
  project: Project,
  folder: string,
  side: CatalogSide,
  overrides: SpecOverrides,
  signal: AbortSignal,
): Promise<SpecFile[]> {
  const names = await documentNames(project, folder, side);
  const reader = new DocumentReader(signal);
  try {
    const files: SpecFile[] = [];
    for (const name of names) {
      throwIfCancelled(signal);
      files.push(await readFrom(reader, project, join(folder, name), overrides));
    }
    return files;
  } finally {
    await reader.close();
  }
}

async function documentNames(project: Project, folder: string, side: CatalogSide): Promise<string[]> {
  let entries: string[];
  try {
    entries = await readdir(project.at(folder), { recursive: true });
  } catch {
    throw new UserError(
      `${folder}: the folder is missing; create it and put the ${side} system's data dictionary in it (${SPEC_ENDINGS}).`,
    );
  }
  const documents = entries
    .map((entry) => entry.replaceAll('\\', '/'))
    .filter((entry) => !/(^|\/)[.~]/.test(entry) && /\.[a-z0-9]+$/i.test(entry))
    .sort(compareText);
  if (documents.length === 0) {
    throw new UserError(
      `${folder}: the folder is empty; put the ${side} system's data dictionary in it (${SPEC_ENDINGS}).`,
    );
  }
  return documents;
}

async function readFrom(
  reader: DocumentReader,
  project: Project,
  path: string,
  overrides: SpecOverrides,
): Promise<SpecFile> {
  const file = project.name(path);
  let bytes: Buffer;
  try {
    const { size } = await stat(project.at(path));
    if (size > MOST_BYTES)
      return oneProblem(
        file,
        'unknown',
        'spec-unreadable',
        'error',
        `The file is larger than ${MOST_BYTES / 1024 / 1024} MB; it is no field list.`,
      );
    bytes = await readFile(project.at(path));
  } catch (error) {
    throw new UserError(
      `${file}: cannot be read (${(error as NodeJS.ErrnoException).code}); check that it is a file you may read.`,
    );
  }
  return reader.read({ bytes, file, decided: headersOf(overrides, file) });
}

/** All fields in document order; one that is defined again is kept as first defined and reported once, with all places. */
export function mergeFields(files: readonly SpecFile[], problems: Problem[]): SpecField[] {
  const fields = new Map<string, SpecField>();
  const again = new Map<string, SpecField[]>();
  for (const field of files.flatMap((file) => file.lists.flatMap((list) => list.fields))) {
    const key = `${field.table}\u0000${field.field}`;
    if (fields.has(key)) again.set(key, [...(again.get(key) ?? []), field]);
    else fields.set(key, field);
  }
  for (const [key, others] of again) {
    const first = fields.get(key);
    const place = others[0];
    if (first === undefined || place === undefined) continue;
    const places = others.map((field) => `${field.specFile} ${field.specLocation}`).join(', ');
    const message = `${first.table}.${first.field} is defined at ${first.specFile} ${first.specLocation} and again at ${places}; the first is used.`;
    problems.push({ code: 'spec-defined-twice', severity: 'warning', message, place: { file: place.specFile } });
  }
  return [...fields.values()];
}

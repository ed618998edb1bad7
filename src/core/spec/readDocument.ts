import type { Parsed, Problem } from '../shared/problem.ts';
import { type FieldList, readFieldList } from './fieldList.ts';
import type { Grid } from './grid.ts';
import type { Meaning } from './headers.ts';
import { readDbml } from './readDbml.ts';
import { readDdl } from './readDdl.ts';
import { readDelimited } from './readDelimited.ts';
import { readDocx } from './readDocx.ts';
import { readJson } from './readJson.ts';
import { readMarkdown } from './readMarkdown.ts';
import { readWorkbook } from './readWorkbook.ts';
import { MOST_BYTES, oneProblem, SPEC_ENDINGS, type SpecFile } from './specFile.ts';

/** Documents that show tables whose columns must be understood. */
type GridReader = (bytes: Uint8Array, file: string) => Parsed<Grid[]> | Promise<Parsed<Grid[]>>;
/** Documents that say themselves what is a table and a field. */
type ListReader = (bytes: Uint8Array, file: string) => Parsed<FieldList[]> | Promise<Parsed<FieldList[]>>;

/** The formats that are understood: a new one is one reader and one line. */
const FORMATS: readonly ({ readonly format: string; readonly endings: RegExp } & (
  | { readonly grids: GridReader }
  | { readonly lists: ListReader }
))[] = [
  { format: 'workbook', endings: /\.(xlsx|xlsm|xlsb|xls|ods)$/i, grids: readWorkbook },
  { format: 'delimited', endings: /\.(csv|tsv|tab|txt|psv)$/i, grids: readDelimited },
  { format: 'markdown', endings: /\.(md|markdown)$/i, grids: readMarkdown },
  { format: 'docx', endings: /\.docx$/i, grids: readDocx },
  { format: 'ddl', endings: /\.(sql|ddl)$/i, lists: readDdl },
  { format: 'dbml', endings: /\.dbml$/i, lists: readDbml },
  { format: 'json', endings: /\.json$/i, lists: readJson },
];

/** Reads one document to field lists. Never throws for what the document holds. */
export async function readDocument(
  bytes: Uint8Array,
  file: string,
  decided: ReadonlyMap<string, Meaning | ''>,
): Promise<SpecFile> {
  const known = FORMATS.find((candidate) => candidate.endings.test(file));
  if (known === undefined) {
    const message = `This kind of file is not read; save the field list as ${SPEC_ENDINGS}.`;
    return oneProblem(file, 'unknown', 'spec-unknown-format', 'warning', message);
  }
  if (bytes.length === 0)
    return oneProblem(
      file,
      known.format,
      'spec-unreadable',
      'error',
      'The file is empty; put a field list in it or take it away.',
    );
  if (bytes.length > MOST_BYTES)
    return oneProblem(
      file,
      known.format,
      'spec-unreadable',
      'error',
      `The file is larger than ${MOST_BYTES / 1024 / 1024} MB; it is no field list.`,
    );
  const problems: Problem[] = [];
  let lists: readonly FieldList[];
  if ('grids' in known) {
    const read = await known.grids(bytes, file);
    problems.push(...read.problems);
    lists = read.value.map((grid) => readFieldList(grid, file, decided, problems));
    problems.push(...withoutList(lists, file));
  } else {
    const read = await known.lists(bytes, file);
    problems.push(...read.problems);
    lists = read.value;
  }
  if (problems.every((problem) => problem.severity !== 'error') && lists.every((list) => list.fields.length === 0)) {
    const message = 'The document holds no field list; give it a header row with a field name and a type.';
    problems.push({ code: 'spec-no-fields', severity: 'warning', message, place: { file } });
  }
  return { path: file, format: known.format, lists, problems };
}

function withoutList(lists: readonly FieldList[], file: string): Problem[] {
  return lists
    .filter((list) => list.headers.length === 0)
    .map((list) => ({
      code: 'spec-no-field-list',
      severity: 'info',
      message: 'No field list was found here: no header row names a field and its type.',
      place: { file, sheet: list.grid },
    }));
}

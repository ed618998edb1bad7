import { readdir } from 'node:fs/promises';
import { readCrosswalks } from '../crosswalk/crosswalk.ts';
import { parseCsvText } from '../csv/csvText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { compareText } from '../shared/order.ts';
import type { Problem } from '../shared/problem.ts';
import type { ColumnProfile, MappingEvidence } from './evidence.ts';
import type { DictionaryEntry } from './lexicon.ts';

/** Columns of `schemas/mapping_dictionary.csv`: a word or phrase, what it means, and 1 for *the same* or less for *related*. */
export const DICTIONARY_COLUMNS = ['term', 'means', 'weight'] as const;

/** Everything beside the catalogs that a project knows about its fields. */
export interface ProjectEvidence {
  readonly evidence: MappingEvidence;
  readonly dictionary: readonly DictionaryEntry[];
  readonly problems: readonly Problem[];
  /** Files that were read. */
  readonly files: readonly string[];
}

/** Reads crosswalks, code sets, the project's dictionary and the profile of the source data, as far as they are there. */
export async function readEvidence(project: Project): Promise<ProjectEvidence> {
  const crosswalkTargets = new Map<string, ReadonlySet<string>>();
  const codeSets = new Map<string, ReadonlySet<string>>();
  const files: string[] = [];
  if (await isFolder(project, ARTEFACTS.crosswalks)) {
    for (const [name, crosswalk] of (await readCrosswalks(project, ARTEFACTS.crosswalks)).value) {
      crosswalkTargets.set(name, new Set(crosswalk.lines.map((line) => line.targetCode)));
      files.push(crosswalk.file);
    }
  }
  for (const name of await csvNames(project, ARTEFACTS.codeSets)) {
    const file = `${ARTEFACTS.codeSets}/${name}.csv`;
    const text = await readOptionalText(project, file);
    const records = parseCsvText(text ?? '', file, ['code']).value.records;
    codeSets.set(name, new Set(records.map((record) => record.cells['code'] ?? '')));
    files.push(file);
  }
  const profiles = await readProfiles(project, files);
  const { dictionary, problems } = await readDictionary(project, files);
  return {
    evidence: { crosswalkTargets, codeSets, profiles },
    dictionary,
    problems,
    files: files.sort(compareText),
  };
}

async function readProfiles(project: Project, files: string[]): Promise<Map<string, ColumnProfile>> {
  const text = await readOptionalText(project, ARTEFACTS.sourceProfile);
  if (text === null) return new Map();
  files.push(ARTEFACTS.sourceProfile);
  const columns = ['table_name', 'field_name', 'detected_format', 'top_values', 'rows', 'nulls'];
  const { records } = parseCsvText(text, ARTEFACTS.sourceProfile, columns).value;
  return new Map(
    records.map(({ cells }) => {
      const profile = {
        format: cells['detected_format'] ?? '',
        topValues: topValues(cells['top_values'] ?? ''),
        filled: Number(cells['rows']) - Number(cells['nulls']),
      };
      return [`${cells['table_name']}.${cells['field_name']}`, profile] as const;
    }),
  );
}

/** `["value=count", ...]` or `[["value", count], ...]`; anything else counts as nothing known. */
function topValues(text: string): (readonly [string, number])[] {
  try {
    const data: unknown = JSON.parse(text);
    if (!Array.isArray(data)) return [];
    return data.flatMap((entry: unknown) => {
      if (Array.isArray(entry)) return [[String(entry[0]), Number(entry[1])] as const];
      const at = typeof entry === 'string' ? entry.lastIndexOf('=') : -1;
      return typeof entry === 'string' && at > 0 ? [[entry.slice(0, at), Number(entry.slice(at + 1))] as const] : [];
    });
  } catch {
    return [];
  }
}

async function readDictionary(
  project: Project,
  files: string[],
): Promise<{ dictionary: DictionaryEntry[]; problems: Problem[] }> {
  const file = ARTEFACTS.mappingDictionary;
  const text = await readOptionalText(project, file);
  if (text === null) return { dictionary: [], problems: [] };
  files.push(file);
  const { value, problems } = parseCsvText(text, file, DICTIONARY_COLUMNS);
  const found: Problem[] = [...problems];
  const dictionary = value.records.flatMap(({ cells, line }): DictionaryEntry[] => {
    const [term = '', means = ''] = [cells['term']?.trim(), cells['means']?.trim()];
    const weight = cells['weight']?.trim() === '' ? 1 : Number(cells['weight']);
    if (term !== '' && means !== '' && weight > 0 && weight <= 1) return [{ term, means, weight }];
    const message = 'The line is no dictionary entry; give a term, what it means, and a weight above 0 up to 1.';
    found.push({ code: 'dictionary-bad-line', severity: 'warning', message, place: { file, line } });
    return [];
  });
  return { dictionary, problems: found };
}

async function isFolder(project: Project, path: string): Promise<boolean> {
  return readdir(project.at(path)).then(
    () => true,
    () => false,
  );
}

async function csvNames(project: Project, path: string): Promise<string[]> {
  const names = await readdir(project.at(path)).catch(() => [] as string[]);
  return names
    .filter((name) => /^[^_.].*\.csv$/.test(name))
    .map((name) => name.slice(0, -4))
    .sort(compareText);
}

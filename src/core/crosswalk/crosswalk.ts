import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import type { Parsed, Problem } from '../shared/problem.ts';
import { type CrosswalkEntry, type EventDate, type RowPolicy, readIndexText } from './crosswalkIndex.ts';
import { type CrosswalkLine, readCrosswalkText } from './crosswalkText.ts';

export { ROW_POLICIES, type RowPolicy } from './crosswalkIndex.ts';
export type { CrosswalkLine } from './crosswalkText.ts';

/** Local codes of one source code table and what each becomes. Only lines in force are kept. */
export interface Crosswalk {
  readonly name: string;
  /** Project-relative path of the CSV. */
  readonly file: string;
  readonly lines: readonly CrosswalkLine[];
  /** An unknown code here can harm a patient: its rejects need triage before promotion. */
  readonly safetyCritical: boolean;
  readonly rowPolicy: RowPolicy;
  /** Columns whose day decides which line of a code holds; empty when the index names none. */
  readonly eventDates: readonly EventDate[];
  /** True when a line has dates. */
  readonly dated: boolean;
  /** True when a code has several lines, so that its meaning changes with the day. */
  readonly changing: boolean;
  /** What the index says of it; null when it has no line there. */
  readonly entry: CrosswalkEntry | null;
}

/**
 * Reads every `<name>.csv` of a crosswalk folder, and what the index beside the folder says of each.
 * A crosswalk without a line there holds its rows: the careful choice when nobody has decided.
 */
export async function readCrosswalks(project: Project, directory: string): Promise<Parsed<Map<string, Crosswalk>>> {
  const problems: Problem[] = [];
  const file = project.name(join(directory, '..', 'crosswalk_index.csv'));
  const text = await readOptionalText(project, file);
  const index = text === null ? null : readIndexText(text, file);
  problems.push(...(index?.problems ?? []));
  const crosswalks = new Map<string, Crosswalk>();
  for (const name of await csvNames(project, directory)) {
    const own = project.name(join(directory, `${name}.csv`));
    const written = await readOptionalText(project, own);
    if (written === null) continue;
    const read = crosswalkOf(name, own, written, index?.value.get(name) ?? null);
    problems.push(...read.problems);
    crosswalks.set(name, read.value);
  }
  return { value: crosswalks, problems };
}

/** One crosswalk from its text and its line of the index. */
export function crosswalkOf(name: string, file: string, text: string, entry: CrosswalkEntry | null): Parsed<Crosswalk> {
  const { value, problems } = readCrosswalkText(text, file);
  const crosswalk: Crosswalk = {
    name,
    file,
    lines: value.lines,
    safetyCritical: entry?.safetyCritical ?? value.safetyCritical,
    rowPolicy: entry?.rowPolicy ?? 'hold',
    eventDates: entry?.eventDates ?? [],
    dated: value.lines.some(({ validFrom, validTo }) => validFrom !== null || validTo !== null),
    changing: new Set(value.lines.map(({ sourceCode }) => sourceCode.trim())).size < value.lines.length,
    entry,
  };
  return { value: crosswalk, problems };
}

/** The same crosswalks with texts that are open and not saved yet in place of the files. */
export function withOpenTexts(
  read: Parsed<ReadonlyMap<string, Crosswalk>>,
  open: ReadonlyMap<string, string>,
): Parsed<ReadonlyMap<string, Crosswalk>> {
  const known = [...read.value.values()].filter(({ file }) => open.has(file));
  if (known.length === 0) return read;
  const value = new Map(read.value);
  const problems = read.problems.filter(({ place }) => !known.some(({ file }) => file === place.file));
  for (const { name, file, entry } of known) {
    const own = crosswalkOf(name, file, open.get(file) ?? '', entry);
    value.set(name, own.value);
    problems.push(...own.problems);
  }
  return { value, problems };
}

async function csvNames(project: Project, directory: string): Promise<string[]> {
  try {
    const names = await readdir(project.at(directory));
    return names
      .filter((name) => name.endsWith('.csv') && !name.startsWith('_') && !name.startsWith('.'))
      .map((name) => name.slice(0, -4))
      .sort(compareText);
  } catch {
    throw new UserError(
      `${project.name(directory)}: the crosswalk folder is missing; create it, or name it with --crosswalk-dir.`,
    );
  }
}

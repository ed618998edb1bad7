import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCsvText } from '../csv/csvText.ts';
import type { Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import type { Parsed, Problem } from '../shared/problem.ts';

export const CROSSWALK_COLUMNS = [
  'source_code',
  'target_code',
  'description',
  'safety_critical',
  'valid_from',
  'valid_to',
  'status',
] as const;

/** What happens to a row whose code the crosswalk does not know. */
export const ROW_POLICIES = ['hold', 'load_null'] as const;
export type RowPolicy = (typeof ROW_POLICIES)[number];

export interface CrosswalkLine {
  readonly sourceCode: string;
  readonly targetCode: string;
  readonly line: number;
}

/** Local codes of one source code table and what each becomes. Only lines in force are kept. */
export interface Crosswalk {
  readonly name: string;
  /** Project-relative path of the CSV. */
  readonly file: string;
  readonly lines: readonly CrosswalkLine[];
  /** An unknown code here can harm a patient: its rejects need triage before promotion. */
  readonly safetyCritical: boolean;
  readonly rowPolicy: RowPolicy;
}

/** Statuses that take a line out of use; any other status, and none, leaves it in force. */
const NOT_IN_FORCE = new Set(['RETIRED', 'REJECTED', 'DRAFT']);

/**
 * Reads every `<name>.csv` of a crosswalk folder, and the row policies from `crosswalk_index.csv` beside the folder.
 * A crosswalk without a line there holds its rows: the careful choice when nobody has decided.
 */
export async function readCrosswalks(project: Project, directory: string): Promise<Parsed<Map<string, Crosswalk>>> {
  const problems: Problem[] = [];
  const index = await readIndex(project, join(directory, '..', 'crosswalk_index.csv'), problems);
  const crosswalks = new Map<string, Crosswalk>();
  for (const name of await csvNames(project, directory)) {
    const file = project.name(join(directory, `${name}.csv`));
    const text = await readOptionalText(project, file);
    if (text === null) continue;
    const { lines, safetyCritical } = readLines(text, file, problems);
    const entry = index.get(name);
    crosswalks.set(name, {
      name,
      file,
      lines,
      safetyCritical: entry?.safetyCritical ?? safetyCritical,
      rowPolicy: entry?.rowPolicy ?? 'hold',
    });
  }
  return { value: crosswalks, problems };
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

function readLines(
  text: string,
  file: string,
  problems: Problem[],
): { lines: CrosswalkLine[]; safetyCritical: boolean } {
  const parsed = parseCsvText(text, file, ['source_code', 'target_code']);
  problems.push(...parsed.problems);
  const first = new Map<string, number>();
  const lines: CrosswalkLine[] = [];
  let safetyCritical = false;
  for (const { line, cells } of parsed.value.records) {
    if (NOT_IN_FORCE.has((cells['status'] ?? '').trim().toUpperCase())) continue;
    const sourceCode = cells['source_code'] ?? '';
    const before = first.get(sourceCode);
    if (before !== undefined) {
      // COD-02: exactly one approved line per code, else its meaning is ambiguous.
      problems.push({
        code: 'crosswalk-ambiguous-code',
        severity: 'error',
        message: `The code of this line already stands at line ${before}; retire one of the two.`,
        place: { file, line },
      });
      continue;
    }
    first.set(sourceCode, line);
    if ((cells['safety_critical'] ?? '').trim().toUpperCase() === 'Y') safetyCritical = true;
    lines.push({ sourceCode, targetCode: cells['target_code'] ?? '', line });
  }
  return { lines, safetyCritical };
}

async function readIndex(
  project: Project,
  path: string,
  problems: Problem[],
): Promise<Map<string, { rowPolicy: RowPolicy; safetyCritical?: boolean }>> {
  const file = project.name(path);
  const index = new Map<string, { rowPolicy: RowPolicy; safetyCritical?: boolean }>();
  const text = await readOptionalText(project, file);
  if (text === null) return index;
  const parsed = parseCsvText(text, file, ['crosswalk', 'row_policy']);
  problems.push(...parsed.problems);
  for (const { line, cells } of parsed.value.records) {
    const rowPolicy = (cells['row_policy'] ?? '').trim() as RowPolicy;
    if (!ROW_POLICIES.includes(rowPolicy)) {
      problems.push({
        code: 'crosswalk-bad-policy',
        severity: 'error',
        message: `row_policy must be ${ROW_POLICIES.join(' or ')}.`,
        place: { file, line },
      });
      continue;
    }
    const safety = (cells['safety_critical'] ?? '').trim().toUpperCase();
    const flag = safety === 'Y' || safety === 'N' ? { safetyCritical: safety === 'Y' } : {};
    index.set((cells['crosswalk'] ?? '').trim(), { rowPolicy, ...flag });
  }
  return index;
}

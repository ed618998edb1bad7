import { readdir } from 'node:fs/promises';
import type { Catalog, CatalogField } from '../catalog/catalog.ts';
import { conceptOf } from '../concepts/vocabulary.ts';
import { readCrosswalks } from '../crosswalk/crosswalk.ts';
import { parseCsvText } from '../csv/csvText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { compareText } from '../shared/order.ts';
import type { Parsed, Problem } from '../shared/problem.ts';
import { dayOf } from './calendar.ts';
import type { Random, Weighted } from './random.ts';

/** One local code and what it becomes, with the days it is valid between (`$HOROLOG`; null is open). */
export interface CodeLine {
  readonly code: string;
  readonly target: string;
  readonly description: string;
  readonly validFrom: number | null;
  readonly validTo: number | null;
}

/** Every crosswalk and code list of the project that mock data may draw on. */
export class CodeBook {
  readonly #crosswalks: ReadonlyMap<string, readonly CodeLine[]>;
  readonly #sets: ReadonlyMap<string, readonly CodeLine[]>;

  constructor(
    crosswalks: ReadonlyMap<string, readonly CodeLine[]>,
    sets: ReadonlyMap<string, readonly CodeLine[]> = new Map(),
  ) {
    this.#crosswalks = crosswalks;
    this.#sets = sets;
  }

  /** Lines in force of a crosswalk, by the name a source field gives as its code set. */
  crosswalk(name: string): readonly CodeLine[] | undefined {
    return name === '' ? undefined : this.#crosswalks.get(name);
  }

  /** Lines of a national or target code list. */
  codeSet(name: string): readonly CodeLine[] | undefined {
    return name === '' ? undefined : this.#sets.get(name);
  }

  get crosswalkNames(): string[] {
    return [...this.#crosswalks.keys()].sort(compareText);
  }

  get codeSetNames(): string[] {
    return [...this.#sets.keys()].sort(compareText);
  }
}

/** Reads crosswalks and code sets; a broken one is a problem and what could be read of it is kept. */
export async function readCodeBook(
  project: Project,
): Promise<Parsed<CodeBook> & { readonly files: readonly string[] }> {
  const { value: inForce, problems } = await readCrosswalks(project, project.at(ARTEFACTS.crosswalks));
  const found: Problem[] = [...problems];
  const files: string[] = [];
  const crosswalks = new Map<string, readonly CodeLine[]>();
  for (const [name, crosswalk] of inForce) {
    const lines = await readLines(project, crosswalk.file, ['source_code', 'target_code'], 'source_code', []);
    const wanted = new Set(crosswalk.lines.map((line) => line.line));
    crosswalks.set(name, lines.filter((line) => wanted.has(line.line)).filter(usable));
    files.push(crosswalk.file);
  }
  const sets = new Map<string, readonly CodeLine[]>();
  for (const name of await codeSetNames(project)) {
    const file = `${ARTEFACTS.codeSets}/${name}.csv`;
    const lines = await readLines(project, file, ['code'], 'code', found);
    sets.set(name, lines.filter(usable));
    files.push(file);
  }
  return { value: new CodeBook(crosswalks, sets), problems: found, files };
}

/** A code a person would type: not empty, no outer blanks. The others are for dirty data, which mock data is not. */
function usable(line: CodeLine): boolean {
  return line.code !== '' && line.code === line.code.trim();
}

async function readLines(
  project: Project,
  file: string,
  required: readonly string[],
  codeColumn: string,
  problems: Problem[],
): Promise<(CodeLine & { readonly line: number })[]> {
  const text = await readOptionalText(project, file);
  if (text === null) return [];
  const parsed = parseCsvText(text, file, required);
  problems.push(...parsed.problems);
  return parsed.value.records.map(({ line, cells }) => ({
    line,
    code: cells[codeColumn] ?? '',
    target: cells['target_code'] ?? cells[codeColumn] ?? '',
    description: cells['description'] ?? '',
    validFrom: isoDay(cells['valid_from'] ?? ''),
    validTo: isoDay(cells['valid_to'] ?? ''),
  }));
}

function isoDay(text: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(text.trim());
  return match === null ? null : dayOf(Number(match[1]), Number(match[2]), Number(match[3]));
}

async function codeSetNames(project: Project): Promise<string[]> {
  try {
    const names = await readdir(project.at(ARTEFACTS.codeSets));
    return names
      .filter((name) => name.endsWith('.csv') && !name.startsWith('_') && !name.startsWith('.'))
      .map((name) => name.slice(0, -4))
      .sort(compareText);
  } catch {
    return [];
  }
}

/**
 * National codes the source system can express. The cohort chooses among these only, so that each of its values has a
 * local code and no record has to be bent to fit.
 */
export class Palette {
  readonly #allowed = new Map<string, Set<string>>();

  constructor(source: Catalog, codes: CodeBook) {
    for (const field of source.fields) {
      const set = nationalSet(field);
      const lines = codes.crosswalk(field.codeSet);
      if (set === '' || lines === undefined) continue;
      const targets = new Set(lines.map((line) => line.target));
      const before = this.#allowed.get(set);
      this.#allowed.set(set, before === undefined ? targets : new Set([...before].filter((code) => targets.has(code))));
    }
  }

  /** True when the source has a local code for the national one, or no list to say otherwise. */
  allows(set: string, code: string): boolean {
    return this.#allowed.get(set)?.has(code) ?? true;
  }

  /** A weighted choice among what the source can say; the first choice when it can say none of them. */
  pick(random: Random, set: string, choices: readonly Weighted<string>[]): string {
    const allowed = this.#allowed.get(set);
    if (allowed === undefined) return random.weighted(choices);
    const possible = choices.filter(([code]) => allowed.has(code));
    return random.weighted(possible.length === 0 ? choices.slice(0, 1) : possible);
  }

  /** The code, or nothing when the source cannot express it. */
  only(set: string, code: string): string | undefined {
    return this.allows(set, code) ? code : undefined;
  }
}

/** The national list behind a field's concept, or empty. */
export function nationalSet(field: CatalogField): string {
  const kind = conceptOf(field.family, field.concept)?.kind;
  return kind?.type === 'code' ? kind.codeSet : '';
}

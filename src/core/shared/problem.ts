/**
 * A problem is something a person must look at: bad input, a broken rule, a file that does not fit.
 * Readers return problems beside the value they could still make (architecture, rule 6); they never throw on bad input.
 */
export type Severity = 'error' | 'warning' | 'info';

/** Where a problem is. `file` is relative to the project folder with `/`; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  /** Line in a text file, or row in a sheet. */
  readonly line?: number;
  readonly column?: number;
  readonly endColumn?: number;
  /** Sheet of a workbook. */
  readonly sheet?: string;
}

export interface Problem {
  /** Stable, kebab-case, documented in docs/problems.md: e.g. `contract-unknown-column`. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence that says what is wrong and what to do next. Never holds a patient value. */
  readonly message: string;
  readonly place: Place;
}

/** A value that could be read, with what was wrong on the way. */
export interface Parsed<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}

/** `reports/mapping_contract.csv:12:5`, or `dictionary.xlsx [PATMAST] row 7`. */
export function formatPlace(place: Place): string {
  if (place.sheet !== undefined) {
    return `${place.file} [${place.sheet}]${place.line === undefined ? '' : ` row ${place.line}`}`;
  }
  const line = place.line === undefined ? '' : `:${place.line}`;
  const column = place.line === undefined || place.column === undefined ? '' : `:${place.column}`;
  return `${place.file}${line}${column}`;
}

/** The sentence shown on a terminal: place first, so that an editor can link it. */
export function formatProblem(problem: Problem): string {
  return `${formatPlace(problem.place)}: ${problem.message}`;
}

/** True when at least one problem must stop the work. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}

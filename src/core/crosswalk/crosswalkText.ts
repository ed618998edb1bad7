import { cellPlace } from '../csv/csvScan.ts';
import { type CsvRecord, parseCsvText } from '../csv/csvText.ts';
import { compareText } from '../shared/order.ts';
import type { Parsed, Problem, Severity } from '../shared/problem.ts';

/** A line in force: what one source code becomes, and in which time. */
export interface CrosswalkLine {
  /** As written; codes are compared without outer blanks. */
  readonly sourceCode: string;
  readonly targetCode: string;
  /** First and last day as `YYYY-MM-DD`, both included; null where there is no limit. */
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly line: number;
}

export interface CrosswalkLines {
  readonly lines: readonly CrosswalkLine[];
  readonly safetyCritical: boolean;
}

/**
 * Statuses in which a line is not in force. A line takes effect with its approval; one without a status is in force too,
 * because nobody reviews that file here. Any other word is an error: a slip of the pen must not approve a code.
 */
export const NOT_IN_FORCE: readonly string[] = ['RETIRED', 'REJECTED', 'DRAFT', 'IN_REVIEW'];

/** A file full of mistakes is told by its first ones. */
const MOST_PROBLEMS = 200;

function isStatus(status: string): boolean {
  const word = status.trim().toUpperCase();
  return word === '' || word === 'APPROVED' || NOT_IN_FORCE.includes(word);
}

/** True when a line with this status translates codes. */
export function inForce(status: string): boolean {
  return !NOT_IN_FORCE.includes(status.trim().toUpperCase());
}

/**
 * Reads one crosswalk file. Dates must be real ISO dates in order, and of one source code only one line may be in force
 * on any day; what breaks this is a problem at its cell, and the line is left out.
 *
 * @param file project-relative name, for messages only
 */
export function readCrosswalkText(text: string, file: string): Parsed<CrosswalkLines> {
  const parsed = parseCsvText(text, file, ['source_code', 'target_code']);
  const problems = new CellProblems(text, file, parsed.value.columns, parsed.problems);
  const lines: (CrosswalkLine & { readonly record: CsvRecord })[] = [];
  let safetyCritical = false;
  for (const record of parsed.value.records) {
    const { cells, line } = record;
    const used = inForce(cells['status'] ?? '');
    if (!isStatus(cells['status'] ?? '')) {
      const words = `status must be one of ${[...NOT_IN_FORCE, 'APPROVED'].join(', ')}, or empty; the line is not used.`;
      problems.add(record, 'status', 'crosswalk-bad-status', 'error', words);
      continue;
    }
    const dates = readDates(record, used ? 'error' : 'warning', problems);
    if (!used) continue;
    if ((cells['safety_critical'] ?? '').trim().toUpperCase() === 'Y') safetyCritical = true;
    if (dates === null) continue;
    const [sourceCode = '', targetCode = ''] = [cells['source_code'], cells['target_code']];
    lines.push({ sourceCode, targetCode, ...dates, line, record });
  }
  const left = withoutOverlaps(lines, problems);
  return {
    value: { lines: lines.flatMap(({ record, ...line }) => (left.has(record) ? [] : [line])), safetyCritical },
    problems: problems.all,
  };
}

/** True on the days of a line; a line with dates is never valid on a day that is not known. */
export function validOn(line: Pick<CrosswalkLine, 'validFrom' | 'validTo'>, day: string | null): boolean {
  if (line.validFrom === null && line.validTo === null) return true;
  return day !== null && (line.validFrom ?? '') <= day && (line.validTo === null || day <= line.validTo);
}

/** `YYYY-MM-DD` of a day that the calendar has. */
export function isIsoDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < '0001-01-01') return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function readDates(
  record: CsvRecord,
  severity: Severity,
  problems: CellProblems,
): Pick<CrosswalkLine, 'validFrom' | 'validTo'> | null {
  const read = (column: string): string | null | undefined => {
    const text = (record.cells[column] ?? '').trim();
    if (text === '') return null;
    if (isIsoDay(text)) return text;
    const message = `${column} must be a day as YYYY-MM-DD, or empty.`;
    problems.add(record, column, 'crosswalk-bad-date', severity, message);
    return undefined;
  };
  const [validFrom, validTo] = [read('valid_from'), read('valid_to')];
  if (validFrom === undefined || validTo === undefined) return null;
  if (validFrom !== null && validTo !== null && validFrom > validTo) {
    const message = 'The line ends before it begins; valid_to must not be before valid_from.';
    problems.add(record, 'valid_to', 'crosswalk-dates-reversed', severity, message);
    return null;
  }
  return { validFrom, validTo };
}

type DatedRecord = CrosswalkLine & { readonly record: CsvRecord };

/** COD-02: exactly one line in force per code and day, else its meaning is ambiguous. */
function withoutOverlaps(lines: readonly DatedRecord[], problems: CellProblems): Set<CsvRecord> {
  const byCode = new Map<string, DatedRecord[]>();
  for (const line of lines) {
    const own = byCode.get(line.sourceCode.trim());
    if (own === undefined) byCode.set(line.sourceCode.trim(), [line]);
    else own.push(line);
  }
  const left = new Set<CsvRecord>();
  for (const own of byCode.values()) {
    if (own.length === 1) continue;
    let before: DatedRecord | null = null;
    for (const line of own.sort((a, b) => compareText(a.validFrom ?? '', b.validFrom ?? '') || a.line - b.line)) {
      if (before !== null && (before.validTo === null || (line.validFrom ?? '') <= before.validTo)) {
        // Told at the line that stands later in the file, which is most likely the new one.
        const [first, later]: DatedRecord[] = before.line < line.line ? [before, line] : [line, before];
        if (first === undefined || later === undefined) continue;
        const dated = [before, line].some(({ validFrom, validTo }) => validFrom !== null || validTo !== null);
        const message = dated
          ? `The code of this line has another line at the same time, line ${first.line}; end one with valid_to before the other begins.`
          : `The code of this line already stands at line ${first.line}; retire one of the two.`;
        const column = dated ? 'valid_from' : 'source_code';
        problems.add(later.record, column, 'crosswalk-ambiguous-code', 'error', message);
        left.add(later.record);
        if (later === line) continue;
      }
      before = line;
    }
  }
  return left;
}

/** Problems of one file, each at its cell; of very many the first are told. */
class CellProblems {
  readonly #text: string;
  readonly #file: string;
  readonly #columns: readonly string[];
  readonly #problems: Problem[];
  #more = 0;

  constructor(text: string, file: string, columns: readonly string[], problems: readonly Problem[]) {
    this.#text = text;
    this.#file = file;
    this.#columns = columns;
    this.#problems = problems.slice(0, MOST_PROBLEMS);
    this.#more = problems.length - this.#problems.length;
  }

  add(record: CsvRecord, column: string, code: string, severity: Severity, message: string): void {
    if (this.#problems.length >= MOST_PROBLEMS) {
      this.#more += 1;
      return;
    }
    const cell = cellPlace(this.#text, record, Math.max(0, this.#columns.indexOf(column)));
    this.#problems.push({ code, severity, message, place: { file: this.#file, ...cell } });
  }

  get all(): readonly Problem[] {
    if (this.#more === 0) return this.#problems;
    const message = `${this.#more} more lines have problems; mend the first ones, then look again.`;
    return [
      ...this.#problems,
      { code: 'crosswalk-more-problems', severity: 'error', message, place: { file: this.#file } },
    ];
  }
}

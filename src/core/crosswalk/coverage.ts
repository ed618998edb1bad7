import { compareText } from '../shared/order.ts';
import type { Coverage, CrosswalkUse } from './crosswalkShapes.ts';
import { type CrosswalkLine, validOn } from './crosswalkText.ts';

export type { Coverage, CrosswalkUse } from './crosswalkShapes.ts';

/** A code that the source data hold, as the contract row gives it to the crosswalk. */
export interface MetCode {
  /** Index into `uses`. */
  readonly use: number;
  readonly code: string;
  /** A day that stands for all days on which the same lines hold; null when the rows have none. */
  readonly day: string | null;
  readonly rows: number;
}

/** What the project's data ask of one crosswalk. */
export interface CodesMet {
  readonly uses: readonly CrosswalkUse[];
  readonly met: readonly MetCode[];
  /** Why a use could not be looked at, as sentences. */
  readonly notSeen: readonly string[];
}

/** Compares lines in force with the codes the data hold. */
export function coverageOf(lines: readonly CrosswalkLine[], given: CodesMet): Coverage {
  const byCode = linesByCode(lines);
  const seen = new Map<string, { rows: number; unmapped: number; otherTime: boolean; uses: Set<number> }>();
  const used = new Set<CrosswalkLine>();
  for (const { use, code, day, rows } of given.met) {
    const own = byCode.get(code) ?? [];
    const line = own.find((candidate) => holds(candidate, day, given.uses[use]));
    if (line !== undefined) used.add(line);
    const sum = seen.get(code) ?? { rows: 0, unmapped: 0, otherTime: false, uses: new Set<number>() };
    sum.rows += rows;
    if (line === undefined) {
      sum.unmapped += rows;
      sum.otherTime ||= own.length > 0;
      sum.uses.add(use);
    }
    seen.set(code, sum);
  }
  const all = [...seen];
  const unmapped = all
    .filter(([, { unmapped: rows }]) => rows > 0)
    .map(([code, { unmapped: rows, otherTime, uses }]) => ({ code, rows, otherTime, uses: [...uses] }))
    .sort((a, b) => b.rows - a.rows || compareText(a.code, b.code));
  const rows = all.reduce((sum, [, code]) => sum + code.rows, 0);
  return {
    codes: all.length,
    mappedCodes: all.length - unmapped.length,
    rows,
    mappedRows: rows - unmapped.reduce((sum, code) => sum + code.rows, 0),
    unmapped,
    unusedLines: lines.length - used.size,
  };
}

/** Rows of the data that have a line's code in the time of the line, whatever its status. */
export class LineRows {
  readonly #met = new Map<string, MetCode[]>();
  readonly #uses: readonly CrosswalkUse[];

  constructor(given: CodesMet) {
    this.#uses = given.uses;
    for (const met of given.met) {
      const own = this.#met.get(met.code);
      if (own === undefined) this.#met.set(met.code, [met]);
      else own.push(met);
    }
  }

  of(line: Pick<CrosswalkLine, 'sourceCode' | 'validFrom' | 'validTo'>): number {
    const own = this.#met.get(line.sourceCode.trim()) ?? [];
    return own.reduce((sum, { day, use, rows }) => sum + (holds(line, day, this.#uses[use]) ? rows : 0), 0);
  }
}

/**
 * First days of the times in which the same lines hold, in order; days between two of them need not be told apart.
 */
export function turningDays(lines: readonly Pick<CrosswalkLine, 'validFrom' | 'validTo'>[]): string[] {
  const days = new Set<string>();
  for (const { validFrom, validTo } of lines) {
    if (validFrom !== null) days.add(validFrom);
    if (validTo !== null && validTo < '9999-12-31') days.add(nextDay(validTo));
  }
  return [...days].sort(compareText);
}

function nextDay(day: string): string {
  const time = new Date(`${day}T00:00:00Z`);
  time.setUTCDate(time.getUTCDate() + 1);
  return time.toISOString().slice(0, 10);
}

function holds(
  line: Pick<CrosswalkLine, 'validFrom' | 'validTo'>,
  day: string | null,
  use: CrosswalkUse | undefined,
): boolean {
  return use?.dated === true ? validOn(line, day) : true;
}

function linesByCode(lines: readonly CrosswalkLine[]): Map<string, CrosswalkLine[]> {
  const byCode = new Map<string, CrosswalkLine[]>();
  for (const line of lines) {
    const code = line.sourceCode.trim();
    const own = byCode.get(code);
    if (own === undefined) byCode.set(code, [line]);
    else own.push(line);
  }
  return byCode;
}

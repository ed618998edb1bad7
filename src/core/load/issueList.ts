import type { LoadIssue } from '../connectors/loadReport.ts';
import { compareText } from '../shared/order.ts';

/** So many are kept; more than that is not a list any more, and is counted. */
const MOST_ISSUES = 500_000;

/** What the target refused, row by row. */
export class IssueList {
  readonly #issues: LoadIssue[] = [];
  #leftOut = 0;

  /** How many more are kept. */
  get room(): number {
    return MOST_ISSUES - this.#issues.length;
  }

  get count(): number {
    return this.#issues.length + this.#leftOut;
  }

  get leftOut(): number {
    return this.#leftOut;
  }

  add(issue: LoadIssue): void {
    if (this.room > 0) this.#issues.push(issue);
    else this.#leftOut += 1;
  }

  /** Issues that the target counted but that were not asked for one by one. */
  addUnlisted(count: number): void {
    this.#leftOut += count;
  }

  /** By table, constraint, field and row: the same list for the same rows. */
  sorted(): LoadIssue[] {
    return this.#issues.sort(
      (a, b) =>
        compareText(a.table, b.table) ||
        compareText(a.constraint, b.constraint) ||
        compareText(a.field, b.field) ||
        a.fileRow - b.fileRow ||
        compareText(a.rowKey, b.rowKey),
    );
  }

  /** `LOAD_SPELL: 2 (fk_LOAD_SPELL_PATIENT_ID), …`: for people, names and counts only. */
  summary(): string {
    const counts = new Map<string, number>();
    for (const { table, constraint, field } of this.sorted()) {
      const name = `${table} ${constraint}${constraint === 'not_null' ? ` of ${field}` : ''}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const told = [...counts].slice(0, MOST_TOLD).map(([name, count]) => `${name}: ${count}`);
    const more = counts.size - told.length;
    return `${told.join('; ')}${more > 0 ? `; and ${more} more kinds` : ''}`;
  }
}

const MOST_TOLD = 5;

/** `SP1|2`: key parts joined; a missing part is empty. */
export function rowKeyOf(parts: readonly (string | number | boolean | null)[]): string {
  return parts.map((part) => part ?? '').join('|');
}

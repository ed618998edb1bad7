import { APPROVED_COLUMNS } from '../contract/contract.ts';
import type { AuditEntry } from './auditLog.ts';
import type { ChangedRow } from './contractEvents.ts';

/** What the audit log tells about the approvals of a version of a contract or crosswalk; all by row key. */
export interface StandingApprovals {
  /** Row → column → what was approved, where the recorded cell is already another. */
  readonly moved: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Rows that became APPROVED with no reviewer on record. */
  readonly unreviewed: ReadonlySet<string>;
  /** Rows that a reviewer approved; the other approved ones were so when the log began. */
  readonly reviewed: ReadonlySet<string>;
  /** Approved rows that were taken away. */
  readonly gone: ReadonlyMap<string, GoneRow>;
}

/** An approved row that is not there any more: what its approval was given to, and whether a reviewer gave it. */
interface GoneRow {
  readonly mapping: string;
  readonly reviewed: boolean;
}

export const NOTHING_APPROVED: StandingApprovals = {
  moved: new Map(),
  unreviewed: new Set(),
  reviewed: new Set(),
  gone: new Map(),
};

/** What an approval of a row is given to, as one text that can be compared. */
export function mappingOf(cell: (column: string) => string, columns: readonly string[] = APPROVED_COLUMNS): string {
  return columns.map((column) => cell(column).trim()).join('\0');
}

function isApproved(status: string | undefined): boolean {
  return status?.trim().toUpperCase() === 'APPROVED';
}

/** True for a change by a command that put an earlier version back. */
export function isRestored({ details }: AuditEntry): boolean {
  return typeof details['restored_by'] === 'string';
}

/** Follows the events of a contract or a crosswalk from the first to the last. */
export class ApprovalReplay {
  #moved = new Map<string, Map<string, string>>();
  #unreviewed = new Set<string>();
  #reviewed = new Set<string>();
  #gone = new Map<string, GoneRow>();
  #version: string | null = null;
  /** What stood when a version was left that a restore goes back to. */
  readonly #left = new Map<string, StandingApprovals>();
  readonly #wanted: ReadonlySet<string>;
  readonly #columns: readonly string[];

  /** @param wanted versions that a later restore goes back to; @param columns what an approval is given to */
  constructor(wanted: ReadonlySet<string>, columns: readonly string[] = APPROVED_COLUMNS) {
    this.#wanted = wanted;
    this.#columns = columns;
  }

  get standing(): StandingApprovals {
    return { moved: this.#moved, unreviewed: this.#unreviewed, reviewed: this.#reviewed, gone: this.#gone };
  }

  /** A reviewer approved rows as they are. */
  reviewed(keys: readonly string[]): void {
    for (const key of keys) {
      this.#moved.delete(key);
      this.#unreviewed.delete(key);
      this.#reviewed.add(key);
    }
  }

  /**
   * It became another version.
   *
   * @param restored by a command that put a whole earlier version back: its approvals come back with it
   */
  changed(rows: readonly ChangedRow[], version: string | null, restored: boolean): void {
    if (this.#version !== null && this.#wanted.has(this.#version)) this.#left.set(this.#version, this.#copy());
    const before = restored && version !== null ? this.#left.get(version) : undefined;
    if (before === undefined) for (const row of rows) this.#follow(row);
    else this.#take(before);
    this.#version = version ?? this.#version;
  }

  /** A change of status is a new decision on the row as it stands then; any other change moves it away from the last one. */
  #follow(row: ChangedRow): void {
    const status = row.cells['status'];
    if (row.kind !== 'changed' || status !== undefined) {
      if (row.kind === 'removed') this.#takeAway(row);
      const approved = row.kind !== 'removed' && isApproved(status?.[1]);
      const back = approved && row.kind === 'added' ? this.#gone.get(row.key) : undefined;
      const known = back !== undefined && back.mapping === this.#mapping(row, 1);
      this.#moved.delete(row.key);
      this.#reviewed.delete(row.key);
      this.#unreviewed.delete(row.key);
      if (row.kind !== 'removed') this.#gone.delete(row.key);
      if (approved && !known) this.#unreviewed.add(row.key);
      if (known && back.reviewed) this.#reviewed.add(row.key);
      return;
    }
    for (const column of this.#columns) {
      const change = row.cells[column];
      if (change === undefined) continue;
      const known = this.#moved.get(row.key) ?? new Map<string, string>();
      if (!known.has(column)) known.set(column, change[0]);
      if (known.get(column) === change[1]) known.delete(column);
      if (known.size === 0) this.#moved.delete(row.key);
      else this.#moved.set(row.key, known);
    }
  }

  /** Nobody decided about a row that is taken away: should it come back as it was, it is as approved as before. */
  #takeAway(row: ChangedRow): void {
    const stood = isApproved(row.cells['status']?.[0]) && !this.#unreviewed.has(row.key) && !this.#moved.has(row.key);
    if (stood) this.#gone.set(row.key, { mapping: this.#mapping(row, 0), reviewed: this.#reviewed.has(row.key) });
    else this.#gone.delete(row.key);
  }

  /** What an approval of the row is given to, before or after the change. */
  #mapping(row: ChangedRow, side: 0 | 1): string {
    return mappingOf((column) => row.cells[column]?.[side] ?? '', this.#columns);
  }

  #copy(): StandingApprovals {
    const moved = new Map([...this.#moved].map(([key, columns]) => [key, new Map(columns)]));
    return {
      moved,
      unreviewed: new Set(this.#unreviewed),
      reviewed: new Set(this.#reviewed),
      gone: new Map(this.#gone),
    };
  }

  #take({ moved, unreviewed, reviewed, gone }: StandingApprovals): void {
    this.#moved = new Map([...moved].map(([key, columns]) => [key, new Map(columns)]));
    this.#unreviewed = new Set(unreviewed);
    this.#reviewed = new Set(reviewed);
    this.#gone = new Map(gone);
  }
}

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
}

export const NOTHING_APPROVED: StandingApprovals = { moved: new Map(), unreviewed: new Set(), reviewed: new Set() };

/** True for a change by a command that put an earlier version back. */
export function isRestored({ details }: AuditEntry): boolean {
  return typeof details['restored_by'] === 'string';
}

/** Follows the events of a contract or a crosswalk from the first to the last. */
export class ApprovalReplay {
  #moved = new Map<string, Map<string, string>>();
  #unreviewed = new Set<string>();
  #reviewed = new Set<string>();
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
    return { moved: this.#moved, unreviewed: this.#unreviewed, reviewed: this.#reviewed };
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
      this.#moved.delete(row.key);
      this.#reviewed.delete(row.key);
      if (row.kind !== 'removed' && status?.[1]?.trim().toUpperCase() === 'APPROVED') this.#unreviewed.add(row.key);
      else this.#unreviewed.delete(row.key);
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

  #copy(): StandingApprovals {
    const moved = new Map([...this.#moved].map(([key, columns]) => [key, new Map(columns)]));
    return { moved, unreviewed: new Set(this.#unreviewed), reviewed: new Set(this.#reviewed) };
  }

  #take({ moved, unreviewed, reviewed }: StandingApprovals): void {
    this.#moved = new Map([...moved].map(([key, columns]) => [key, new Map(columns)]));
    this.#unreviewed = new Set(unreviewed);
    this.#reviewed = new Set(reviewed);
  }
}

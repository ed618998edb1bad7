import { APPROVED_COLUMNS } from '../contract/contract.ts';
import { type ContractRowChange, diffContracts } from '../contract/contractDiff.ts';
import { parseCsvText } from '../csv/csvText.ts';
import { hashFileIfThere } from '../project/hashFile.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import type { ContractReview, RowEvent } from '../review/rowFacts.ts';
import type { Contents } from '../snapshots/contents.ts';
import { appendAudit, readAudit } from './auditLog.ts';
import { type ChangedRow, changedRows, keysOf, rowKey } from './contractEvents.ts';
import { type AuditedFile, recordFileChange } from './fileAudit.ts';

/** Columns that a decision is about, and where it stands. */
const DECIDED: ReadonlySet<string> = new Set(['status', ...APPROVED_COLUMNS]);

const CONTRACT: AuditedFile<ContractRowChange> = {
  file: ARTEFACTS.contract,
  event: 'contract-changed',
  about: {},
  diff: diffContracts,
  told: (row) => ({
    table: row.targetTable,
    field: row.targetField,
    row_set: row.rowSet,
    kind: row.kind,
    impact: row.impact,
    cells: Object.fromEntries(row.changes.map((cell) => [cell.column, [cell.before, cell.after]])),
  }),
};

/**
 * Records what changed in the contract since it was last recorded: every row with its cells before and after, by whom,
 * and the hashes of both versions, whose texts are kept. Nothing changed: nothing is written.
 *
 * @param given.reviews decisions on rows since the last time, oldest first; those that the contract does not show (they
 *   were undone) are left out
 * @param given.restoredBy the command that put an earlier version back, with its approvals
 * @returns the rows that changed; all rows are not told for the first version, which is only noted
 */
export async function recordContractChange(
  project: Project,
  given: {
    readonly who: string;
    readonly at: Date;
    readonly reviews?: readonly ContractReview[];
    readonly restoredBy?: string;
  },
): Promise<readonly ContractRowChange[]> {
  const audited =
    given.restoredBy === undefined ? CONTRACT : { ...CONTRACT, besides: { restored_by: given.restoredBy } };
  const recorded = await recordFileChange(project, audited, given);
  if (recorded === null) return [];
  const { changes, sha256, contents } = recorded;
  const reviews = given.reviews ?? [];
  if (reviews.length > 0) {
    const changed = await changedSince(project, reviews, contents);
    for (const review of standing(reviews, (await contents.read(sha256)) ?? '', changed))
      await appendAudit(project, {
        at: new Date(review.at),
        who: review.who,
        event: 'contract-reviewed',
        details: {
          decision: review.decision,
          comment: review.comment,
          contract: sha256,
          row_count: review.rows.length,
          rows: review.rows.map(({ table, field, rowSet }) => ({ table, field, row_set: rowSet })),
        },
      });
  }
  return changes;
}

/** True when the contract is as the audit log last recorded it, or is not there: nothing is to be recorded. */
export async function isRecorded(project: Project): Promise<boolean> {
  const now = await hashFileIfThere(project.at(ARTEFACTS.contract));
  const last = (await readAudit(project)).findLast((entry) => entry.event === 'contract-changed');
  return now === null || last?.details['after'] === now.sha256;
}

/**
 * Rows whose mapping or status changed on record since the first of these decisions, and that nobody decided about since.
 * A run may have recorded the change before the editor came to tell of the decision.
 */
async function changedSince(
  project: Project,
  reviews: readonly ContractReview[],
  contents: Contents,
): Promise<ReadonlySet<string>> {
  const since = reviews.map(({ at }) => at).sort()[0] ?? '';
  const changed = new Set<string>();
  const decided = ({ kind, cells }: ChangedRow): boolean =>
    kind !== 'changed' || Object.keys(cells).some((column) => DECIDED.has(column));
  for (const entry of (await readAudit(project)).filter(({ at_utc: at }) => at >= since))
    if (entry.event === 'contract-reviewed') for (const key of keysOf(entry)) changed.delete(key);
    else if (entry.event === CONTRACT.event)
      for (const row of await changedRows(entry, contents)) if (decided(row)) changed.add(row.key);
  return changed;
}

/**
 * Decisions with the rows for which each was the last, and which show it: what the decision was about, or the status,
 * changed since the last record. A row that only got a note meanwhile is as it was approved before: the decision was
 * undone.
 */
function standing(reviews: readonly ContractReview[], text: string, changed: ReadonlySet<string>): ContractReview[] {
  const statuses = new Map<string, string>();
  for (const { cells } of parseCsvText(text, ARTEFACTS.contract, []).value.records)
    statuses.set(
      rowKey(cells['target_table'] ?? '', cells['target_field'] ?? '', cells['row_set'] ?? ''),
      cells['status'] ?? '',
    );
  const last = new Map<string, ContractReview>();
  for (const review of reviews)
    for (const { table, field, rowSet } of review.rows) last.set(rowKey(table, field, rowSet), review);
  return reviews
    .map((review) => ({
      ...review,
      rows: review.rows.filter(({ table, field, rowSet }) => {
        const key = rowKey(table, field, rowSet);
        return changed.has(key) && last.get(key) === review && statuses.get(key) === review.decision;
      }),
    }))
    .filter((review) => review.rows.length > 0);
}

/** What happened to one contract row, newest first. */
export async function rowHistory(project: Project, table: string, field: string, rowSet: string): Promise<RowEvent[]> {
  const events: RowEvent[] = [];
  for (const entry of await readAudit(project)) {
    const { rows, decision, comment } = entry.details;
    if (!['contract-changed', 'contract-reviewed'].includes(entry.event) || !Array.isArray(rows)) continue;
    for (const row of rows as Record<string, unknown>[])
      if (row['table'] === table && row['field'] === field && row['row_set'] === rowSet)
        events.push({
          at: entry.at_utc,
          who: entry.who,
          kind: String(row['kind'] ?? decision),
          cells: (row['cells'] ?? {}) as RowEvent['cells'],
          comment: typeof comment === 'string' ? comment : '',
        });
  }
  return events.reverse();
}

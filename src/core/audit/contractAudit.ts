import { type ContractRowChange, diffContracts } from '../contract/contractDiff.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import type { RowEvent } from '../review/rowFacts.ts';
import { Contents } from '../snapshots/contents.ts';
import { appendAudit, readAudit } from './auditLog.ts';

/** Rows told one by one in an entry; of more, the first and their number. The versions themselves are kept whole. */
const MOST_ROWS = 20_000;

/**
 * Records what changed in the contract since it was last recorded: every row with its cells before and after, by whom,
 * and the hashes of both versions, whose texts are kept. Nothing changed: nothing is written.
 *
 * @returns the rows that changed; all rows are not told for the first version, which is only noted
 */
export async function recordContractChange(
  project: Project,
  given: { readonly who: string; readonly at: Date },
): Promise<readonly ContractRowChange[]> {
  const contents = await Contents.open(project);
  const now = await contents.keep(ARTEFACTS.contract).catch(() => null);
  if (now === null) return [];
  const before = (await readAudit(project)).findLast((entry) => entry.event === 'contract-changed');
  const old = typeof before?.details['after'] === 'string' ? before.details['after'] : null;
  if (old === now.sha256) return [];
  const read = async (sha256: string): Promise<string> => (await contents.read(sha256)) ?? '';
  const changes = old === null ? [] : diffContracts(await read(old), await read(now.sha256));
  await appendAudit(project, {
    at: given.at,
    who: given.who,
    event: 'contract-changed',
    details: {
      before: old,
      after: now.sha256,
      row_count: changes.length,
      rows: changes.slice(0, MOST_ROWS).map((row) => ({
        table: row.targetTable,
        field: row.targetField,
        row_set: row.rowSet,
        kind: row.kind,
        impact: row.impact,
        cells: Object.fromEntries(row.changes.map((cell) => [cell.column, [cell.before, cell.after]])),
      })),
    },
  });
  return changes;
}

/** What happened to one contract row, newest first. */
export async function rowHistory(project: Project, table: string, field: string, rowSet: string): Promise<RowEvent[]> {
  const events: RowEvent[] = [];
  for (const entry of await readAudit(project)) {
    if (entry.event !== 'contract-changed' || !Array.isArray(entry.details['rows'])) continue;
    for (const row of entry.details['rows'] as Record<string, unknown>[])
      if (row['table'] === table && row['field'] === field && row['row_set'] === rowSet)
        events.push({
          at: entry.at_utc,
          who: entry.who,
          kind: String(row['kind']),
          cells: row['cells'] as RowEvent['cells'],
        });
  }
  return events.reverse();
}

import { z } from 'zod';
import { countedFields } from '../audit/approvals.ts';
import { type AuditEntry, readAudit } from '../audit/auditLog.ts';
import { MAPPING_CLASSES, REVIEW_STATUSES } from '../contract/contract.ts';
import { readContractText } from '../contract/contractFile.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';

const Count = z.number();

/** The rows of a contract, counted. */
export const ContractCountsShape = z.object({
  rows: Count,
  mandatory: Count,
  mandatory_unresolved: Count,
  by_status: z.record(z.string(), Count),
  /** Rows whose approval stands by the audit log; not known of early runs. */
  approved: Count.optional(),
  by_class: z.record(z.string(), Count),
});
export type ContractCounts = z.infer<typeof ContractCountsShape>;

/** Counts the project's contract; null when there is none. */
export async function readContractCounts(project: Project): Promise<ContractCounts | null> {
  const text = await readOptionalText(project, ARTEFACTS.contract);
  if (text === null) return null;
  const { fields } = readContractText(text, ARTEFACTS.contract, '', ARTEFACTS.contractTables).value;
  const count = <T extends string>(names: readonly T[], of: (row: (typeof fields)[number]) => T) =>
    Object.fromEntries(names.map((name) => [name, fields.filter((row) => of(row) === name).length]));
  return {
    rows: fields.length,
    mandatory: fields.filter((row) => row.mandatory).length,
    mandatory_unresolved: fields.filter((row) => row.mandatory && row.mappingClass === 'unresolved').length,
    by_status: count(REVIEW_STATUSES, (row) => row.status),
    approved: (await countedFields(project, fields)).filter((row) => row.status === 'APPROVED').length,
    by_class: count(MAPPING_CLASSES, (row) => row.mappingClass),
  };
}

/** How many contract rows stood at each review status at one moment. */
export interface ReviewPoint {
  readonly at: string;
  readonly total: number;
  readonly byStatus: Readonly<Record<string, number>>;
}

/** More points than a chart can show tell nothing more. */
const MOST_POINTS = 60;

/**
 * The review of the contract over time, oldest first, from the audit log: every recorded change is undone in turn,
 * beginning with what the contract holds now. It begins with the first change that was recorded with all its rows.
 *
 * @param now the contract as it is, and the time of this look
 */
export async function reviewOverTime(
  project: Project,
  counts: ContractCounts,
  now: Date,
): Promise<readonly ReviewPoint[]> {
  const entries = (await readAudit(project)).filter((entry) => entry.event === 'contract-changed');
  const status: Record<string, number> = { ...counts.by_status };
  let total = counts.rows;
  const point = (at: string): ReviewPoint => ({ at, total, byStatus: { ...status } });
  const points = [point(now.toISOString())];
  for (const entry of entries.reverse()) {
    points.push(point(entry.at_utc));
    if (entry.details['before'] === null) break;
    const rows = rowsOf(entry);
    if (rows.length !== entry.details['row_count']) break;
    for (const row of rows) {
      const [was, is] = (row.cells['status'] ?? [null, null]).map((cell) => cell?.trim().toUpperCase() ?? null);
      if (is != null && row.kind !== 'removed') status[is] = (status[is] ?? 0) - 1;
      if (was != null && row.kind !== 'added') status[was] = (status[was] ?? 0) + 1;
      total += row.kind === 'removed' ? 1 : row.kind === 'added' ? -1 : 0;
    }
  }
  return thinned(points.reverse());
}

const Rows = z.array(z.object({ kind: z.string(), cells: z.record(z.string(), z.tuple([z.string(), z.string()])) }));

function rowsOf(entry: AuditEntry): z.infer<typeof Rows> {
  const rows = Rows.safeParse(entry.details['rows']);
  return rows.success ? rows.data : [];
}

/** First and last stay. */
function thinned(points: readonly ReviewPoint[]): readonly ReviewPoint[] {
  if (points.length <= MOST_POINTS) return points;
  const step = (points.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_, index) => points[Math.round(index * step)]).filter(
    (found) => found !== undefined,
  );
}

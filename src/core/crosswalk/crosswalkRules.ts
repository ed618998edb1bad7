import { LINE_STATUSES, type LineStatus } from './crosswalkShapes.ts';
import { isIsoDay } from './crosswalkText.ts';

/** Where the review of a line may go: as for contract rows, and every line can be retired. */
const NEXT: Readonly<Record<LineStatus, readonly LineStatus[]>> = {
  DRAFT: ['IN_REVIEW', 'RETIRED'],
  IN_REVIEW: ['APPROVED', 'REJECTED', 'DRAFT', 'RETIRED'],
  APPROVED: ['DRAFT', 'RETIRED'],
  REJECTED: ['DRAFT', 'IN_REVIEW', 'RETIRED'],
  RETIRED: ['DRAFT'],
};

/** Columns that decide what a code becomes: whoever approves a line approves these. */
export const DECIDING_COLUMNS = ['source_code', 'target_code', 'valid_from', 'valid_to', 'safety_critical'] as const;

type Cells = Readonly<Record<string, string>>;

export interface LineReview {
  readonly who: string;
  /** True when the line has an error in the Problems panel. */
  readonly hasErrors: boolean;
  /** Who wrote what the line says now, and who owns the crosswalk; neither approves it. Empty when not known. */
  readonly author: string;
  readonly owner: string;
  /** Why this person may not approve or reject lines at all; null when they may. */
  readonly mayNotDecide: string | null;
}

/**
 * Why a change of a crosswalk line is not allowed, as a sentence; null when it is.
 *
 * @param before the line's cells by column; @param after the same after the change
 */
export function lineRefusal(before: Cells, after: Cells, given: LineReview): string | null {
  const wrong = cellFault(after);
  if (wrong !== null) return wrong;
  const status = after['status'] ?? '';
  const next = LINE_STATUSES.find((known) => known === status);
  // A line without a status is in force as it is; it comes under review with its first change.
  if (next === undefined)
    return status === (before['status'] ?? '') ? null : `There is no status ${status || '(empty)'}.`;
  const was = LINE_STATUSES.find((known) => known === before['status']) ?? 'DRAFT';
  if (next !== was && !NEXT[was].includes(next))
    return `A line that is ${was} can become ${NEXT[was].join(' or ')}, not ${next}.`;
  if (next !== 'APPROVED' && next !== 'REJECTED') return null;
  if (decidingChanges(before, after))
    return `A line is not changed and ${next} in one step; change it, then send it to review.`;
  if (next === was) return null;
  if (given.mayNotDecide !== null) return given.mayNotDecide;
  if (next === 'REJECTED') return null;
  if (given.hasErrors) return 'A line with an error in the Problems panel cannot be approved.';
  if (samePerson(given.author, given.who)) return 'Nobody approves a line that they wrote; ask another reviewer.';
  if (samePerson(given.owner, given.who)) return 'Nobody approves a crosswalk that is their own; ask another reviewer.';
  return null;
}

/** True when a change touches what a code becomes. */
export function decidingChanges(before: Cells, after: Cells): boolean {
  return DECIDING_COLUMNS.some((column) => (before[column] ?? '') !== (after[column] ?? ''));
}

function cellFault(after: Cells): string | null {
  const [from = '', to = ''] = [after['valid_from']?.trim(), after['valid_to']?.trim()];
  if ([from, to].some((day) => day !== '' && !isIsoDay(day))) return 'Dates are days as YYYY-MM-DD, or empty.';
  if (from !== '' && to !== '' && from > to) return 'The line would end before it begins.';
  if (!['', 'Y', 'N'].includes((after['safety_critical'] ?? '').trim().toUpperCase()))
    return 'safety_critical is Y or N, or empty.';
  return null;
}

function samePerson(one: string, other: string): boolean {
  return one.trim() !== '' && one.trim().toLowerCase() === other.trim().toLowerCase();
}

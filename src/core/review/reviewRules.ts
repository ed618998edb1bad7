import { APPROVED_COLUMNS, MAPPING_CLASSES, REVIEW_STATUSES, type ReviewStatus } from '../contract/contract.ts';
import { patientNumberFault } from '../governance/freeText.ts';

/** Where a review may go from each status. Approval needs a look in between: nobody approves a draft by one click. */
const NEXT: Readonly<Record<ReviewStatus, readonly ReviewStatus[]>> = {
  DRAFT: ['IN_REVIEW'],
  IN_REVIEW: ['APPROVED', 'REJECTED', 'DRAFT'],
  APPROVED: ['DRAFT'],
  REJECTED: ['DRAFT', 'IN_REVIEW'],
};

type Cells = Readonly<Record<string, string>>;

/**
 * Why a change of a contract row is not allowed, as a sentence; null when it is.
 *
 * @param before the row's cells by column; @param after the same after the change
 * @param given who asks; whether the row has an error in the Problems panel; what the reviewer says of a decision, null
 *   while it was not asked for; why this person may not approve or reject such a row at all, null when they may
 */
export function reviewRefusal(
  before: Cells,
  after: Cells,
  given: {
    readonly who: string;
    readonly hasErrors: boolean;
    readonly comment?: string | null;
    readonly mayNotDecide?: string | null;
  },
): string | null {
  const { mapping_class: mappingClass = '', status = '', owner = '', notes = '' } = after;
  const patient = patientNumberFault('The comment', given.comment ?? '');
  if (patient !== null) return patient;
  if (!MAPPING_CLASSES.some((known) => known === mappingClass))
    return `There is no class ${mappingClass || '(empty)'}.`;
  const next = REVIEW_STATUSES.find((known) => known === status);
  if (next === undefined) return `There is no status ${status || '(empty)'}.`;
  const was = REVIEW_STATUSES.find((known) => known === before['status']) ?? 'DRAFT';
  if (next !== was && !NEXT[was].includes(next))
    return `A row that is ${was} can become ${NEXT[was].join(' or ')}, not ${next}.`;
  if (mappingClass === 'out_of_scope' && notes.trim() === '')
    return 'A field that is out of scope needs the reason in its notes.';
  if (next !== 'APPROVED' && next !== 'REJECTED') return null;
  if (APPROVED_COLUMNS.some((column) => (before[column] ?? '') !== (after[column] ?? '')))
    return `A mapping is not changed and ${next} in one step; change it, then send it to review.`;
  if (next === was) return null;
  if ((given.mayNotDecide ?? null) !== null) return given.mayNotDecide ?? null;
  if (next === 'REJECTED') return given.comment?.trim() === '' ? 'A rejection needs a comment that says why.' : null;
  if (mappingClass === 'unresolved') return 'A field that nobody has mapped cannot be approved.';
  if (given.hasErrors) return 'A row with an error in the Problems panel cannot be approved.';
  if (samePerson(owner, given.who)) return 'Nobody approves a row that is their own; ask another reviewer.';
  return null;
}

function samePerson(owner: string, who: string): boolean {
  return owner.trim() !== '' && owner.trim().toLowerCase() === who.trim().toLowerCase();
}

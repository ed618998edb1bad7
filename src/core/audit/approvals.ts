import { APPROVED_COLUMNS, type Contract, type ContractField } from '../contract/contract.ts';
import { fieldCells } from '../contract/contractFile.ts';
import { parseCsvText } from '../csv/csvText.ts';
import { hashFileIfThere } from '../project/hashFile.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { Contents } from '../snapshots/contents.ts';
import { ApprovalReplay, isRestored, mappingOf, NOTHING_APPROVED, type StandingApprovals } from './approvalReplay.ts';
import { type AuditEntry, readAudit } from './auditLog.ts';
import { changedRows, keysOf, rowKey } from './contractEvents.ts';

type Cells = Readonly<Record<string, string>>;

/** A cell of an approved row that is not what was approved. */
export interface ApprovedCell {
  readonly column: string;
  readonly approved: string;
}

/** A contract as its approvals on record leave it. */
export interface ApprovedContract {
  /** Only rows that are still what was approved, with an approval on record, count as APPROVED; the others are DRAFT. */
  readonly contract: Contract;
  /** Rows that say APPROVED and changed since their approval. */
  readonly changed: readonly ContractField[];
  /** Rows that say APPROVED and that nobody approved, as far as the audit log knows. */
  readonly unreviewed: readonly ContractField[];
  /** Rows that count as approved because they were when the audit log began. */
  readonly fromTheStart: number;
}

/**
 * What was approved, row by row, as the audit log tells it. A row that says APPROVED while its mapping is another than
 * the one that was approved, or while nobody is on record who approved it, is not approved, however it came there: by a
 * text editor, a script or another program.
 */
export class Approvals {
  /** Row key → cells as the log last recorded them. */
  readonly #recorded: ReadonlyMap<string, Cells>;
  readonly #standing: StandingApprovals;
  readonly #text: string | null;

  /** @param text the contract as the log last recorded it; null without a record, when everything counts as it stands */
  constructor(text: string | null, standing: StandingApprovals) {
    this.#text = text;
    this.#standing = standing;
    this.#recorded = new Map(text === null ? [] : rowsOf(text));
  }

  /** True when every row of a text that says APPROVED is approved, without looking at the rows. */
  fits(text: string): boolean {
    const { moved, unreviewed } = this.#standing;
    return this.#text === null || (moved.size === 0 && unreviewed.size === 0 && text === this.#text);
  }

  /** Cells of a row that says APPROVED and are not what was approved; none for any other row. */
  changed(cells: Cells): readonly ApprovedCell[] {
    if (!saysApproved(cells)) return [];
    const key = keyOf(cells);
    const recorded = this.#recorded.get(key);
    if (recorded === undefined || !saysApproved(recorded) || this.#standing.unreviewed.has(key)) return [];
    const moved = this.#standing.moved.get(key);
    return APPROVED_COLUMNS.map((column) => ({
      column,
      approved: moved?.get(column) ?? recorded[column] ?? '',
    })).filter((cell) => meant(cell.column, cell.approved) !== meant(cell.column, cells[cell.column] ?? ''));
  }

  /**
   * Whether a row says APPROVED without an approval on record.
   *
   * @returns `recorded` when the log saw it become APPROVED with no reviewer, `unrecorded` when the log has not seen it
   *   APPROVED yet, as in an editor before its text is saved; null when it has its approval or says something else
   */
  unreviewed(cells: Cells): 'recorded' | 'unrecorded' | null {
    if (this.#text === null || !saysApproved(cells)) return null;
    const key = keyOf(cells);
    const recorded = this.#recorded.get(key);
    if (recorded === undefined && this.#standing.gone.get(key)?.mapping === mappingOf((column) => cells[column] ?? ''))
      return null;
    if (recorded === undefined || !saysApproved(recorded)) return 'unrecorded';
    return this.#standing.unreviewed.has(key) ? 'recorded' : null;
  }

  /** The contract as its approvals leave it. */
  applyTo(contract: Contract): ApprovedContract {
    const saying = contract.fields.filter((row) => row.status === 'APPROVED');
    const unreviewed = saying.filter((row) => this.unreviewed(fieldCells(row)) !== null);
    const changed = saying.filter((row) => this.changed(fieldCells(row)).length > 0);
    const not = new Set([...unreviewed, ...changed]);
    const reviewed = ({ targetTable, targetField, rowSet }: ContractField): boolean =>
      this.#standing.reviewed.has(rowKey(targetTable, targetField, rowSet));
    return {
      contract: {
        ...contract,
        fields: contract.fields.map((row) => (not.has(row) ? { ...row, status: 'DRAFT' as const } : row)),
      },
      changed,
      unreviewed,
      fromTheStart: saying.filter((row) => !not.has(row) && !reviewed(row)).length,
    };
  }
}

/** Why rows that say APPROVED do not count, to go on a sentence; empty when none does. */
export function notApprovedWords({ changed, unreviewed }: Pick<ApprovedContract, 'changed' | 'unreviewed'>): string {
  const told = [
    changed.length === 0 ? '' : `, ${changed.length} of them changed since their approval`,
    unreviewed.length === 0 ? '' : `, ${unreviewed.length} of them say APPROVED with no approval on record`,
  ];
  return told.join('');
}

/** What is to be known of rows that nobody approved here, as a sentence without its end. */
export function fromTheStartWords(rows: number): string {
  return `${rows === 1 ? '1 row was' : `${rows} rows were`} APPROVED already when the audit log began; no reviewer is on record for ${rows === 1 ? 'it' : 'them'}`;
}

function rowsOf(text: string): (readonly [string, Cells])[] {
  const { records } = parseCsvText(text, ARTEFACTS.contract, []).value;
  return records.map(({ cells }) => [keyOf(cells), cells] as const);
}

function keyOf(cells: Cells): string {
  return rowKey(cells['target_table'] ?? '', cells['target_field'] ?? '', cells['row_set'] ?? '');
}

function saysApproved(cells: Cells): boolean {
  return (cells['status'] ?? '').trim() === 'APPROVED';
}

/** Outer blanks count in a literal and nowhere else. */
function meant(column: string, value: string): string {
  return column === 'default_value' ? value : value.trim();
}

/**
 * Reads what was approved from the audit log and the versions of the contract that it keeps. Rows that were APPROVED in
 * the first version that the log recorded count as approved as they stood then; later ones need a reviewer on record.
 * Without a log nothing is known, and every row counts as it stands.
 */
export async function readApprovals(project: Project): Promise<Approvals> {
  const contents = await Contents.open(project);
  const entries = (await readAudit(project)).filter(({ event }) => EVENTS.has(event));
  const replay = new ApprovalReplay(new Set(entries.flatMap((entry) => (isRestored(entry) ? versionOf(entry) : []))));
  let last: string | null = null;
  for (const entry of entries) {
    if (entry.event === 'contract-reviewed') {
      if (entry.details['decision'] === 'APPROVED') replay.reviewed(keysOf(entry));
      continue;
    }
    const [version = null] = versionOf(entry);
    replay.changed(last === null ? [] : await changedRows(entry, contents), version, isRestored(entry));
    last = version ?? last;
  }
  if (last === null) return new Approvals(null, NOTHING_APPROVED);
  return new Approvals(await textOf(project, contents, last), replay.standing);
}

/** Contract rows with the status that counts: one that says APPROVED and is not, by the audit log, is DRAFT. */
export async function countedFields(
  project: Project,
  fields: readonly ContractField[],
): Promise<readonly ContractField[]> {
  return (await readApprovals(project)).applyTo({ fields, tables: [] }).contract.fields;
}

const EVENTS: ReadonlySet<string> = new Set(['contract-changed', 'contract-reviewed']);

/** The version of the contract that an event is about; none when it does not say. */
function versionOf({ details }: AuditEntry): string[] {
  return typeof details['after'] === 'string' ? [details['after']] : [];
}

/**
 * The text of a recorded version. In a copy of the folder that came without the kept versions the contract itself may be
 * it; of a text that is lost, no row is known to be approved.
 */
async function textOf(project: Project, contents: Contents, sha256: string): Promise<string> {
  const kept = await contents.read(sha256);
  if (kept !== null) return kept;
  const own = await hashFileIfThere(project.at(ARTEFACTS.contract));
  return own?.sha256 === sha256 ? ((await readOptionalText(project, ARTEFACTS.contract)) ?? '') : '';
}

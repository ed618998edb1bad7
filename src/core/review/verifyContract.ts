import { readApprovals } from '../audit/approvals.ts';
import { verifyAudit } from '../audit/auditLog.ts';
import { faultyLines, faultyLineWords } from '../audit/crosswalkApprovals.ts';
import { type ContractRowChange, diffContracts, diffContractTables } from '../contract/contractDiff.ts';
import { readContractText } from '../contract/contractFile.ts';
import { readContractLock } from '../contract/contractLock.ts';
import type { ContractLock } from '../contract/lockFile.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readRequiredText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { readContractVersion } from '../snapshots/contractVersion.ts';

const CONTRACT_FILES: readonly string[] = [ARTEFACTS.contract, ARTEFACTS.contractTables];

/** Whether the contract is the one that was locked, row by row. */
export interface ContractVerification {
  /** It matches its latest lock, every row and crosswalk line is approved and the audit log has no faults. */
  readonly holds: boolean;
  readonly lock: ContractLock | null;
  readonly matches: boolean;
  /** Field and table rows. */
  readonly rows: number;
  /** Crosswalk files that are not as they were locked. */
  readonly changed_crosswalks: readonly string[];
  /** Rows that differ from what was locked. */
  readonly changes: readonly ContractRowChange[];
  /** Rows that are not approved, or changed since. */
  readonly open: readonly {
    readonly targetTable: string;
    readonly targetField: string;
    readonly rowSet: string;
    readonly status: string;
  }[];
  /** Why rows cannot be named, or that only the writing differs; empty when there is nothing to say. */
  readonly note: string;
}

/**
 * Compares the contract with its latest lock.
 *
 * @throws UserError when there is no contract, or it or the lock file cannot be read
 */
export async function verifyContract(project: Project): Promise<ContractVerification> {
  const next = 'Run build-mapping-contract first.';
  const fields = await readRequiredText(project, ARTEFACTS.contract, next);
  const tables = await readRequiredText(project, ARTEFACTS.contractTables, next);
  const { value, problems } = readContractText(fields, ARTEFACTS.contract, tables, ARTEFACTS.contractTables);
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) throw UserError.from(errors);
  if (value.fields.length === 0)
    throw new UserError(`${ARTEFACTS.contract}: has no row, so there is nothing to verify. ${next}`);
  const [fault] = (await verifyAudit(project)).faults;
  const lines = faultyLineWords(await faultyLines(project));
  const state = await readContractLock(project);
  const matches = state?.matches ?? false;
  const { changes, note } =
    state === null || !state.changed.some((path) => CONTRACT_FILES.includes(path))
      ? { changes: [], note: '' }
      : await changesSinceLock(project, fields, tables);
  const tableRows = value.tables.map((row) => ({
    ...row,
    targetField: '',
    targetTable: row.targetTable || row.drivingTable,
  }));
  const { contract } = (await readApprovals(project)).applyTo(value);
  const open = [...contract.fields, ...tableRows]
    .filter((row) => row.status !== 'APPROVED')
    .map(({ targetTable, targetField, rowSet, status }) => ({ targetTable, targetField, rowSet, status }));
  const rows = value.fields.length + tableRows.length;
  return {
    holds: matches && open.length === 0 && fault === undefined && lines === '',
    lock: state?.lock ?? null,
    matches,
    rows,
    changed_crosswalks: (state?.changed ?? []).filter((path) => !CONTRACT_FILES.includes(path)),
    changes,
    open,
    note: [
      note,
      lines === '' ? '' : `${lines}.`,
      fault === undefined
        ? ''
        : `${ARTEFACTS.auditLog}:${fault.line}: ${fault.message}; audit verify lists its faults.`,
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
  };
}

async function changesSinceLock(
  project: Project,
  fields: string,
  tables: string,
): Promise<{ changes: ContractRowChange[]; note: string }> {
  try {
    const locked = await readContractVersion(project, 'locked');
    const changes = [...diffContracts(locked.fields, fields), ...diffContractTables(locked.tables ?? '', tables)];
    return { changes, note: changes.length === 0 ? 'No row differs: only the writing of the files does.' : '' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { changes: [], note: `Which rows differ cannot be told: ${error.message}` };
  }
}

import { fromTheStartWords, readApprovals } from '../audit/approvals.ts';
import { faultyLines } from '../audit/crosswalkApprovals.ts';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { type Contract, type ContractField, MAPPING_CLASSES, REVIEW_STATUSES } from '../contract/contract.ts';
import { readContractText } from '../contract/contractFile.ts';
import { readContractLock } from '../contract/contractLock.ts';
import { readCrosswalks } from '../crosswalk/crosswalk.ts';
import type { Engine } from '../engine/engine.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readRequiredText } from '../project/readText.ts';
import { counted } from '../shared/counted.ts';
import { groupBy } from '../shared/order.ts';
import { formatProblem, type Problem, type Severity } from '../shared/problem.ts';
import { Checking } from './checking.ts';
import { contractProblems } from './contractProblems.ts';

/** Errors told in words; the Problems panel has all. */
const TOLD_ERRORS = 10;

export interface RowCounts {
  readonly rows: number;
  /** By mapping class and by review status; every word is there. */
  readonly classes: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly unresolved_mandatory: number;
  /** 0 to 1; 0 without rows. */
  readonly approved_share: number;
}

/** How far the review of the contract is. */
export interface ContractStatus extends RowCounts {
  readonly tables: readonly ({ readonly table: string } & RowCounts)[];
  /** Rows of `mapping_contract_tables.csv` by review status. */
  readonly table_rows: { readonly rows: number; readonly statuses: Readonly<Record<string, number>> };
  /** Rows that say APPROVED and changed since; they are counted as DRAFT. */
  readonly changed_since_approval: number;
  /** Rows that say APPROVED with no approval on record; they are counted as DRAFT. */
  readonly approved_without_review: number;
  /** Rows that count as approved because they were when the audit log began. */
  readonly approved_from_the_start: number;
  /** Crosswalk lines that say APPROVED and changed since, or have no approval on record. */
  readonly crosswalk_lines_not_approved: number;
  readonly lock: {
    readonly state: 'none' | 'holds' | 'changed since';
    readonly name: string | null;
    readonly locked_at_utc: string | null;
    readonly locked_by: string | null;
  };
  readonly problems: Readonly<Record<Severity, number>>;
  /** The first errors with their places. */
  readonly first_errors: readonly string[];
}

/**
 * Counts the rows of the contract, its problems as the editor shows them, and looks at its lock.
 *
 * @throws UserError when there is no contract or catalog
 */
export async function contractStatus(project: Project, engine: Engine): Promise<ContractStatus> {
  const next = 'Run build-mapping-contract first.';
  const fields = await readRequiredText(project, ARTEFACTS.contract, next);
  const tables = await readRequiredText(project, ARTEFACTS.contractTables, next);
  const read = readContractText(fields, ARTEFACTS.contract, tables, ARTEFACTS.contractTables);
  const problems = await problemsOf(project, fields, tables, engine);
  const approved = (await readApprovals(project)).applyTo(read.value);
  const value = approved.contract;
  const lines = await faultyLines(project);
  return {
    ...countRows(value.fields),
    tables: [...groupBy(value.fields, (row) => row.targetTable)].map(([table, rows]) => ({
      table,
      ...countRows(rows),
    })),
    table_rows: { rows: value.tables.length, statuses: count(value.tables, REVIEW_STATUSES, (row) => row.status) },
    changed_since_approval: approved.changed.length,
    approved_without_review: approved.unreviewed.length,
    approved_from_the_start: approved.fromTheStart,
    crosswalk_lines_not_approved: lines.length,
    lock: await lockState(project),
    problems: severities(problems),
    first_errors: problems
      .filter(({ severity }) => severity === 'error')
      .slice(0, TOLD_ERRORS)
      .map(formatProblem),
  };
}

async function problemsOf(project: Project, fields: string, tables: string, engine: Engine): Promise<Problem[]> {
  const source = await loadCatalog(project, ARTEFACTS.sourceCatalog, 'source');
  const target = await loadCatalog(project, ARTEFACTS.targetCatalog, 'target');
  const crosswalks = await readCrosswalks(project, ARTEFACTS.crosswalks);
  const texts = {
    fields: { file: ARTEFACTS.contract, text: fields },
    tables: { file: ARTEFACTS.contractTables, text: tables },
  };
  return contractProblems({ ...texts, source, target, crosswalks: crosswalks.value }, new Checking(engine));
}

function countRows(rows: Contract['fields']): RowCounts {
  const approved = rows.filter((row) => row.status === 'APPROVED').length;
  const open = (row: ContractField): boolean => row.mandatory && row.mappingClass === 'unresolved';
  return {
    rows: rows.length,
    classes: count(rows, MAPPING_CLASSES, (row) => row.mappingClass),
    statuses: count(rows, REVIEW_STATUSES, (row) => row.status),
    unresolved_mandatory: rows.filter(open).length,
    approved_share: rows.length === 0 ? 0 : Math.round((approved / rows.length) * 1e4) / 1e4,
  };
}

function count<T>(rows: readonly T[], words: readonly string[], wordOf: (row: T) => string): Record<string, number> {
  const counts = Object.fromEntries(words.map((word) => [word, 0]));
  for (const row of rows) counts[wordOf(row)] = (counts[wordOf(row)] ?? 0) + 1;
  return counts;
}

function severities(problems: readonly Problem[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of problems) counts[severity] += 1;
  return counts;
}

async function lockState(project: Project): Promise<ContractStatus['lock']> {
  const found = await readContractLock(project);
  if (found === null) return { state: 'none', name: null, locked_at_utc: null, locked_by: null };
  const { name, locked_at_utc, locked_by } = found.lock;
  return { state: found.matches ? 'holds' : 'changed since', name, locked_at_utc, locked_by };
}

/** A status as a person reads it on a terminal. */
export function statusText(status: ContractStatus): string[] {
  const { error, warning } = status.problems;
  const { lock } = status;
  return [
    `${counted(status.rows, 'row')} of ${counted(status.tables.length, 'table')}, ${percent(status.approved_share)} approved, ${status.unresolved_mandatory} mandatory unresolved.`,
    `Classes: ${filled(status.classes)}.`,
    `Status: ${filled(status.statuses)}; table rows: ${filled(status.table_rows.statuses)}.`,
    ...(status.changed_since_approval === 0
      ? []
      : [
          `${counted(status.changed_since_approval, 'row')} changed since approval and ${status.changed_since_approval === 1 ? 'counts' : 'count'} as DRAFT.`,
        ]),
    ...(status.approved_without_review === 0 ? [] : [withoutReview(status.approved_without_review)]),
    ...(status.approved_from_the_start === 0 ? [] : [`${fromTheStartWords(status.approved_from_the_start)}.`]),
    ...(status.crosswalk_lines_not_approved === 0
      ? []
      : [
          `${status.crosswalk_lines_not_approved} crosswalk lines say APPROVED and are not: they changed since, or nobody is on record who approved them.`,
        ]),
    `Problems: ${counted(error, 'error')}, ${counted(warning, 'warning')}.`,
    ...status.first_errors.map((line) => `  ${line}`),
    ...(error > status.first_errors.length
      ? [`  and ${counted(error - status.first_errors.length, 'more error')}`]
      : []),
    lock.state === 'none'
      ? 'Lock: none.'
      : `Lock: ${lock.name} by ${lock.locked_by} at ${lock.locked_at_utc}, ${lock.state === 'holds' ? 'still holds' : 'but changed since'}.`,
    ...status.tables
      .filter((table) => table.approved_share < 1 || table.unresolved_mandatory > 0)
      .map((table) => `  ${table.table}: ${filled(table.statuses)}; ${filled(table.classes)}`),
  ];
}

function filled(counts: Readonly<Record<string, number>>): string {
  const told = Object.entries(counts).filter(([, rows]) => rows > 0);
  return told.length === 0 ? 'none' : told.map(([word, rows]) => `${rows} ${word}`).join(', ');
}

/** 99.96 % is not all of them. */
function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`;
}

function withoutReview(rows: number): string {
  const [say, count, them] = rows === 1 ? ['says', 'counts', 'it'] : ['say', 'count', 'them'];
  return `${counted(rows, 'row')} ${say} APPROVED with no approval on record and ${count} as DRAFT; set ${them} to DRAFT and review ${them} again.`;
}

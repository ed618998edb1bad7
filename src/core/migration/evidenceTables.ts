import type { Engine } from '../engine/engine.ts';
import { quoteLiteral } from '../engine/sqlText.ts';
import { ISSUE_COLUMNS, REJECT_COLUMNS } from '../project/evidenceColumns.ts';
import type { Severity } from '../shared/problem.ts';
import { REJECT_SUMMARY } from './rejectSummary.ts';

/** Why a row or cell was not loaded. */
export type RejectReason =
  | 'UNKNOWN_CODE'
  | 'BAD_FORMAT'
  | 'TOO_LONG'
  | 'MANDATORY_MISSING'
  | 'PARENT_MISSING'
  | 'DUPLICATE_KEY'
  | 'AMBIGUOUS_JOIN'
  | 'UNREADABLE_ROW';

export interface RejectOrigin {
  readonly targetTable: string;
  readonly targetField: string;
  readonly sourceTable: string;
  readonly sourceField: string;
  readonly crosswalk: string;
  readonly safetyCritical: boolean;
  readonly rowPolicy: 'hold' | 'load_null';
}

export interface Issue {
  readonly severity: Severity;
  readonly category: string;
  readonly ruleId: string;
  readonly domain: string;
  readonly table: string;
  readonly field: string;
  readonly rowKey: string;
  readonly message: string;
  readonly ownerRole: string;
}

const SEVERITY_WORDS: Readonly<Record<Severity, string>> = { error: 'ERROR', warning: 'WARN', info: 'INFO' };

/**
 * The rejects and issues of a run, kept in the engine so that a million of them cost no JavaScript memory, and
 * written in a fixed order: by load order of the target table, field, then source row.
 */
export class EvidenceTables {
  readonly #engine: Engine;
  #position = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async create(): Promise<void> {
    const rejectTypes = REJECT_COLUMNS.map((name) => `${name} ${name === 'source_row' ? 'BIGINT' : 'VARCHAR'}`);
    await this.#engine.run(`CREATE TABLE rejects (position BIGINT, ${rejectTypes.join(', ')})`);
    await this.#engine.run(
      `CREATE TABLE issues (position BIGINT, ${ISSUE_COLUMNS.map((name) => `${name} VARCHAR`).join(', ')})`,
    );
  }

  /** Adds one reject for each row of `query`, which gives source_row, row_key, source_value and reason. */
  async addRejects(origin: RejectOrigin, query: string): Promise<number> {
    this.#position += 1;
    const cells = [origin.targetTable, origin.targetField, origin.sourceTable, origin.sourceField].map(quoteLiteral);
    const tail = [origin.crosswalk, origin.safetyCritical ? 'Y' : 'N', origin.rowPolicy].map(quoteLiteral);
    return this.#engine.run(
      `INSERT INTO rejects SELECT ${this.#position}, ${cells.join(', ')}, source_value, source_row, row_key, ${tail.join(', ')}, reason FROM (${query})`,
    );
  }

  /** Adds one issue for each row of `query`, which gives row_key. */
  async addIssuesOfRows(issue: Omit<Issue, 'rowKey'>, query: string): Promise<number> {
    this.#position += 1;
    return this.#engine.run(
      `INSERT INTO issues SELECT ${this.#position}, ${issueKey(issue.ruleId, issue.table, issue.field, 'row_key')}, ${issueCells(issue, 'row_key')} FROM (${query})`,
    );
  }

  async addIssue(issue: Issue): Promise<void> {
    this.#position += 1;
    const rowKey = quoteLiteral(issue.rowKey);
    await this.#engine.run(
      `INSERT INTO issues SELECT ${this.#position}, ${issueKey(issue.ruleId, issue.table, issue.field, rowKey)}, ${issueCells(issue, rowKey)}`,
    );
  }

  /**
   * One issue for each field and reason that has rejects, with the count; the rows themselves are in the rejects file.
   *
   * @param safetyRole answers for the safety-critical ones
   */
  async summariseRejects(ownerRole: string, safetyRole: string): Promise<void> {
    this.#position += 1;
    const message = `concat(n, ' reject', CASE WHEN n = 1 THEN '' ELSE 's' END, ' (', reason, ') from ', source_table, CASE WHEN source_field = '' THEN '' ELSE '.' || source_field END, CASE WHEN crosswalk = '' THEN '' ELSE ' through crosswalk ' || crosswalk END, '; see contract_migration_rejects.csv.')`;
    await this.#engine.run(
      `INSERT INTO issues SELECT ${this.#position}, left(md5(concat_ws('|', 'reject', reason, target_table, target_field, source_table, source_field)), 16),
        CASE WHEN safety_critical = 'Y' OR row_policy = 'hold' THEN 'ERROR' ELSE 'WARN' END, ${quoteLiteral(REJECT_SUMMARY)}, reason, '', target_table, target_field, '', ${message}, CASE WHEN safety_critical = 'Y' THEN ${quoteLiteral(safetyRole)} ELSE ${quoteLiteral(ownerRole)} END
        FROM (SELECT target_table, target_field, source_table, source_field, crosswalk, reason, max(safety_critical) AS safety_critical, min(row_policy) AS row_policy, count(*) AS n, min(position) AS first FROM rejects GROUP BY ALL ORDER BY first, reason)`,
    );
  }

  async writeRejects(path: string): Promise<void> {
    await this.#write('rejects', REJECT_COLUMNS, 'position, source_row', path);
  }

  async writeIssues(path: string): Promise<void> {
    const severity = "CASE severity WHEN 'ERROR' THEN 0 WHEN 'WARN' THEN 1 ELSE 2 END";
    await this.#write('issues', ISSUE_COLUMNS, `${severity}, position, row_key, issue_key`, path);
  }

  async #write(table: string, columns: readonly string[], order: string, path: string): Promise<void> {
    await this.#engine.run(
      `COPY (SELECT ${columns.join(', ')} FROM ${table} ORDER BY ${order}) TO ${quoteLiteral(path)} (FORMAT csv, HEADER, QUOTE '"', ESCAPE '"')`,
    );
  }
}

/** Stable across runs: a hash of what identifies the issue, never of its wording. `rowKey` is SQL. */
function issueKey(ruleId: string, table: string, field: string, rowKey: string): string {
  return `left(md5(concat_ws('|', ${[ruleId, table, field].map(quoteLiteral).join(', ')}, ${rowKey})), 16)`;
}

function issueCells(issue: Omit<Issue, 'rowKey'>, rowKey: string): string {
  const before = [SEVERITY_WORDS[issue.severity], issue.category, issue.ruleId, issue.domain, issue.table, issue.field];
  return [...before.map(quoteLiteral), rowKey, ...[issue.message, issue.ownerRole].map(quoteLiteral)].join(', ');
}

import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier, quoteLiteral } from '../engine/sqlText.ts';
import { ambiguousJoins } from './ambiguousJoins.ts';
import type { EvidenceTables } from './evidenceTables.ts';
import type { RowSetPlan, TablePlan, ValuePlan } from './plan.ts';
import { keyTable, RowSetSql } from './renderRowSet.ts';
import type { LoadedSource } from './sourceStore.ts';

/** What became of the driving rows of one row set. read = written + rejected + excluded + merged, or the run fails. */
export interface RowLedger {
  readonly targetTable: string;
  readonly rowSet: string;
  readonly sourceTable: string;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly rowsRejected: number;
  readonly rowsExcluded: number;
  readonly rowsMerged: number;
  readonly columns: number;
  readonly cellsTotal: number;
  readonly cellsPopulated: number;
  readonly cellsImputed: number;
}

interface StagedRowSet {
  readonly sql: RowSetSql;
  readonly stage: string;
  readonly source: LoadedSource;
  /** Rows the filter left out. */
  readonly excluded: number;
  readonly staged: number;
  readonly held: number;
  duplicates: number;
}

/** Loads one target table: stage each row set, report rejects, enforce the key, write the CSV, keep keys for children. */
export class TableLoader {
  readonly #engine: Engine;
  readonly #evidence: EvidenceTables;
  readonly #need: (table: string) => Promise<LoadedSource>;
  readonly #ownerOf: (line: number) => string;

  constructor(
    engine: Engine,
    evidence: EvidenceTables,
    need: (table: string) => Promise<LoadedSource>,
    ownerOf: (line: number) => string,
  ) {
    this.#engine = engine;
    this.#evidence = evidence;
    this.#need = need;
    this.#ownerOf = ownerOf;
  }

  /** @param path where the CSV goes (a temporary sibling) */
  async load(table: TablePlan, path: string): Promise<RowLedger[]> {
    const staged: StagedRowSet[] = [];
    for (const [index, rowSet] of table.rowSets.entries())
      staged.push(await this.#stage(table, rowSet, `stage_${index}`));
    await this.#dropDuplicates(table, staged);
    await this.#materialise(table, staged);
    await this.#write(table, path);
    const ledgers = [];
    for (const [index, rowSet] of staged.entries()) ledgers.push(await this.#ledger(table, rowSet, index));
    await this.#keepKeys(table);
    for (const { stage } of staged) await this.#engine.run(`DROP TABLE ${stage}`);
    await this.#engine.run('DROP VIEW IF EXISTS loaded_rows');
    await this.#engine.run('DROP TABLE IF EXISTS numbered_rows');
    return ledgers;
  }

  async #stage(table: TablePlan, rowSet: RowSetPlan, stage: string): Promise<StagedRowSet> {
    const source = await this.#need(rowSet.source);
    for (const join of rowSet.joins) await this.#need(join.table);
    const sql = new RowSetSql(table, rowSet, source.file.plan.keyColumns, await ambiguousJoins(this.#engine, rowSet));
    await this.#engine.run(sql.stage(stage));
    const masks = sql.maskNames.map((mask) => `coalesce(bit_or(${mask}), 0)::VARCHAR AS ${mask}`);
    const sums = [
      'count(*)::DOUBLE AS staged',
      'count(*) FILTER (WHERE __held)::DOUBLE AS held',
      'count(*) FILTER (WHERE __ambiguous)::DOUBLE AS ambiguous',
      'coalesce(sum(__imputed), 0)::DOUBLE AS imputed',
    ];
    const [totals = {}] = await this.#engine.rows(`SELECT ${[...sums, ...masks].join(', ')} FROM ${stage}`);
    const excludedSql = sql.excludedCount();
    const [excluded] =
      excludedSql === null ? [] : await this.#engine.rows(excludedSql.replace('count(*)', 'count(*)::DOUBLE'));
    await this.#reportFailures(table, sql, stage, totals);
    if (Number(totals['ambiguous']) > 0) await this.#reportAmbiguous(table, sql, stage);
    await this.#reportUnreadable(table, rowSet, source);
    if (Number(totals['imputed']) > 0) await this.#reportImputed(table, sql, stage);
    return {
      sql,
      stage,
      source,
      excluded: Number(excluded?.['n'] ?? 0),
      staged: Number(totals['staged']),
      held: Number(totals['held']),
      duplicates: 0,
    };
  }

  async #reportFailures(
    table: TablePlan,
    sql: RowSetSql,
    stage: string,
    totals: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    for (const value of sql.values) {
      const seen = BigInt(String(totals[value.failure.mask] ?? '0'));
      if ((seen & BigInt(value.failure.bit.split(':')[0] ?? '0')) === 0n) continue;
      await this.#evidence.addRejects(originOf(table, value.value), sql.rejects(value, stage));
    }
  }

  async #reportAmbiguous(table: TablePlan, sql: RowSetSql, stage: string): Promise<void> {
    const rows = sql.rowKeys(`SELECT __row FROM ${stage} WHERE __ambiguous`);
    await this.#evidence.addRejects(
      rowOrigin(table, sql.rowSet),
      `SELECT *, '' AS source_value, 'AMBIGUOUS_JOIN' AS reason FROM (${rows})`,
    );
  }

  async #reportUnreadable(table: TablePlan, rowSet: RowSetPlan, source: LoadedSource): Promise<void> {
    if (source.unreadable.length === 0) return;
    const values = source.unreadable
      .map(({ line, fault }) => `(${line}, ${quoteLiteral(`line ${line}: ${fault}`)})`)
      .join(', ');
    const query = `SELECT file_line AS source_row, row_key, '' AS source_value, 'UNREADABLE_ROW' AS reason FROM (VALUES ${values}) AS given(file_line, row_key)`;
    await this.#evidence.addRejects({ ...rowOrigin(table, rowSet), sourceField: '' }, query);
  }

  async #reportImputed(table: TablePlan, sql: RowSetSql, stage: string): Promise<void> {
    for (const value of sql.values.filter((candidate) => candidate.imputed !== null)) {
      const name = `${table.target}.${value.value.field}`;
      await this.#evidence.addIssuesOfRows(
        {
          severity: 'info',
          category: 'imputed',
          ruleId: 'imputed-value',
          domain: '',
          table: table.target,
          field: value.value.field,
          message: `${name} was missing and filled from the contract's default_value for this rehearsal.`,
          ownerRole: this.#ownerOf(value.value.line),
        },
        sql.imputedRows(value, stage),
      );
    }
  }

  /** The first row by row set and source row keeps the key; later ones are rejects, for a person to tell which is right. */
  async #dropDuplicates(table: TablePlan, staged: readonly StagedRowSet[]): Promise<void> {
    if (table.keyColumns.length === 0) return;
    const keys = table.keyColumns.map(quoteIdentifier).join(', ');
    const all = staged
      .map(({ stage }, index) => `SELECT ${index} AS __set, __row, ${keys} FROM ${stage} WHERE NOT __held`)
      .join(' UNION ALL ');
    const found = await this.#engine.rows(`SELECT 1 AS n FROM (${all}) GROUP BY ${keys} HAVING count(*) > 1 LIMIT 1`);
    if (found.length === 0) return;
    await this.#engine.run(
      `CREATE OR REPLACE TABLE duplicate_rows AS SELECT __set, __row FROM (${all}) QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY __set, __row) > 1`,
    );
    for (const [index, rowSet] of staged.entries()) {
      const rows = rowSet.sql.rowKeys(`SELECT __row FROM duplicate_rows WHERE __set = ${index}`);
      const origin = rowOrigin(table, rowSet.sql.rowSet);
      rowSet.duplicates = await this.#evidence.addRejects(
        origin,
        `SELECT *, '' AS source_value, 'DUPLICATE_KEY' AS reason FROM (${rows})`,
      );
      await this.#engine.run(
        `UPDATE ${rowSet.stage} SET __held = TRUE WHERE __row IN (SELECT __row FROM duplicate_rows WHERE __set = ${index})`,
      );
    }
    await this.#engine.run('DROP TABLE duplicate_rows');
  }

  /** `loaded_rows`: what will be written, with `__set` and `__row`; a surrogate key is numbered here, in file order. */
  async #materialise(table: TablePlan, staged: readonly StagedRowSet[]): Promise<void> {
    const columns = table.columns.map((column) => quoteIdentifier(column.field));
    const all = staged
      .map(
        ({ stage }, index) =>
          `SELECT ${index} AS __set, __row, __imputed, ${columns.join(', ')} FROM ${stage} WHERE NOT __held`,
      )
      .join(' UNION ALL ');
    if (table.surrogate === null) {
      await this.#engine.run(`CREATE OR REPLACE TEMP VIEW loaded_rows AS ${all}`);
      return;
    }
    const surrogate = quoteIdentifier(table.surrogate);
    const ordered = `SELECT * FROM (${all}) ORDER BY __set, __row`;
    await this.#engine.run(
      `CREATE OR REPLACE TABLE numbered_rows AS SELECT * RENAME (${surrogate} AS __business_key), row_number() OVER () AS ${surrogate} FROM (${ordered})`,
    );
    await this.#engine.run('CREATE OR REPLACE TEMP VIEW loaded_rows AS SELECT * FROM numbered_rows');
  }

  async #write(table: TablePlan, path: string): Promise<void> {
    const columns = table.columns.map((column) => quoteIdentifier(column.field)).join(', ');
    await this.#engine.run(
      `COPY (SELECT ${columns} FROM loaded_rows ORDER BY __set, __row) TO ${quoteLiteral(path)} (FORMAT csv, HEADER, QUOTE '"', ESCAPE '"', DATEFORMAT '%Y-%m-%d', TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S')`,
    );
  }

  async #ledger(table: TablePlan, staged: StagedRowSet, index: number): Promise<RowLedger> {
    const inScope = table.columns.filter((column) => column.inScope);
    const populated = inScope.map((column) => `count(${quoteIdentifier(column.field)})`).join(' + ') || '0';
    const [counts = {}] = await this.#engine.rows(
      `SELECT count(*)::DOUBLE AS written, (${populated})::DOUBLE AS populated, coalesce(sum(__imputed), 0)::DOUBLE AS imputed FROM loaded_rows WHERE __set = ${index}`,
    );
    const written = Number(counts['written']);
    const { source, excluded } = staged;
    const readable = source.rowsRead - source.unreadable.length;
    // Only a dedupe may merge rows; without one, a missing row stays unexplained and fails the run.
    const merged = staged.sql.rowSet.dedupe === null ? 0 : readable - excluded - staged.staged;
    return {
      targetTable: table.target,
      rowSet: staged.sql.rowSet.name,
      sourceTable: staged.sql.rowSet.source,
      rowsRead: source.rowsRead,
      rowsWritten: written,
      rowsRejected: staged.held + staged.duplicates + source.unreadable.length,
      rowsExcluded: excluded,
      rowsMerged: merged,
      columns: table.columns.length,
      cellsTotal: written * inScope.length,
      cellsPopulated: Number(counts['populated']),
      cellsImputed: Number(counts['imputed']),
    };
  }

  async #keepKeys(table: TablePlan): Promise<void> {
    for (const columns of table.referenced) {
      const numbered = table.surrogate !== null && columns.length === 1 && columns[0] === table.surrogate;
      const keys = numbered
        ? `__business_key AS k0, ${quoteIdentifier(table.surrogate ?? '')} AS number`
        : columns.map((column, index) => `${quoteIdentifier(column)} AS k${index}`).join(', ');
      const filled = numbered ? 'k0' : columns.map((_, index) => `k${index} IS NOT NULL`).join(' AND ');
      const where = numbered ? 'k0 IS NOT NULL' : filled;
      await this.#engine.run(
        `CREATE TABLE ${keyTable(table.target, columns)} AS SELECT * FROM (SELECT DISTINCT ${keys} FROM loaded_rows) WHERE ${where}`,
      );
    }
  }
}

function originOf(table: TablePlan, value: ValuePlan) {
  return {
    targetTable: table.target,
    targetField: value.field,
    sourceTable: value.sourceTable,
    sourceField: value.sourceField,
    crosswalk: value.crosswalk?.name ?? '',
    safetyCritical: value.crosswalk?.safetyCritical ?? false,
    rowPolicy: value.onFail,
  };
}

function rowOrigin(table: TablePlan, rowSet: RowSetPlan) {
  return {
    targetTable: table.target,
    targetField: table.keyColumns.join('|'),
    sourceTable: rowSet.source,
    sourceField: '',
    crosswalk: '',
    safetyCritical: false,
    rowPolicy: 'hold' as const,
  };
}

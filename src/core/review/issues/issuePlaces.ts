import { stat } from 'node:fs/promises';
import type { Catalog, CatalogSide } from '../../catalog/catalog.ts';
import { loadCatalog } from '../../catalog/loadCatalog.ts';
import { readContractText } from '../../contract/contractFile.ts';
import { lineOfRecord } from '../../csv/recordLine.ts';
import type { Engine, Row } from '../../engine/engine.ts';
import { quoteLiteral } from '../../engine/sqlText.ts';
import { ARTEFACTS, type Project } from '../../project/layout.ts';
import { readOptionalText } from '../../project/readText.ts';
import { ROW_NUMBER, rowKeySql } from '../../quality/canonical.ts';
import { csvSql } from '../../quality/loadCsv.ts';
import { groupOf, RULE_GROUPS } from '../../quality/rule.ts';
import { QUALITY_RULES } from '../../quality/rules/index.ts';
import { sourceKeys } from '../../quality/sourceKeys.ts';
import { UserError } from '../../shared/errors.ts';
import { ISSUE_FILES } from './issueImport.ts';
import { EVERY_ISSUE, type IssueDetail } from './issueQuery.ts';
import type { IssueStore } from './issueStore.ts';

/** A row of a data or evidence file. Holds values of the data: it is shown to the person who asked and kept nowhere. */
export interface FoundRow {
  /** Project-relative. */
  readonly file: string;
  readonly bytes: number;
  /** Line it begins on; null when it was not looked for, in a file too large for an editor. */
  readonly line: number | null;
  /** Number among the rows of the file, from 1. */
  readonly record: number;
  readonly cells: readonly (readonly [field: string, value: string])[];
}

/** VS Code does not open larger texts. */
export const MOST_EDITOR_BYTES = 50 * 1024 * 1024;

/** Collects what an issue leads to; null when the list is another by now. */
export async function issueDetail(
  project: Project,
  store: IssueStore,
  ordinal: number,
  signal: AbortSignal,
): Promise<IssueDetail | null> {
  const [row] = await store.rows([ordinal], signal);
  if (row === undefined) return null;
  const rule = QUALITY_RULES.find((known) => known.id === row.ruleId);
  const contract = await contractOf(project);
  const line = contract?.fields.find((field) => field.targetTable === row.table && field.targetField === row.field);
  const target = contract?.tables.some((table) => table.targetTable === row.table) === true;
  const sides: CatalogSide[] = row.rowKey === '' ? [] : target ? ['target', 'source'] : ['source'];
  return {
    row,
    rule: rule === undefined ? null : { title: rule.title, why: rule.why, group: RULE_GROUPS[groupOf(rule.id)] },
    contractRow: line === undefined ? null : { table: line.targetTable, field: line.targetField, rowSet: line.rowSet },
    sides: row.origin === 'reject' ? ['source'] : sides,
  };
}

/**
 * Finds the row of an issue in the data: in the target file, in the source file it came from, or its line in the evidence.
 *
 * @throws UserError saying why it cannot be found
 */
export function findRow(
  project: Project,
  store: IssueStore,
  ordinal: number,
  side: CatalogSide | 'evidence',
  signal: AbortSignal,
): Promise<FoundRow> {
  return store.over(EVERY_ISSUE, signal, async (engine) => {
    const [issue] = await engine.rows(
      `SELECT c.origin, c.table_name, c.source_table, i.row_key, i.record::DOUBLE AS record, p.source_row FROM issue i JOIN cause c USING (cause)
       LEFT JOIN reject_place p ON c.origin = 'reject' AND p.record = i.record WHERE i.ordinal = ${ordinal}`,
    );
    if (issue === undefined) throw new UserError('The list changed meanwhile. Look at it again.');
    const text = (name: string): string => String(issue[name] ?? '');
    const origin = text('origin');
    if (side === 'evidence') {
      const { path } = ISSUE_FILES[origin === 'reject' ? 'reject' : origin === 'migration' ? 'migration' : 'quality'];
      return rowAt(engine, project, path, Number(issue['record']));
    }
    if (origin === 'reject')
      return rowAt(engine, project, `${ARTEFACTS.mockSource}/${text('source_table')}.csv`, Number(text('source_row')));
    return rowWithKey(engine, project, side, text('table_name'), text('row_key'));
  });
}

async function rowWithKey(
  engine: Engine,
  project: Project,
  side: CatalogSide,
  table: string,
  key: string,
): Promise<FoundRow> {
  const target = await loadCatalog(project, ARTEFACTS.targetCatalog, 'target');
  if (target.table(table) === undefined) {
    const source = await loadCatalog(project, ARTEFACTS.sourceCatalog, 'source');
    return keyed(engine, project, source, ARTEFACTS.mockSource, table, key);
  }
  const made = await keyed(engine, project, target, ARTEFACTS.targetContract, table, key);
  if (side === 'target') return made;
  const source = await loadCatalog(project, ARTEFACTS.sourceCatalog, 'source');
  const contract = await contractOf(project);
  const kept = contract === null ? undefined : sourceKeys(contract, source).get(table);
  if (kept === undefined)
    throw new UserError(
      `${table} does not keep the key of the source row it came from, so that row cannot be named. Open the target row, or the contract row.`,
    );
  const values = kept.fields.map((field) => made.cells.find(([name]) => name === field)?.[1].trim() ?? '');
  const sourceKey = kept.separator === '' ? values.join('|') : (values[0] ?? '').replaceAll(kept.separator, '|');
  return keyed(engine, project, source, ARTEFACTS.mockSource, kept.sourceTable, sourceKey);
}

async function keyed(
  engine: Engine,
  project: Project,
  catalog: Catalog,
  folder: string,
  name: string,
  key: string,
): Promise<FoundRow> {
  const table = catalog.table(name);
  if (table === undefined) throw new UserError(`${name} is in no catalog; run extract-specs.`);
  if (/[\\/]/.test(name)) throw new UserError(`${name} is no name of a file.`);
  const file = `${folder}/${name}.csv`;
  const { sql, columns } = await csvSql(project.at(file), file, 'Run the stage that writes it.');
  const [row] = await engine.rows(
    `SELECT * FROM (SELECT row_number() OVER () AS ${ROW_NUMBER}, * FROM ${sql}) WHERE ${rowKeySql(catalog, table)} = ${quoteLiteral(key.replaceAll('\0', ''))} LIMIT 1`,
  );
  if (row === undefined)
    throw new UserError(`${file}: has no row with that key now; the data changed since the issues were found.`);
  return found(project, file, columns, row);
}

async function rowAt(engine: Engine, project: Project, file: string, record: number): Promise<FoundRow> {
  // A table's name comes from a file, and may not lead out of the folder.
  if (/\.\.[\\/]|[\\/].*[\\/].*[\\/]/.test(file))
    throw new UserError('The table name in the rejects file is no file name.');
  const { sql, columns } = await csvSql(project.at(file), file, 'Run the stage that writes it.');
  if (!Number.isSafeInteger(record) || record < 1) throw new UserError(`${file}: the row's number is not known.`);
  const [row] = await engine.rows(`SELECT ${record} AS ${ROW_NUMBER}, * FROM ${sql} LIMIT 1 OFFSET ${record - 1}`);
  if (row === undefined) throw new UserError(`${file}: has no row ${record} now; the data changed since.`);
  return found(project, file, columns, row);
}

async function found(project: Project, file: string, columns: readonly string[], row: Row): Promise<FoundRow> {
  const path = project.at(file);
  const { size } = await stat(path);
  const record = Number(row[ROW_NUMBER]);
  return {
    file,
    bytes: size,
    record,
    line: size > MOST_EDITOR_BYTES ? null : await lineOfRecord(path, record),
    cells: columns.map((name) => [name, String(row[name] ?? '')] as const),
  };
}

async function contractOf(project: Project) {
  const fields = await readOptionalText(project, ARTEFACTS.contract);
  const tables = await readOptionalText(project, ARTEFACTS.contractTables);
  return fields === null || tables === null
    ? null
    : readContractText(fields, ARTEFACTS.contract, tables, ARTEFACTS.contractTables).value;
}

import type { Connection, LoadRequest } from '../../connectors/connector.ts';
import type { LoadReport, TableLoad } from '../../connectors/loadReport.ts';
import type { Engine } from '../../engine/engine.ts';
import { quoteIdentifier } from '../../engine/sqlText.ts';
import { progressOf } from '../../lifecycle/stage.ts';
import { Cancelled, UserError } from '../../shared/errors.ts';
import { hasErrors } from '../../shared/problem.ts';
import { type Attempt, addLinks, enforceOwn, listBrokenLinks, validateLinks } from '../enforceConstraints.ts';
import { addMisfits, type ContractFile, openContractFile, readFileFacts } from '../fileSide.ts';
import { IssueList } from '../issueList.ts';
import { targetChecksumSql } from '../rowChecksum.ts';
import { TargetError } from '../sqlSession.ts';
import { createTableSql, tableName, targetSchema } from '../targetSchema.ts';
import { EmulatorFolder } from './emulatorFolder.ts';
import type { EmulatorOptions } from './emulatorOptions.ts';
import { EmulatorSession } from './emulatorSession.ts';
import { closeKept } from './keptSession.ts';

export type EmulatorConnection = Connection<typeof EmulatorOptions>;

/** What became of the rows, before it is said for people. */
interface Loaded {
  readonly tables: readonly TableLoad[];
  readonly issues: IssueList;
}

/**
 * Loads the migrated tables into a PostgreSQL in process, in one transaction over a fresh data folder, which takes the
 * place of the former one only when everything in it is right. A cancel ends its thread at once.
 *
 * @throws UserError when something is wrong before the first row
 */
export async function loadEmulator(connection: EmulatorConnection, request: LoadRequest): Promise<LoadReport> {
  const { context, name } = connection;
  const { tables, problems } = targetSchema(request.tables.map(({ table }) => table));
  if (hasErrors(problems)) throw UserError.from(problems);
  for (const { message } of problems) context.emit({ type: 'note', stage: 'load', level: 'warning', text: message });
  const files: ContractFile[] = [];
  for (const [at, table] of tables.entries()) {
    const file = request.tables[at];
    if (file !== undefined) files.push(await openContractFile(file, table));
  }
  await closeKept(connection);
  const data = new EmulatorFolder(context.project, name);
  return data.locked(async () => {
    const issues = new IssueList();
    try {
      const lines = await loadFresh(connection, data, files, issues);
      return told(connection, { tables: lines, issues });
    } catch (error) {
      // The former data were not touched: the file that names them is written last.
      const state = (await data.current())?.runId === context.runId ? 'complete' : 'as_before';
      if (context.signal.aborted || error instanceof Cancelled)
        return {
          ...told(connection, { tables: [], issues }),
          status: 'cancelled',
          targetState: state,
          message: `${name}: cancelled. The emulator holds what it held.`,
        };
      if (!(error instanceof TargetError || error instanceof UserError)) throw error;
      const why = error instanceof TargetError ? `${error.message} (${error.code})` : error.message;
      return {
        ...told(connection, { tables: [], issues }),
        status: 'failed',
        targetState: state,
        message: `${name}: ${why} The emulator holds what it held.`,
      };
    }
  });
}

async function loadFresh(
  connection: EmulatorConnection,
  data: EmulatorFolder,
  files: readonly ContractFile[],
  issues: IssueList,
): Promise<readonly TableLoad[]> {
  const { context } = connection;
  const folder = await data.fresh(async (empty) => (await EmulatorSession.open(empty, context.signal)).close());
  const engine = await context.openEngine();
  let session: EmulatorSession | null = null;
  try {
    session = await EmulatorSession.open(folder, context.signal);
    const lines = await fill(connection, session, engine, files, issues);
    if (issues.count === 0) {
      await session.rows('COMMIT');
      await session.close();
      await data.adopt(folder, context.runId);
    }
    return lines;
  } finally {
    await session?.kill();
    await engine.close();
    await data.removeOthers();
  }
}

/** A statement that may break a constraint inside the one transaction. */
const attempt: Attempt = async (session, sql) => {
  await session.rows('SAVEPOINT constraint_added');
  try {
    await session.rows(sql);
  } catch (error) {
    await session.rows('ROLLBACK TO SAVEPOINT constraint_added');
    throw error;
  } finally {
    await session.rows('RELEASE SAVEPOINT constraint_added');
  }
};

async function fill(
  connection: EmulatorConnection,
  session: EmulatorSession,
  engine: Engine,
  files: readonly ContractFile[],
  issues: IssueList,
): Promise<TableLoad[]> {
  const { schema } = connection.options;
  await session.rows(`BEGIN; CREATE SCHEMA ${quoteIdentifier(schema)}`);
  const progress = progressOf(connection.context, 'load');
  const lines: TableLoad[] = [];
  let keysHold = true;
  for (const [at, file] of files.entries()) {
    progress(file.table.name, at, files.length);
    const line = await fillTable(connection, session, engine, file, issues);
    if (line === null) continue;
    lines.push(line);
    if (!(await enforceOwn(session, schema, file.table, attempt, issues))) keysHold = false;
    progress(file.table.name, at + 1, files.length, line.rowsSent);
  }
  // Without all tables, links cannot be looked at.
  if (lines.length < files.length) return lines;
  for (const file of files) {
    if (!keysHold) {
      await listBrokenLinks(session, schema, file.table, issues);
      continue;
    }
    await addLinks(session, schema, file.table);
    await validateLinks(session, schema, file.table, attempt, issues);
  }
  return lines;
}

/** Null when cells of the file do not fit; they are in the issues then, and nothing was sent. */
async function fillTable(
  connection: EmulatorConnection,
  session: EmulatorSession,
  engine: Engine,
  file: ContractFile,
  issues: IssueList,
): Promise<TableLoad | null> {
  const { context, options } = connection;
  const started = context.now().getTime();
  // The second reader works while the rows are sent.
  const reading = readFileFacts(engine, file);
  reading.catch(() => undefined);
  const table = tableName(options.schema, file.table.name);
  await session.rows(createTableSql(options.schema, file.table));
  const names = file.columns.map(quoteIdentifier).join(', ');
  const facts = await reading;
  if (facts.misfits > 0) {
    await addMisfits(engine, file, issues);
    return null;
  }
  const sent = await session.copyIn(
    `COPY ${table} (${names}) FROM '/dev/blob' WITH (FORMAT csv, ENCODING 'UTF8', FREEZE true)`,
    file.path,
    file.dataStart,
  );
  const [found] = await session.rows(targetChecksumSql(table, file.table.fields));
  const rows = Number(found?.['rows']);
  const checksum = found?.['checksum'] ?? '';
  if (rows !== facts.rows || rows !== file.rows || checksum !== facts.checksum)
    throw new UserError(`${file.name}: what was stored is not what the file holds (row count or checksum differ).`);
  return {
    table: file.table.name,
    rowsInFile: file.rows,
    rowsSent: sent,
    rowsInTarget: rows,
    checksumFile: facts.checksum,
    checksumTarget: checksum,
    batches: 1,
    batchesResumed: 0,
    durationMs: context.now().getTime() - started,
  };
}

function told(connection: EmulatorConnection, { tables, issues }: Loaded): LoadReport {
  const refused = issues.count > 0;
  const rows = tables.reduce((sum, table) => sum + table.rowsSent, 0);
  return {
    status: refused ? 'failed' : 'passed',
    targetState: refused ? 'as_before' : 'complete',
    message: refused
      ? `${connection.name}: ${issues.count} rows break rules of the target, so nothing was loaded; the emulator holds what it held. ${issues.summary()}.`
      : `${connection.name}: ${tables.length} tables with ${rows} rows are loaded into the emulator, counted and compared with their files.`,
    tables: refused ? tables.map((table) => ({ ...table, rowsInTarget: null })) : tables,
    issues: issues.sorted(),
    issuesLeftOut: issues.leftOut,
  };
}

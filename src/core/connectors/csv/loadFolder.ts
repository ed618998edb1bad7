import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Engine } from '../../engine/engine.ts';
import { hashFile } from '../../project/hashFile.ts';
import { ARTEFACTS, type Project } from '../../project/layout.ts';
import { type Publication, publishing } from '../../project/publication.ts';
import { readOptionalText } from '../../project/readText.ts';
import { Cancelled, throwIfCancelled, UserError } from '../../shared/errors.ts';
import type { Connection, LoadRequest, LoadTable } from '../connector.ts';
import type { LoadReport, TableLoad } from '../loadReport.ts';
import type { CsvOptions } from './csvOptions.ts';
import { parquetRows, writeParquet } from './parquet.ts';
import { checksumOfCsv } from './tableChecksum.ts';

/** Marks a folder as one that a load wrote, with the files in it: only such a folder, or an empty one, is written. */
export const LOAD_MANIFEST = 'load_manifest.json';

/** Folders whose files other stages write. */
const OWN = [
  ARTEFACTS.mockSource,
  ARTEFACTS.mockTarget,
  ARTEFACTS.targetContract,
  ARTEFACTS.sourceSpecs,
  ARTEFACTS.targetSpecs,
  ARTEFACTS.crosswalks,
  ARTEFACTS.codeSets,
  ARTEFACTS.stateDirectory,
  'requirement_spec',
  'schemas',
  'reports',
  'governance',
  'mock_data',
  '.',
];

/** Writes the migrated tables as files into the connection's folder, all together or not at all. */
export async function loadFolder(connection: Connection<typeof CsvOptions>, request: LoadRequest): Promise<LoadReport> {
  const { context, options } = connection;
  const { project } = context;
  const earlier = await earlierFiles(project, connection.name, options.path);
  const engine = options.file_format === 'parquet' ? await context.openEngine() : null;
  const tables: TableLoad[] = [];
  try {
    await publishing(project, async (publication) => {
      const written: string[] = [];
      for (const table of request.tables) {
        throwIfCancelled(context.signal);
        const started = context.now().getTime();
        const file = `${table.table.name}.${options.file_format}`;
        const path = await publication.pathFor(join(options.path, file));
        const counted = await writeTable(engine, table, path, options.file_format);
        if (counted.rows !== table.rows || counted.checksumFile !== counted.checksumTarget)
          throw new UserError(
            `${table.name}: what was written is not what was read (${counted.rows} of ${table.rows} rows); load again.`,
          );
        written.push(file);
        tables.push({
          table: table.table.name,
          rowsInFile: table.rows,
          rowsSent: table.rows,
          rowsInTarget: counted.rows,
          checksumFile: counted.checksumFile,
          checksumTarget: counted.checksumTarget,
          batches: 1,
          batchesResumed: 0,
          durationMs: context.now().getTime() - started,
        });
      }
      await writeManifest(publication, options.path, request.loadKey, written);
      for (const name of earlier) if (!written.includes(name)) publication.remove(join(options.path, name));
    });
  } catch (error) {
    if (error instanceof Cancelled)
      return failed('cancelled', 'Cancelled; the folder holds what it held before.', tables);
    if (error instanceof UserError)
      return failed('failed', `${error.message} The folder holds what it held before.`, tables);
    throw error;
  } finally {
    await engine?.close();
  }
  const rows = tables.reduce((sum, table) => sum + table.rowsInFile, 0);
  return {
    status: 'passed',
    targetState: 'complete',
    message: `${tables.length} tables with ${rows} rows are in ${project.name(options.path)}, read back and equal.`,
    tables,
    issues: [],
    issuesLeftOut: 0,
  };
}

function failed(status: 'failed' | 'cancelled', message: string, tables: readonly TableLoad[]): LoadReport {
  const untouched = tables.map((table) => ({ ...table, rowsInTarget: null, checksumTarget: null }));
  return { status, targetState: 'as_before', message, tables: untouched, issues: [], issuesLeftOut: 0 };
}

/** Files of the load before, in a folder that may be written; anything else is refused before it is touched. */
async function earlierFiles(project: Project, connection: string, path: string): Promise<string[]> {
  const folder = project.at(path);
  const name = project.name(path);
  if (OWN.some((own) => project.at(own) === folder))
    throw new UserError(
      `${name}: belongs to other stages; give ${connection} a folder of its own with --option path=DIR.`,
    );
  await mkdir(folder, { recursive: true });
  if (!(await stat(folder)).isDirectory()) throw new UserError(`${name}: is a file; a load needs a folder.`);
  const present = (await readdir(folder)).filter((file) => !file.startsWith('.'));
  if (present.length === 0) return [];
  const text = await readOptionalText(project, join(path, LOAD_MANIFEST));
  if (text === null)
    throw new UserError(`${name}: holds files that no load wrote; empty it, or give ${connection} another folder.`);
  try {
    const { files } = JSON.parse(text) as { files?: unknown };
    return Array.isArray(files) ? files.filter((file) => typeof file === 'string' && /^[^/\\]+$/.test(file)) : [];
  } catch {
    throw new UserError(`${join(name, LOAD_MANIFEST)}: is not valid JSON; empty the folder and load again.`);
  }
}

async function writeManifest(
  publication: Publication,
  path: string,
  loadKey: string,
  files: readonly string[],
): Promise<void> {
  await publication.writeJson(join(path, LOAD_MANIFEST), { schema_version: 1, load_key: loadKey, files });
}

interface Written {
  readonly rows: number;
  readonly checksumFile: string;
  readonly checksumTarget: string;
}

async function writeTable(
  engine: Engine | null,
  table: LoadTable,
  path: string,
  format: CsvOptions['file_format'],
): Promise<Written> {
  if (engine !== null) {
    await writeParquet(engine, table, path);
    return parquetRows(engine, table, path);
  }
  if (format === 'csv') {
    await copyFile(table.path, path);
    const { sha256 } = await hashFile(path);
    return { rows: table.rows, checksumFile: table.sha256, checksumTarget: sha256 };
  }
  await pipeline(createReadStream(table.path), createGzip(), createWriteStream(path));
  return {
    rows: table.rows,
    checksumFile: table.sha256,
    checksumTarget: await checksumOfCsv(createReadStream(path).pipe(createGunzip())),
  };
}

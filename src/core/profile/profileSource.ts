import { join } from 'node:path';
import { z } from 'zod';
import type { Catalog } from '../catalog/catalog.ts';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { csvText } from '../csv/csvText.ts';
import type { Engine } from '../engine/engine.ts';
import { defineStage, progressOf, type StageContext } from '../lifecycle/stage.ts';
import { hashFileIfThere } from '../project/hashFile.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import { formatProblem, hasErrors, type Problem } from '../shared/problem.ts';
import { type CheckedLink, Containment } from './containment.ts';
import { linkCandidates } from './linkCandidates.ts';
import { dropLoaded, LOADED, loadTable } from './loadTable.ts';
import { dropCounts, profileColumn } from './profileColumn.ts';
import { LINK_COLUMNS, linkLine, PROFILE_COLUMNS, problemEntry, profileLine } from './profileReport.ts';

const STAGE = 'profile-source';

/** Says per column of the source data what it holds, without showing a value that fewer than five rows share. */
export const profileSource = defineStage({
  id: STAGE,
  title: 'Profile source',
  owner: 'data_mapping_analyst',
  summary: 'Profile every column of the source data: nulls, distinct values, frequent values, formats, links.',
  example: 'pas-migration profile-source --source-dir extracts/2026-11-20',
  options: z.object({
    source_dir: z.string().min(1).default(ARTEFACTS.mockSource).describe('folder with one CSV per source table'),
  }),
  reads: [ARTEFACTS.sourceCatalog, ARTEFACTS.mockSource],
  writes: [ARTEFACTS.sourceProfile, ARTEFACTS.sourceLinks, ARTEFACTS.sourceProfileReport],
  async run(context, options) {
    const { project } = context;
    const catalog = await loadCatalog(project, ARTEFACTS.sourceCatalog, 'source');
    const engine = await context.openEngine();
    try {
      const found = await profileTables(context, catalog, engine, options.source_dir);
      const { tables, files, lines, links, problems } = found;
      const summary = {
        schema_version: 1,
        run_id: context.runId,
        run_at_utc: context.now().toISOString(),
        status: hasErrors(problems) ? ('failed' as const) : ('passed' as const),
        tables,
        rows: tables.reduce((sum, table) => sum + table.rows, 0),
        columns: lines.length,
        links: links.length,
        problems: problems.map(problemEntry),
        files,
      };
      return await publishing(project, async (publication) => {
        await publication.writeText(ARTEFACTS.sourceProfile, csvText(PROFILE_COLUMNS, lines));
        await publication.writeText(ARTEFACTS.sourceLinks, csvText(LINK_COLUMNS, links.map(linkLine)));
        await publication.writeJson(ARTEFACTS.sourceProfileReport, summary);
        return {
          status: summary.status,
          summary,
          text: [
            `${tables.length} of ${catalog.tables.size} tables, ${lines.length} columns, ${summary.rows} rows profiled; ${links.length} links.`,
            ...problems.map(formatProblem),
          ],
          inputs: [ARTEFACTS.sourceCatalog, ...files.map((file) => file.path)].sort(compareText),
          outputs: publication.outputs,
        };
      });
    } finally {
      await engine.close();
    }
  },
});

interface Profiled {
  readonly tables: readonly { table: string; path: string; rows: number; unreadable: number }[];
  /** Every file that was read, also one that could not be profiled. */
  readonly files: readonly { path: string; sha256: string; bytes: number }[];
  readonly lines: readonly ReturnType<typeof profileLine>[];
  readonly links: readonly CheckedLink[];
  readonly problems: readonly Problem[];
}

async function profileTables(
  context: StageContext,
  catalog: Catalog,
  engine: Engine,
  directory: string,
): Promise<Profiled> {
  const { project, signal } = context;
  const progress = progressOf(context, STAGE);
  const [tables, files, lines, problems]: [
    Profiled['tables'][0][],
    Profiled['files'][0][],
    Profiled['lines'][0][],
    Problem[],
  ] = [[], [], [], []];
  // Nothing here depends on the order of rows, and reading is faster without it.
  await engine.run('SET preserve_insertion_order = false');
  const containment = new Containment(engine, linkCandidates(catalog));
  const all = [...catalog.tables.values()];
  for (const [index, table] of all.entries()) {
    throwIfCancelled(signal);
    progress(table.name, index, all.length);
    const path = join(directory, `${table.name}.csv`);
    const file = { path: project.at(path), name: project.name(path) };
    // An unreadable file is a problem of the loading; here it only has no hash.
    const hashed = hashFileIfThere(file.path).catch(() => null);
    const loaded = await loadTable(engine, table, file);
    problems.push(...loaded.problems);
    if (loaded.rows !== null) {
      for (const field of table.fields) {
        throwIfCancelled(signal);
        lines.push(profileLine(table.name, field.field, await profileColumn(engine, LOADED, field, loaded.rows)));
      }
      await dropCounts(engine);
      await containment.keep(table.name, LOADED);
      await dropLoaded(engine);
      tables.push({ table: table.name, path: file.name, rows: loaded.rows, unreadable: loaded.unreadable });
    }
    const hash = await hashed;
    if (hash !== null) files.push({ path: file.name, ...hash });
    progress(table.name, index + 1, all.length, loaded.rows ?? 0);
  }
  return { tables, files, lines, links: await containment.check(signal), problems };
}

import { join } from 'node:path';
import { z } from 'zod';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { relationshipsOf } from '../catalog/relationships.ts';
import { csvText } from '../csv/csvText.ts';
import { defineStage, progressOf } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { importCsv } from '../quality/loadCsv.ts';
import { throwIfCancelled, UserError } from '../shared/errors.ts';
import { formatProblem, hasErrors, type Problem } from '../shared/problem.ts';
import { Containment } from './containment.ts';
import { type ColumnFacts, profileColumn } from './profileColumn.ts';

const STAGE = 'profile-source';

/** Columns of `reports/source_profile.csv`. `top_values` is a JSON list of `[value, count]`. */
export const PROFILE_COLUMNS = [
  'table_name',
  'field_name',
  'rows',
  'nulls',
  'null_percent',
  'distinct_count',
  'min_value',
  'max_value',
  'min_length',
  'max_length',
  'top_values',
  'detected_format',
  'format_share',
] as const;

/** Columns of `reports/source_relationships.csv`. */
export const LINK_COLUMNS = [
  'from_table',
  'from_field',
  'to_table',
  'to_field',
  'origin',
  'score',
  'containment',
  'reason',
] as const;

/** Says per column of the source data what it holds, without showing a value that fewer than five rows share. */
export const profileSource = defineStage({
  id: STAGE,
  title: 'Profile source',
  owner: 'Mapping Analyst',
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
      await engine.run('CREATE SCHEMA source');
      const containment = new Containment(engine, relationshipsOf(catalog));
      const progress = progressOf(context, STAGE);
      const problems: Problem[] = [];
      const lines: (string | number | null)[][] = [];
      const tables: { table: string; path: string; rows: number; unreadable: number }[] = [];
      const all = [...catalog.tables.values()];
      for (const [index, table] of all.entries()) {
        throwIfCancelled(context.signal);
        progress(table.name, index, all.length);
        const path = join(options.source_dir, `${table.name}.csv`);
        const name = project.name(path);
        const loaded = await importCsv(engine, {
          path: project.at(path),
          name,
          schema: 'source',
          table: 'loaded',
          columns: table.fields.map((field) => field.field),
          next: 'Extract it again, or correct the source catalog.',
          tolerant: true,
        }).catch((error: unknown) => {
          if (!(error instanceof UserError)) throw error;
          const message = error.message.startsWith(name)
            ? error.message.slice(name.length).replace(/^:\d*:?\s*/, '')
            : error.message;
          problems.push({ code: 'profile-unreadable', severity: 'error', message, place: { file: name } });
          return null;
        });
        if (loaded === null) continue;
        if (loaded.unreadable > 0) {
          const message = `${loaded.unreadable} rows cannot be read as CSV and are not profiled; extract the table again.`;
          problems.push({ code: 'profile-unreadable-rows', severity: 'warning', message, place: { file: name } });
        }
        for (const field of table.fields) {
          throwIfCancelled(context.signal);
          lines.push(lineOf(table.name, field.field, await profileColumn(engine, 'source.loaded', field)));
        }
        await containment.keep(table.name, 'source.loaded');
        await engine.run('DROP TABLE source.loaded');
        tables.push({ table: table.name, path: name, rows: loaded.rows, unreadable: loaded.unreadable });
        progress(table.name, index + 1, all.length, loaded.rows);
      }
      const links = await containment.check();
      const failed = hasErrors(problems);
      const summary = {
        schema_version: 1,
        run_id: context.runId,
        run_at_utc: context.now().toISOString(),
        status: failed ? ('failed' as const) : ('passed' as const),
        tables,
        columns: lines.length,
        rows: tables.reduce((sum, table) => sum + table.rows, 0),
        links: links.length,
        problems: problems.map((problem) => ({
          code: problem.code,
          severity: problem.severity,
          message: formatProblem(problem),
        })),
      };
      return await publishing(project, async (publication) => {
        await publication.writeText(ARTEFACTS.sourceProfile, csvText(PROFILE_COLUMNS, lines));
        await publication.writeText(
          ARTEFACTS.sourceLinks,
          csvText(
            LINK_COLUMNS,
            links.map(({ link, containment: share }) => [
              link.from.table,
              link.from.field,
              link.to?.table ?? '',
              link.to?.field ?? '',
              link.origin,
              link.score,
              share,
              share === null ? `${link.reason}; no data to compare` : link.reason,
            ]),
          ),
        );
        await publication.writeJson(ARTEFACTS.sourceProfileReport, summary);
        return {
          status: summary.status,
          summary,
          text: [
            `${tables.length} of ${all.length} tables, ${summary.columns} columns, ${summary.rows} rows profiled; ${links.length} links.`,
            ...problems.map(formatProblem),
          ],
          inputs: [ARTEFACTS.sourceCatalog, ...tables.map((table) => table.path)],
          outputs: publication.outputs,
        };
      });
    } finally {
      await engine.close();
    }
  },
});

function lineOf(table: string, field: string, facts: ColumnFacts): (string | number | null)[] {
  const percent = facts.rows === 0 ? 0 : Math.round((facts.nulls / facts.rows) * 1000) / 10;
  return [
    table,
    field,
    facts.rows,
    facts.nulls,
    percent,
    facts.distinct,
    facts.min,
    facts.max,
    facts.minLength,
    facts.maxLength,
    JSON.stringify(facts.top),
    facts.format,
    facts.format === '' ? null : facts.share,
  ];
}

import { z } from 'zod';
import { csvText } from '../csv/csvText.ts';
import { defineStage, type StageResult } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { Cancelled, UserError } from '../shared/errors.ts';
import { readLoadRequest } from './loadInputs.ts';
import { loadProfile } from './loadPolicy.ts';
import { LOAD_ISSUE_COLUMNS, type LoadIssue, type LoadReport } from './loadReport.ts';
import { withConnection } from './openConnection.ts';
import { RELEASE_PROFILES } from './policy.ts';
import { type LoadStep, refusedLoad } from './refusedLoad.ts';

/** Brings the migrated rows into the target system. */
export const load = defineStage({
  id: 'load',
  title: 'Load target',
  owner: 'etl_engineer',
  summary: 'Load the migrated rows into a target by a connector; the target is then complete, or as it was before.',
  example: 'pas-migration load --connector epr-test',
  options: z.object({
    connector: z.string().min(1).describe('connection of connectors.json, or a connector with its standard options'),
    release_profile: z
      .enum(RELEASE_PROFILES)
      .optional()
      .describe(
        'what the load is for (default: what the migration was for); decides which connectors and data are allowed',
      ),
  }),
  positional: ['connector'],
  reads: [ARTEFACTS.connectors, ARTEFACTS.migrationReport, ARTEFACTS.targetContract, ARTEFACTS.targetCatalog],
  writes: [ARTEFACTS.loadReport, ARTEFACTS.loadIssues],
  async run(context, options): Promise<StageResult> {
    let step: LoadStep = 'before';
    const work = withConnection(context, options.connector, async ({ connector, connection, clean }) => {
      if (connector.load === undefined)
        throw new UserError(`${options.connector}: ${connector.title} cannot be loaded. ${connector.limits}`);
      const request = await readLoadRequest(context.project);
      const profile = loadProfile(connector, options.release_profile, request.rows);
      step = 'loading';
      const report = await connector.load(connection, request);
      const json = {
        schema_version: 1,
        run_id: context.runId,
        run_at_utc: context.now().toISOString(),
        status: report.status,
        connection: options.connector,
        connector: connector.id,
        connector_stage: connector.stage,
        release_profile: profile,
        data_class: request.rows.dataClass,
        load_key: request.loadKey,
        migration_run_id: request.migrationRunId,
        ...reportBody(report, clean),
      };
      const outputs = await publishing(context.project, async (publication) => {
        await publication.writeJson(ARTEFACTS.loadReport, json);
        await publication.writeText(
          ARTEFACTS.loadIssues,
          csvText(LOAD_ISSUE_COLUMNS, report.issues.map(issueLine(clean))),
        );
        return publication.outputs;
      });
      step = 'told';
      if (report.status === 'cancelled') throw new Cancelled();
      return {
        status: report.status,
        summary: json,
        text: [clean(report.message), ...firstIssues(report, clean)],
        inputs: [ARTEFACTS.migrationReport, ...request.tables.map((table) => table.name)].sort(),
        outputs,
      };
    });
    return work.catch(async (error: unknown) => {
      throw await refusedLoad(context, options.connector, step, error);
    });
  },
});

function reportBody(report: LoadReport, clean: (text: string) => string) {
  return {
    target_state: report.targetState,
    message: clean(report.message),
    tables: report.tables.map((table) => ({
      table: table.table,
      rows_in_file: table.rowsInFile,
      rows_sent: table.rowsSent,
      rows_in_target: table.rowsInTarget,
      checksum_file: table.checksumFile,
      checksum_target: table.checksumTarget,
      batches: table.batches,
      batches_resumed: table.batchesResumed,
      duration_ms: table.durationMs,
    })),
    issues: report.issues.length + report.issuesLeftOut,
    issues_left_out: report.issuesLeftOut,
  };
}

function issueLine(clean: (text: string) => string) {
  return (issue: LoadIssue) => [
    issue.severity,
    issue.table,
    issue.field,
    issue.rowKey,
    issue.fileRow === 0 ? '' : issue.fileRow,
    issue.constraint,
    clean(issue.message),
  ];
}

/** The first few, without the keys: a terminal's text may be copied into a ticket. */
function firstIssues(report: LoadReport, clean: (text: string) => string): string[] {
  const shown = report.issues.slice(0, 5).map((issue) => {
    const field = issue.field === '' ? '' : `.${issue.field}`;
    return `${issue.severity} ${issue.table}${field} ${issue.constraint}: ${clean(issue.message)}`;
  });
  const more = report.issues.length + report.issuesLeftOut - shown.length;
  return more > 0 ? [...shown, `${more} more in ${ARTEFACTS.loadIssues}.`] : shown;
}

import { csvText } from '../csv/csvText.ts';
import type { StageContext } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { Cancelled, UserError } from '../shared/errors.ts';
import { loadConnectorChoices } from './connectorsFile.ts';
import { LOAD_ISSUE_COLUMNS, type TargetState } from './loadReport.ts';
import { connectorOf } from './registry.ts';

/** How far a load was when it threw: `told` when its own report is written already. */
export type LoadStep = 'before' | 'loading' | 'told';

/**
 * Writes the report of a load that was refused or broke before it could tell itself, so that the report of an earlier
 * load is not taken for it. Gives the error to throw, which says when the target was not touched.
 *
 * A connection that is not in `connectors.json` is no attempt to load: the last report then still tells the truth.
 */
export async function refusedLoad(
  context: StageContext,
  name: string,
  step: LoadStep,
  error: unknown,
): Promise<unknown> {
  if (step === 'told' || (error instanceof Cancelled && step === 'before')) return error;
  const choices = await loadConnectorChoices(context.project).catch(() => null);
  const connector = choices === null ? undefined : connectorOf(choices.connections.get(name)?.type ?? name);
  if (connector === undefined) return error;
  // Connectors throw a `UserError` only for what is wrong before they sent anything.
  const untouched = step === 'before' || error instanceof UserError;
  const state: TargetState = untouched ? 'as_before' : 'unknown';
  const said = error instanceof UserError || error instanceof Cancelled ? error.message : 'The load broke by a fault.';
  const message = `${said} ${untouched ? 'The target was not touched.' : 'What the target holds is not known; run load again.'}`;
  const report = {
    schema_version: 1,
    run_id: context.runId,
    run_at_utc: context.now().toISOString(),
    status: error instanceof Cancelled ? 'cancelled' : 'failed',
    connection: name,
    connector: connector.id,
    connector_stage: connector.stage,
    release_profile: null,
    data_class: null,
    load_key: '',
    // No rows of any migration were brought over.
    migration_run_id: '',
    target_state: state,
    message,
    tables: [],
    issues: 0,
    issues_left_out: 0,
  };
  await publishing(context.project, async (publication) => {
    await publication.writeJson(ARTEFACTS.loadReport, report);
    await publication.writeText(ARTEFACTS.loadIssues, csvText(LOAD_ISSUE_COLUMNS, []));
  });
  return error instanceof UserError ? new UserError(message, error.problems) : error;
}

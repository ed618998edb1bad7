import { readAudit } from '../audit/auditLog.ts';
import type { StageContext } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { importCsv } from '../quality/loadCsv.ts';
import { UserError } from '../shared/errors.ts';
import { countSafetyRejects, readTriageContext } from './safetyRejects.ts';

const COLUMNS = [
  'target_table',
  'target_field',
  'source_table',
  'source_field',
  'row_key',
  'safety_critical',
  'reason',
];
const NEXT = 'Run run-contract-migration again.';

/**
 * How many safety-critical rejects no decision settles, by the rejects file and the decisions as they are now: what the
 * gates would say, without running them.
 *
 * @param all safety-critical rejects by the migration's report
 * @returns the number, or why it cannot be told
 */
export async function openSafetyRejects(
  context: Pick<StageContext, 'project' | 'openEngine'>,
  all: number,
): Promise<number | string> {
  if (all === 0) return 0;
  const { project } = context;
  const name = ARTEFACTS.migrationRejects;
  const engine = await context.openEngine();
  try {
    const csv = { path: project.at(name), name, schema: 'main', table: 'rejects', columns: COLUMNS, next: NEXT };
    await importCsv(engine, csv);
    const judged = await readTriageContext(project, await readAudit(project));
    const { open, accepted, excluded, hazards } = await countSafetyRejects(engine, 'rejects', judged);
    const counted = open + accepted + excluded + hazards;
    return counted === all ? open : `The rejects file holds ${counted} of them and the report says ${all}. ${NEXT}`;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  } finally {
    await engine.close();
  }
}

import assert from 'node:assert/strict';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { Checking } from '../../../src/core/review/checking.ts';
import { readConnectors } from '../../../src/core/review/connectorsView.ts';
import { readDashboard } from '../../../src/core/review/dashboard.ts';
import { Dashboard } from '../../../src/core/review/dashboardModel.ts';
import { dashboardTool } from '../../../src/core/review/dashboardTool.ts';
import { readLifecycle } from '../../../src/core/review/lifecycleView.ts';
import { projectProblems } from '../../../src/core/review/projectProblems.ts';
import { readQualityOverview } from '../../../src/core/review/qualityOverview.ts';
import { readUsers } from '../../../src/core/review/usersView.ts';
import type { TestProject } from '../../support/project.ts';
import { withSample } from '../../support/sampleProject.ts';

/** A report, how it is broken, and what is said of it. */
const BROKEN: readonly (readonly [path: string, change: (text: string) => string, told: RegExp])[] = [
  [
    ARTEFACTS.gateReport,
    (text) => text.slice(0, 400),
    /^reports\/release_gate_report\.json cannot be used\. It is cut short or is no JSON\. Run run-release-gates again/,
  ],
  [ARTEFACTS.gateReport, () => '', /is cut short or is no JSON/],
  [
    ARTEFACTS.gateReport,
    (text) => text.replace('"verdict": "PASS"', '"verdict": "MAYBE"'),
    /gates\.0\.verdict is missing, or is not what it must be/,
  ],
  [
    ARTEFACTS.migrationReport,
    (text) => text.replace(/"rows_read": \d+/, '"rows_read": "many"'),
    /rows_read is no number that this report can hold, so its numbers are not believable\. Run run-contract-migration again/,
  ],
  [ARTEFACTS.migrationReport, (text) => text.replace(/"rows_read": \d+/, '"rows_read": -4'), /rows_read is no number/],
  [
    ARTEFACTS.migrationReport,
    (text) => text.replace(/"rows_read": \d+/, '"rows_read": 1e30'),
    /rows_read is no number/,
  ],
  [
    ARTEFACTS.migrationReport,
    (text) => text.replace(/"rows_read": \d+/, '"rows_read": 7'),
    /Its rows do not add up to those read/,
  ],
  [
    ARTEFACTS.migrationTableStats,
    (text) => text.replace(/^(LOAD_\w+,\w+),\d+/m, '$1,100000000000000000000'),
    /rows_read on line \d+ is no count of rows, so the numbers are not believable\. Run run-contract-migration/,
  ],
  [
    ARTEFACTS.migrationTableStats,
    (text) => text.replace(/^(LOAD_\w+,\w+),\d+/m, '$1,-5'),
    /rows_read on line \d+ is no count of rows/,
  ],
  [
    ARTEFACTS.migrationTableStats,
    (text) => text.replace(/^(LOAD_\w+,\w+),\d+/m, '$1,none'),
    /rows_read on line \d+ is no count of rows/,
  ],
  [
    ARTEFACTS.migrationTableStats,
    (text) => text.replace(/^(LOAD_\w+,\w+),\d+/m, '$1,999999'),
    /The rows of line \d+ do not add up to those read/,
  ],
  [
    ARTEFACTS.migrationTableStats,
    (text) => `${text.split('\n').slice(0, 9).join('\n')}\n`,
    /do not add up to those of reports\/contract_migration_report\.json/,
  ],
  [ARTEFACTS.qualityReport, (text) => text.slice(0, -20), /^reports\/enterprise_pipeline_report\.json cannot be used/],
  [ARTEFACTS.catalogSummary, () => '[]', /It is missing, or is not what it must be\. Run extract-specs again/],
  [ARTEFACTS.mockManifest, () => '{', /mock_data_manifest\.json cannot be used/],
  [ARTEFACTS.mappingSummary, () => '{', /semantic_mapping_summary\.json cannot be used/],
  [ARTEFACTS.contractSummary, () => '{', /mapping_contract_summary\.json cannot be used/],
  [ARTEFACTS.lifecycleRun, () => '{', /product_lifecycle_run\.json cannot be used/],
  [ARTEFACTS.loadReport, () => '{"connection": 1}', /load_report\.json cannot be used/],
  [ARTEFACTS.reconciliationReport, () => '', /reconciliation_report\.json cannot be used/],
];

describe('a report that cannot be used', () => {
  it('is named with what is wrong and what to do, in Problems and where it is shown; it does not pass for a missing one', async () => {
    await withSample(async (sample) => {
      const context = sample.context();
      const { project } = context;
      const options = { rows: 20, seed: 42, release_profile: 'development' };
      assert.equal((await runCommand(context, 'run-product-lifecycle', options)).status, 'passed');
      const engine = await context.openEngine();
      const told = async (): Promise<string[]> =>
        (await projectProblems(project, new Map(), new Checking(engine)))
          .filter(({ code }) => code === 'report-unreadable')
          .map(({ message }) => message);
      try {
        assert.deepEqual(await told(), []);
        for (const [path, change, sentence] of BROKEN) {
          const whole = await sample.readIfThere(path);
          const broken = change(whole ?? '');
          assert.notEqual(broken, whole, path);
          await sample.write(path, broken);
          const [message = '', ...more] = await told();
          assert.match(message, sentence, path);
          assert.deepEqual(more, [], path);
          await shown(sample, path, message);
          await sample.write(path, whole ?? '{"connection":"a","status":"passed","run_at_utc":""}');
        }
        assert.deepEqual(await told(), []);
      } finally {
        engine.close();
      }
    });
  });
});

const PARTS: Readonly<Record<string, string>> = {
  [ARTEFACTS.gateReport]: 'gates',
  [ARTEFACTS.migrationReport]: 'etl',
  [ARTEFACTS.migrationTableStats]: 'tables',
  [ARTEFACTS.qualityReport]: 'quality',
  [ARTEFACTS.catalogSummary]: 'schema',
};
const STAGES: Readonly<Record<string, number>> = {
  [ARTEFACTS.catalogSummary]: 0,
  [ARTEFACTS.mockManifest]: 1,
  [ARTEFACTS.mappingSummary]: 2,
  [ARTEFACTS.contractSummary]: 3,
  [ARTEFACTS.migrationReport]: 4,
  [ARTEFACTS.qualityReport]: 5,
  [ARTEFACTS.gateReport]: 6,
};

/** What the panels say while a report is broken. */
async function shown(sample: TestProject, path: string, message: string): Promise<void> {
  const { project } = sample.context();
  const dashboard = Dashboard.parse(await readDashboard(project, new Date()));
  const [told] = dashboard.unreadable;
  assert.equal(told?.part, PARTS[path], path);
  if (told !== undefined) {
    assert.equal(told.message, message);
    assert.deepEqual([told.place.kind, 'path' in told.place ? told.place.path : ''], ['file', path]);
    const lines = (await dashboardTool.run(sample.context(), { decide: 'no' })).text.join('\n');
    assert.ok(lines.includes(message), lines);
  }
  const stage = (await readLifecycle(project)).stages[STAGES[path] ?? -1];
  if (stage !== undefined) assert.deepEqual([stage.status, stage.message], ['unreadable', message]);
  if (path === ARTEFACTS.migrationTableStats) assert.deepEqual(dashboard.etl?.worst, []);
  if (path === ARTEFACTS.migrationReport) assert.equal(dashboard.etl, null);
  if (path === ARTEFACTS.qualityReport) assert.equal((await readQualityOverview(project)).unreadable, message);
  if (path === ARTEFACTS.loadReport) assert.deepEqual((await readConnectors(project)).unreadable, [message]);
  if (path !== ARTEFACTS.gateReport) return;
  assert.ok(dashboard.gates.every(({ standing, decidedAt }) => standing === 'UNKNOWN' && decidedAt === null));
  assert.deepEqual(
    dashboard.blockers.map(({ id, message: why }) => [id, why]),
    [['unreadable', message]],
  );
  assert.equal((await readUsers(sample.context())).gatesUnknown, message);
}

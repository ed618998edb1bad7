import assert from 'node:assert/strict';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { readDashboard } from '../../../src/core/review/dashboard.ts';
import { Dashboard } from '../../../src/core/review/dashboardModel.ts';
import { gateRows } from '../../../src/core/review/gateRows.ts';
import { FIRST_SORT, readIssueFilter } from '../../../src/core/review/issues/issueQuery.ts';
import { IssueStore } from '../../../src/core/review/issues/issueStore.ts';
import type { Place } from '../../../src/core/review/place.ts';
import { readQualityOverview } from '../../../src/core/review/qualityOverview.ts';
import { withSample } from '../../support/sampleProject.ts';

const NEVER = new AbortController().signal;

describe('the numbers of gates', () => {
  it('read as sentences, of one row and of many', () => {
    const orphans = (actual: number): string[] => {
      const gate = {
        ...{ id: 'patient_chain', title: '', owner_role: 'Data Quality Lead', verdict: 'FAIL' as const, actual },
        ...{ expected: 0, message: '', evidence: [] },
      };
      return gateRows(gate, { migration: null, tables: null, quality: null, chain: [] }).map(({ label }) => label);
    };
    assert.deepEqual(orphans(1543), ['1,543 rows without their parent']);
    assert.deepEqual(orphans(1), ['1 row without its parent']);
  });

  it('open as many rows as they say', async () => {
    await withSample(async (sample) => {
      const context = sample.context();
      const { project } = context;
      await runCommand(context, 'run-product-lifecycle', { rows: 40, seed: 42, release_profile: 'pre_production' });
      // Codes that the crosswalks know no more: whole patients are held, and their rows have no parent.
      for (const name of ['sex', 'address_type', 'alert_type', 'admission_method', 'marital_status']) {
        const path = `${ARTEFACTS.crosswalks}/${name}.csv`;
        await sample.write(path, `${(await sample.read(path)).split('\n').slice(0, 2).join('\n')}\n`);
      }
      await runCommand(sample.context(), 'run-product-lifecycle', {
        from: 'run-contract-migration',
        release_profile: 'pre_production',
      });
      const dashboard = await readDashboard(project, new Date());
      assert.deepEqual(Dashboard.parse(dashboard), dashboard);
      const engine = await context.openEngine();
      const store = new IssueStore(project, engine, () => new Date());
      const opened = async (place: Place, label: string): Promise<number> => {
        switch (place.kind) {
          case 'explorer': {
            const filter = readIssueFilter({ only: place.only });
            if (place.grouping !== undefined) return (await store.groups(filter, place.grouping, 0, 1, NEVER)).found;
            // Of rejects the list says both, lines and rows.
            const { found, ofRows } = await store.page(filter, FIRST_SORT, 0, 1, NEVER);
            return / rows? /.test(label) ? (ofRows ?? found) : found;
          }
          case 'rejects': {
            const { rejected } = await store.files(NEVER);
            return rejected?.tables[place.table ?? ''] ?? 0;
          }
          case 'rules': {
            const { report } = await readQualityOverview(project);
            return (report?.rules ?? []).filter(({ status }) => place.statuses.includes(status)).length;
          }
          default:
            throw new Error(`${place.kind} holds no rows that are counted here`);
        }
      };
      const told: Record<string, string[]> = {};
      for (const { id, rows } of dashboard.blockers)
        for (const { label, place } of rows) {
          assert.equal(await opened(place, label), Number(label.split(' ')[0]?.replaceAll(',', '')), `${id}: ${label}`);
          told[id] = [...(told[id] ?? []), label.replace(/^[\d,]+ /, '')];
        }
      // The files are those of the reports, so nothing is told of them.
      assert.deepEqual((await store.files(NEVER)).notes, []);
      await engine.close();
      assert.deepEqual(Object.keys(told), [
        'migration_errors',
        'safety_critical_rejects',
        'crosswalk_reject_rate',
        'row_reject_rate',
        'patient_chain',
        'quality_errors_safety',
        'quality_errors_other',
      ]);
      assert.deepEqual(told['safety_critical_rejects'], ['open safety-critical rejects']);
      // The number of a gate's own sentence is the one that opens.
      for (const { id, message, rows } of dashboard.blockers)
        if (id !== 'row_reject_rate' && id !== 'quality_errors_other')
          for (const { label } of rows.slice(0, 1))
            assert.ok(message.includes(label.split(' ')[0] ?? '?'), `${id}: ${message} ${label}`);
    });
  });
});

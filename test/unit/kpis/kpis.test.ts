import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { readAudit } from '../../../src/core/audit/auditLog.ts';
import { setTriage } from '../../../src/core/governance/setTriage.ts';
import { rejectKey } from '../../../src/core/governance/triageKeys.ts';
import { readRunHistory } from '../../../src/core/history/runHistory.ts';
import { FIRST_KPIS, type Kpi } from '../../../src/core/kpis/kpi.ts';
import { type KpiEdit, readKpis, setKpi } from '../../../src/core/kpis/kpiFile.ts';
import { allKpiSources, kpiSource } from '../../../src/core/kpis/kpiSource.ts';
import { measureKpis, statusOf } from '../../../src/core/kpis/measureKpis.ts';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { ARTEFACTS, Project } from '../../../src/core/project/layout.ts';
import { type TestProject, withProject } from '../../support/project.ts';

const AT = '2026-03-02T08:00:00.000Z';
const by = { who: 'R. Dale', at: new Date(AT), note: 'agreed by the board' };

const report = (numerator: number, denominator: number): string =>
  JSON.stringify({
    run_at_utc: AT,
    status: 'failed',
    patients: 20,
    rules: [
      { id: 'VAL-01', severity: 'ERROR', family: 'PMI', domain: 'PMI', status: 'failed', numerator, denominator },
      { id: 'CMP-01', severity: 'ERROR', family: 'PMI', domain: 'PMI', status: 'passed', numerator: 0, denominator: 9 },
      {
        id: 'WL-01',
        severity: 'WARN',
        family: 'IWL',
        domain: 'IWL',
        status: 'not_applicable',
        numerator: 0,
        denominator: 0,
      },
    ],
  });
const MIGRATION = JSON.stringify({
  run_at_utc: AT,
  status: 'passed',
  rows_read: 200,
  rows_written: 190,
  rows_rejected: 10,
  rows_excluded: 0,
  rows_unexplained: 0,
  crosswalk_rejects: 4,
  safety_critical_rejects: 2,
  cells_total: 1000,
  cells_populated: 850,
});
const FILES = {
  'reports/enterprise_pipeline_report.json': report(3, 12),
  'reports/contract_migration_report.json': MIGRATION,
};
const GATES = JSON.stringify({
  run_at_utc: AT,
  profile: 'development',
  status: 'FAIL',
  gates: [
    {
      id: 'safety_critical_rejects',
      title: 'No reject in a safety-critical column',
      owner_role: 'Clinical Safety',
      verdict: 'FAIL',
      actual: 1,
      expected: '<= 0',
      message: '2 safety-critical rejects: 1 open, 1 accepted',
      evidence: [],
    },
  ],
});

const named = async (project: TestProject) => {
  const values = await measureKpis(project.context(), (await readKpis(new Project(project.root))).value);
  return new Map(values.map((kpi) => [kpi.name, kpi]));
};

describe('quality KPIs', () => {
  it('measure the reports, with numerator and denominator', async () => {
    await withProject(FILES, async (project) => {
      const kpis = await named(project);
      const told = (name: string) => {
        const kpi = kpis.get(name);
        return [kpi?.value, kpi?.numerator, kpi?.denominator, kpi?.status];
      };
      assert.deepEqual(told('nhs-number'), [0.25, 3, 12, 'missed']);
      assert.deepEqual(told('errors'), [3, 3, null, 'missed']);
      assert.deepEqual(told('pmi-errors'), [3, 3, null, 'missed']);
      assert.deepEqual(told('reject-share'), [0.05, 10, 200, 'missed']);
      assert.deepEqual(told('population'), [0.85, 850, 1000, 'met']);
      // The report tells of two, and no rejects file says which.
      assert.deepEqual(told('safety-critical'), [null, null, null, 'unknown']);
      assert.match(kpis.get('safety-critical')?.reason ?? '', /contract_migration_rejects\.csv: not found/);
      assert.deepEqual(told('rules-passed'), [0.5, 1, 2, 'missed']);
      assert.deepEqual(told('approved'), [null, null, null, 'unknown']);
    });
  });

  it('count open safety-critical rejects by the decisions as they are now, whatever the gates said then', async () => {
    const reject = (row: number): string => `T,SEX,S,SEX_CD,${row},P${row},Y,UNKNOWN_CODE\n`;
    const files = {
      ...FILES,
      'reports/contract_migration_rejects.csv': `target_table,target_field,source_table,source_field,source_row,row_key,safety_critical,reason\n${reject(1)}${reject(2)}`,
      'reports/release_gate_report.json': GATES,
      [ARTEFACTS.roles]: await readFile(ARTEFACTS.roles, 'utf8'),
    };
    await withProject(files, async (project) => {
      const kpi = async () => (await named(project)).get('safety-critical');
      const before = await kpi();
      assert.deepEqual([before?.value, before?.status, before?.live], [2, 'missed', true]);
      const cause = {
        reason: 'UNKNOWN_CODE',
        targetTable: 'T',
        targetField: 'SEX',
        sourceTable: 'S',
        sourceField: 'SEX_CD',
      };
      await setTriage(
        new Project(project.root),
        [{ kind: 'reject', key: rejectKey(cause, 'P1'), about: '', rows: null }],
        { disposition: 'accept_with_sign_off', comment: 'asked again at booking' },
        { who: 'Dr Celia Marchetti', at: new Date() },
      );
      assert.equal((await kpi())?.value, 1);
      await project.write(
        'reports/contract_migration_rejects.csv',
        files['reports/contract_migration_rejects.csv'] + reject(3),
      );
      const [value, reason] = [(await kpi())?.value, (await kpi())?.reason];
      assert.equal(value, null);
      assert.equal(reason, 'The rejects file holds 3 of them and the report says 2. Run run-contract-migration again.');
    });
  });

  it('say which report they are from, and why there is no value', async () => {
    const later = '2026-03-02T09:30:00.000Z';
    await withProject(
      { ...FILES, 'reports/contract_migration_report.json': MIGRATION.replace(AT, later) },
      async (project) => {
        const kpis = await named(project);
        const told = (name: string) => [kpis.get(name)?.basis, kpis.get(name)?.at];
        assert.deepEqual(told('nhs-number'), ['the quality report', AT]);
        assert.deepEqual(told('reject-share'), ['the migration report', later]);
        assert.match(kpis.get('approved')?.reason ?? '', /no mapping contract yet/);
        const other = { ...FIRST_KPIS[0], window: 5 } as Kpi;
        const sources = ['rule:WL-01', 'rule:VAL-02', 'rule:CMP-01'].map((source) => ({ ...other, source }));
        assert.deepEqual(
          (await measureKpis(project.context(), sources)).map(({ reason }) => reason),
          [
            'WL-01 does not apply to this data.',
            'The quality report does not have VAL-02; run the data quality rules again.',
            '',
          ],
        );
      },
    );
    await withProject({}, async (project) => {
      assert.match(
        (await named(project)).get('errors')?.reason ?? '',
        /no quality report yet; run the data quality rules/,
      );
    });
  });

  it('never take nothing for met', async () => {
    await withProject({ 'reports/enterprise_pipeline_report.json': report(0, 0) }, async (project) => {
      const kpi = (await named(project)).get('nhs-number');
      assert.deepEqual([kpi?.status, kpi?.value, kpi?.reason], ['unknown', null, 'Nothing was examined.']);
    });
    await withProject({}, async (project) => {
      for (const kpi of (await named(project)).values()) assert.equal(kpi.status, 'unknown', kpi.name);
    });
    assert.equal(statusOf({ threshold: 0, direction: 'at_least' }, 0), 'met');
  });

  it('keep what changed, by whom and why, and tell the audit log', async () => {
    await withProject(FILES, async ({ root }) => {
      const project = new Project(root);
      await assert.rejects(setKpi(project, 'errors', { threshold: 5 }, { ...by, note: ' ' }), /Say why/);
      await assert.rejects(setKpi(project, 'errors', { threshold: 0 }, by), /Nothing of errors would change/);
      await assert.rejects(setKpi(project, 'new-one', { threshold: 0 }, by), /give --source and --threshold/);
      await assert.rejects(
        setKpi(project, 'new-one', { threshold: 0, source: 'rule:NO-99' }, by),
        /nothing that can be measured/,
      );
      await setKpi(project, 'errors', { threshold: 5 }, by);
      await setKpi(project, 'errors', { window: 20 }, { ...by, note: '' });
      await setKpi(project, 'errors', { threshold: 1 }, by);
      await setKpi(project, 'opd', { source: 'domain:OPD', threshold: 0, title: '<b>=cmd</b>' }, by);
      const { value, problems } = await readKpis(project);
      assert.deepEqual(problems, []);
      assert.equal(value.length, FIRST_KPIS.length + 1);
      const kpi = value.find(({ name }) => name === 'errors');
      assert.deepEqual([kpi?.threshold, kpi?.window, kpi?.history.map(({ threshold }) => threshold)], [1, 20, [5, 1]]);
      const events = (await readAudit(project)).filter(({ event }) => event === 'kpi-changed');
      assert.deepEqual(
        events.map(({ details }) => details['kpi']),
        ['errors', 'errors', 'errors', 'opd'],
      );
      assert.equal(events[0]?.details['note'], 'agreed by the board');
    });
  });

  it('take no threshold that can never be missed or met, and no part of a run', async () => {
    await withProject(FILES, async (project) => {
      const place = new Project(project.root);
      const set = (name: string, edit: KpiEdit) => setKpi(place, name, edit, by);
      for (const threshold of [-0.05, 1.5, 100])
        await assert.rejects(set('reject-share', { threshold }), /share, so it must be from 0 % to 100 %/);
      for (const threshold of [-1, 0.5, 1e300])
        await assert.rejects(set('errors', { threshold }), /count, so it must be a whole number, 0 or more/);
      for (const window of [1, 1.5, 201])
        await assert.rejects(
          set('errors', { window }),
          /^UserError: The past runs .* must be a whole number from 2 to 200\.$/,
        );
      // A count does not become a share with a threshold that is none of a share.
      await set('errors', { threshold: 5 });
      await assert.rejects(set('errors', { source: 'reject_share' }), /share, so it must be/);
      for (const threshold of [0, 1]) await set('reject-share', { threshold });
      const { error } = await runCommand(project.context(), 'kpi set', { name: 'errors', window: 1.5 });
      assert.match(error ?? '', /--window: must be a whole number/);
    });
  });

  it('refuse a file they cannot understand, with the place, and leave it as it is', async () => {
    for (const [text, why] of [
      ['{', /not valid JSON/],
      ['{"schema_version":1,"kpis":[{"name":"a","title":"A","source":"weather","threshold":1}]}', /kpis\.0\.source/],
      [
        '{"schema_version":1,"kpis":[{"name":"a","title":"A","source":"reject_share","threshold":"x"}]}',
        /kpis\.0\.threshold/,
      ],
      [
        '{"schema_version":1,"kpis":[{"name":"a","title":"A","source":"reject_share","threshold":1},{"name":"a","title":"A","source":"reject_share","threshold":1}]}',
        /Two key figures/,
      ],
      [
        '{"schema_version":1,"kpis":[{"name":"a","title":"A","source":"reject_share","threshold":5}]}',
        /kpis\.0\.threshold: The threshold is a share/,
      ],
    ] as const)
      await withProject({ ...FILES, 'schemas/quality_kpis.json': text }, async ({ root, read }) => {
        const project = new Project(root);
        assert.match((await readKpis(project)).problems[0]?.message ?? '', why);
        await assert.rejects(setKpi(project, 'a', { threshold: 2 }, by), why);
        assert.equal(await read('schemas/quality_kpis.json'), text);
      });
  });

  it('follow the runs, as commands do', async () => {
    await withProject(FILES, async (project) => {
      const run = (command: string, options: Record<string, unknown>) =>
        runCommand(project.context(), command, options);
      const listed = await run('kpi list', {});
      assert.equal(listed.returnCode, 0);
      assert.match(
        listed.text.join('\n'),
        /nhs-number +missed +.*: 25 % \(3 of 12 rows or cells examined\), at most 0 %/,
      );
      assert.match((await run('kpi list', { sources: true })).text.join('\n'), /domain:MH/);
      const set = await run('kpi set', { name: 'nhs-number', threshold: 0.3, note: 'until the source is mended' });
      assert.equal(set.returnCode, 0, set.error ?? '');
      // A command that changes reports records them; here they stand already.
      await run('run-release-gates', {});
      await project.write('reports/enterprise_pipeline_report.json', report(1, 10));
      await run('run-release-gates', {});
      const [last] = await readRunHistory(new Project(project.root));
      assert.deepEqual(last?.quality?.results, { 'VAL-01': ['f', 1, 10], 'CMP-01': ['p', 0, 9], 'WL-01': ['n', 0, 0] });
      assert.equal(last?.migration?.cells_populated, 850);
      const kpi = (await named(project)).get('nhs-number');
      assert.deepEqual([kpi?.status, kpi?.trend.map(({ value }) => value)], ['met', [0.25, 0.1]]);
    });
  });

  it('know every source by its words', () => {
    assert.ok(allKpiSources().length > 140);
    for (const name of ['__proto__', 'constructor', 'rule:', 'domain:XX', 'severity:INFO', ''])
      assert.equal(kpiSource(name), null, name);
  });
});

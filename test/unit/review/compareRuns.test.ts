import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { AuditEntry } from '../../../src/core/audit/auditLog.ts';
import { recordContractChange } from '../../../src/core/audit/contractAudit.ts';
import { compareRuns, findRun } from '../../../src/core/history/compareRuns.ts';
import { readContractCounts, reviewOverTime } from '../../../src/core/history/contractCounts.ts';
import { inputNote } from '../../../src/core/history/differenceWords.ts';
import type { BothRuns } from '../../../src/core/history/runDifference.ts';
import { readRunHistory, recordRun } from '../../../src/core/history/runHistory.ts';
import { compareRunsTool, listRunsTool } from '../../../src/core/history/runTools.ts';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { crosswalkChanges } from '../../../src/core/review/crosswalkChanges.ts';
import { readDashboard } from '../../../src/core/review/dashboard.ts';
import { Dashboard } from '../../../src/core/review/dashboardModel.ts';
import { dashboardTool } from '../../../src/core/review/dashboardTool.ts';
import { Runs } from '../../../src/core/review/runsModel.ts';
import { readRuns } from '../../../src/core/review/runsView.ts';
import { UserError } from '../../../src/core/shared/errors.ts';
import { withProject } from '../../support/project.ts';

const ISSUES = 'issue_key,severity,category,rule_id,domain,table_name,field_name,row_key,message,owner_role\n';
const issues = (...lines: readonly string[]): string =>
  ISSUES +
  lines
    .map((line) => {
      const [key, severity, rule, table] = line.split(' ');
      return `${key},${severity},c,${rule},PMI,${table},F,1,"not so",Data Quality Lead\n`;
    })
    .join('');
const REJECTS =
  'target_table,target_field,source_table,source_field,source_value,source_row,row_key,crosswalk,safety_critical,row_policy,reason\n';
const CONTRACT =
  'target_table,target_field,data_type,mandatory,mapping_class,source_table,source_field,rule,crosswalk,default_value,confidence,status,owner,notes\n';
const contract = (...lines: readonly string[]): string => CONTRACT + lines.map((line) => `${line}\n`).join('');
const gates = (verdict: string, profile = 'pre_production'): string =>
  JSON.stringify({
    run_at_utc: '2026-01-01T00:00:00Z',
    profile,
    status: verdict === 'PASS' ? 'PASS' : 'FAIL',
    gates: [
      {
        id: 'row_balance',
        title: 't',
        owner_role: 'ETL Engineer',
        verdict,
        actual: 0,
        expected: 0,
        message: '',
        evidence: [],
      },
    ],
  });

describe('crosswalks that were changed', () => {
  it('are those of a span of the audit log, each with its lines', () => {
    const change = (at_utc: string, file: string, row_count: number, event = 'crosswalk-changed'): AuditEntry => ({
      ...{ sequence: 1, at_utc, who: 'x', event, previous: '', hash: '' },
      details: { file, row_count },
    });
    const sex = 'schemas/crosswalks/sex.csv';
    const audit = [
      change('2026-01-01', sex, 9),
      change('2026-01-02', sex, 2),
      change('2026-01-03', sex, 1),
      change('2026-01-03', 'schemas/crosswalks/ward.csv', 4),
      change('2026-01-03', sex, 8, 'contract-changed'),
      change('2026-01-04', sex, 5),
    ];
    const told = (until: string | null) =>
      crosswalkChanges(audit, '2026-01-01', until).map(({ name, lines }) => [name, lines]);
    assert.deepEqual(told('2026-01-03'), [
      ['sex', 3],
      ['ward', 4],
    ]);
    assert.deepEqual(told(null)[0], ['sex', 8]);
    assert.deepEqual(crosswalkChanges(audit, '2026-01-04', null), []);
  });
});

describe('runs compared', () => {
  it('tells contract, gates, rejects, and issues new, fixed, back and worse by their keys', async () => {
    await withProject({}, async (project) => {
      const context = project.context();
      const run = async (id: string, files: Readonly<Record<string, string>>): Promise<void> => {
        for (const [path, text] of Object.entries(files)) await project.write(path, text);
        await recordRun(context.project, {
          run_id: id,
          command: 'run-release-gates',
          started_at_utc: `2026-01-01T00:00:0${id}Z`,
          duration_ms: 5,
          status: 'passed',
          return_code: 0,
          options: {},
          message: '',
          stages: [],
        });
      };
      await run('1', {
        [ARTEFACTS.qualityIssues]: issues('a ERROR R1 T', 'b ERROR R1 T', 'c WARN R2 T'),
        [ARTEFACTS.migrationRejects]: `${REJECTS}T,F,S,F,x,1,1,sex,Y,hold,UNKNOWN_CODE\n`,
        [ARTEFACTS.contract]: contract(
          'T,F,INTEGER,Y,direct,S,F,,,,1,DRAFT,me,',
          'T,G,INTEGER,N,direct,S,G,,,,1,DRAFT,me,',
        ),
        [ARTEFACTS.gateReport]: gates('FAIL'),
      });
      await run('2', { [ARTEFACTS.qualityIssues]: issues('b ERROR R1 T', 'c WARN R2 T') });
      await run('3', {
        [ARTEFACTS.qualityIssues]: issues('a ERROR R1 T', 'b ERROR R1 T', 'd ERROR R1 T', 'e INFO R3 T'),
        [ARTEFACTS.migrationRejects]: REJECTS,
        [ARTEFACTS.contract]: contract(
          'T,F,INTEGER,Y,direct,S,F2,,,,1,APPROVED,me,',
          'T,G,INTEGER,N,direct,S,G,,,,1,APPROVED,me,',
        ),
        [ARTEFACTS.gateReport]: gates('PASS'),
      });
      const history = await readRunHistory(context.project);
      const engine = await context.openEngine();
      try {
        const found = await compareRuns(
          context.project,
          findRun(history, 'previous'),
          findRun(history, '3'),
          history,
          engine,
        );
        assert.deepEqual(found.totals, { added: 2, fixed: 1, back: 1, worse: 1 });
        assert.deepEqual(
          found.issues.map(({ rule, before, after, added, fixed, back, worse }) => [
            rule,
            before,
            after,
            added,
            fixed,
            back,
            worse,
          ]),
          [
            ['R1', 1, 3, 1, 0, 1, true],
            ['R2', 1, 0, 0, 1, 0, false],
            ['R3', 0, 1, 1, 0, 0, false],
          ],
        );
        assert.deepEqual(found.impacts, { breaking: 1, additive: 0, review: 1 });
        assert.deepEqual(found.gates, [
          { profile: 'pre_production', gate: 'row_balance', before: 'FAIL', after: 'PASS' },
        ]);
        assert.deepEqual(found.rejects, [{ name: 'sex', before: 1, after: 0, added: 0, gone: 1 }]);
        assert.equal(found.pastRuns, 1);
        const same = await compareRuns(context.project, findRun(history, '1'), findRun(history, '1'), history, engine);
        assert.deepEqual([same.contract, same.gates, same.rejects, same.issues], [[], [], [], []]);
      } finally {
        await engine.close();
      }
      assert.throws(() => findRun(history, 'no-such'), UserError);
      const told = await compareRunsTool.run(context, { before: '1', after: '2' });
      assert.match(told.text.join('\n'), /issues: 0 new, 1 fixed, 0 back, 0 causes worse/);
      assert.match((await listRunsTool.run(context, { limit: 1, commands: 'all' })).text.join('\n'), /^3 .*PASS$/);
    });
  });

  it('counts every reject line of the files, also those alike, and no issue that only sums rejects up', async () => {
    await withProject({}, async (project) => {
      const context = project.context();
      const reject = 'T,F,S,F,x,1,1,,N,hold,PARENT_MISSING\n';
      const run = async (id: string, lines: readonly string[]): Promise<void> => {
        const sums = lines.length === 0 ? '' : `s1,ERROR,reject,PARENT_MISSING,,T,F,,"${lines.length} rejects",me\n`;
        await project.write(ARTEFACTS.migrationIssues, `${ISSUES}k,ERROR,contract,c1,,,,line,"m",me\n${sums}`);
        await project.write(ARTEFACTS.qualityIssues, issues(...lines.map((_, index) => `q${index} ERROR R1 T`)));
        await project.write(ARTEFACTS.migrationRejects, REJECTS + lines.join(''));
        await recordRun(context.project, {
          ...{ run_id: id, command: 'run-contract-migration', started_at_utc: `2026-01-01T00:00:0${id}Z` },
          ...{ duration_ms: 5, status: 'passed', return_code: 0, options: {}, message: '', stages: [] },
        });
      };
      await run('1', []);
      await run('2', [reject, reject, reject.replace(',1,1,', ',2,2,')]);
      const { summary, text } = await compareRunsTool.run(context, { before: '1', after: '2' });
      assert.deepEqual(summary['rejects'], [{ name: 'PARENT_MISSING', before: 0, after: 3, added: 3, gone: 0 }]);
      assert.deepEqual(summary['totals'], { added: 3, fixed: 0, back: 0, worse: 0 });
      assert.ok(!text.some((line) => line.includes('PARENT_MISSING T.F')));
    });
  });

  it('compares with the last run that made its reports anew, names partial runs, and lists what moved data', async () => {
    await withProject({}, async (project) => {
      const context = project.context();
      const all = ['run-contract-migration', 'run-enterprise-pipeline', 'run-release-gates'];
      const run = async (id: string, command: string, stages: readonly string[], options = {}): Promise<void> => {
        await recordRun(context.project, {
          ...{ run_id: id, command, started_at_utc: `2026-01-01T00:00:0${id}Z`, duration_ms: 5, options },
          ...{ status: 'passed', return_code: 0, message: '' },
          stages: stages.map((stage) => ({ id: stage, status: 'passed', duration_ms: 1 })),
        });
      };
      const rejects = async (count: number): Promise<void> => {
        const lines = Array.from({ length: count }, (_, row) => `T,F,S,F,x,${row},${row},sex,Y,hold,UNKNOWN_CODE\n`);
        await project.write(ARTEFACTS.migrationRejects, REJECTS + lines.join(''));
        const rows = {
          rows_read: 9,
          rows_written: 9 - count,
          rows_rejected: count,
          rows_excluded: 0,
          rows_unexplained: 0,
        };
        const report = { run_at_utc: '2026-01-01T00:00:00Z', status: 'passed', ...rows, crosswalk_rejects: count };
        await project.write(ARTEFACTS.migrationReport, JSON.stringify(report));
      };
      await rejects(0);
      await run('1', 'run-product-lifecycle', all);
      await rejects(6);
      await run('2', 'run-product-lifecycle', all);
      await run('3', 'kpi set', ['kpi set']);
      await run('4', 'run-product-lifecycle', ['run-release-gates'], { from: 'run-release-gates' });
      const history = await readRunHistory(context.project);
      assert.deepEqual([findRun(history, 'previous').run_id, findRun(history, 'latest').run_id], ['1', '4']);
      const told = await compareRunsTool.run(context, { before: 'previous', after: 'latest' });
      assert.match(told.text.join('\n'), /sex: 0 → 6 \(6 new, 0 gone\)/);
      const changes = (await readDashboard(context.project, new Date())).changes;
      assert.equal(changes.run?.command, 'run-product-lifecycle from run-release-gates');
      assert.deepEqual([changes.previous?.id, changes.previous?.rejected], ['1', [0, 6]]);
      const shown = await readRuns(context.project);
      assert.deepEqual(Runs.parse(shown), shown);
      assert.deepEqual(
        [shown.runs.map(({ id }) => id), shown.others.map(({ id }) => id), shown.last],
        [['4', '2', '1'], ['3'], ['1', '4']],
      );
      const listed = await listRunsTool.run(context, { limit: 50, commands: 'runs' });
      assert.equal(listed.text.length, 3);
      assert.match(listed.text[0] ?? '', /run-product-lifecycle from run-release-gates/);
      assert.equal((await listRunsTool.run(context, { limit: 50, commands: 'all' })).text.length, 4);
    });
  });

  it('says the same of runs of two profiles in the dashboard, the comparison and the terminal', async () => {
    await withProject({}, async (project) => {
      const context = project.context();
      for (const [id, profile, verdict] of [
        ['1', 'development', 'PASS'],
        ['2', 'pre_production', 'FAIL'],
      ] as const) {
        await project.write(ARTEFACTS.gateReport, gates(verdict, profile));
        await recordRun(context.project, {
          ...{ run_id: id, command: 'run-release-gates', started_at_utc: `2026-01-01T00:00:0${id}Z` },
          ...{ duration_ms: 5, status: 'passed', return_code: 0, options: {}, message: '', stages: [] },
        });
      }
      const dashboard = await readDashboard(context.project, new Date());
      assert.deepEqual(Dashboard.parse(dashboard), dashboard);
      const { summary, text } = await compareRunsTool.run(context, { before: '1', after: '2' });
      const { previous } = dashboard.changes;
      assert.deepEqual(previous?.profiles, ['development', 'pre_production']);
      assert.deepEqual(previous?.gates, [
        { profile: 'pre_production', gate: 'row_balance', before: 'PASS', after: 'FAIL' },
      ]);
      assert.deepEqual([summary['profiles'], summary['gates']], [previous?.profiles, previous?.gates]);
      const told =
        'gates: 1 verdict differs; the runs were judged for different profiles: development, then pre_production';
      assert.ok(text.includes(`  ${told}`), text.join('\n'));
      const lines = (await dashboardTool.run(context, { decide: 'no' })).text;
      assert.ok(lines.includes(`  ${told}`));
      assert.ok(
        lines.some((line) => /^Since the run of .*: no contract row changed\.$/.test(line)),
        lines.join('\n'),
      );
    });
  });

  it('says that more issues may be of more rows only where more came, and else that the numbers do not compare', () => {
    const note = (read: BothRuns, rejected: BothRuns, errors: BothRuns = [null, null], warnings = errors): string =>
      inputNote({ otherInput: true, read, rejected, errors, warnings });
    const more = 'The second run read 8,064 rows, the first 6,823: more issues may only mean more rows.';
    const apart = 'The second run read other rows (8,064, the first 6,823), so the numbers do not compare.';
    assert.equal(note([6823, 8064], [10, 20]), more);
    assert.equal(note([6823, 8064], [20, 10]), apart);
    assert.equal(note([6823, 8064], [20, 10], [3, 3], [5, 0]), apart);
    // What did come with the rows is told of first; nothing is contradicted where no number changed or is known.
    assert.equal(note([6823, 8064], [20, 10], [3, 4]), more);
    assert.equal(note([6823, 8064], [20, 20]), more);
    assert.equal(note([6823, 8064], [null, 10]), more);
    assert.equal(
      note([8064, 6823], [10, 20]),
      'The second run read other rows (6,823, the first 8,064), so the numbers do not compare.',
    );
  });

  it('says in front that the second run read fewer or other rows, and calls less neither fixed nor worse', async () => {
    await withProject({}, async (project) => {
      const context = project.context();
      const run = async (id: string, read: number, rejected: number, source: string): Promise<void> => {
        await project.write(ARTEFACTS.qualityIssues, issues(...(id === '1' ? ['a ERROR R1 T', 'b ERROR R1 T'] : [])));
        const rows = { rows_read: read, rows_written: read - rejected, rows_rejected: rejected, rows_excluded: 0 };
        const inputs = [
          { path: 'mock_data/source/S.csv', sha256: source, rows: read },
          { path: 'reports/mapping_contract.csv', sha256: id, rows: 1 },
        ];
        const report = { run_at_utc: '2026-01-01T00:00:00Z', status: 'passed', ...rows, rows_unexplained: 0, inputs };
        await project.write(ARTEFACTS.migrationReport, JSON.stringify({ ...report, crosswalk_rejects: 0 }));
        await recordRun(context.project, {
          ...{ run_id: id, command: 'run-contract-migration', started_at_utc: `2026-01-01T00:00:0${id}Z` },
          ...{ duration_ms: 5, status: 'passed', return_code: 0, options: {}, message: '', stages: [] },
        });
      };
      const compared = async (before: string, after: string): Promise<string> =>
        (await compareRunsTool.run(context, { before, after })).text.join('\n');
      await run('1', 8064, 6768, 'aa');
      await run('2', 1478, 707, 'bb');
      const fewer = 'The second run read 1,478 rows, the first 8,064: fewer issues may only mean fewer rows.';
      const told = await compared('1', '2');
      assert.ok(told.split('\n')[1]?.endsWith(fewer), told);
      assert.match(told, /Rejected rows: 6,768 of 8,064 \(83\.9%\) → 707 of 1,478 \(47\.8%\)/);
      assert.match(told, /issues: 0 new, 2 gone, 0 back, 0 causes with more/);
      assert.doesNotMatch(told, /fixed|worse/);
      const dashboard = (await dashboardTool.run(context, { decide: 'no' })).text.join('\n');
      assert.ok(dashboard.includes(fewer) && dashboard.includes('707 of 1,478 (47.8%)'), dashboard);
      const { previous } = (await readDashboard(context.project, new Date())).changes;
      assert.deepEqual([previous?.otherInput, previous?.read], [true, [8064, 1478]]);
      await run('3', 1478, 707, 'cc');
      assert.match(await compared('2', '3'), /The second run read different source data from the first/);
      await run('4', 1478, 600, 'cc');
      assert.doesNotMatch(await compared('3', '4'), /The second run|gone,/);
    });
  });

  it('keeps each content once, and refuses what cannot be compared in a sentence', async () => {
    await withProject({}, async (project) => {
      const { project: place, openEngine } = project.context();
      const told = {
        command: 'run-enterprise-pipeline',
        started_at_utc: '2026-01-01T00:00:00Z',
        duration_ms: 1,
        status: 'passed' as const,
        return_code: 0,
        options: {},
        message: '',
        stages: [],
      };
      await recordRun(place, { ...told, run_id: '1' });
      await project.write(ARTEFACTS.qualityIssues, issues('a ERROR R1 T'));
      await recordRun(place, { ...told, run_id: '2' });
      await recordRun(place, { ...told, run_id: '3' });
      const history = await readRunHistory(place);
      assert.deepEqual(
        history.map((run) => Object.keys(run.kept).length),
        [1, 1, 0],
      );
      assert.deepEqual(history[0]?.kept, history[1]?.kept);
      const [latest, , first] = history;
      assert.ok(latest !== undefined && first !== undefined);
      const engine = await openEngine();
      await assert.rejects(compareRuns(place, first, latest, history, engine), /kept nothing to compare/);
      await engine.close();
      assert.throws(() => findRun(history.slice(2), 'latest'), /There are 0 runs that can be compared/);
    });
  });

  it('counts the review over time by undoing what the audit log tells', async () => {
    await withProject({}, async (project) => {
      const { project: place } = project.context();
      const versions = [
        contract('T,F,INTEGER,Y,direct,S,F,,,,1,DRAFT,me,'),
        contract('T,F,INTEGER,Y,direct,S,F,,,,1,APPROVED,me,', 'T,G,INTEGER,N,unresolved,,,,,,1,DRAFT,me,'),
        contract('T,G,INTEGER,Y,unresolved,,,,,,1,IN_REVIEW,me,'),
      ];
      for (const [index, text] of versions.entries()) {
        await project.write(ARTEFACTS.contract, text);
        await recordContractChange(place, { who: 'me', at: new Date(`2026-01-0${index + 1}T00:00:00Z`) });
      }
      const counts = await readContractCounts(place);
      assert.ok(counts !== null);
      assert.deepEqual([counts.rows, counts.mandatory_unresolved, counts.by_status['IN_REVIEW']], [1, 1, 1]);
      const points = await reviewOverTime(place, counts, new Date('2026-01-09T00:00:00Z'));
      assert.deepEqual(
        points.map(({ at, total, byStatus }) => [
          at.slice(8, 10),
          total,
          byStatus['DRAFT'],
          byStatus['IN_REVIEW'],
          byStatus['APPROVED'],
        ]),
        [
          ['01', 1, 1, 0, 0],
          ['02', 2, 1, 0, 1],
          ['03', 1, 0, 1, 0],
          ['09', 1, 0, 1, 0],
        ],
      );
      assert.equal((await readFile(place.at(ARTEFACTS.auditLog), 'utf8')).trim().split('\n').length, 3);
    });
  });
});

import assert from 'node:assert/strict';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { csvText } from '../../../src/core/csv/csvText.ts';
import { lineOfRecord } from '../../../src/core/csv/recordLine.ts';
import { ISSUE_COLUMNS } from '../../../src/core/project/evidenceColumns.ts';
import { Project } from '../../../src/core/project/layout.ts';
import { explainRule } from '../../../src/core/review/issues/explainRule.ts';
import { findRow, issueDetail } from '../../../src/core/review/issues/issuePlaces.ts';
import { EVERY_ISSUE, FIRST_SORT } from '../../../src/core/review/issues/issueQuery.ts';
import { IssueStore } from '../../../src/core/review/issues/issueStore.ts';
import { readQualityOverview } from '../../../src/core/review/qualityOverview.ts';
import { type TestProject, withProject } from '../../support/project.ts';

const NEVER = new AbortController().signal;
const CATALOG =
  'table_name,field_name,ordinal,data_type,length,precision,scale,mandatory,primary_key,foreign_key,code_set,description,spec_file,spec_location,parse_confidence\n';
const field = (table: string, name: string, at: number, key: string): string =>
  `${table},${name},${at},VARCHAR,40,,,Y,${key},,,,a.csv,line ${at},1\n`;
const CONTRACT_HEAD =
  'target_table,target_field,data_type,mandatory,mapping_class,source_table,source_field,rule,crosswalk,default_value,confidence,status,owner,notes\n';
const FILES = {
  'schemas/source_schema_catalog.csv': `${CATALOG}${field('PATMAST', 'PAT_NO', 1, 'Y')}${field('PATMAST', 'NM', 2, 'N')}`,
  'schemas/target_schema_catalog.csv': `${CATALOG}${field('PATIENT', 'ID', 1, 'Y')}${field('PATIENT', 'HOSPITAL_NO', 2, 'N')}${field('PATIENT', 'NAME', 3, 'N')}${field('OTHER', 'ID', 1, 'Y')}`,
  'reports/mapping_contract.csv': `${CONTRACT_HEAD}PATIENT,ID,VARCHAR(40),Y,surrogate,,,,,,1,APPROVED,,\nPATIENT,HOSPITAL_NO,VARCHAR(40),Y,direct,PATMAST,PAT_NO,,,,1,APPROVED,,\nPATIENT,NAME,VARCHAR(40),Y,direct,PATMAST,NM,,,,1,APPROVED,,\nOTHER,ID,VARCHAR(40),Y,surrogate,,,,,,1,APPROVED,,\n`,
  'reports/mapping_contract_tables.csv':
    'target_table,row_set,driving_table,joins,filter,grain,dedupe,load_order,status,notes\nPATIENT,main,PATMAST,,,ID,,1,APPROVED,\nOTHER,main,PATMAST,,,ID,,1,APPROVED,\n',
  'mock_data/source/PATMAST.csv': 'PAT_NO,NM\nA1,"two\nlines"\nA2,Grey\nA3,=cmd\n',
  'mock_data/target_contract/PATIENT.csv': 'ID,HOSPITAL_NO,NAME\n1,A1,"two\nlines"\n2,A2,Grey\n3,A3,=cmd\n',
  'mock_data/target_contract/OTHER.csv': 'ID\n1\n',
  'reports/enterprise_pipeline_issues.csv': csvText(ISSUE_COLUMNS, [
    ['k1', 'ERROR', 'completeness', 'CMP-01', 'PMI', 'PATIENT', 'NAME', '2', 'Not so', 'data_quality'],
    ['k2', 'ERROR', 'completeness', 'CMP-01', 'PMI', 'PATIENT', 'NAME', '99', 'Not so', 'data_quality'],
    ['k3', 'WARN', 'reconciliation', 'REC-01', 'ALL', 'PATMAST', '', 'A3', 'Lost', 'technical_qa'],
    ['k4', 'WARN', 'uniqueness', 'UNQ-01', 'ALL', 'OTHER', 'ID', '1', 'Twice', 'technical_qa'],
    ['k5', 'WARN', 'uniqueness', 'UNQ-01', 'ALL', '../../etc/passwd', 'ID', '1', 'Twice', 'technical_qa'],
  ]),
  'reports/contract_migration_rejects.csv':
    'target_table,target_field,source_table,source_field,source_value,source_row,row_key,crosswalk,safety_critical,row_policy,reason\nPATIENT,NAME,PATMAST,NM,x,3,A3,,N,load_null,TOO_LONG\nPATIENT,NAME,../../../x,NM,x,3,A3,,N,load_null,TOO_LONG\n',
};

async function withStore(
  work: (store: IssueStore, project: Project, files: TestProject) => Promise<void>,
): Promise<void> {
  await withProject(FILES, async (files) => {
    const engine = await files.context().openEngine();
    try {
      const project = new Project(files.root);
      await work(new IssueStore(project, engine, () => new Date()), project, files);
    } finally {
      await engine.close();
    }
  });
}

describe('places of an issue', () => {
  it('are the rule, the contract row, and rows of target, source and evidence with their lines', async () => {
    await withStore(async (store, project) => {
      const { rows } = await store.page(EVERY_ISSUE, FIRST_SORT, 0, 20, NEVER);
      const ordinal = (key: string): number => rows.find((row) => row.key === key || row.rowKey === key)?.ordinal ?? 0;
      const detail = await issueDetail(project, store, ordinal('k1'), NEVER);
      assert.equal(detail?.rule?.group, 'completeness');
      assert.deepEqual(detail?.contractRow, { table: 'PATIENT', field: 'NAME', rowSet: '' });
      assert.deepEqual(detail?.sides, ['target', 'source']);
      const target = await findRow(project, store, ordinal('k1'), 'target', NEVER);
      assert.deepEqual([target.file, target.record, target.line], ['mock_data/target_contract/PATIENT.csv', 2, 4]);
      const source = await findRow(project, store, ordinal('k1'), 'source', NEVER);
      assert.deepEqual(
        [source.file, source.line, source.cells],
        [
          'mock_data/source/PATMAST.csv',
          4,
          [
            ['PAT_NO', 'A2'],
            ['NM', 'Grey'],
          ],
        ],
      );
      const evidence = await findRow(project, store, ordinal('k3'), 'evidence', NEVER);
      assert.deepEqual([evidence.file, evidence.line], ['reports/enterprise_pipeline_issues.csv', 4]);
      assert.equal(evidence.cells.find(([name]) => name === 'issue_key')?.[1], 'k3');
      assert.deepEqual((await issueDetail(project, store, ordinal('k3'), NEVER))?.sides, ['source']);
      assert.equal((await findRow(project, store, ordinal('k3'), 'source', NEVER)).line, 5);
      const rejects = rows.filter(({ origin }) => origin === 'reject');
      const found = [];
      for (const reject of rejects)
        found.push(
          await findRow(project, store, reject.ordinal, 'source', NEVER).catch((error: Error) => error.message),
        );
      assert.deepEqual(found.map((row) => (typeof row === 'string' ? row : row.line)).sort(), [
        5,
        'The table name in the rejects file is no file name.',
      ]);
    });
  });

  it('say why there is none', async () => {
    await withStore(async (store, project, files) => {
      const { rows } = await store.page(EVERY_ISSUE, FIRST_SORT, 0, 20, NEVER);
      const ordinal = (key: string): number => rows.find((row) => row.key === key)?.ordinal ?? 0;
      const refused = (key: string, side: 'source' | 'target', why: RegExp) =>
        assert.rejects(findRow(project, store, ordinal(key), side, NEVER), why);
      await refused('k2', 'target', /has no row with that key now/);
      await refused('k4', 'source', /OTHER does not keep the key of the source row/);
      await refused('k5', 'target', /is in no catalog/);
      await files.write('mock_data/target_contract/OTHER.csv', '');
      await refused('k4', 'target', /OTHER\.csv: is empty/);
      assert.equal(await issueDetail(project, store, 999, NEVER), null);
    });
  });

  it('count lines as an editor does', async () => {
    await withProject({ 'a.csv': 'a,b\r\n"x\r\ny",1\r\n"q""q",2\r\nlast,3' }, async ({ root }) => {
      const path = join(root, 'a.csv');
      assert.deepEqual(await Promise.all([0, 1, 2, 3, 4].map((record) => lineOfRecord(path, record))), [
        1,
        2,
        4,
        5,
        null,
      ]);
      assert.equal(await lineOfRecord(join(root, 'none.csv'), 1), null);
    });
  });

  it('explain rules, reject reasons and rules that are not judged', () => {
    assert.match(explainRule('CMP-01'), /# CMP-01: Surname.*```sql/s);
    assert.match(explainRule('UNKNOWN_CODE'), /crosswalk has no line/);
    assert.match(explainRule('VAL-10'), /does not judge/);
    assert.match(explainRule('__proto__'), /check of the migration itself/);
  });
});

describe('quality overview', () => {
  const report = JSON.stringify({
    run_at_utc: '2026-03-02T08:00:00.000Z',
    status: 'failed',
    patients: 3,
    rules: [
      {
        id: 'CMP-01',
        severity: 'ERROR',
        family: 'PMI',
        group: 'CMP',
        status: 'failed',
        numerator: 2,
        denominator: 3,
        issues_written: 1,
      },
    ],
  });

  it('tells a report from none, from a broken one, and from one that is older than the contract', async () => {
    await withProject(FILES, async (files) => {
      const project = new Project(files.root);
      assert.deepEqual((await readQualityOverview(project)).report, null);
      await files.write('reports/enterprise_pipeline_report.json', '{"rules": 5}');
      assert.match((await readQualityOverview(project)).unreadable ?? '', /cannot be used/);
      await files.write('reports/enterprise_pipeline_report.json', report);
      const read = await readQualityOverview(project);
      assert.deepEqual(
        read.report?.rules.map((rule) => [rule.id, rule.group, rule.numerator, rule.issuesWritten, rule.why !== '']),
        [['CMP-01', 'completeness', 2, 1, true]],
      );
      assert.deepEqual(read.stale, []);
      const later = new Date(Date.now() + 60_000);
      await utimes(join(files.root, 'reports/mapping_contract.csv'), later, later);
      assert.deepEqual((await readQualityOverview(project)).stale, ['The contract changed after the rules were run.']);
    });
  });
});

import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { readAudit } from '../../../src/core/audit/auditLog.ts';
import { csvText } from '../../../src/core/csv/csvText.ts';
import { decisionDoubt, readTriageContext } from '../../../src/core/governance/safetyRejects.ts';
import { setTriage, type TriageChange } from '../../../src/core/governance/setTriage.ts';
import { readTriage } from '../../../src/core/governance/triage.ts';
import { rejectGroupKey } from '../../../src/core/governance/triageKeys.ts';
import { ISSUE_COLUMNS } from '../../../src/core/project/evidenceColumns.ts';
import { ARTEFACTS, Project } from '../../../src/core/project/layout.ts';
import {
  EVERY_ISSUE,
  FIRST_SORT,
  ISSUE_FACETS,
  ISSUE_GROUPINGS,
  ISSUE_SORTS,
  type IssueFilter,
  type IssueRow,
  type IssueSort,
  readIssueFilter,
} from '../../../src/core/review/issues/issueQuery.ts';
import { IssueStore } from '../../../src/core/review/issues/issueStore.ts';
import {
  decideIssues,
  MOST_LINES,
  planDecision,
  planTriage,
  undoDecision,
} from '../../../src/core/review/issues/issueTriage.ts';
import { type TestProject, withProject } from '../../support/project.ts';

const NEVER = new AbortController().signal;
const TODAY = new Date('2026-03-02T10:00:00Z');
const REJECT_HEADER =
  'target_table,target_field,source_table,source_field,source_value,source_row,row_key,crosswalk,safety_critical,row_policy,reason\n';

/** Lines with few values a column, so that every filter finds some and leaves some. */
function issueLines(count: number): string[][] {
  return Array.from({ length: count }, (_, i) => [
    `k${i}`,
    ['ERROR', 'WARN', 'INFO'][(i * 7) % 3] ?? '',
    ['completeness', 'validity'][i % 2] ?? '',
    `VAL-0${(i * 5) % 4}`,
    ['PMI', 'OPD'][(i * 3) % 2] ?? '',
    ['PATIENT', 'REFERRAL', '<img src=x onerror=alert(1)>'][(i * 11) % 3] ?? '',
    ['NHS_NO', ''][(i >> 2) % 2] ?? '',
    i === 3 ? '=cmd|calc!A1' : `P${i}`,
    i % 10 === 0 ? `Row ${i} is late by ${i * 2} days` : `Not so: "value" ${i % 4}`,
    ['data_quality', 'clinical_safety'][i % 2] ?? '',
  ]);
}

async function withStore(
  files: Readonly<Record<string, string>>,
  work: (store: IssueStore, project: TestProject) => Promise<void>,
): Promise<void> {
  await withProject(files, async (project) => {
    const engine = await project.context().openEngine();
    try {
      await work(new IssueStore(new Project(project.root), engine, () => TODAY), project);
    } finally {
      await engine.close();
    }
  });
}

const files = (count: number, more: Readonly<Record<string, string>> = {}) => ({
  'reports/enterprise_pipeline_issues.csv': csvText(ISSUE_COLUMNS, issueLines(count)),
  'reports/contract_migration_rejects.csv': `${REJECT_HEADER}PATIENT,SEX,PATMAST,SEX_CD,Q,7,12,sex,Y,hold,UNKNOWN_CODE\nPATIENT,SEX,PATMAST,SEX_CD,Q,9,14,sex,Y,hold,UNKNOWN_CODE\n`,
  ...more,
});

/** All lines of a filter, read in pages. */
async function all(store: IssueStore, filter: IssueFilter, sort: IssueSort = FIRST_SORT): Promise<IssueRow[]> {
  const rows: IssueRow[] = [];
  for (let offset = 0; ; offset += 61) {
    const page = await store.page(filter, sort, offset, 61, NEVER);
    rows.push(...page.rows);
    if (page.rows.length === 0) {
      assert.equal(rows.length, page.found);
      return rows;
    }
  }
}

const columnOf = (row: IssueRow): Readonly<Record<string, string>> => ({
  origin: row.origin,
  severity: row.severity,
  category: row.category,
  rule_id: row.ruleId,
  domain: row.domain,
  table_name: row.table,
  field_name: row.field,
  owner_role: row.ownerRole,
  status: row.status,
  disposition: row.disposition,
  assignee: row.assignee === '' ? row.ownerRole : row.assignee,
  due_date: row.dueDate,
});

/** Every filter finds what a plain loop over all lines finds; pages neither lose nor repeat a line; counts agree. */
async function checkLaws(store: IssueStore): Promise<void> {
  const every = await all(store, EVERY_ISSUE);
  assert.equal(new Set(every.map((row) => row.ordinal)).size, every.length);
  for (const text of ['', 'late', 'p1', 'ONERROR'])
    for (const only of [
      {},
      { severity: ['WARN'] },
      { table_name: ['PATIENT'], status: ['open', 'decided'] },
      { assignee: ['Data Quality Lead', 'me'] },
    ]) {
      const filter = { only, text };
      const wanted = every.filter(
        (row) =>
          Object.entries(only).every(([name, values]) => values.includes(columnOf(row)[name] ?? '')) &&
          (text === '' ||
            [row.message, row.rowKey, Object.values(columnOf(row)).slice(0, 8).join(' ')].some((value) =>
              value.toLowerCase().includes(text.toLowerCase()),
            )),
      );
      const found = await all(store, filter);
      assert.deepEqual(found.map((row) => row.key).sort(), wanted.map((row) => row.key).sort(), JSON.stringify(filter));
      const facets = await store.facets(filter, NEVER);
      for (const facet of ISSUE_FACETS) {
        if (facet === 'due' || only[facet as keyof typeof only] !== undefined) continue;
        const counts = new Map<string, number>();
        for (const row of wanted) {
          const value = columnOf(row)[facet] ?? '';
          counts.set(value, (counts.get(value) ?? 0) + 1);
        }
        assert.deepEqual(new Map(facets[facet].values), counts, `${facet} of ${JSON.stringify(filter)}`);
      }
      for (const by of ISSUE_GROUPINGS) {
        const { groups } = await store.groups(filter, by, 0, 500, NEVER);
        assert.equal(
          groups.reduce((sum, group) => sum + group.rows, 0),
          wanted.length,
          by,
        );
        const first = groups[0];
        if (first === undefined) continue;
        const inside = await store.page({ text, only: { ...only, ...first.only } }, FIRST_SORT, 0, 1, NEVER);
        assert.equal(inside.found, first.rows, by);
      }
    }
  for (const by of ISSUE_SORTS)
    for (const descending of [false, true]) {
      const sorted = await all(store, EVERY_ISSUE, { by, descending });
      assert.equal(new Set(sorted.map((row) => row.key)).size, every.length);
      if (by === 'severity' || by === 'rows' || by === 'due_date') continue;
      const values = sorted.map((row) => columnOf(row)[by] ?? '');
      const expected = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      assert.deepEqual(values, descending ? expected.reverse() : expected, by);
    }
}

describe('issue store', () => {
  it('calls the role that answers by its one name, whatever an older file says', async () => {
    const rejects = [',Y', ',N'].map((safety) => `T,F,S,F,X,1,K,XW${safety},hold,UNKNOWN_CODE\n`).join('');
    await withStore(files(4, { 'reports/contract_migration_rejects.csv': REJECT_HEADER + rejects }), async (store) => {
      const { owner_role: owners } = await store.facets(EVERY_ISSUE, NEVER);
      const clinical = 'Clinical Safety/Assurance Reviewer';
      assert.deepEqual(
        new Map(owners?.values),
        new Map([
          [clinical, 3],
          ['Data Quality Lead', 3],
        ]),
      );
    });
  });

  it('pages, filters, counts, groups and sorts as a plain loop would', async () => {
    await withStore(files(110), async (store) => {
      await checkLaws(store);
      const read = await store.files(NEVER);
      assert.equal(read.total, 112);
      assert.deepEqual(read.notices, []);
      assert.equal(read.files.find(({ origin }) => origin === 'migration')?.bytes, null);
    });
  });

  it('lists a reject once: a line that sums up rejects counts only where they have no lines of their own', async () => {
    const cause = {
      reason: 'UNKNOWN_CODE',
      targetTable: 'PATIENT',
      targetField: 'SEX',
      sourceTable: 'PATMAST',
      sourceField: 'SEX_CD',
    };
    const summary = (key: string, field: string): string[] => [
      key,
      'ERROR',
      'reject',
      'UNKNOWN_CODE',
      '',
      'PATIENT',
      field,
      '',
      '2 rejects (UNKNOWN_CODE) from PATMAST.SEX_CD; see contract_migration_rejects.csv.',
      'Data Quality Lead',
    ];
    const lines = [
      summary(rejectGroupKey(cause), 'SEX'),
      summary(rejectGroupKey({ ...cause, targetField: 'TITLE' }), 'TITLE'),
      ['b', 'ERROR', 'balance', 'row-balance', '', '', '', 'PATIENT', 'The rows do not balance.', 'ETL Engineer'],
    ];
    const given = files(3, { 'reports/contract_migration_issues.csv': csvText(ISSUE_COLUMNS, lines) });
    await withStore(given, async (store) => {
      const read = await store.files(NEVER);
      assert.deepEqual(
        read.files.map(({ origin, rows }) => [origin, rows]),
        [
          ['quality', 3],
          ['migration', 2],
          ['reject', 2],
        ],
      );
      assert.equal(read.total, 7);
      const filter = { only: { rule_id: ['UNKNOWN_CODE'], field_name: ['SEX'] }, text: '' };
      assert.equal((await store.page(filter, FIRST_SORT, 0, 10, NEVER)).found, 2);
      const { issues, groups } = await planTriage(store, { filter }, NEVER);
      assert.deepEqual([issues, groups], [2, 1]);
    });
  });

  it('calls each role by one name, and gives rejects the domain of their table', async () => {
    const catalog = (lines: string): string =>
      `table_name,field_name,ordinal,data_type,length,precision,scale,mandatory,primary_key,foreign_key,code_set,description,spec_file,spec_location,parse_confidence,family,concept\n${lines}`;
    const cell = 'VARCHAR,1,,,N,N,,,,a.csv,line 2,1';
    const given = files(4, {
      'schemas/target_schema_catalog.csv': catalog(`PATIENT,SEX,1,${cell},PMI,sex\nODD,X,1,${cell},,\n`),
      'reports/contract_migration_issues.csv': csvText(
        ISSUE_COLUMNS,
        ['Mapping Analyst', 'Information Governance Lead', 'technical_qa', 'Lead'].map((owner, index) => [
          `m${index}`,
          'ERROR',
          'contract',
          'x',
          '',
          'ODD',
          '',
          'p',
          'm',
          owner,
        ]),
      ),
    });
    await withStore(given, async (store, project) => {
      const rows = await all(store, EVERY_ISSUE);
      const owners = (origin: string): string[] => [
        ...new Set(rows.filter((row) => row.origin === origin).map((row) => row.ownerRole)),
      ];
      const [quality, clinical] = ['Data Quality Lead', 'Clinical Safety/Assurance Reviewer'];
      assert.deepEqual(owners('quality').sort(), [clinical, quality]);
      assert.deepEqual(owners('reject'), [clinical]);
      const expected = ['Data Mapping Analyst', 'ETL Engineer', 'Information Governance Lead', 'Lead'];
      assert.deepEqual(owners('migration').sort(), expected);
      const domains = (origin: string): string[] =>
        rows.filter((row) => row.origin === origin).map((row) => row.domain);
      assert.deepEqual(domains('reject'), ['PMI', 'PMI']);
      assert.deepEqual(domains('migration'), ['', '', '', '']);
      // Another catalog is another list; one that cannot be read leaves the lines without a domain.
      await project.write('schemas/target_schema_catalog.csv', 'broken');
      assert.deepEqual(
        (await all(store, { only: { origin: ['reject'] }, text: '' })).map((row) => row.domain),
        ['', ''],
      );
    });
  });

  it('does so too with decisions about single lines and about groups', async () => {
    await withStore(files(110), async (store, project) => {
      // The day some of them are due is past by the time they are looked at.
      const context = { ...project.context(), now: () => new Date('2026-01-15T10:00:00Z') };
      const decide = async (
        ...given: Parameters<typeof decideIssues> extends [unknown, unknown, ...infer R] ? R : never
      ) => decideIssues(context, store, ...given).then(({ issues }) => issues);
      const version = async (): Promise<number> => (await store.files(NEVER)).version;
      const some = (await store.page(EVERY_ISSUE, FIRST_SORT, 20, 9, NEVER)).rows.map((row) => row.ordinal);
      assert.equal(await decide({ ordinals: some }, { owner: 'me', dueDate: '2026-02-01' }, await version()), 9);
      await checkLaws(store);
      const filter = { only: { rule_id: ['VAL-01'], severity: ['ERROR'] }, text: '' };
      const plan = await planTriage(store, { filter }, NEVER);
      assert.ok(plan.groups > 0 && plan.issues > plan.groups);
      assert.equal(await decide({ filter }, { disposition: 'fix_source' }, await version()), plan.issues);
      await checkLaws(store);
      const decided = await all(store, { only: { status: ['decided'] }, text: '' });
      assert.deepEqual(decided.map((row) => row.key).sort(), (await all(store, filter)).map((row) => row.key).sort());
      const facets = await store.facets(EVERY_ISSUE, NEVER);
      assert.deepEqual(facets.due.values.find(([value]) => value === 'overdue')?.[1], 9);
      // A line of its own goes before its group's, and keeps what the change does not name.
      const mine = decided.filter((row) => row.assignee === 'me');
      assert.ok(mine.every((row) => row.disposition === 'fix_source' && row.dueDate === '2026-02-01'));
    });
  });

  it('asks for a new look when a decided cause has more rows', async () => {
    await withStore(files(40), async (store, project) => {
      const filter = { only: { rule_id: ['VAL-01'] }, text: '' };
      await decideIssues(
        project.context(),
        store,
        { filter },
        { disposition: 'fix_source' },
        (await store.files(NEVER)).version,
      );
      const statuses = async (): Promise<string[]> => [...new Set((await all(store, filter)).map((row) => row.status))];
      assert.deepEqual(await statuses(), ['decided']);
      await project.write('reports/enterprise_pipeline_issues.csv', csvText(ISSUE_COLUMNS, issueLines(80)));
      assert.ok((await statuses()).includes('grown'));
      await project.write('reports/enterprise_pipeline_issues.csv', csvText(ISSUE_COLUMNS, issueLines(30)));
      assert.deepEqual(await statuses(), ['decided']);
    });
  });

  it('refuses decisions about safety-critical rejects by those who may not, and about a list that changed', async () => {
    await withStore(files(5), async (store, project) => {
      const filter = { only: { origin: ['reject'] }, text: '' };
      const { version, safetyCritical, groups } = await planTriage(store, { filter }, NEVER);
      assert.deepEqual([safetyCritical, groups], [2, 1]);
      await assert.rejects(
        decideIssues(project.context(), store, { filter }, { disposition: 'accept_with_sign_off' }, version),
        /Clinical Safety/,
      );
      await assert.rejects(
        decideIssues(project.context(), store, { filter }, { owner: 'me' }, version + 1),
        /changed meanwhile/,
      );
      await assert.rejects(
        decideIssues(project.context(), store, { filter: { only: {}, text: 'not there' } }, { owner: 'me' }, version),
        /No issue is chosen/,
      );
      await assert.rejects(
        decideIssues(project.context(), store, { filter }, { dueDate: '2020-01-31' }, version),
        /The due date 2020-01-31 is past/,
      );
      assert.equal(await project.readIfThere('governance/triage.csv'), null);
      await decideIssues(project.context(), store, { filter }, { owner: 'me' }, version);
      const { value } = await readTriage(new Project(project.root));
      assert.deepEqual(
        value.map(({ kind, about, decidedRows }) => [kind, about, decidedRows]),
        [['reject', 'UNKNOWN_CODE PATIENT.SEX', null]],
      );
    });
  });

  it('accepts safety-critical rejects of a whole cause only by who may, with a reason and to somebody known', async () => {
    const roles = { [ARTEFACTS.roles]: await readFile(ARTEFACTS.roles, 'utf8') };
    await withStore(files(5, roles), async (store, project) => {
      const filter = { only: { origin: ['reject'] }, text: '' };
      const as = (name: string) => project.context({ as: name });
      const plan = await planDecision(as('Quentin Osei'), store, { filter });
      assert.deepEqual(Object.keys(plan.refusals), ['accept_with_sign_off']);
      assert.match(plan.refusals.accept_with_sign_off ?? '', /only Clinical Safety\/Assurance Reviewer may accept/);
      const clinical = as('Dr Celia Marchetti');
      const { refusals, version } = await planDecision(clinical, store, { filter });
      assert.deepEqual(refusals, {});
      const decide = (change: TriageChange) => decideIssues(clinical, store, { filter }, change, version);
      const accept = { disposition: 'accept_with_sign_off', comment: 'Asked again at booking.' } as const;
      await assert.rejects(decide({ ...accept, comment: undefined }), /Say why this may stay as it is/);
      await assert.rejects(decide({ ...accept, owner: 'Nobody Known' }), /cannot own a safety-critical reject/);
      await assert.rejects(decide({ ...accept, comment: 'as for 999 000 0018' }), /The comment holds an NHS number/);
      assert.equal(await project.readIfThere('governance/triage.csv'), null);
      assert.equal((await decide(accept)).issues, 2);
      // Who may not accept may not take over what was accepted by changing its day; who may keeps it in force.
      const later = { dueDate: '2999-12-01' };
      const now = await planDecision(clinical, store, { filter });
      await assert.rejects(
        decideIssues(as('Quentin Osei'), store, { filter }, later, now.version),
        /Quentin Osei is Data Quality Lead: only Clinical Safety\/Assurance Reviewer may accept/,
      );
      const { recorded } = await decideIssues(clinical, store, { filter }, later, now.version);
      const place = new Project(project.root);
      const judged = async () => readTriageContext(place, await readAudit(place));
      const context = await judged();
      assert.deepEqual(
        context.lines.map((line) => [line.dueDate, line.decidedBy, decisionDoubt(line, 2, context)]),
        [['2999-12-01', 'Dr Celia Marchetti', null]],
      );
      await undoDecision(clinical, { issues: 2, recorded });
      const { lines, ...rest } = await judged();
      assert.deepEqual(
        lines.map((line) => [line.dueDate, decisionDoubt(line, 2, { lines, ...rest })]),
        [['', null]],
      );
      const issues = await planDecision(as('Quentin Osei'), store, {
        filter: { only: { origin: ['quality'] }, text: '' },
      });
      assert.deepEqual(issues.refusals, {});
    });
  });

  it('counts single decisions before it makes them, and takes no more than people can look at', async () => {
    const lines = Array.from({ length: MOST_LINES + 10 }, (_, i) => [
      `k${i}`,
      'ERROR',
      'c',
      'R-1',
      'PMI',
      'T',
      'F',
      `zz${i}`,
      'm',
      'o',
    ]);
    lines.push(['last', 'ERROR', 'c', 'R-1', 'PMI', 'T', 'F', 'other', 'm', 'o']);
    await withStore({ 'reports/enterprise_pipeline_issues.csv': csvText(ISSUE_COLUMNS, lines) }, async (store) => {
      const part = await planTriage(store, { filter: { only: {}, text: 'zz19' } }, NEVER);
      assert.equal(part.lines, lines.filter(([, , , , , , , key]) => key?.includes('zz19')).length);
      const many = await planTriage(store, { filter: { only: {}, text: 'zz' } }, NEVER);
      assert.match(many.refused ?? '', /at most 20,000/);
      const whole = await planTriage(store, { filter: EVERY_ISSUE }, NEVER);
      assert.deepEqual([whole.groups, whole.lines, whole.refused], [1, 0, null]);
    });
  });

  it('exports what the filter finds, in order, with formulas made harmless', async () => {
    await withStore(files(60), async (store, project) => {
      const filter = { only: { severity: ['ERROR'] }, text: '' };
      const path = join(project.root, 'out.csv');
      const rows = await all(store, EVERY_ISSUE);
      const done = await store.export(EVERY_ISSUE, FIRST_SORT, path, NEVER);
      assert.deepEqual(done, { rows: 62, guarded: 1 });
      const records: Record<string, string>[] = parse(await readFile(path), { columns: true });
      assert.deepEqual(
        records.map((record) => record['issue_key']),
        rows.map((row) => row.key),
      );
      assert.equal(records.find((record) => record['issue_key'] === 'k3')?.['row_key'], "'=cmd|calc!A1");
      assert.deepEqual(Object.keys(records[0] ?? {}).slice(0, 10), [...ISSUE_COLUMNS]);
      assert.equal(
        (await store.export(filter, { by: 'rows', descending: true }, path, NEVER)).rows,
        (await all(store, filter)).length,
      );
      await assert.rejects(
        store.export(filter, FIRST_SORT, join(project.root, 'no/such/folder.csv'), NEVER),
        /cannot be written/,
      );
      const evidence = await project.read(ARTEFACTS.qualityIssues);
      for (const own of [ARTEFACTS.qualityIssues, `${ARTEFACTS.crosswalks}/list.csv`])
        await assert.rejects(store.export(filter, FIRST_SORT, join(project.root, own), NEVER), /choose another place/);
      assert.equal(await project.read(ARTEFACTS.qualityIssues), evidence);
    });
  });

  it('exports cell by cell what each filter finds, whatever the cells hold, and nothing when it is cancelled', async () => {
    const hostile = [
      '=1+1',
      '+x',
      '-y',
      '@z',
      '\t=1',
      '\r=1',
      '-5',
      '+5.25',
      ' =1',
      "'=1",
      'a,"b"\r\nc\n=d',
      '-',
      '5-',
      '',
    ];
    const lines = issueLines(120).map((line, at) => {
      const value = hostile[at % hostile.length] ?? '';
      return line.map((cell, column) => (column === 7 ? value : column === 8 ? `${value}${at % 5}` : cell));
    });
    const file = { 'reports/enterprise_pipeline_issues.csv': csvText(ISSUE_COLUMNS, lines) };
    await withStore(files(0, file), async (store, project) => {
      const by = { who: 'x', at: TODAY };
      const subjects = ['k1', 'k7', 'k30'].map((key) => ({ kind: 'issue', key, about: '', rows: null }) as const);
      await setTriage(new Project(project.root), subjects, { owner: '@team', comment: '=a\n-b' }, by);
      const folder = join(project.root, 'a folder, with ‘it’s’ name');
      await mkdir(folder);
      const path = join(folder, "o'ut.csv");
      const guard = (value: string): string =>
        /^[=+@\t\r-]/.test(value) && !/^[+-]?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
      for (const only of [{}, { severity: ['WARN'] }, { status: ['assigned'] }])
        for (const text of ['', 'late', '=1'])
          for (const sort of [FIRST_SORT, { by: 'table_name', descending: true } as const]) {
            const rows = await all(store, { only, text }, sort);
            const done = await store.export({ only, text }, sort, path, NEVER);
            const records: Record<string, string>[] = parse(await readFile(path), { columns: true });
            const cells = (row: IssueRow): string[] => [
              ...[row.key, row.severity, row.category, row.ruleId, row.domain, row.table, row.field, row.rowKey],
              ...[row.message, row.ownerRole, row.origin, row.status, row.disposition, row.assignee],
              ...[row.dueDate, row.comment],
            ];
            const guarded = rows.flatMap(cells).filter((cell) => guard(cell) !== cell).length;
            assert.deepEqual(done, { rows: rows.length, guarded });
            assert.deepEqual(
              records.map((record) => Object.values(record)),
              rows.map((row) => cells(row).map(guard)),
            );
          }
      const before = await readFile(path);
      for (const wait of [0, 1, 5, 20]) {
        const abort = new AbortController();
        const written = store.export(EVERY_ISSUE, FIRST_SORT, path, abort.signal).then(
          () => 'written',
          (error: Error) => error.name,
        );
        setTimeout(() => abort.abort(), wait);
        if (wait === 0) abort.abort();
        const ended = await written;
        assert.ok(ended === 'written' || ended === 'Cancelled', ended);
        if (ended === 'Cancelled') assert.deepEqual(await readFile(path), before);
        else await writeFile(path, before);
        assert.deepEqual(await readdir(folder), ["o'ut.csv"]);
      }
    });
  });

  it('says of which rules the file holds only the first rows', async () => {
    const rule = (id: string, numerator: number, written: number) => ({
      ...{
        id,
        severity: 'ERROR',
        family: 'x',
        status: 'failed',
        numerator,
        denominator: 5000,
        issues_written: written,
      },
    });
    const report = (rules: object[]) =>
      JSON.stringify({ run_id: 'r', run_at_utc: '2026-01-01T00:00:00Z', status: 'failed', patients: 1, rules });
    const path = 'reports/enterprise_pipeline_report.json';
    await withStore({ [path]: report([rule('A-1', 3, 3)]) }, async (store, project) => {
      assert.deepEqual((await store.files(NEVER)).notes, []);
      const cut = ['A-2', 'A-3', 'A-4', 'A-5'].map((id) => rule(id, 2000, 1000));
      await project.write(path, report([rule('A-1', 3, 3), ...cut]));
      assert.deepEqual((await store.files(NEVER)).notes, [
        'The issues file holds only the first failing rows of 4 rules: A-2 (1,000 of 2,000), A-3 (1,000 of 2,000), A-4 (1,000 of 2,000) and 1 more. The numbers of the report count all of them.',
      ]);
    });
  });

  it('says of a file with other lines than its report counts that it is cut short or of another run', async () => {
    const migration = (codes: number, safety: number) =>
      JSON.stringify({
        ...{ run_id: 'r', run_at_utc: '2026-01-01T00:00:00Z', status: 'failed', rows_read: 9000, rows_written: 1000 },
        ...{ rows_rejected: 8000, rows_excluded: 0, rows_unexplained: 0 },
        ...{ crosswalk_rejects: codes, safety_critical_rejects: safety },
      });
    const quality = (written: number) =>
      JSON.stringify({
        ...{ run_id: 'r', run_at_utc: '2026-01-01T00:00:00Z', status: 'failed', patients: 1, rules: [] },
        issues_written: written,
      });
    await withStore(files(3), async (store, project) => {
      const notes = async (report: string, text: string): Promise<readonly string[]> => {
        await project.write(report, text);
        return (await store.files(NEVER)).notes;
      };
      assert.deepEqual((await store.files(NEVER)).notes, []);
      assert.deepEqual(await notes(ARTEFACTS.migrationReport, migration(2, 2)), []);
      assert.deepEqual(await notes(ARTEFACTS.qualityReport, quality(3)), []);
      assert.deepEqual(await notes(ARTEFACTS.qualityReport, quality(7000)), [
        'reports/enterprise_pipeline_issues.csv holds 3 lines, but the data quality report counts 7,000: it is cut short or of another run. Run data quality rules again.',
      ]);
      await project.write(ARTEFACTS.qualityReport, quality(3));
      assert.deepEqual(await notes(ARTEFACTS.migrationReport, migration(7785, 2)), [
        'reports/contract_migration_rejects.csv holds 2 rejects for an unknown code, but the migration report counts 7,785: it is cut short or of another run. Run contract migration again.',
      ]);
      assert.deepEqual(await notes(ARTEFACTS.migrationReport, migration(2, 1)), [
        'reports/contract_migration_rejects.csv holds 2 safety-critical rejects, but the migration report counts 1: it is cut short or of another run. Run contract migration again.',
      ]);
      // What cannot be read at all has its notice already.
      assert.deepEqual(await notes(ARTEFACTS.migrationRejects, 'a,b\n1,2\n'), []);
    });
  });

  it('says what it could not read, and reads again when a file changes', async () => {
    const broken = {
      'reports/enterprise_pipeline_issues.csv': 'a,b\n1,2\n',
      'reports/contract_migration_issues.csv': `${ISSUE_COLUMNS.join(',')}\nk,ERROR,c,R,d,T,F,1,m,o\nonly,three,cells\n`,
      'governance/triage.csv':
        'kind,key,disposition,owner,due_date,comment,decided_by,decided_at_utc\nissue,k,whatever,,,,,\n',
    };
    await withStore(broken, async (store, project) => {
      const { total, notices } = await store.files(NEVER);
      assert.equal(total, 1);
      assert.equal(notices.length, 3);
      assert.match(notices.join('\n'), /enterprise_pipeline_issues\.csv:1: the header lacks issue_key/);
      assert.match(notices.join('\n'), /1 line not well-formed, and left out/);
      assert.match(notices.join('\n'), /triage\.csv:2: disposition must be/);
      await project.write('reports/enterprise_pipeline_issues.csv', csvText(ISSUE_COLUMNS, issueLines(7)));
      const again = await store.files(NEVER);
      assert.equal(again.total, 8);
      assert.equal(again.version, 2);
      await utimes(join(project.root, 'reports/enterprise_pipeline_issues.csv'), 1, 1);
      assert.equal((await store.files(NEVER)).version, 3);
      assert.equal((await store.files(NEVER)).version, 3);
    });
    await withStore({}, async (store) => {
      assert.equal((await store.files(NEVER)).total, 0);
      assert.deepEqual((await store.page(EVERY_ISSUE, FIRST_SORT, 0, 10, NEVER)).rows, []);
      assert.equal((await store.groups(EVERY_ISSUE, 'cause', 0, 10, NEVER)).found, 0);
    });
  });

  it('stops a question that is cancelled and no other', async () => {
    await withStore(files(50), async (store) => {
      const abort = new AbortController();
      const first = store.page(EVERY_ISSUE, FIRST_SORT, 0, 10, abort.signal);
      const second = store.page(EVERY_ISSUE, FIRST_SORT, 0, 10, NEVER);
      abort.abort();
      await assert.rejects(first, /Cancelled/);
      assert.equal((await second).rows.length, 10);
    });
  });

  it('can be closed while it reads, and does not begin anew for a question that was given up', async () => {
    const large = csvText(ISSUE_COLUMNS, issueLines(20_000));
    await withStore({ 'reports/enterprise_pipeline_issues.csv': large }, async (store) => {
      const abort = new AbortController();
      const first = store.files(abort.signal);
      const second = store.files(NEVER);
      setTimeout(() => abort.abort(), 20);
      await assert.rejects(first, /Cancelled/);
      assert.deepEqual([(await second).total, (await second).version], [20_000, 1]);
    });
    await withStore({ 'reports/enterprise_pipeline_issues.csv': large }, async (store) => {
      const reading = store.files(NEVER);
      setTimeout(() => void store.close(), 20);
      await assert.rejects(reading, /Cancelled/);
      await store.close();
      await assert.rejects(store.files(NEVER), /Cancelled/);
    });
  });

  it('takes hostile values as values', async () => {
    await withStore(files(30), async (store) => {
      const hostile = ["'; DROP TABLE issue; --", '\u202e<script>', '%%{init}%%'];
      for (const value of hostile) {
        assert.equal(
          (await store.page({ only: { table_name: [value] }, text: '' }, FIRST_SORT, 0, 10, NEVER)).found,
          0,
        );
        assert.equal((await store.page({ only: {}, text: value }, FIRST_SORT, 0, 10, NEVER)).found, 0);
      }
      assert.equal((await store.page(EVERY_ISSUE, FIRST_SORT, 0, 10, NEVER)).found, 32);
    });
    assert.deepEqual(readIssueFilter({ only: { severity: ['ERROR', 5], nonsense: ['x'] }, text: 'a\0b' }), {
      only: { severity: ['ERROR'] },
      text: 'ab',
    });
    assert.deepEqual(readIssueFilter('x'), EVERY_ISSUE);
  });

  it('keeps a comment that somebody wrote by hand', async () => {
    await withStore(files(5), async (store, { root }) => {
      const by = { who: 'x', at: TODAY };
      await setTriage(
        new Project(root),
        [{ kind: 'issue', key: 'k1', about: '', rows: null }],
        { comment: 'ask "them"' },
        by,
      );
      const row = (await all(store, EVERY_ISSUE)).find(({ key }) => key === 'k1');
      assert.equal(row?.comment, 'ask "them"');
      assert.equal(row?.status, 'open');
    });
  });
});

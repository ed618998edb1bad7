import assert from 'node:assert/strict';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { roleInWords } from '../../../src/core/governance/roleNames.ts';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { readDashboard } from '../../../src/core/review/dashboard.ts';
import { Dashboard } from '../../../src/core/review/dashboardModel.ts';
import { dashboardTool } from '../../../src/core/review/dashboardTool.ts';
import { FIRST_SORT, readIssueFilter } from '../../../src/core/review/issues/issueQuery.ts';
import { IssueStore } from '../../../src/core/review/issues/issueStore.ts';
import { Lifecycle } from '../../../src/core/review/lifecycleModel.ts';
import { readLifecycle } from '../../../src/core/review/lifecycleView.ts';
import { readQualityOverview } from '../../../src/core/review/qualityOverview.ts';
import { Runs } from '../../../src/core/review/runsModel.ts';
import { readRuns } from '../../../src/core/review/runsView.ts';
import { Users } from '../../../src/core/review/usersModel.ts';
import { readUsers } from '../../../src/core/review/usersView.ts';
import { withProject } from '../../support/project.ts';
import { withSample } from '../../support/sampleProject.ts';

const NOW = new Date('2026-11-25T12:00:00Z');
const AT = '2026-11-24T12:00:00.000Z';

describe('what panels show', () => {
  it('is what the report files of a lifecycle say', async () => {
    await withSample(async (sample) => {
      const context = sample.context();
      const { project } = context;
      const options = { rows: 20, seed: 42, release_profile: 'development' };
      assert.equal((await runCommand(context, 'run-product-lifecycle', options)).status, 'passed');
      const json = async (path: string) => JSON.parse(await sample.read(path));
      const migration = await json(ARTEFACTS.migrationReport);
      const quality = await json(ARTEFACTS.qualityReport);
      const gates = await json(ARTEFACTS.gateReport);
      const contract = (await sample.read(ARTEFACTS.contract)).trim().split('\n').length - 1;

      const found = await readDashboard(project, NOW);
      assert.deepEqual(Dashboard.parse(found), found, 'the page reads what the core writes');
      const { etl, mapping } = found;
      assert.ok(etl !== null && mapping !== null && found.quality !== null && found.schema !== null);
      assert.deepEqual(
        [etl.read, etl.loaded, etl.rejected, etl.excluded, etl.merged, etl.unexplained],
        ['read', 'written', 'rejected', 'excluded', 'merged', 'unexplained'].map((name) => migration[`rows_${name}`]),
      );
      assert.equal(etl.read, etl.loaded + etl.rejected + etl.excluded + etl.merged + etl.unexplained);
      const sources = await Promise.all(
        (await readdir(project.at(ARTEFACTS.mockSource)))
          .filter((name) => name.endsWith('.csv'))
          .map(async (name) => (await sample.read(`${ARTEFACTS.mockSource}/${name}`)).trim().split('\n').length - 1),
      );
      const rows = sources.reduce((sum, count) => sum + count, 0);
      const stats = (await sample.read(ARTEFACTS.migrationTableStats)).trim().split('\n').slice(1);
      const rowSets = stats.filter((line) => !line.startsWith(',')).length;
      assert.deepEqual([etl.sourceRows, etl.rowSets], [rows, rowSets], 'each source row once');
      assert.ok(etl.read > rows, 'some tables are read by several row sets');
      assert.equal(mapping.rows, contract);
      assert.equal(
        mapping.byStatus.reduce((sum, { rows }) => sum + rows, 0),
        contract,
      );
      assert.deepEqual(
        [found.quality.errors, found.quality.warnings, found.quality.patients],
        [quality.severity_counts.ERROR, quality.severity_counts.WARN, quality.patients],
      );
      const development = found.gates.find(({ profile }) => profile === 'development');
      assert.deepEqual([development?.standing, development?.current], [gates.status, true]);
      assert.equal(found.gates.find(({ profile }) => profile === 'cutover_ready')?.standing, 'NOT_DECIDED');
      assert.deepEqual(found.blockers, []);
      assert.deepEqual(found.trend.length, 1);

      const runs = await readRuns(project);
      assert.deepEqual(Runs.parse(runs), runs);
      assert.deepEqual([runs.runs[0]?.rows?.loaded, runs.runs[0]?.gates?.status], [etl.loaded, gates.status]);
      const lifecycle = await readLifecycle(project);
      assert.deepEqual(Lifecycle.parse(lifecycle), lifecycle);
      assert.ok(lifecycle.stages.every((stage) => stage.durations.length === 1 && stage.madeAt !== null));
      assert.deepEqual(lifecycle.stages[0]?.ownerRole, 'Data Mapping Analyst');
      assert.deepEqual(lifecycle.snapshots.length, 1);

      // A file in a folder that stages read: the folder's own time does not tell.
      const sex = 'schemas/crosswalks/sex.csv';
      const soon = new Date(Date.now() + 60_000);
      await sample.write(sex, `${await sample.read(sex)}\n`);
      await utimes(project.at(sex), soon, soon);
      const migrating = (await readLifecycle(project)).stages.find(({ id }) => id === 'run-contract-migration');
      assert.deepEqual([migrating?.stale, migrating?.changed], [true, [ARTEFACTS.crosswalks]]);
      assert.deepEqual((await readQualityOverview(project)).stale, ['A crosswalk changed after the rules were run.']);
      // What blocks promotion by the dashboard waits for the same person by Users.
      const [stale] = (await readDashboard(project, NOW)).blockers;
      const users = await readUsers(sample.context());
      const gatekeeper = users.people.find(({ name }) => stale?.people.includes(name));
      assert.deepEqual(
        [stale?.id, stale?.ownerRole, gatekeeper?.roles],
        ['stale', 'Cutover Manager', ['Cutover Manager']],
      );
      assert.deepEqual(
        gatekeeper?.open.map(({ rows, label }) => `${rows} ${label}`),
        ['1 verdict older than what it judges'],
      );
      // The project's own word for the stage goes first, in every panel.
      const roles = await json(ARTEFACTS.roles);
      const own = { ...roles, stages: { ...roles.stages, 'run-release-gates': 'Data Quality Lead' } };
      await sample.write(ARTEFACTS.roles, JSON.stringify(own));
      const [ours] = (await readDashboard(project, NOW)).blockers;
      assert.equal(ours?.ownerRole, 'Data Quality Lead');
      assert.deepEqual(
        (await readLifecycle(project)).stages.find(({ id }) => id === 'run-release-gates')?.people,
        ours?.people,
      );
      for (const { name, open } of (await readUsers(sample.context())).people)
        assert.equal(
          open.some(({ label }) => label === 'verdict older than what it judges'),
          ours?.people.includes(name),
          name,
        );
      const later = await readDashboard(project, NOW);
      assert.equal(later.blockers[0]?.id, 'stale');
      assert.equal(later.gates.find(({ profile }) => profile === 'development')?.current, false);

      const decided = await dashboardTool.run(context, { decide: 'all' });
      assert.match(decided.text.join('\n'), /Decided now, cutover_ready: FAIL: .*sign_offs/);
      assert.equal(
        await sample.read(ARTEFACTS.gateReport),
        `${JSON.stringify(gates, null, 2)}\n`,
        'no verdict is written',
      );
    });
  });

  it('calls nothing stale in a project that was copied or came by git, and what was edited in it stale everywhere', async () => {
    await withSample(async (sample) => {
      const { project } = sample.context();
      const options = { rows: 5, seed: 42, release_profile: 'development' };
      await runCommand(sample.context(), 'run-product-lifecycle', options);
      // Every file gets a new time, and what a stage read is newer than what it wrote.
      const files = (await readdir(sample.root, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
      for (const [index, file] of files.entries()) {
        const at = new Date(Date.now() + (file.endsWith('.json') ? 0 : 1_000) - index);
        await utimes(file, at, at);
      }
      const stale = async (): Promise<unknown> => [
        (await readLifecycle(project)).stages.filter((stage) => stage.stale).map(({ id, changed }) => [id, changed]),
        (await readQualityOverview(project)).stale,
        (await readDashboard(project, NOW)).changes.staleStages,
      ];
      assert.deepEqual(await stale(), [[], [], []]);
      const soon = new Date(Date.now() + 60_000);
      await sample.write(ARTEFACTS.contract, `${await sample.read(ARTEFACTS.contract)}\n`);
      await utimes(project.at(ARTEFACTS.contract), soon, soon);
      const readers = ['run-contract-migration', 'run-enterprise-pipeline', 'run-release-gates'];
      assert.deepEqual(await stale(), [
        readers.map((id) => [id, [ARTEFACTS.contract]]),
        ['The contract changed after the rules were run.'],
        ['Run contract migration', 'Run data quality rules', 'Run release gates'],
      ]);
    });
  });

  it('is nothing in an empty project; in one with broken files it says so', async () => {
    await withProject({ 'requirement_spec/source/x.csv': '' }, async (sample) => {
      const { project } = sample.context();
      for (const text of [null, '{"rows_read": "many"', '\0\0']) {
        if (text !== null)
          for (const path of [
            ARTEFACTS.migrationReport,
            ARTEFACTS.qualityReport,
            ARTEFACTS.gateReport,
            ARTEFACTS.runHistory,
            ARTEFACTS.migrationTableStats,
            ARTEFACTS.roles,
            ARTEFACTS.triage,
          ])
            await sample.write(path, text);
        const { schema, mapping, etl, quality, blockers, trend, unreadable } = await readDashboard(project, NOW);
        assert.deepEqual(
          { schema, mapping, etl, quality, trend },
          { schema: null, mapping: null, etl: null, quality: null, trend: [] },
        );
        assert.deepEqual(
          blockers.map(({ id }) => id),
          [text === null ? 'undecided' : 'unreadable'],
        );
        assert.deepEqual(
          unreadable.map(({ part }) => part),
          text === null ? [] : ['etl', 'tables', 'quality', 'gates', 'roles'],
        );
        assert.deepEqual((await readRuns(project)).runs, []);
        const users = await readUsers(sample.context());
        // What blocks promotion by the dashboard waits for the same role by Users.
        assert.deepEqual(
          users.unheld.map(({ title, open }) => [title, open.map(({ label }) => label)]),
          [
            [
              blockers[0]?.ownerRole,
              [text === null ? 'release decision to make: no gate report is there' : 'gate report that cannot be used'],
            ],
          ],
        );
        assert.deepEqual([users.hasRoles, users.problem === null, users.people], [false, text === null, []]);
        assert.equal((await readLifecycle(project)).stages.length, 7);
      }
    });
  });

  it('says of a roles file that cannot be read where, not that nobody is named', async () => {
    const broken = '{\n  "schema_version": 1,\n  "people": [{ "name": "Jo Bell" ]\n}\n';
    await withProject({ [ARTEFACTS.roles]: broken, 'requirement_spec/source/x.csv': '' }, async (sample) => {
      const place = { kind: 'file', path: ARTEFACTS.roles, line: 3 };
      const { unreadable } = Dashboard.parse(await readDashboard(sample.context().project, NOW));
      assert.deepEqual(
        unreadable.map(({ part, place: at }) => [part, at]),
        [['roles', place]],
      );
      assert.match(unreadable[0]?.message ?? '', /^governance\/roles\.json:3:\d+: The file is not valid JSON/);
      const { problem, file } = Users.parse(await readUsers(sample.context()));
      assert.deepEqual([problem, file], [unreadable[0]?.message, place]);
      const { text } = await dashboardTool.run(sample.context(), { decide: 'no' });
      assert.match(text.join('\n'), /^Owners are not known: governance\/roles\.json:3/m);
    });
  });

  it('tells who may do what and what waits for whom', async () => {
    const header =
      'target_table,target_field,data_type,mandatory,mapping_class,source_table,source_field,rule,crosswalk,default_value,confidence,status,owner,notes\n';
    const roles = {
      schema_version: 1,
      people: [{ name: 'Jo Bell', roles: ['data_mapping_analyst'], identities: ['jo'] }],
      domains: { PMI: ['Jo Bell'] },
    };
    const files = {
      [ARTEFACTS.roles]: JSON.stringify(roles),
      [ARTEFACTS.contract]: `${header}T,A,INTEGER,Y,direct,S,A,,,,1,DRAFT,jo,\nT,B,INTEGER,Y,direct,S,B,,,,1,DRAFT,,\nT,C,INTEGER,Y,direct,S,C,,,,1,DRAFT,Sam,\nT,D,INTEGER,Y,direct,S,D,,,,1,APPROVED,Sam,\n`,
    };
    await withProject(files, async (sample) => {
      const users = await readUsers(sample.context());
      assert.deepEqual(Users.parse(users), users);
      assert.deepEqual(
        users.people.map(({ name, listed, open }) => [name, listed, open.map(({ rows }) => rows)]),
        [
          ['Jo Bell', true, [1]],
          ['Sam', false, [1]],
        ],
      );
      assert.deepEqual([users.people[0]?.domains, users.unowned?.rows], [['PMI'], 1]);
      assert.deepEqual(
        users.unheld.map(({ title }) => title),
        ['Cutover Manager'],
      );
      assert.ok(users.people[0]?.may.includes('lock the contract'));
      assert.deepEqual(users.roles.find(({ title }) => title === 'Cutover Manager')?.people, []);
      assert.equal(roleInWords('Mapping Analyst'), 'data_mapping_analyst');
      assert.equal(roleInWords('Release Manager'), 'cutover_manager');
      assert.equal(roleInWords('somebody'), null);
    });
  });

  it('tells each person the gates, rejects, rows and findings that wait, and roles that nobody holds', async () => {
    const header =
      'target_table,target_field,data_type,mandatory,mapping_class,source_table,source_field,rule,crosswalk,default_value,confidence,status,owner,notes\n';
    const gate = (id: string, owner_role: string, verdict: string) => ({
      ...{ id, owner_role, verdict, title: id, actual: 1, expected: 0, message: 'Not so.', evidence: [] },
    });
    const gates = [
      gate('safety_critical_rejects', 'Clinical Safety Officer', 'FAIL'),
      gate('patient_chain', 'Clinical Safety/Assurance Reviewer', 'NOT_PROVEN'),
      gate('row_balance', 'ETL Engineer', 'PASS'),
      gate('patient_data', 'Information Governance Lead', 'FAIL'),
    ];
    const roles = {
      schema_version: 1,
      people: [
        { name: 'Jo Bell', roles: ['data_mapping_analyst'], identities: ['jo'] },
        { name: 'Dr Celia Marsh', roles: ['clinical_safety_reviewer'] },
        { name: 'Quentin Ash', roles: ['data_quality_lead'] },
      ],
    };
    const rejects = ['P1', 'P2', 'P3'].map((key) => `T,SEX,S,SX,9,1,${key},SEX,Y,hold,UNKNOWN_CODE`).join('\n');
    const files = {
      [ARTEFACTS.roles]: JSON.stringify(roles),
      [ARTEFACTS.gateReport]: JSON.stringify({ run_at_utc: AT, profile: 'development', status: 'FAIL', gates }),
      [ARTEFACTS.migrationReport]: JSON.stringify({
        ...{ run_at_utc: AT, status: 'passed', rows_read: 9, rows_written: 6, rows_rejected: 3, rows_excluded: 0 },
        ...{ rows_unexplained: 0, crosswalk_rejects: 3, safety_critical_rejects: 3 },
      }),
      [ARTEFACTS.migrationRejects]: `target_table,target_field,source_table,source_field,source_value,source_row,row_key,crosswalk,safety_critical,row_policy,reason\n${rejects}\n`,
      [ARTEFACTS.contract]: `${header}T,A,INTEGER,Y,direct,S,A,,,,1,DRAFT,jo,\nT,B,INTEGER,Y,direct,S,B,,,,1,DRAFT,Mapping Analyst,\nT,C,INTEGER,Y,direct,S,C,,,,1,IN_REVIEW,Jo Bell,\n`,
      'schemas/crosswalks/sex.csv':
        'source_code,target_code,description,safety_critical,valid_from,valid_to,status\nM,1,Male,Y,,,IN_REVIEW\nF,2,Female,Y,,,APPROVED\n',
      [ARTEFACTS.crosswalkIndex]: 'crosswalk,row_policy,safety_critical,owner\nsex,hold,Y,Quentin Ash\n',
      [ARTEFACTS.triage]:
        'kind,key,disposition,owner,due_date,comment,decided_by,decided_at_utc,about\nissue,a1,fix_source,Data Quality Lead,2020-01-01,,Jo Bell,,VAL-01\nissue,a2,,Quentin Ash,,,Jo Bell,,VAL-02\n',
    };
    await withProject(files, async (sample) => {
      const users = await readUsers(sample.context());
      assert.deepEqual(Users.parse(users), users);
      assert.deepEqual(
        users.people.map(({ name, open }) => [name, open.map(({ rows, label }) => `${rows} ${label}`)]),
        [
          ['Jo Bell', ['3 contract rows not approved', '1 line of crosswalk sex to review']],
          [
            'Dr Celia Marsh',
            [
              '2 gates do not pass: safety_critical_rejects, patient_chain',
              '3 safety-critical rejects to decide',
              '1 contract row to review',
              '1 line of crosswalk sex to review',
            ],
          ],
          ['Quentin Ash', ['1 contract row to review', '1 finding overdue', '1 finding to decide']],
        ],
      );
      const [jo, celia] = users.people;
      assert.deepEqual(jo?.open[0]?.place, { kind: 'contract', only: { owner: ['jo', 'Mapping Analyst', 'Jo Bell'] } });
      assert.deepEqual(celia?.open[1]?.place, {
        kind: 'explorer',
        only: {
          origin: ['reject'],
          category: ['safety-critical reject'],
          disposition: ['', 'fix_source', 'fix_mapping', 'fix_crosswalk'],
        },
      });
      // The number opens as many rows.
      const engine = await sample.context().openEngine();
      const store = new IssueStore(sample.context().project, engine, () => NOW);
      const only = readIssueFilter({ only: celia?.open[1]?.place.kind === 'explorer' ? celia.open[1].place.only : {} });
      const page = await store.page(only, FIRST_SORT, 0, 10, new AbortController().signal);
      await engine.close();
      assert.deepEqual([page.found, page.total], [3, 3]);
      // The order in which the files were written may make the verdict old, which is another role's.
      const governance = users.unheld.filter(({ title }) => title !== 'Cutover Manager');
      assert.deepEqual(governance, [
        {
          title: 'Information Governance Lead',
          open: [{ label: 'gate does not pass: patient_data', rows: 1, place: { kind: 'gate', id: 'patient_data' } }],
        },
      ]);
    });
  });
});

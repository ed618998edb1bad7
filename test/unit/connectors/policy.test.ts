import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { loadProfile } from '../../../src/core/connectors/loadPolicy.ts';
import {
  CONNECTOR_POLICY,
  connectorPolicy,
  DATA_POLICY,
  dataPolicy,
  RELEASE_PROFILES,
} from '../../../src/core/connectors/policy.ts';
import { runStage } from '../../../src/core/lifecycle/runStage.ts';
import type { StageDefinition } from '../../../src/core/lifecycle/stage.ts';
import { runEnterprisePipeline } from '../../../src/core/quality/runEnterprisePipeline.ts';
import { migratePeople, peopleProject } from '../../support/peopleProject.ts';
import { withProject } from '../../support/project.ts';

/** The policy as the trust reads it: + allowed, - refused, for development, pre_production, cutover_ready. */
const CONNECTORS = { stable: '+++', emulator: '++-', experimental: '+--' } as const;
const DATA = { mock: '++-', real: '--+', mixed: '---', none: '+++' } as const;

describe('connector and data policy', () => {
  for (const [stage, marks] of Object.entries(CONNECTORS))
    it(`${stage}: ${marks}`, () => {
      const found = RELEASE_PROFILES.map((profile) => (connectorPolicy(stage as never, profile).allowed ? '+' : '-'));
      assert.equal(found.join(''), marks);
    });
  for (const [kind, marks] of Object.entries(DATA))
    it(`${kind} data: ${marks}`, () => {
      const found = RELEASE_PROFILES.map((profile) => (dataPolicy(kind as never, profile).allowed ? '+' : '-'));
      assert.equal(found.join(''), marks);
    });

  it('has one line for each pair, each with a reason, and fails closed', () => {
    for (const [lines, subjects] of [
      [CONNECTOR_POLICY, Object.keys(CONNECTORS)],
      [DATA_POLICY, Object.keys(DATA)],
    ] as const) {
      const pairs = lines.map(({ subject, profile }) => `${subject} ${profile}`);
      assert.equal(new Set(pairs).size, pairs.length);
      assert.equal(pairs.length, subjects.length * RELEASE_PROFILES.length);
      for (const { reason } of lines) assert.match(reason, /\.$/);
    }
    assert.equal(connectorPolicy('pretended' as never, 'development').allowed, false);
  });
});

const REAL = '9434765919';

describe('the policy of a migration run', () => {
  const cases: [string, string[], Record<string, unknown>, 'passed' | 'failed' | 'error'][] = [
    ['mock data in a rehearsal', ['9990000018'], { release_profile: 'pre_production' }, 'passed'],
    ['mock data for cutover', ['9990000018'], { release_profile: 'cutover_ready' }, 'failed'],
    ['real data in a rehearsal', [REAL], { release_profile: 'development' }, 'error'],
    ['real data in a rehearsal by its impute mode', [REAL], { impute_mode: 'pre_production' }, 'error'],
    [
      'one real number among mock ones, with blanks',
      ['9990000018', '943 476 5919'],
      { impute_mode: 'development' },
      'error',
    ],
    ['one with dashes', ['9990000018', '943-476-5919'], { impute_mode: 'development' }, 'error'],
    ...['NHS9434765919', '943.476.5919', '943/476/5919', '9434765919;', '９４３４７６５９１９'].map(
      (spelling, index): [string, string[], Record<string, unknown>, 'error'] => [
        `another spelling of a real number (${index + 1})`,
        ['9990000018', spelling],
        { release_profile: 'pre_production' },
        'error',
      ],
    ),
    ...['1/1/2024 10:15', '1.1.2024 10:15', '2024-1-1T10:15', '１/１/2024 10:15'].map(
      (spelling, index): [string, string[], Record<string, unknown>, 'passed'] => [
        `a date with a time, which is no number (${index + 1})`,
        ['9990000018', spelling],
        { release_profile: 'pre_production' },
        'passed',
      ],
    ),
    ['a real number after a colon', ['9990000018', 'NHS no: 943 476 5919'], { impute_mode: 'development' }, 'error'],
    ['real data for cutover', [REAL], { release_profile: 'cutover_ready' }, 'passed'],
    ['real data with one invented for cutover', [REAL, '9990000018'], { release_profile: 'cutover_ready' }, 'failed'],
    ['a known filler in a rehearsal', ['9990000018', '0000000000'], { release_profile: 'development' }, 'passed'],
    ['real data when nobody said what for', [REAL], {}, 'passed'],
  ];
  for (const [what, numbers, options, status] of cases)
    it(`${what}: ${status}`, () =>
      withProject(peopleProject(numbers), async (project) => {
        const outcome = await migratePeople(project, options);
        assert.equal(outcome.status, status, outcome.error?.message);
        if (status === 'error') {
          assert.match(outcome.error?.message ?? '', /1 of \d NHS numbers lie outside the test range 999/);
          assert.doesNotMatch(outcome.error?.message ?? '', /943/);
          assert.equal(await project.readIfThere('mock_data/target_contract/LOAD_PATIENT.csv'), null);
        }
        if (status === 'failed')
          assert.match(
            await project.read('reports/contract_migration_issues.csv'),
            /data-policy.*may not hold (mock|mixed) data/,
          );
      }));

  it('looks into tables that are left behind', () =>
    withProject(
      { ...peopleProject(), 'mock_data/source/OLDPAT.csv': `ID,NHS_NUMBER\n1,${REAL}\n` },
      async (project) => {
        const outcome = await migratePeople(project, { release_profile: 'development' });
        assert.match(outcome.error?.message ?? '', /1 of 3 NHS numbers lie outside/);
      },
    ));

  it('knows the files of the mock generator, wherever they were copied to', () => {
    const files = peopleProject(['', '']);
    const sha256 = createHash('sha256')
      .update(files['mock_data/source/VIS.csv'] ?? '')
      .digest('hex');
    const manifest = JSON.stringify({ files: [{ path: 'mock_data/source/VIS.csv', rows: 2, sha256 }] });
    return withProject({ ...files, 'mock_data/mock_data_manifest.json': manifest }, async (project) => {
      for (const [path, text] of Object.entries(files))
        if (path.startsWith('mock_data/source/'))
          await project.write(path.replace('mock_data/source', 'extract'), text);
      const outcome = await migratePeople(project, { source_dir: 'extract', release_profile: 'cutover_ready' });
      assert.equal(outcome.status, 'failed');
      assert.match(outcome.result?.text.join(' ') ?? '', /1 files are the mock generator's/);
    });
  });

  it('refuses an extract of an experimental connector in pre_production, and a manifest that hides its origin', () => {
    const manifest = (stage: string): string =>
      JSON.stringify({
        schema_version: 1,
        run_id: 'r',
        run_at_utc: '',
        connection: 'try',
        connector: 'json_dummy',
        connector_stage: stage,
        files: [],
      });
    return withProject(peopleProject(), async (project) => {
      const place = 'mock_data/source/extract_manifest.json';
      await project.write(place, manifest('experimental'));
      assert.equal((await migratePeople(project, { release_profile: 'development' })).status, 'passed');
      const refused = await migratePeople(project, { release_profile: 'pre_production' });
      assert.match(refused.error?.message ?? '', /json_dummy \(experimental\), which a pre_production run may not use/);
      await project.write(place, manifest('trusted'));
      assert.match((await migratePeople(project)).error?.message ?? '', /extract_manifest.json: cannot be understood/);
    });
  });
});

describe('the quality rule of rehearsals', () => {
  const judged = async (numbers: string[], options: Record<string, unknown>) =>
    withProject(peopleProject(numbers), async (project) => {
      assert.equal((await migratePeople(project, options)).status, 'passed');
      await runStage(project.context(), runEnterprisePipeline as unknown as StageDefinition, {});
      const report = JSON.parse(await project.read('reports/enterprise_pipeline_report.json'));
      const found = report.rules.find(({ id }: { id: string }) => id === 'VAL-03');
      return [found.status, found.numerator, found.denominator, found.issues_written];
    });

  it('fails on real people of whom nobody said what they are for', async () =>
    assert.deepEqual(await judged([REAL], {}), ['failed', 1, 1, 1]));

  it('is no fault of a cutover_ready run, keeps its count for the gate, and lists nobody', async () =>
    assert.deepEqual(await judged([REAL], { release_profile: 'cutover_ready' }), ['not_applicable', 1, 1, 0]));
});

describe('the policy of a load', () => {
  const mock = { profile: null, dataClass: 'mock', counts: '0 of 2' } as const;
  const emulator = { id: 'postgres_emulator', stage: 'emulator' } as const;
  const stable = { id: 'csv', stage: 'stable' } as const;

  it('is for what the migration was for, and for the strictest when nobody said it of real people', () => {
    assert.equal(loadProfile(stable, undefined, { ...mock, profile: 'pre_production' }), 'pre_production');
    assert.equal(loadProfile(stable, undefined, mock), 'development');
    assert.equal(loadProfile(stable, undefined, { ...mock, dataClass: 'real' }), 'cutover_ready');
  });

  const refusals: [string, () => unknown, RegExp][] = [
    [
      'rehearsal rows for cutover',
      () => loadProfile(stable, 'cutover_ready', { ...mock, profile: 'development' }),
      /migrated for development/,
    ],
    ['mock rows for cutover', () => loadProfile(stable, 'cutover_ready', mock), /mock data is refused/],
    [
      'an emulator for cutover',
      () => loadProfile(emulator, 'cutover_ready', { ...mock, dataClass: 'real' }),
      /emulator stands in/,
    ],
    [
      'real rows into an emulator',
      () => loadProfile(emulator, undefined, { ...mock, dataClass: 'real' }),
      /emulator stands in/,
    ],
    [
      'real rows in a rehearsal',
      () => loadProfile(stable, 'pre_production', { ...mock, dataClass: 'real' }),
      /no real patient/,
    ],
  ];
  for (const [what, attempt, message] of refusals) it(`refuses ${what}`, () => assert.throws(attempt, message));
});

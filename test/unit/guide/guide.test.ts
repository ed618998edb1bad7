import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Incident } from '../../../src/core/governance/incidents.ts';
import { readRolesText } from '../../../src/core/governance/roles.ts';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { freshGuide, type GuideProject, inCopy } from '../../support/guideProject.ts';
import { SIGNERS } from '../../support/signedSample.ts';

const EIGHT = [
  'product_lifecycle_run.json',
  'contract_migration_report.json',
  'enterprise_pipeline_report.json',
  'release_gate_report.json',
  'contract_migration_issues.csv',
  'enterprise_pipeline_issues.csv',
  'contract_migration_rejects.csv',
  'mapping_contract.csv',
] as const;
const PROFILES = ['development', 'pre_production', 'cutover_ready'] as const;
const PROMOTING = ['pre_production', 'cutover_ready'] as const;
const MIGRATE: readonly (readonly [string, string])[] = [
  ['--source-dir', 'mock_data/source'],
  ['--output-dir', 'mock_data/target_contract'],
  ['--contract-file', 'reports/mapping_contract.csv'],
  ['--target-catalog-file', 'schemas/target_schema_catalog.csv'],
  ['--crosswalk-dir', 'schemas/crosswalks'],
  ['--impute-mode', 'pre_production'],
];
/** The migration with one option replaced. */
const migrate = (option = '', value = ''): string[] => [
  'run-contract-migration',
  ...MIGRATE.flatMap(([name, usual]) => [name, name === option ? value : usual]),
];
const LIFECYCLE = 'run-product-lifecycle --rows 20 --seed 42 --min-patients 20 --release-profile pre_production'.split(
  ' ',
);

/** One walk, in the order of the users' guide: `walked` goes stage by stage, `whole` by the one command. */
describe('the users’ guide, sentence by sentence in the terminal', function () {
  this.timeout(120_000);
  let walked: GuideProject;
  let whole: GuideProject;
  let keys: string;
  let keyBefore: string | undefined;

  before(async () => {
    walked = await freshGuide();
    whole = await freshGuide();
    keyBefore = process.env['PAS_MIGRATION_EVIDENCE_KEY'];
    keys = await mkdtemp(join(tmpdir(), 'keys '));
    process.env['PAS_MIGRATION_EVIDENCE_KEY'] = join(keys, 'key.pem');
    await whole.types(0, ...LIFECYCLE);
  });
  after(async () => {
    for (const path of [walked.root, whole.root, keys]) await rm(path, { recursive: true, force: true });
    if (keyBefore === undefined) delete process.env['PAS_MIGRATION_EVIDENCE_KEY'];
    else process.env['PAS_MIGRATION_EVIDENCE_KEY'] = keyBefore;
  });

  describe('§6 lifecycle', () => {
    it('§6.1.1 requirement specs are in requirement_spec; without them the first stage says what to put where', () =>
      inCopy(walked, async (copy) => {
        await rm(join(copy.root, 'requirement_spec'), { recursive: true });
        assert.match(
          await copy.types(2, 'extract-specs'),
          /requirement_spec\/source: the folder is missing; create it/,
        );
        await copy.types(2, ...LIFECYCLE);
        await assert.rejects(copy.read('mock_data/target_contract/LOAD_PATIENT.csv'), 'something was migrated');
      }));

    it('§6.1.2 the release profile is one of three; another is refused with the choices', async () => {
      for (const words of [
        ['run-release-gates', '--profile', 'production'],
        ['run-product-lifecycle', '--release-profile', 'production'],
      ]) {
        const told = await walked.types(2, ...words);
        for (const profile of PROFILES) assert.ok(told.includes(profile), `${told} does not offer ${profile}`);
      }
      await assert.rejects(walked.read(ARTEFACTS.gateReport));
    });

    it('§6.1.3 cohort size and thresholds are confirmed: a smaller cohort fails, and limits are the reviewed file’s', async () => {
      await inCopy(whole, async (copy) => {
        const reviewed = await copy.json<Record<string, { thresholds: object }>>(ARTEFACTS.gateProfiles);
        assert.equal(await copy.verdict('min_patients'), 'PASS');
        assert.deepEqual((await copy.report()).thresholds, reviewed['pre_production']?.thresholds);
        await copy.setThreshold('pre_production', 'min_patients', 21);
        assert.equal(await copy.decided(1, 'pre_production', 'min_patients'), 'FAIL');
        await copy.setThreshold('pre_production', 'min_patients', 20);
        assert.equal(await copy.decided(0, 'pre_production', 'min_patients'), 'PASS');
        await copy.types(1, 'run-enterprise-pipeline', '--min-patients', '21');
        assert.equal(await copy.decided(1, 'pre_production', 'min_patients'), 'FAIL');
        await copy.setThreshold('pre_production', 'min_patients', 'some');
        assert.match(
          await copy.types(2, 'run-release-gates', '--profile', 'pre_production'),
          /release_gate_profiles\.json.*min_patients/,
        );
      });
    });

    it('§6.2 build artefacts in order: no stage runs before the one that it needs', async () => {
      await walked.types(2, 'generate-mock-data', '--rows', '20', '--seed', '42');
      assert.match(await walked.types(2, 'analyze-semantic-mapping'), /extract-specs/);
      assert.match(await walked.types(2, ...migrate()), /schema_catalog\.csv/);
    });

    it('§6.2.1 extract specs', async () => {
      await walked.types(0, 'extract-specs');
      for (const side of ['source', 'target'])
        assert.match(await walked.read(`schemas/${side}_schema_catalog.csv`), /PATIENT|PATMAST/);
    });

    it('§6.2.2 generate all mock data with rows and seed', async () => {
      await walked.types(0, 'generate-mock-data', '--rows', '20', '--seed', '42');
      const { seed, rows } = await walked.json<{ seed: number; rows: number }>(ARTEFACTS.mockManifest);
      assert.deepEqual([seed, rows], [42, 20]);
      const lines = async (path: string): Promise<number> => (await walked.read(path)).trimEnd().split('\n').length - 1;
      const merged = await lines('mock_data/source/PATMRG.csv');
      assert.equal((await lines('mock_data/source/PATMAST.csv')) - merged, 20, 'people, each counted once');
    });

    it('§6.2.3 analyze semantic mapping', async () => {
      await walked.types(0, 'analyze-semantic-mapping');
      assert.match(await walked.read('reports/semantic_mapping_matrix.csv'), /LOAD_PATIENT/);
    });

    it('§6.2.4 build the mapping contract, which keeps what people reviewed', async () => {
      const reviewed = await walked.read(ARTEFACTS.contract);
      await walked.types(0, 'build-mapping-contract');
      assert.equal(await walked.read(ARTEFACTS.contract), reviewed);
    });

    it('§6.3 run the contract migration with all of its options, each of which is used', async () => {
      for (const [option] of MIGRATE.filter(([name]) => name !== '--output-dir')) {
        const told = await walked.types(2, ...migrate(option, 'nowhere/none'));
        assert.match(told, /nowhere\/none|impute-mode/, option);
      }
      await assert.rejects(walked.read('mock_data/target_contract/LOAD_PATIENT.csv'), 'a refused run wrote');
      await walked.types(0, ...migrate('--output-dir', 'mock_data/elsewhere'));
      const elsewhere = await walked.read('mock_data/elsewhere/LOAD_PATIENT.csv');
      await rm(join(walked.root, 'mock_data/elsewhere'), { recursive: true });
      await walked.types(0, ...migrate());
      assert.equal(await walked.read('mock_data/target_contract/LOAD_PATIENT.csv'), elsewhere);
      const report = await walked.json<{ status: string; impute_mode: string; rows_unexplained: number }>(
        ARTEFACTS.migrationReport,
      );
      assert.deepEqual([report.status, report.impute_mode, report.rows_unexplained], ['passed', 'pre_production', 0]);
    });

    it('§6.4.1 run the enterprise pipeline with the fewest patients', async () => {
      await walked.types(0, 'run-enterprise-pipeline', '--min-patients', '20');
      const { patients, min_patients } = await walked.json<{ patients: number; min_patients: number }>(
        ARTEFACTS.qualityReport,
      );
      assert.deepEqual([patients, min_patients], [20, 20]);
    });

    it('§6.4.2 run the release gates for the profile', async () => {
      await walked.types(0, 'run-release-gates', '--profile', 'pre_production');
      const { profile, status, gates } = await walked.report();
      assert.deepEqual([profile, status], ['pre_production', 'PASS']);
      assert.ok(gates.length >= 20 && gates.every(({ verdict }) => verdict === 'PASS'));
    });

    it('§6.5 the one command gives what the stages give one by one, byte for byte apart from times', async () => {
      const folders = ['schemas', 'mock_data', 'reports'];
      const [one, other] = [await walked.bytes(...folders), await whole.bytes(...folders)];
      assert.ok(one.size > 200, `${one.size} files`);
      assert.deepEqual([...one.keys()], [...other.keys()]);
      for (const [path, text] of one) assert.equal(text, other.get(path), path);
      const { gates } = await walked.report();
      assert.deepEqual(gates, (await whole.report()).gates);
      for (const path of [ARTEFACTS.migrationReport, ARTEFACTS.qualityReport, ARTEFACTS.gateReport])
        assert.deepEqual(await walked.timeless(path), await whole.timeless(path), path);
    });
  });

  describe('§9 gates and escalation', () => {
    it('§9.1 any gate that fails blocks cutover, and with it signing', () =>
      inCopy(whole, async (copy) => {
        assert.equal(await copy.decided(1, 'cutover_ready', 'patient_data'), 'FAIL');
        assert.equal((await copy.report()).status, 'FAIL');
        const told = await copy.types(2, 'sign-off', 'technical_qa', '--as', 'Eleri Vaughan');
        assert.match(told, /patient_data/);
        // One failing gate among passing ones is enough.
        await copy.setThreshold('pre_production', 'quality_rules_ran_min', 129);
        assert.equal(await copy.decided(1, 'pre_production', 'quality_rules_ran'), 'FAIL');
        const { gates, status } = await copy.report();
        assert.deepEqual([status, gates.filter(({ verdict }) => verdict !== 'PASS').length], ['FAIL', 1]);
        assert.match(await copy.types(2, 'sign-off', 'technical_qa', '--as', 'Eleri Vaughan'), /quality_rules_ran/);
      }));

    it('§9.2 any unresolved mandatory mapping blocks promotion', () =>
      inCopy(whole, async (copy) => {
        await copy.edit(
          ARTEFACTS.contract,
          'LOAD_PATIENT,SURNAME,VARCHAR(35),Y,direct,PATMAST,SNM,',
          'LOAD_PATIENT,SURNAME,VARCHAR(35),Y,unresolved,,,',
        );
        for (const profile of PROMOTING) {
          assert.equal(await copy.decided(1, profile, 'contract_resolved'), 'FAIL', profile);
          const gate = (await copy.report()).gates.find(({ id }) => id === 'contract_resolved');
          assert.match(gate?.message ?? '', /LOAD_PATIENT\.SURNAME/);
          await copy.types(2, 'sign-off', 'technical_qa', '--as', 'Eleri Vaughan');
        }
        assert.match(
          await copy.types(2, 'contract', 'lock', '--name', 'rc', '--as', 'Dana Whitfield'),
          /LOAD_PATIENT\.SURNAME/,
        );
      }));

    it('§9.3 a crosswalk reject in a safety-critical domain blocks until triage disposes of it, then no longer', () =>
      inCopy(whole, async (copy) => {
        await copy.plant('PATMAST', 'SEX_CD', 'Q9');
        await copy.measureAgain();
        for (const profile of PROMOTING)
          assert.equal(await copy.decided(1, profile, 'safety_critical_rejects'), 'FAIL', profile);
        const { summary } = await copy.run('triage list');
        const [group] = summary['groups'] as { key: string; rows: number }[];
        assert.ok(group !== undefined);
        const accept = ['triage', 'set', group.key, '--disposition', 'accept_with_sign_off', '--owner', 'Quentin Osei'];
        const due = ['--due-date', '2099-01-31', '--as'];
        await copy.types(2, ...accept, ...due, 'Amir Qureshi');
        assert.equal(await copy.decided(1, 'pre_production', 'safety_critical_rejects'), 'FAIL');
        await copy.types(2, ...accept, ...due, 'Dr Celia Marchetti');
        await copy.types(0, ...accept, '--comment', 'asked again at booking', ...due, 'Dr Celia Marchetti');
        await copy.run('run-release-gates', { profile: 'pre_production' });
        assert.equal(await copy.verdict('safety_critical_rejects'), 'PASS');
      }));

    it('§9.4 any break of referential integrity in the patient chain blocks promotion, in every profile', () =>
      inCopy(whole, async (copy) => {
        await copy.plant('ADMSPELL', 'PAT_NO', '9999999');
        await copy.measureAgain();
        for (const profile of PROFILES) assert.equal(await copy.decided(1, profile, 'patient_chain'), 'FAIL', profile);
        await copy.types(2, 'sign-off', 'technical_qa', '--as', 'Eleri Vaughan');
      }));
  });

  describe('§10 incident and rollback', () => {
    const step = (exit: number, name: string, as: string, ...more: string[]): Promise<string> =>
      walked.types(exit, 'incident', 'step', name, ...more, '--as', as);
    let good: string;

    before(async () => {
      const { summary } = await walked.run('snapshot create', { reason: 'known good' });
      good = String(summary['snapshot_id']);
      // What goes wrong: codes are taken away, and the mapping of a name is changed.
      await walked.edit('schemas/crosswalks/sex.csv', /\nF,[^\n]*/, '');
      await walked.edit(
        ARTEFACTS.contract,
        'LOAD_PATIENT,SURNAME,VARCHAR(35),Y,direct,PATMAST,SNM,',
        'LOAD_PATIENT,SURNAME,VARCHAR(35),Y,direct,PATMAST,FNM1,',
      );
      await walked.measureAgain();
      await walked.types(1, 'run-release-gates', '--profile', 'pre_production');
    });

    it('§10.1 stop: nothing for cutover runs while an incident is open', async () => {
      await walked.types(0, 'incident', 'start', '--reason', 'surnames look wrong', '--as', 'Kofi Brandt');
      for (const words of [
        ['run-release-gates', '--profile', 'cutover_ready'],
        ['sign-off', 'technical_qa', '--as', 'Eleri Vaughan'],
        ['contract', 'lock', '--name', 'rc', '--as', 'Dana Whitfield'],
      ])
        assert.match(await walked.types(2, ...words), /INC-\d{8}-001 is open/);
    });

    it('§10.2 freeze reports and mapping contract as evidence', async () => {
      await step(2, 'restore', 'Eleri Vaughan', '--snapshot', good);
      await step(0, 'freeze_evidence', 'Eleri Vaughan');
      const { summary } = await walked.run('snapshot list');
      const snapshots = summary['snapshots'] as { snapshot_id: string; reason: string }[];
      const [open] = ((await walked.run('incident status')).summary['incidents'] as Incident[]).slice(-1);
      const id = String(open?.steps.at(-1)?.details['snapshot_id']);
      assert.match(snapshots.find((kept) => kept.snapshot_id === id)?.reason ?? '', /surnames look wrong/);
      const frozen = await walked.read(`${ARTEFACTS.snapshots}/${id}.json`);
      for (const name of EIGHT.slice(1)) assert.ok(frozen.includes(`reports/${name}`), name);
    });

    it('§10.3 restore the snapshot from before, or rerun the known-good profile and seed', async () => {
      await step(0, 'restore', 'Eleri Vaughan', '--snapshot', good);
      assert.match(await walked.read(ARTEFACTS.contract), /LOAD_PATIENT,SURNAME,VARCHAR\(35\),Y,direct,PATMAST,SNM,/);
      assert.equal(await walked.read(ARTEFACTS.contract), await whole.read(ARTEFACTS.contract));
      await inCopy(walked, async (copy) => {
        const rerun = 'incident step rerun --profile pre_production --seed 42 --rows 20'.split(' ');
        await copy.types(0, ...rerun, '--as', 'Eleri Vaughan');
        const [last] = ((await copy.run('incident status')).summary['incidents'] as Incident[]).slice(-1);
        assert.equal(last?.steps.at(-1)?.details['status'], 'passed');
        assert.equal((await copy.report()).status, 'PASS');
        assert.deepEqual(await copy.bytes('mock_data'), await whole.bytes('mock_data'));
      });
    });

    it('§10.4 compare what differs in contract, rejects and gates', async () => {
      const told = await step(0, 'compare', 'Eleri Vaughan');
      assert.match(told, /[1-9]\d* contract row/);
      assert.match(told, /safety_critical_rejects: FAIL → PASS/);
      assert.match(told, /[1-9]\d* causes? of rejects/);
    });

    it('§10.5 resume only after root cause and mitigation are approved', async () => {
      const close = (exit: number) => walked.types(exit, 'incident', 'close', '--as', 'Dana Whitfield');
      await close(2);
      await step(0, 'root_cause', 'Eleri Vaughan', '--text', 'A mapping was saved by mistake.');
      await step(0, 'mitigation', 'Eleri Vaughan', '--text', 'Two people review it.');
      await close(2);
      await step(2, 'approve_root_cause', 'Eleri Vaughan');
      await step(0, 'approve_root_cause', 'Quentin Osei');
      await close(2);
      await walked.types(2, 'run-release-gates', '--profile', 'cutover_ready');
      await step(0, 'approve_mitigation', 'Dr Celia Marchetti');
      await close(0);
      await walked.types(1, 'run-release-gates', '--profile', 'cutover_ready');
    });
  });

  describe('§11 evidence package', () => {
    before(async () => {
      await walked.types(0, ...LIFECYCLE);
      await walked.types(0, 'evidence', 'build', '--out', 'evidence/first', '--as', 'Dana Whitfield');
    });
    for (const [index, name] of EIGHT.entries())
      it(`§11.${index + 1} reports/${name} is in the pack as it is in the project, and no pack is built without it`, async () => {
        const path = `reports/${name}`;
        assert.equal(await walked.read(`evidence/first/${path}`), await walked.read(path));
        const kept = await walked.read(path);
        await rm(join(walked.root, path));
        const told = await walked.types(2, 'evidence', 'build', '--out', 'evidence/none', '--as', 'Dana Whitfield');
        assert.ok(told.includes(name), told);
        await walked.write(path, kept);
      });
  });

  describe('§12 practice, and the last pack', () => {
    it('§12.1 a fixed seed and cohort make rehearsals comparable: same seed same bytes, another seed others', () =>
      inCopy(whole, async (copy) => {
        const cohort = async (seed: string): Promise<ReadonlyMap<string, string>> => {
          await copy.types(0, 'generate-mock-data', '--rows', '20', '--seed', seed);
          return copy.bytes('mock_data/source', 'mock_data/target');
        };
        const before = await copy.bytes('mock_data/source', 'mock_data/target');
        assert.notEqual(
          (await cohort('43')).get('mock_data/source/PATMAST.csv'),
          before.get('mock_data/source/PATMAST.csv'),
        );
        assert.deepEqual(await cohort('42'), before);
      }));

    it('§12.2 the contract is locked per release candidate; a change voids the lock, and cutover wants it', async () => {
      assert.notEqual(await walked.decided(1, 'cutover_ready', 'contract_lock'), 'PASS');
      await walked.types(0, 'contract', 'lock', '--name', 'rehearsal 1', '--as', 'Dana Whitfield');
      await walked.types(0, 'contract', 'verify');
      assert.equal(await walked.decided(1, 'cutover_ready', 'contract_lock'), 'PASS');
      await walked.types(2, 'contract', 'lock', '--name', 'rehearsal 1', '--as', 'Dana Whitfield');
      await inCopy(walked, async (copy) => {
        await copy.edit(ARTEFACTS.contract, ',PATMAST,SNM,', ',PATMAST,FNM1,');
        await copy.types(1, 'contract', 'verify');
        assert.equal(await copy.decided(1, 'cutover_ready', 'contract_lock'), 'FAIL');
      });
    });

    it('§12.3 every high-risk domain has an owner on record, and one without is told', async () => {
      const text = await walked.read(ARTEFACTS.roles);
      const problems = (of: string) => readRolesText(of, ARTEFACTS.roles).problems;
      assert.deepEqual(problems(text), []);
      for (const domain of ['PMI', 'ADT', 'OPD', 'IWL', 'MH']) {
        const without = JSON.parse(text) as { domains: Record<string, string[]> };
        assert.ok((without.domains[domain]?.length ?? 0) > 0, `${domain} has no owner`);
        without.domains[domain] = [];
        const told = problems(JSON.stringify(without, null, 2));
        assert.deepEqual(
          told.map(({ code, severity }) => [code, severity]),
          [['roles-domain-without-owner', 'warning']],
        );
        assert.ok(told[0]?.message.startsWith(`${domain} has no owner`));
      }
    });

    it('§12.4 signing goes technical QA, data quality, clinical safety, governance board, and in no other order', async () => {
      await walked.types(0, 'run-release-gates', '--profile', 'pre_production');
      for (const [at, [step, person]] of SIGNERS.entries()) {
        for (const [later, who] of SIGNERS.slice(at + 1)) await walked.types(2, 'sign-off', later, '--as', who);
        await walked.types(0, 'sign-off', step, '--as', person);
      }
      const { sign_offs } = await walked.json<{ sign_offs: { step: string }[] }>(ARTEFACTS.signOffs);
      assert.deepEqual(
        sign_offs.map(({ step }) => step),
        SIGNERS.map(([step]) => step),
      );
    });

    it('§11 the walk ends with a pack, folder and zip, that evidence verify accepts until a byte changes', async () => {
      await walked.types(0, 'audit', 'verify');
      await walked.types(0, 'evidence', 'build', '--out', 'evidence/board', '--as', 'Dana Whitfield');
      await walked.types(0, 'evidence', 'verify', 'evidence/board');
      await walked.types(0, 'evidence', 'verify', 'evidence/board.zip');
      await walked.edit('evidence/board/reports/release_gate_report.json', '"PASS"', '"FAIL"');
      assert.match(await walked.types(1, 'evidence', 'verify', 'evidence/board'), /release_gate_report\.json/);
    });
  });
});

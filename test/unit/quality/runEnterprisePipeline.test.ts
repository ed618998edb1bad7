import assert from 'node:assert/strict';
import { parseCsvText } from '../../../src/core/csv/csvText.ts';
import { runReleaseGates } from '../../../src/core/gates/runReleaseGates.ts';
import { runStage } from '../../../src/core/lifecycle/runStage.ts';
import type { StageDefinition } from '../../../src/core/lifecycle/stage.ts';
import { runContractMigration } from '../../../src/core/migration/runContractMigration.ts';
import type { RuleResult } from '../../../src/core/quality/rule.ts';
import { QUALITY_RULES } from '../../../src/core/quality/rules/index.ts';
import { runEnterprisePipeline } from '../../../src/core/quality/runEnterprisePipeline.ts';
import { type TestProject, withProject } from '../../support/project.ts';
import { catalogText, smallProject } from '../../support/smallProject.ts';

const REPORT = 'reports/enterprise_pipeline_report.json';
const ISSUES = 'reports/enterprise_pipeline_issues.csv';
const PATIENTS = 'mock_data/target_contract/LOAD_PATIENT.csv';

/** The small project with families and concepts, as the recogniser would give them. */
const TARGET_CATALOG = catalogText(`
  LOAD_PATIENT.PATIENT_ID VARCHAR(10) M PK is=PMI/patient_id
  LOAD_PATIENT.SURNAME VARCHAR(10) M is=PMI/surname
  LOAD_PATIENT.BORN DATE is=PMI/date_of_birth
  LOAD_PATIENT.SEX VARCHAR(1) M is=PMI/sex set=person_stated_gender
  LOAD_PATIENT.RELIGION VARCHAR(4) is=PMI/religion
  LOAD_PATIENT.LOADED_BY VARCHAR(10) is=PMI/
  LOAD_NAME.PATIENT_ID VARCHAR(10) M PK FK=LOAD_PATIENT.PATIENT_ID is=FORMER_NAME/patient_id
  LOAD_NAME.SEQ INTEGER M PK is=FORMER_NAME/sequence
  LOAD_NAME.SURNAME VARCHAR(40) M is=FORMER_NAME/surname
  LOAD_REFERRAL.KEY INTEGER M PK is=REF/
  LOAD_REFERRAL.LEGACY_NO VARCHAR(10) M is=REF/referral_id
  LOAD_REFERRAL.PATIENT_ID VARCHAR(10) M FK=LOAD_PATIENT.PATIENT_ID is=REF/patient_id
  LOAD_REFERRAL.RECEIVED DATE is=REF/received_on
  LOAD_APPOINTMENT.ID VARCHAR(10) M PK is=APPT/appointment_id
  LOAD_APPOINTMENT.REFERRAL_KEY INTEGER FK=LOAD_REFERRAL.KEY is=APPT/referral_id
  LOAD_APPOINTMENT.PATIENT_ID VARCHAR(10) M FK=LOAD_PATIENT.PATIENT_ID is=APPT/patient_id
  LOAD_APPOINTMENT.STARTS DATETIME M is=APPT/starts_at
`);
const SOURCE_CATALOG = catalogText(`
  PAT.NO VARCHAR(10) M PK is=PMI/patient_id
  PAT.SNM VARCHAR(40) M is=PMI/surname
  PAT.FSN1 VARCHAR(40) is=PMI/
  PAT.FSN2 VARCHAR(40) is=PMI/
  PAT.DOB DATE as=HOROLOG is=PMI/date_of_birth
  PAT.SEX VARCHAR(2) set=sex is=PMI/sex
  PAT.REL VARCHAR(2) set=religion is=PMI/religion
  MRG.OLD VARCHAR(10) M PK is=MERGE/old_patient_id
  MRG.FINAL VARCHAR(10) M is=MERGE/surviving_patient_id
  REF.RNO VARCHAR(10) M PK is=REF/referral_id
  REF.NO VARCHAR(10) M FK=PAT.NO is=REF/patient_id
  REF.RCV DATE as=YYYYMMDD is=REF/received_on
  APP.ANO VARCHAR(10) M PK is=APPT/appointment_id
  APP.RNO VARCHAR(10) FK=REF.RNO is=APPT/referral_id
  APP.NO VARCHAR(10) M FK=PAT.NO is=APPT/patient_id
  APP.AT DATETIME as=YYYYMMDDHHMM is=APPT/starts_at
  USR.ID VARCHAR(10) M PK
`);

const FILES = {
  ...smallProject(),
  'schemas/target_schema_catalog.csv': TARGET_CATALOG,
  'schemas/source_schema_catalog.csv': SOURCE_CATALOG,
  'schemas/crosswalk_index.csv':
    'crosswalk,source_system,site,country,code_set_version,row_policy,safety_critical,approved_by\nsex,PAS,all,England,1,hold,Y,CSO\nreligion,PAS,all,England,1,load_null,N,Analyst\n',
  'schemas/code_sets/person_stated_gender.csv':
    'code,description,valid_from,valid_to,kind,note\n1,Male,,,national,\n2,Female,,,national,\n9,Indeterminate,,,national,\nX,Not known,,,national,\n',
};

const stage = (definition: unknown) => definition as StageDefinition;
const migrate = (project: TestProject) => runStage(project.context(), stage(runContractMigration), {});
const check = (project: TestProject, options: Record<string, unknown> = {}) =>
  runStage(project.context(), stage(runEnterprisePipeline), { extract_at: '2025-02-01T12:00:00', ...options });

/** Migrates, lets `change` touch the files, checks quality. */
async function checked<T>(
  change: (project: TestProject) => Promise<void>,
  look: (project: TestProject, outcome: Awaited<ReturnType<typeof check>>) => Promise<T>,
  options: Record<string, unknown> = {},
): Promise<T> {
  return withProject(FILES, async (project) => {
    const migrated = await migrate(project);
    assert.equal(migrated.status, 'passed', migrated.error?.message);
    await change(project);
    return look(project, await check(project, options));
  });
}

const nothing = async (_: TestProject): Promise<void> => {};

async function ruleOf(project: TestProject, id: string): Promise<RuleResult> {
  const report = JSON.parse(await project.read(REPORT)) as { rules: RuleResult[] };
  const found = report.rules.find((rule) => rule.id === id);
  assert.ok(found !== undefined, id);
  return found;
}

async function issuesOf(project: TestProject, ruleId: string) {
  const { value, problems } = parseCsvText(await project.read(ISSUES), ISSUES, ['issue_key', 'owner_role']);
  assert.deepEqual(problems, []);
  return value.records.map((record) => record.cells).filter((cells) => cells['rule_id'] === ruleId);
}

describe('run-enterprise-pipeline', () => {
  it('judges every rule on a migrated project and says what it could not look at', async () => {
    await checked(nothing, async (project, outcome) => {
      assert.equal(outcome.status, 'passed', JSON.stringify(outcome.result?.text ?? outcome.error?.message));
      const report = JSON.parse(await project.read(REPORT)) as Record<string, unknown> & { rules: RuleResult[] };
      assert.deepEqual(Object.keys(report).slice(0, 4), ['schema_version', 'run_id', 'run_at_utc', 'status']);
      assert.deepEqual(
        [report['patients'], report['min_patients'], report['extract_at']],
        [2, 1, '2025-02-01T12:00:00'],
      );
      assert.deepEqual(
        report.rules.map((rule) => rule.id),
        QUALITY_RULES.map((rule) => rule.id),
      );
      for (const rule of report.rules) {
        assert.notEqual(rule.status, 'error', `${rule.id} ${rule.reason}`);
        if (rule.status === 'passed') assert.ok(rule.denominator > 0, rule.id);
        if (rule.status === 'not_applicable') assert.notEqual(rule.reason, '', rule.id);
      }
      const judged = report.rules.filter((rule) => rule.status === 'passed').map((rule) => rule.id);
      for (const id of ['CMP-01', 'COD-01', 'RIN-01', 'RIN-02', 'REC-01', 'REC-02', 'REC-03', 'VAL-11', 'VAL-12']) {
        assert.ok(judged.includes(id), id);
      }
    });
  });

  it('gives the same issue key for the same finding in another run, and no value in its message', async () => {
    const spoil = async (project: TestProject) => {
      const text = await project.read(PATIENTS);
      await project.write(PATIENTS, text.replace("O'Brien", '"UNKNOWN"'));
    };
    await checked(spoil, async (project, outcome) => {
      assert.equal(outcome.returnCode, 1);
      const first = await issuesOf(project, 'CMP-01');
      await check(project);
      assert.deepEqual(await issuesOf(project, 'CMP-01'), first);
      assert.equal(first.length, 1);
      assert.deepEqual(
        [first[0]?.['table_name'], first[0]?.['field_name'], first[0]?.['row_key'], first[0]?.['severity']],
        ['LOAD_PATIENT', 'SURNAME', 'P1', 'ERROR'],
      );
      assert.doesNotMatch(first[0]?.['message'] ?? '', /UNKNOWN/);
    });
  });

  it('finds a code outside its list, an orphan, and a date that changed on the way', async () => {
    const spoil = async (project: TestProject) => {
      const text = await project.read(PATIENTS);
      await project.write(PATIENTS, text.replace('2000-01-01,1,', '2001-01-01,7,'));
      const referrals = 'mock_data/target_contract/LOAD_REFERRAL.csv';
      await project.write(referrals, (await project.read(referrals)).replace('R2,P1', 'R2,P7'));
    };
    await checked(spoil, async (project) => {
      assert.deepEqual(
        (await issuesOf(project, 'COD-01')).map((issue) => issue['field_name']),
        ['SEX'],
      );
      assert.deepEqual(
        (await issuesOf(project, 'REC-03')).map((issue) => issue['field_name']),
        ['BORN'],
      );
      assert.deepEqual(
        (await issuesOf(project, 'RIN-01')).map((issue) => issue['row_key']),
        ['2'],
      );
      const chain = await ruleOf(project, 'RIN-14');
      assert.deepEqual([chain.status, chain.numerator], ['failed', 1]);
    });
  });

  it('matches columns by name, not by place', async () => {
    const swap = async (project: TestProject) => {
      const rows = (await project.read(PATIENTS))
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','));
      await project.write(PATIENTS, `${rows.map((cells) => [...cells].reverse().join(',')).join('\n')}\n`);
    };
    await checked(swap, async (project) => assert.equal((await ruleOf(project, 'CMP-01')).status, 'passed'));
  });

  it('reads hostile text as text', async () => {
    const spoil = async (project: TestProject) => {
      const text = await project.read(PATIENTS);
      await project.write(
        PATIENTS,
        text.replace("O'Brien", `"'; --""x`).replace('PAS\nP2', '",\n"\nP2').replace(`--""x`, `--""x"`),
      );
    };
    await checked(spoil, async (project, outcome) => {
      assert.equal(outcome.status, 'passed', outcome.error?.message);
      assert.equal((await ruleOf(project, 'CMP-01')).denominator, 2);
    });
  });

  it('fails on fewer patients than asked for, and on none at all', async () => {
    const counts = (options: Record<string, unknown>, change = nothing) =>
      checked(change, async (_, outcome) => [outcome.status, outcome.result?.summary['patients']], options);
    assert.deepEqual(await counts({ min_patients: 2 }), ['passed', 2]);
    assert.deepEqual(await counts({ min_patients: 3 }), ['failed', 2]);
    const headerOnly = async (project: TestProject) =>
      project.write(PATIENTS, 'PATIENT_ID,SURNAME,BORN,SEX,RELIGION,LOADED_BY\n');
    assert.deepEqual(await counts({}, headerOnly), ['failed', 0]);
  });

  it('does not guess the extract instant', async () => {
    await checked(
      nothing,
      async (project) => {
        const report = JSON.parse(await project.read(REPORT)) as Record<string, unknown>;
        assert.equal(report['extract_at'], null);
        const rule = await ruleOf(project, 'TMP-02');
        assert.equal(rule.status, 'not_applicable');
        assert.match((await ruleOf(project, 'TMP-07')).reason, /--extract-at/);
      },
      { extract_at: undefined },
    );
  });

  it('takes the extract instant from the manifest', async () => {
    const add = (project: TestProject) =>
      project.write('mock_data/mock_data_manifest.json', '{"extract_at":"2025-02-01T00:00:00"}');
    await checked(add, async (project) => assert.notEqual((await ruleOf(project, 'TMP-06')).status, 'error'), {
      extract_at: undefined,
    });
  });

  const refusals: readonly (readonly [string, (project: TestProject) => Promise<void>, RegExp])[] = [
    [
      'a target file of no bytes',
      (project) => project.write(PATIENTS, ''),
      /LOAD_PATIENT\.csv: is empty.*run-contract-migration/,
    ],
    [
      'a renamed column',
      (project) => project.write(PATIENTS, 'ID,SURNAME\nP1,X\n'),
      /LOAD_PATIENT\.csv:1: the header lacks PATIENT_ID/,
    ],
    [
      'a column twice',
      (project) => project.write(PATIENTS, 'PATIENT_ID,SURNAME,BORN,SEX,RELIGION,LOADED_BY,SEX\n'),
      /names SEX twice/,
    ],
    [
      'a ragged row',
      (project) => project.write(PATIENTS, 'PATIENT_ID,SURNAME,BORN,SEX,RELIGION,LOADED_BY\nP1,Smith\n'),
      /LOAD_PATIENT\.csv:2: 1 row/,
    ],
    [
      'a broken manifest',
      (project) => project.write('mock_data/mock_data_manifest.json', '{"extract_at":'),
      /manifest/,
    ],
    [
      'a manifest whose instant is a number',
      (project) => project.write('mock_data/mock_data_manifest.json', '{"extract_at":66000}'),
      /manifest/,
    ],
  ];
  for (const [what, change, message] of refusals) {
    it(`refuses ${what} in one sentence`, async () => {
      await checked(
        change,
        async (_, outcome) => {
          assert.equal(outcome.returnCode, 2);
          assert.match(outcome.error?.message ?? '', message);
          assert.doesNotMatch(outcome.error?.message ?? '', /Smith/);
        },
        { extract_at: undefined },
      );
    });
  }

  it('asks for the migration when it has not run', async () => {
    await withProject(FILES, async (project) => {
      const outcome = await check(project);
      assert.equal(outcome.returnCode, 2);
      assert.match(outcome.error?.message ?? '', /run-contract-migration/);
    });
  });

  for (const instant of [
    'yesterday',
    '2025-02-30',
    '2025-02-01T25:00:00',
    '2025-02-01T10:00:00+01:00',
    '',
    "2025-02-01' --",
  ]) {
    it(`refuses --extract-at ${JSON.stringify(instant)}`, async () => {
      await withProject(FILES, async (project) => {
        const outcome = await check(project, { extract_at: instant });
        assert.equal(outcome.returnCode, 2);
        assert.match(outcome.error?.message ?? '', /extract-at/);
      });
    });
  }
});

describe('run-release-gates on a project', () => {
  const gate = async (project: TestProject, profile = 'pre_production') => {
    const outcome = await runStage(project.context(), stage(runReleaseGates), { profile });
    const report = JSON.parse(await project.read('reports/release_gate_report.json')) as {
      status: string;
      gates: { id: string; verdict: string; message: string }[];
    };
    const of = (id: string) => report.gates.find((one) => one.id === id) ?? { verdict: 'absent', message: '' };
    return { outcome, report, of };
  };
  const withProfiles = async (project: TestProject) => {
    const { readFile } = await import('node:fs/promises');
    const file = 'schemas/release_gate_profiles.json';
    await project.write(file, await readFile(file, 'utf8'));
  };

  it('passes the gates that the evidence proves, and blocks on the others', async () => {
    await checked(withProfiles, async (project) => {
      const { outcome, report, of } = await gate(project);
      assert.equal(outcome.returnCode, 1);
      assert.equal(report.status, 'FAIL');
      for (const id of [
        'row_balance',
        'evidence_current',
        'contract_resolved',
        'contract_approved',
        'source_tables_present',
      ]) {
        assert.equal(of(id).verdict, 'PASS', `${id}: ${of(id).message}`);
      }
      assert.equal(of('source_manifest').verdict, 'NOT_PROVEN');
      assert.equal(of('patient_data').verdict, 'NOT_PROVEN');
    });
  });

  const staleness: readonly (readonly [string, string, RegExp])[] = [
    ['a target file', PATIENTS, /LOAD_PATIENT\.csv.*run-contract-migration/],
    ['a source file', 'mock_data/source/PAT.csv', /PAT\.csv has changed: run run-contract-migration/],
    ['a crosswalk', 'schemas/crosswalks/sex.csv', /sex\.csv has changed/],
    ['the contract', 'reports/mapping_contract.csv', /mapping_contract\.csv has changed/],
    ['the rejects', 'reports/contract_migration_rejects.csv', /rejects\.csv has changed: run run-enterprise-pipeline/],
  ];
  for (const [what, path, message] of staleness) {
    it(`sees that ${what} changed after the reports were written`, async () => {
      await checked(withProfiles, async (project) => {
        await project.write(path, `${await project.read(path)}\n`);
        const { of } = await gate(project);
        assert.equal(of('evidence_current').verdict, 'FAIL');
        assert.match(of('evidence_current').message, message);
      });
    });
  }

  it('sees that the migration ran again after quality was checked', async () => {
    await checked(withProfiles, async (project) => {
      const source = 'mock_data/source/PAT.csv';
      await project.write(source, `${await project.read(source)}P4,New,,,58074,M,C\n`);
      assert.equal((await migrate(project)).status, 'passed');
      const { of } = await gate(project);
      assert.equal(of('evidence_current').verdict, 'FAIL');
      assert.match(of('evidence_current').message, /run-enterprise-pipeline/);
    });
  });

  it('gives a verdict on broken evidence rather than none', async () => {
    await checked(withProfiles, async (project) => {
      for (const path of [
        REPORT,
        'reports/contract_migration_report.json',
        'reports/contract_migration_rejects.csv',
        'reports/mapping_contract.csv',
      ]) {
        await project.write(path, 'not what it was {');
      }
      const { outcome, of } = await gate(project);
      assert.equal(outcome.returnCode, 1);
      for (const id of ['row_balance', 'quality_rules_ran', 'contract_resolved', 'patient_chain']) {
        assert.equal(of(id).verdict, 'NOT_PROVEN', id);
      }
    });
  });

  it('needs its profiles', async () => {
    await withProject(FILES, async (project) => {
      const outcome = await runStage(project.context(), stage(runReleaseGates), {});
      assert.equal(outcome.returnCode, 2);
      assert.match(outcome.error?.message ?? '', /release_gate_profiles\.json: not found/);
    });
  });
});

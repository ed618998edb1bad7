import assert from 'node:assert/strict';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { type Clone, SIGNERS, withRanSample } from '../../support/signedSample.ts';

const CROSSWALK = 'schemas/crosswalks/alert_type.csv';

describe('sign-offs', function () {
  this.timeout(60_000);

  const refused = async (clone: Clone, step: string, person?: string): Promise<string> => {
    const { returnCode, error } = await clone.run('sign-off', { step }, person);
    assert.equal(returnCode, 2, error ?? 'it was signed');
    return error ?? '';
  };
  const gate = async (clone: Clone): Promise<readonly [string, string]> => {
    await clone.run('run-release-gates', { profile: 'pre_production' });
    const report = JSON.parse(await clone.read(ARTEFACTS.gateReport)) as {
      status: string;
      gates: { id: string; verdict: string; message: string }[];
    };
    const found = report.gates.find(({ id }) => id === 'sign_offs');
    return [`${report.status} ${found?.verdict}`, found?.message ?? ''];
  };

  it('four people in order make the gate pass, and running the gates again keeps it so', () =>
    withRanSample(async (clone) => {
      assert.deepEqual(await gate(clone), ['FAIL NOT_PROVEN', 'Nobody has signed technical QA.']);
      await clone.signAll();
      assert.equal((await gate(clone))[0], 'PASS PASS');
      const [, message] = await gate(clone);
      assert.match(message, /^Signed by Eleri Vaughan \(technical QA\), .*Dana Whitfield \(governance board\)\.$/);
    }));

  it('out of order, by the wrong role, by nobody known and by the same person twice are refused with the reason', () =>
    withRanSample(async (clone) => {
      assert.match(
        await refused(clone, 'data_quality', 'Quentin Osei'),
        /data quality is signed after technical QA\. Nob/,
      );
      assert.match(await refused(clone, 'governance_board', 'Dana Whitfield'), /is signed after technical QA/);
      assert.match(
        await refused(clone, 'technical_qa', 'Quentin Osei'),
        /Quentin Osei is Data Quality Lead: only ETL Engineer or Data Mapping Analyst may sign technical QA \(Amir Qureshi or/,
      );
      assert.match(await refused(clone, 'technical_qa', 'Mallory'), /does not name Mallory/);
      assert.match(await refused(clone, 'technical_qa'), /is not listed in governance\/roles\.json/);
      assert.equal((await clone.run('sign-off', { step: 'technical_qa' }, 'Eleri Vaughan')).status, 'passed');
      assert.match(
        await refused(clone, 'technical_qa', 'Amir Qureshi'),
        /Eleri Vaughan signed technical QA .* already/,
      );
      await clone.edit(
        ARTEFACTS.roles,
        '["Data Quality Lead"]',
        '["Data Quality Lead", "Clinical Safety/Assurance Reviewer"]',
      );
      assert.equal((await clone.run('sign-off', { step: 'data_quality' }, 'Quentin Osei')).status, 'passed');
      assert.match(
        await refused(clone, 'clinical_safety', 'Quentin Osei'),
        /Quentin Osei signed data quality; nobody signs two steps/,
      );
      assert.match((await clone.run('sign-off', { step: 'ceo' })).error ?? '', /step/);
    }));

  it('any later change voids them and says which', async () => {
    const changes: readonly (readonly [string, (clone: Clone) => Promise<unknown>, RegExp])[] = [
      ['contract', (clone) => clone.edit(ARTEFACTS.contract, /\n$/, '\n\n'), /the contract \(contract_sha256 was/],
      ['table rows', (clone) => clone.edit(ARTEFACTS.contractTables, /\n$/, '\n\n'), /table rows/],
      ['crosswalk', (clone) => clone.edit(CROSSWALK, /\n$/, '\n\n'), /the data \(data_manifest/],
      ['source data', (clone) => clone.edit('mock_data/source/PATMAST.csv', /\n$/, '\n\n'), /the data/],
      ['loaded data', (clone) => clone.edit('mock_data/target_contract/LOAD_ALERT.csv', /\n$/, '\n\n'), /the data/],
      ['hazard log', (clone) => clone.edit(ARTEFACTS.hazardLog, 'Alert lost', 'Alert gone'), /hazard log or triage/],
      [
        'threshold',
        (clone) => clone.setThreshold('pre_production', 'quality_rules_ran_min', 59),
        /the verdicts of the gates/,
      ],
      [
        'role',
        (clone) =>
          clone.edit(
            ARTEFACTS.roles,
            '["ETL Engineer"],\n      "identities"',
            '["Cutover Manager"],\n      "identities"',
          ),
        /Eleri Vaughan is Cutover Manager: only/,
      ],
      [
        'the file itself',
        (clone) => clone.edit(ARTEFACTS.signOffs, '"comment": ""', '"comment": "x"'),
        /not in the audit log as it stands/,
      ],
      [
        'a person written over',
        (clone) => clone.edit(ARTEFACTS.signOffs, 'Eleri Vaughan', 'Amir Qureshi'),
        /not in the audit/,
      ],
      [
        'the audit log',
        (clone) => clone.edit(ARTEFACTS.auditLog, /.*"event":"sign-off".*\n/, ''),
        /not in the audit log/,
      ],
    ];
    await withRanSample(async (clone) => {
      await clone.signAll();
      const kept = new Map<string, string>();
      for (const [what, change, expected] of changes) {
        const paths = [
          ARTEFACTS.contract,
          ARTEFACTS.contractTables,
          CROSSWALK,
          'mock_data/source/PATMAST.csv',
          'mock_data/target_contract/LOAD_ALERT.csv',
          ARTEFACTS.hazardLog,
          ARTEFACTS.gateProfiles,
          ARTEFACTS.roles,
          ARTEFACTS.signOffs,
          ARTEFACTS.auditLog,
        ];
        for (const path of paths) kept.set(path, await clone.read(path));
        await change(clone);
        const [verdict, message] = await gate(clone);
        assert.match(verdict, /FAIL FAIL/, `${what}: ${message}`);
        assert.match(message, expected, what);
        for (const [path, text] of kept) await clone.write(path, text);
      }
      assert.equal((await gate(clone))[0], 'PASS PASS');
    });
  });

  it('a candidate that changed since its gates, or whose gates fail, cannot be signed', () =>
    withRanSample(async (clone) => {
      await clone.edit(CROSSWALK, /\n$/, '\n\n');
      assert.match(
        await refused(clone, 'technical_qa', 'Eleri Vaughan'),
        /alert_type\.csv is not as it was when the gates ran/,
      );
      await clone.run('run-release-gates', { profile: 'pre_production' });
      assert.match(
        await refused(clone, 'technical_qa', 'Eleri Vaughan'),
        /alert_type|gates of profile pre_production do not pass/,
      );
      await clone.write(ARTEFACTS.gateReport, '{');
      assert.match(await refused(clone, 'technical_qa', 'Eleri Vaughan'), /run run-release-gates again/);
      await clone.write(ARTEFACTS.roles, '{');
      assert.match(
        await refused(clone, 'technical_qa', 'Eleri Vaughan'),
        /roles\.json:1:\d+: The file is not valid JSON/,
      );
    }));

  it('clinical safety is signed with a whole hazard log that leaves nothing open', () =>
    withRanSample(async (clone) => {
      const log = await clone.read(ARTEFACTS.hazardLog);
      const tried = async (): Promise<string> => {
        for (const [step, person] of SIGNERS.slice(0, 2)) await clone.run('sign-off', { step }, person);
        return refused(clone, 'clinical_safety', 'Dr Celia Marchetti');
      };
      await clone.write(ARTEFACTS.hazardLog, log.replace('Major,Very low,2', 'Major,Very low,1'));
      assert.match(await tried(), /hazard_log\.csv:2: residual_rating is 1, the matrix gives 2/);
      await clone.write(ARTEFACTS.hazardLog, log.replace('Major,Very low,2', ',,'));
      assert.match(await tried(), /HAZ-001 is not scored/);
      await clone.write(ARTEFACTS.hazardLog, log.replace('Major,Very low,2', 'Major,High,4'));
      assert.match(await tried(), /HAZ-001 keeps a rating of 4, above 3/);
      await clone.write(
        ARTEFACTS.hazardLog,
        log.replaceAll('Dr Celia Marchetti,2026-01-12', 'Dana Whitfield,2026-01-12'),
      );
      assert.match(await tried(), /HAZ-001 was not reviewed by a Clinical Safety/);
      await clone.write(ARTEFACTS.hazardLog, log.replace('RIN-01;', 'RIN-99;'));
      assert.match(await tried(), /hazard_log\.csv:2: HAZ-001: rule_ids names RIN-99, which is no quality rule/);
    }));
});

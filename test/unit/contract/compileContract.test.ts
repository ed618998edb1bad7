import assert from 'node:assert/strict';
import { check } from '../../support/check.ts';
import { assertGolden } from '../../support/golden.ts';
import { CONTRACT, CONTRACT_TABLES, contractText } from '../../support/smallProject.ts';

const PATIENT = 'LOAD_PATIENT,main,PAT,,,PATIENT_ID,,1,APPROVED,';

/** A faulty contract and the problem it must give, as `severity code place: sentence`. */
const FAULTS: readonly [what: string, fields: string, tables: string, problem: RegExp][] = [
  [
    'an unknown target field',
    contractText('LOAD_PATIENT.NICKNAME|direct|PAT.SNM'),
    PATIENT,
    /^error contract-unknown-target contract\.csv:2: .*LOAD_PATIENT\.NICKNAME/,
  ],
  [
    'an unknown source column',
    contractText('LOAD_PATIENT.SURNAME|direct|PAT.NAME'),
    PATIENT,
    /^error contract-unknown-source contract\.csv:2: .*PAT\.NAME is not in the source catalog/,
  ],
  [
    'a source table that is not joined',
    contractText('LOAD_PATIENT.SURNAME|direct|MRG.OLD'),
    PATIENT,
    /^error contract-unknown-source .*neither the driving table nor joined/,
  ],
  [
    'a rule that does not parse',
    contractText('LOAD_PATIENT.SURNAME|derived||upper(('),
    PATIENT,
    /^error contract-bad-rule contract\.csv:2: .*not an SQL expression/,
  ],
  [
    'a rule with a subquery',
    contractText('LOAD_PATIENT.SURNAME|derived||(SELECT max(SNM) FROM PAT)'),
    PATIENT,
    /^error contract-bad-rule .*may not use subquery/,
  ],
  ['a derived row without a rule', contractText('LOAD_PATIENT.SURNAME|derived'), PATIENT, /^error contract-no-rule/],
  [
    'a direct row with a rule',
    contractText('LOAD_PATIENT.SURNAME|direct|PAT.SNM|upper(SNM)'),
    PATIENT,
    /^error contract-direct-with-rule/,
  ],
  ['a constant without a value', contractText('LOAD_PATIENT.SURNAME|constant'), PATIENT, /^error contract-no-constant/],
  [
    'a lookup without a crosswalk',
    contractText('LOAD_PATIENT.SEX|lookup|PAT.SEX'),
    PATIENT,
    /^error contract-unknown-crosswalk .*needs a crosswalk/,
  ],
  [
    'a surrogate that is no key',
    contractText('LOAD_PATIENT.SURNAME|surrogate||SNM'),
    PATIENT,
    /^error contract-bad-surrogate/,
  ],
  [
    'an unknown class',
    'LOAD_PATIENT,SURNAME,,Y,guess,PAT,SNM,,,,1,APPROVED,,,',
    PATIENT,
    /^error contract-bad-cell contract\.csv:2:25: mapping_class must be one of direct/,
  ],
  [
    'an unknown status',
    'LOAD_PATIENT,SURNAME,,Y,direct,PAT,SNM,,,,1,YES,,,',
    PATIENT,
    /^error contract-bad-cell .*status must be one of DRAFT/,
  ],
  [
    'a row twice',
    contractText('LOAD_PATIENT.SURNAME|direct|PAT.SNM\nLOAD_PATIENT.SURNAME|direct|PAT.SNM'),
    PATIENT,
    /^error contract-duplicate-row contract\.csv:3: .*line 2/,
  ],
  ['a ragged line', 'LOAD_PATIENT,SURNAME,,Y', PATIENT, /^error csv-ragged-row contract\.csv:2/],
  [
    'an unknown driving table',
    contractText('LOAD_PATIENT.SURNAME|direct|PAT.SNM'),
    'LOAD_PATIENT,main,PATIENTS,,,PATIENT_ID,,1,APPROVED,',
    /^error contract-unknown-driving-table tables\.csv:2/,
  ],
  [
    'a join that is no equality',
    contractText('LOAD_PATIENT.SURNAME|direct|PAT.SNM'),
    'LOAD_PATIENT,main,PAT,MRG ON MRG.OLD > PAT.NO,,PATIENT_ID,,1,APPROVED,',
    /^error contract-bad-join .*join MRG on equalities/,
  ],
  [
    'a join to an unknown table',
    contractText('LOAD_PATIENT.SURNAME|direct|PAT.SNM'),
    'LOAD_PATIENT,main,PAT,MERGES ON MERGES.OLD = PAT.NO,,PATIENT_ID,,1,APPROVED,',
    /^error contract-bad-join .*MERGES is not in the source catalog/,
  ],
  [
    'a filter with an unknown column',
    contractText('LOAD_PATIENT.SURNAME|direct|PAT.SNM'),
    "LOAD_PATIENT,main,PAT,,GONE = 'Y',PATIENT_ID,,1,APPROVED,",
    /^error contract-bad-clause .*GONE is not in PAT/,
  ],
  [
    'a dedupe of another shape',
    contractText('LOAD_PATIENT.SURNAME|direct|PAT.SNM'),
    'LOAD_PATIENT,main,PAT,,,PATIENT_ID,by number,1,APPROVED,',
    /^error contract-bad-dedupe/,
  ],
  [
    'fields without a row set',
    contractText('LOAD_PATIENT.SURNAME|direct|PAT.SNM'),
    ',out_of_scope,USR,,,,,0,APPROVED,old',
    /^error contract-no-row-set .*LOAD_PATIENT has field rows/,
  ],
  [
    'a mandatory field nobody mapped',
    contractText('LOAD_PATIENT.SURNAME|unresolved'),
    PATIENT,
    /^warning contract-unresolved-mandatory contract\.csv:2/,
  ],
  [
    'a mandatory field without a row',
    contractText('LOAD_PATIENT.SEX|lookup|PAT.SEX||sex'),
    PATIENT,
    /^error contract-unresolved-mandatory tables\.csv:2: LOAD_PATIENT\.SURNAME has no contract row/,
  ],
  [
    'a parent loaded after its child',
    CONTRACT,
    CONTRACT_TABLES.replace(',4,APPROVED', ',2,APPROVED').replace('KEEP LAST BY RCV,3', 'KEEP LAST BY RCV,9'),
    /^warning contract-load-order/,
  ],
];

describe('the contract compiler', () => {
  for (const [what, fields, tables, problem] of FAULTS) {
    it(`reports ${what} at its place`, async () => {
      const { problems } = await check(fields, tables);
      assert.ok(
        problems.some((found) => problem.test(found)),
        `Got:\n${problems.join('\n')}`,
      );
    });
  }

  it('compiles a clean contract without a problem, to the plan and SQL on record', async () => {
    const { problems, plan, sql } = await check(CONTRACT, CONTRACT_TABLES);
    assert.deepEqual(problems, []);
    assertGolden('smallContract.plan.json', `${JSON.stringify(plan, null, 2)}\n`);
    assertGolden('smallContract.sql', sql);
  });

  it('makes the same plan twice', async () => {
    const [first, second] = [await check(CONTRACT, CONTRACT_TABLES), await check(CONTRACT, CONTRACT_TABLES)];
    assert.equal(JSON.stringify(first.plan), JSON.stringify(second.plan));
  });

  it('does not let one faulty rule hide the next', async () => {
    const { problems } = await check(
      contractText(
        'LOAD_PATIENT.PATIENT_ID|direct|PAT.NO\nLOAD_PATIENT.SURNAME|derived||upper((\nLOAD_PATIENT.SEX|lookup|PAT.SEX||gender',
      ),
      PATIENT,
    );
    assert.equal(problems.filter((problem) => problem.startsWith('error')).length, 2);
  });

  it('reads an empty contract as nothing to load', async () => {
    const { plan } = await check('', '');
    assert.deepEqual(plan.tables, []);
  });
});

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Catalog } from '../../../src/core/catalog/catalog.ts';
import type { ContractField, ContractTable } from '../../../src/core/contract/contract.ts';
import { type Evidence, readEvidence } from '../../../src/core/gates/evidence.ts';
import type { Verdict } from '../../../src/core/gates/gate.ts';
import { type ProfileName, parseProfile, thresholdsOf } from '../../../src/core/gates/profiles.ts';
import { decide, GATES } from '../../../src/core/gates/releaseGates.ts';
import type { MigrationEvidence, QualityEvidence } from '../../../src/core/gates/reports.ts';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { QUALITY_RULES } from '../../../src/core/quality/rules/index.ts';
import { withProject } from '../../support/project.ts';
import { catalogField } from '../quality/ruleWorldFixture.ts';

const FILE = 'schemas/release_gate_profiles.json';

async function thresholds(name: ProfileName) {
  return thresholdsOf(parseProfile(await readFile(FILE, 'utf8'), FILE, name));
}

function contractRow(more: Partial<ContractField>): ContractField {
  return {
    targetTable: 'LOAD_PATIENT',
    targetField: 'ID',
    dataType: 'VARCHAR',
    mandatory: true,
    mappingClass: 'direct',
    sourceTable: 'PAT',
    sourceField: 'NO',
    rule: '',
    crosswalk: '',
    defaultValue: '',
    confidence: 1,
    status: 'APPROVED',
    owner: '',
    notes: '',
    rowSet: '',
    line: 2,
    ...more,
  };
}

const TABLE_ROW: ContractTable = {
  targetTable: 'LOAD_PATIENT',
  rowSet: 'main',
  drivingTable: 'PAT',
  joins: '',
  filter: '',
  grain: 'ID',
  dedupe: '',
  loadOrder: 1,
  status: 'APPROVED',
  notes: '',
  line: 2,
};

const MIGRATION: MigrationEvidence = {
  run_id: 'r',
  status: 'passed',
  impute_mode: 'off',
  rows_read: 1000,
  rows_written: 1000,
  rows_rejected: 0,
  rows_unexplained: 0,
  cells_total: 10_000,
  cells_populated: 8000,
  cells_imputed: 0,
  crosswalk_rejects: 0,
  safety_critical_rejects: 0,
  issue_counts: { ERROR: 0 },
  inputs: [
    { path: 'mock_data/source/PAT.csv', sha256: 'a', rows: 1000 },
    { path: 'schemas/crosswalks/PAT.csv', sha256: 'c', rows: 0 },
  ],
  outputs: [{ path: 'mock_data/target_contract/LOAD_PATIENT.csv', sha256: 'b', rows: 1000 }],
  contract_sha256: 'd',
  release_profile: null,
  connector: { connection: '', connector: 'csv', stage: 'stable' },
};

const QUALITY: QualityEvidence = {
  run_id: 'r',
  patients: 1000,
  min_patients: 20,
  inputs: [{ path: 'mock_data/target_contract/LOAD_PATIENT.csv', sha256: 'b' }],
  rules: QUALITY_RULES.map(({ id, severity, family }) => ({
    id,
    severity,
    family,
    status: 'passed' as const,
    numerator: 0,
    denominator: 1000,
  })),
};

const NO_LOAD = { value: null, absent: 'run load' } as const;
const loaded = (connector: string, connector_stage: 'stable' | 'emulator' | 'experimental', of = 'r') => ({
  load: { value: { status: 'passed', target_state: 'complete', connector, connector_stage, migration_run_id: of } },
});
const from = (connector: string, stage: 'stable' | 'emulator' | 'experimental') =>
  migration({ connector: { connection: 'c', connector, stage } });
const people = (cls: 'mock' | 'real' | 'mixed' | 'none', inside: number, outside: number, files = 0) =>
  migration({
    data_class: {
      class: cls,
      nhs_numbers_in_test_range: inside,
      nhs_numbers_outside: outside,
      mock_generator_files: files,
    },
  });
const NO_LOCK = { value: null, absent: 'There is no contract lock on record; run contract lock.' } as const;
const locked = (matches: boolean): Pick<Evidence, 'lock'> => ({
  lock: {
    value: {
      lock: {
        name: 'rc1',
        locked_at_utc: '2026-11-24T00:00:00Z',
        locked_by: 'A. Lead',
        contract_sha256: 'x',
        tables_sha256: 'y',
        crosswalks: [],
        rows: 1,
      },
      matches,
      changed: matches ? [] : ['reports/mapping_contract.csv'],
      refused: null,
    },
  },
});

/** Evidence with which pre_production passes. */
const CLEAN: Evidence = {
  contract: { value: { fields: [contractRow({})], tables: [TABLE_ROW] } },
  target: {
    value: new Catalog('target', [
      catalogField('LOAD_PATIENT', 'ID', { mandatory: true, primaryKey: true, family: 'PMI' }),
    ]),
  },
  migration: { value: MIGRATION },
  tableStats: { value: [{ targetTable: 'LOAD_PATIENT', sourceTable: 'PAT', rowsRead: 1000, rowsRejected: 0 }] },
  rejects: { value: [] },
  safetyRejects: { value: { open: 0, accepted: 0, excluded: 0, hazards: 0, doubts: [] } },
  quality: { value: QUALITY },
  manifest: { value: { files: new Map([['PAT.csv', { rows: 1000, sha256: 'a' }]]) } },
  lock: NO_LOCK,
  load: NO_LOAD,
  freshness: { checked: 3, stale: [] },
  auditLog: [],
  rehearsal: { value: null, absent: 'run rehearsal record' },
  signOffs: { value: null, absent: 'sign' },
  technical: '',
};

const NOTHING: Evidence = {
  contract: { value: null, absent: 'run build-mapping-contract' },
  target: { value: null, absent: 'run extract-specs' },
  migration: { value: null, absent: 'run run-contract-migration' },
  tableStats: { value: null, absent: 'run run-contract-migration' },
  rejects: { value: null, absent: 'run run-contract-migration' },
  safetyRejects: { value: null, absent: 'run run-contract-migration' },
  quality: { value: null, absent: 'run run-enterprise-pipeline' },
  manifest: { value: null, absent: 'run generate-mock-data' },
  lock: NO_LOCK,
  load: NO_LOAD,
  freshness: { checked: 0, stale: [] },
  auditLog: [],
  rehearsal: { value: null, absent: 'run rehearsal record' },
  signOffs: { value: null, absent: 'sign' },
  technical: '',
};

/** Safety-critical rejects with what triage made of them. */
const triaged = (open: number, accepted: number): Partial<Evidence> => ({
  ...migration({ safety_critical_rejects: 2 }),
  safetyRejects: { value: { open, accepted, excluded: 0, hazards: 0, doubts: [] } },
});
const migration = (more: Partial<MigrationEvidence>): Partial<Evidence> => ({
  migration: { value: { ...MIGRATION, ...more } },
});
const contract = (
  fields: readonly ContractField[],
  tables: readonly ContractTable[] = [TABLE_ROW],
): Partial<Evidence> => ({
  contract: { value: { fields, tables } },
});
/** The quality report with the rules of these ids changed. */
function rule(ids: readonly string[], more: Partial<QualityEvidence['rules'][number]>): Partial<Evidence> {
  const rules = QUALITY.rules.map((line) => (ids.length === 0 || ids.includes(line.id) ? { ...line, ...more } : line));
  return { quality: { value: { ...QUALITY, rules } } };
}
const ALL_RULES: readonly string[] = [];
const UNSEEN = { status: 'not_applicable', numerator: 0, denominator: 0 } as const;

/** What happened to the evidence → verdict of one gate. The other gates are not looked at. */
const CASES: readonly (readonly [string, string, Partial<Evidence>, Verdict, ProfileName?])[] = [
  [
    'contract_resolved',
    'an unresolved mandatory field',
    contract([contractRow({ mappingClass: 'unresolved' })]),
    'FAIL',
  ],
  ['contract_resolved', 'a mandatory field without a row', contract([contractRow({ targetField: 'OTHER' })]), 'FAIL'],
  [
    'contract_resolved',
    'a gap, in development',
    contract([contractRow({ mappingClass: 'unresolved' })]),
    'PASS',
    'development',
  ],
  [
    'contract_resolved',
    'resolved in one row set only',
    contract([contractRow({ rowSet: 'a' }), contractRow({ rowSet: 'b', mappingClass: 'unresolved' })]),
    'FAIL',
  ],
  ['contract_resolved', 'an empty contract', contract([], []), 'NOT_PROVEN'],
  ['contract_approved', 'a draft row', contract([contractRow({ status: 'DRAFT' })]), 'FAIL'],
  ['contract_approved', 'a draft table row', contract([contractRow({})], [{ ...TABLE_ROW, status: 'DRAFT' }]), 'FAIL'],
  ['contract_approved', 'no rows', contract([], []), 'NOT_PROVEN'],
  [
    'source_tables_present',
    'an empty driving table',
    migration({ inputs: [{ path: 'mock_data/source/PAT.csv', sha256: 'a', rows: 0 }] }),
    'NOT_PROVEN',
  ],
  [
    'source_tables_present',
    'a missing driving table',
    migration({ inputs: [{ path: 'schemas/crosswalks/PAT.csv', sha256: 'a', rows: 9 }] }),
    'FAIL',
  ],
  ['row_balance', 'one row unexplained', migration({ rows_unexplained: 1 }), 'FAIL'],
  ['row_balance', 'one row too many', migration({ rows_unexplained: -1 }), 'FAIL'],
  ['row_balance', 'no rows at all', migration({ rows_read: 0, rows_written: 0 }), 'NOT_PROVEN'],
  ['row_balance', 'nothing loaded', migration({ rows_written: 0 }), 'FAIL'],
  ['row_balance', 'a failed migration', migration({ status: 'failed' }), 'FAIL'],
  [
    'source_manifest',
    'a file cut short',
    migration({ inputs: [{ path: 'mock_data/source/PAT.csv', sha256: 'x', rows: 999 }] }),
    'FAIL',
  ],
  [
    'source_manifest',
    'one row added for a test',
    migration({ inputs: [{ path: 'mock_data/source/PAT.csv', sha256: 'x', rows: 1001 }] }),
    'PASS',
  ],
  [
    'source_manifest',
    'another file, at cutover',
    migration({ inputs: [{ path: 'mock_data/source/PAT.csv', sha256: 'x', rows: 1001 }] }),
    'FAIL',
    'cutover_ready',
  ],
  ['source_manifest', 'no manifest', { manifest: NOTHING.manifest }, 'NOT_PROVEN'],
  [
    'evidence_current',
    'a changed file',
    { freshness: { checked: 3, stale: ['a.csv has changed: run x again.'] } },
    'FAIL',
  ],
  [
    'evidence_current',
    'a changed file and no quality report',
    { freshness: { checked: 3, stale: ['a.csv has changed.'] }, quality: NOTHING.quality },
    'FAIL',
  ],
  ['evidence_current', 'no outputs recorded', migration({ outputs: [] }), 'NOT_PROVEN'],
  ['migration_errors', 'an error issue', migration({ issue_counts: { ERROR: 1 } }), 'FAIL'],
  ['safety_critical_rejects', 'two, one open', triaged(1, 1), 'FAIL'],
  ['safety_critical_rejects', 'two, both accepted', triaged(0, 2), 'PASS'],
  ['safety_critical_rejects', 'two that the rejects file does not hold', triaged(0, 0), 'FAIL'],
  [
    'safety_critical_rejects',
    'one whose file is gone',
    { ...migration({ safety_critical_rejects: 1 }), safetyRejects: NOTHING.safetyRejects },
    'NOT_PROVEN',
  ],
  ['safety_critical_rejects', 'two open, in development', triaged(2, 0), 'PASS', 'development'],
  ['safety_critical_rejects', 'none of no rows', migration({ rows_read: 0 }), 'NOT_PROVEN'],
  ['crosswalk_reject_rate', 'at the limit', migration({ crosswalk_rejects: 5 }), 'PASS'],
  ['crosswalk_reject_rate', 'over the limit', migration({ crosswalk_rejects: 6 }), 'FAIL'],
  ['crosswalk_reject_rate', 'one at cutover', migration({ crosswalk_rejects: 1 }), 'FAIL', 'cutover_ready'],
  [
    'row_reject_rate',
    'one table over the limit',
    {
      tableStats: {
        value: [
          { targetTable: 'A', sourceTable: 'S', rowsRead: 9000, rowsRejected: 0 },
          { targetTable: 'B', sourceTable: 'S', rowsRead: 100, rowsRejected: 1 },
        ],
      },
    },
    'FAIL',
  ],
  [
    'row_reject_rate',
    'only unread source tables',
    { tableStats: { value: [{ targetTable: '', sourceTable: 'S', rowsRead: 9, rowsRejected: 0 }] } },
    'NOT_PROVEN',
  ],
  ['patient_chain', 'a failing chain rule', rule(['RIN-06'], { status: 'failed', numerator: 1 }), 'FAIL'],
  [
    'patient_chain',
    'a rejected orphan',
    { rejects: { value: [{ targetTable: 'LOAD_PATIENT', reason: 'PARENT_MISSING', rows: 1 }] } },
    'FAIL',
  ],
  [
    'patient_chain',
    'an orphan outside the chain',
    { rejects: { value: [{ targetTable: 'LOAD_NOTE', reason: 'PARENT_MISSING', rows: 1 }] } },
    'PASS',
  ],
  ['patient_chain', 'chain rules that saw nothing', rule(['RIN-14'], UNSEEN), 'NOT_PROVEN'],
  [
    'patient_chain',
    'a chain rule in error',
    rule(['RIN-01'], { status: 'error', numerator: 0, denominator: 0 }),
    'NOT_PROVEN',
  ],
  ['quality_errors_safety', 'a failing patient rule', rule(['CMP-01'], { status: 'failed', numerator: 1 }), 'FAIL'],
  ['quality_errors_safety', 'a failing safety list', rule(['SAF-07'], { status: 'failed', numerator: 1 }), 'FAIL'],
  ['quality_errors_safety', 'a safety rule in error', rule(['MH-01'], { status: 'error' }), 'FAIL'],
  ['quality_errors_safety', 'a failing warning', rule(['CMP-05'], { status: 'failed', numerator: 9 }), 'PASS'],
  ['quality_errors_safety', 'rules that saw nothing', rule(ALL_RULES, UNSEEN), 'NOT_PROVEN'],
  ['quality_errors_other', 'one row in a thousand', rule(['TMP-03'], { status: 'failed', numerator: 1 }), 'PASS'],
  ['quality_errors_other', 'two rows in a thousand', rule(['TMP-03'], { status: 'failed', numerator: 2 }), 'FAIL'],
  ['quality_errors_other', 'rules that saw nothing', rule(ALL_RULES, UNSEEN), 'NOT_PROVEN'],
  ['quality_rules_ran', 'a rule in error', rule(['RTT-05'], { status: 'error' }), 'FAIL'],
  [
    'quality_rules_ran',
    'too few rules',
    rule(
      QUALITY.rules.slice(50).map(({ id }) => id),
      UNSEEN,
    ),
    'FAIL',
  ],
  ['quality_rules_ran', 'no rules', rule(ALL_RULES, UNSEEN), 'NOT_PROVEN'],
  ['min_patients', 'too few', { quality: { value: { ...QUALITY, patients: 19 } } }, 'FAIL'],
  ['min_patients', 'none', { quality: { value: { ...QUALITY, patients: 0, min_patients: 0 } } }, 'NOT_PROVEN'],
  ['population_ratio', 'filled by imputing', migration({ cells_populated: 9000, cells_imputed: 5500 }), 'FAIL'],
  ['population_ratio', 'no cells', migration({ cells_total: 0, cells_populated: 0 }), 'NOT_PROVEN'],
  ['imputed_cells', 'too many', migration({ cells_imputed: 101 }), 'FAIL'],
  ['imputed_cells', 'one at cutover', migration({ cells_imputed: 1 }), 'FAIL', 'cutover_ready'],
  ['impute_mode_allowed', 'development fillings', migration({ impute_mode: 'development' }), 'FAIL'],
  [
    'impute_mode_allowed',
    'pre_production fillings at cutover',
    migration({ impute_mode: 'pre_production' }),
    'FAIL',
    'cutover_ready',
  ],
  ['patient_data', 'a real number in a rehearsal', rule(['VAL-03'], { status: 'failed', numerator: 1 }), 'FAIL'],
  ['patient_data', 'no NHS numbers', rule(['VAL-03'], UNSEEN), 'NOT_PROVEN'],
  ['patient_data', 'invented people at cutover', { manifest: NOTHING.manifest }, 'FAIL', 'cutover_ready'],
  [
    'patient_data',
    'some invented people at cutover',
    { manifest: NOTHING.manifest, ...rule(['VAL-03'], { status: 'failed', numerator: 999 }) },
    'FAIL',
    'cutover_ready',
  ],
  [
    'patient_data',
    'real people at cutover',
    { manifest: NOTHING.manifest, ...rule(['VAL-03'], { status: 'failed', numerator: 1000 }) },
    'PASS',
    'cutover_ready',
  ],
  ['patient_data', 'a real number in the extract that is not migrated', people('mixed', 999, 1), 'FAIL'],
  [
    'patient_data',
    'an invented number in the extract at cutover',
    {
      manifest: NOTHING.manifest,
      ...rule(['VAL-03'], { status: 'failed', numerator: 1000 }),
      ...people('mixed', 1, 1000),
    },
    'FAIL',
    'cutover_ready',
  ],
  ['connector_policy', 'no word of the connector', migration({ connector: undefined }), 'NOT_PROVEN'],
  ['connector_policy', 'an emulator in a rehearsal', from('cache_iris_emulator', 'emulator'), 'PASS'],
  ['connector_policy', 'an emulator at cutover', from('cache_iris_emulator', 'emulator'), 'FAIL', 'cutover_ready'],
  ['connector_policy', 'an experiment in a rehearsal', from('json_dummy', 'experimental'), 'FAIL'],
  ['connector_policy', 'an experiment in development', from('json_dummy', 'experimental'), 'PASS', 'development'],
  ['connector_policy', 'a load into an emulator', loaded('postgres_emulator', 'emulator'), 'FAIL', 'cutover_ready'],
  ['connector_policy', 'a load of other rows', loaded('postgres_emulator', 'emulator', 'x'), 'PASS', 'cutover_ready'],
  ['repeatability', 'nothing on record', {}, 'NOT_PROVEN', 'cutover_ready'],
  ['dress_rehearsal', 'nothing on record', {}, 'NOT_PROVEN', 'cutover_ready'],
  ['sign_offs', 'nothing on record', {}, 'NOT_PROVEN', 'cutover_ready'],
  ['contract_lock', 'nothing on record', {}, 'NOT_PROVEN', 'cutover_ready'],
  ['contract_lock', 'a lock that holds', locked(true), 'PASS', 'cutover_ready'],
  ['contract_lock', 'a contract that changed since', locked(false), 'FAIL', 'cutover_ready'],
  [
    'contract_lock',
    'a locked row that is not approved',
    { ...locked(true), contract: { value: { fields: [contractRow({ status: 'DRAFT' })], tables: [TABLE_ROW] } } },
    'FAIL',
    'cutover_ready',
  ],
];

describe('release gates', () => {
  it('pass pre_production on clean evidence, and only then', async () => {
    const decision = decide(CLEAN, await thresholds('pre_production'), 'pre_production');
    assert.deepEqual(
      decision.gates.filter((gate) => gate.verdict !== 'PASS'),
      [],
    );
    assert.equal(decision.status, 'PASS');
    assert.deepEqual(
      decision.notRequired.map(({ id }) => id),
      ['repeatability', 'dress_rehearsal', 'contract_lock', 'sign_offs'],
    );
  });

  it('never pass cutover_ready on invented data', async () => {
    assert.equal(decide(CLEAN, await thresholds('cutover_ready'), 'cutover_ready').status, 'FAIL');
  });

  for (const profile of ['development', 'pre_production', 'cutover_ready'] as const) {
    it(`prove nothing without evidence (${profile})`, async () => {
      const decision = decide(NOTHING, await thresholds(profile), profile);
      assert.deepEqual(
        decision.gates.filter((gate) => gate.verdict !== 'NOT_PROVEN'),
        [],
      );
      assert.equal(decision.status, 'FAIL');
      for (const gate of decision.gates) assert.notEqual(gate.message, '');
    });
  }

  for (const [id, what, change, verdict, profile = 'pre_production'] of CASES) {
    it(`${id}: ${what} → ${verdict}`, async () => {
      const decision = decide({ ...CLEAN, ...change }, await thresholds(profile), profile);
      const gate = decision.gates.find((candidate) => candidate.id === id);
      assert.equal(gate?.verdict, verdict, gate?.message);
      if (verdict !== 'PASS') assert.equal(decision.status, 'FAIL');
    });
  }

  it('say by which rate they judge, and of how many', async () => {
    const limits = await thresholds('pre_production');
    const stat = (targetTable: string, rowsRead: number, rowsRejected: number) => ({
      ...{ targetTable, sourceTable: 'S', rowsRead, rowsRejected },
    });
    const tableStats = { value: [stat('MANY', 9000, 100), stat('FEW', 50, 40)] };
    const slow = rule(['TMP-03'], { status: 'failed', numerator: 2 });
    const { gates } = decide({ ...CLEAN, ...slow, tableStats }, limits, 'pre_production');
    const told = (id: string): string => gates.find((gate) => gate.id === id)?.message ?? '';
    assert.match(
      told('row_reject_rate'),
      /^Highest rate: FEW, 40 of 50 rows \(80%\) rejected\. Over the limit: MANY, FEW\./,
    );
    assert.match(
      told('quality_errors_other'),
      /^Highest rate: TMP-03, 2 of 1,000 \(0\.2%\)\. Over the limit: TMP-03 \(2\)/,
    );
  });

  it('count a row once, however many of its parents are missing, and write numbers as people read them', async () => {
    const header = 'target_table,target_field,source_table,source_row,row_key,safety_critical,reason\n';
    const line = (row: number, field: string): string =>
      `LOAD_APPOINTMENT,${field},APP,${row},A${row},N,PARENT_MISSING\n`;
    const lines = Array.from({ length: 1229 }, (_, row) => line(row, 'PATIENT_ID') + line(row, 'REFERRAL_KEY'));
    await withProject({ [ARTEFACTS.migrationRejects]: header + lines.join('') }, async (project) => {
      const context = project.context();
      const engine = await context.openEngine();
      const { rejects } = await readEvidence(context.project, engine).finally(() => engine.close());
      assert.deepEqual(rejects.value, [{ targetTable: 'LOAD_APPOINTMENT', reason: 'PARENT_MISSING', rows: 1229 }]);
      const found = rejects.value?.map((row) => ({ ...row, targetTable: 'LOAD_PATIENT' })) ?? [];
      const judged = decide({ ...CLEAN, rejects: { value: found } }, await thresholds('development'), 'development');
      const gate = judged.gates.find(({ id }) => id === 'patient_chain');
      assert.equal(gate?.actual, 1229);
      assert.match(gate?.message ?? '', /^1,229 breaks: no rule failing, 1,229 rows whose parent is missing\./);
    });
  });

  it('have a case that does not pass, each', () => {
    const blocked = new Set(CASES.filter(([, , , verdict]) => verdict !== 'PASS').map(([id]) => id));
    assert.deepEqual(
      GATES.map(({ id }) => id).filter((id) => !blocked.has(id)),
      [],
    );
  });
});

describe('gate profiles', () => {
  /** The file with one place changed by text. */
  async function changed(from: string | RegExp, to: string): Promise<string> {
    const text = await readFile(FILE, 'utf8');
    const other = text.replace(from, to);
    assert.notEqual(other, text);
    return other;
  }
  const refuses = async (text: string, message: RegExp) =>
    assert.throws(() => parseProfile(text, FILE, 'development'), { name: 'UserError', message });

  it('give each threshold with reason, person and day', async () => {
    const profile = parseProfile(await readFile(FILE, 'utf8'), FILE, 'pre_production');
    for (const entry of Object.values(profile.thresholds)) assert.ok(entry.reason !== '' && entry.changed_on !== '');
  });
  it('refuse text that is not JSON, with the line', async () =>
    refuses(
      await changed('"development": {', '"development": }'),
      /release_gate_profiles\.json(:2:\d+)?: is not valid JSON/,
    ));
  it('refuse an empty file', () => refuses('', /is not valid JSON/));
  it('refuse a list', () => refuses('[]', /one object/));
  it('refuse a missing profile', () => refuses('{}', /has no profile development/));
  it('refuse an unknown profile', async () =>
    refuses(await changed('"cutover_ready": {', '"cutover": {'), /cutover is not a profile/));
  it('refuse an unknown threshold', async () =>
    refuses(await changed('"min_patients": {', '"min_patience": {'), /development\.thresholds/));
  it('refuse a threshold without its reason', async () =>
    refuses(await changed(/"reason": "Any cohort[^"]*"/, '"reason": ""'), /min_patients\.reason/));
  it('refuse a wrong value, also in a profile not asked for', async () =>
    refuses(await changed('"real"', '"pretend"'), /cutover_ready\.thresholds\.patient_data\.value/));
  it('refuse a share above 1', async () =>
    refuses(await changed('"value": 0.4', '"value": 40'), /population_ratio_min\.value/));
});

import type { Dashboard } from '../../../src/core/review/dashboardModel.ts';
import type { Lifecycle, RestoreLine } from '../../../src/core/review/lifecycleModel.ts';
import type { Comparison, Difference, RunLine, Runs } from '../../../src/core/review/runsModel.ts';
import type { Users } from '../../../src/core/review/usersModel.ts';

/** Names as nobody should choose them: markup, a script's address, marks that turn the direction of text. */
export const HOSTILE = '<img src=x onerror=alert(1)> javascript:alert(1) \u202Egnp';

const file = (path: string) => ({ kind: 'file' as const, path });

/** A restore, as both panels tell it. */
export const RESTORED: RestoreLine = {
  at: '2026-11-25T10:00:00Z',
  snapshot: '20261125T090000Z-1a2b3c4d',
  snapshotAt: '2026-11-25T09:00:00Z',
  reason: HOSTILE,
  from: null,
};

/** What a gate counted, as a place. */
export const SAFETY = {
  kind: 'explorer' as const,
  only: { origin: ['reject'], category: ['safety-critical reject'], disposition: [''] },
};

/** The last run and the one before it, as dashboard and runs tell what differs. */
export const DIFFERENCE: Difference = {
  profiles: ['development', 'pre_production'],
  gates: [{ profile: 'pre_production', gate: 'row_reject_rate', before: 'PASS', after: 'FAIL' }],
  read: [1482, 1482],
  rejected: [0, 20],
  errors: [0, 21],
  warnings: [4, 4],
  otherInput: false,
};

export function dashboardContent(more: Partial<Dashboard> = {}): Dashboard {
  return {
    schema: {
      readAt: '2026-11-25T09:00:00Z',
      source: { tables: 36, fields: 683, confidence: 1, place: file('schemas/source_schema_catalog.csv') },
      target: { tables: 35, fields: 492, confidence: 0.932, place: file('schemas/target_schema_catalog.csv') },
    },
    mapping: {
      rows: 505,
      mandatory: 208,
      mandatoryUnresolved: 3,
      byClass: [
        { name: 'direct', rows: 380 },
        { name: 'lookup', rows: 122 },
        { name: 'unresolved', rows: 3 },
      ],
      byStatus: [
        { name: 'DRAFT', rows: 8 },
        { name: 'IN_REVIEW', rows: 30 },
        { name: 'APPROVED', rows: 467 },
        { name: 'REJECTED', rows: 0 },
      ],
      openByOwner: [
        { name: 'Jo Bell', rows: 30 },
        { name: '', rows: 8 },
      ],
      burnUp: [
        { at: '2026-11-20T09:00:00Z', total: 505, approved: 120, inReview: 80 },
        { at: '2026-11-25T09:00:00Z', total: 505, approved: 467, inReview: 30 },
      ],
    },
    etl: {
      at: '2026-11-25T09:00:00Z',
      passed: true,
      tables: 35,
      sourceRows: 1204,
      rowSets: 35,
      read: 1482,
      loaded: 1404,
      rejected: 20,
      excluded: 58,
      merged: 0,
      unexplained: 0,
      unknownCodes: 20,
      safetyCritical: 20,
      worst: [{ table: HOSTILE, read: 23, rejected: 20 }],
    },
    quality: {
      at: '2026-11-25T09:00:00Z',
      passed: false,
      patients: 20,
      rules: 136,
      rulesRan: 128,
      rulesFailed: 2,
      errors: 21,
      warnings: 4,
      domains: [
        { domain: 'ADT', rulesRan: 40, rulesFailed: 0, errors: 0, warnings: 0 },
        { domain: 'PMI', rulesRan: 88, rulesFailed: 2, errors: 21, warnings: 4 },
      ],
    },
    unreadable: [],
    gates: [
      gate('development', 'NOT_DECIDED', false),
      gate('pre_production', 'FAIL', true),
      gate('cutover_ready', 'PASS', false),
    ],
    blockers: [
      {
        id: 'safety_critical_rejects',
        title: 'No safety-critical reject is open',
        verdict: 'FAIL',
        message: '20 safety-critical rejects. Triage each with a clinician.',
        ownerRole: 'Clinical Safety/Assurance Reviewer',
        people: ['Dr Priya Nair'],
        place: { kind: 'gate', id: 'safety_critical_rejects' },
        rows: [{ label: '20 open safety-critical rejects', place: SAFETY }],
      },
      {
        id: 'min_patients',
        title: HOSTILE,
        verdict: 'NOT_PROVEN',
        message: HOSTILE,
        ownerRole: 'Data Quality Lead',
        people: [],
        place: { kind: 'gate', id: 'min_patients' },
        rows: [],
      },
    ],
    changes: {
      run: { id: 'r2', at: '2026-11-25T09:00:00Z', command: 'run-product-lifecycle', status: 'failed' },
      contractRows: 21,
      crosswalks: [{ name: HOSTILE, lines: 2, place: { kind: 'file', path: 'schemas/crosswalks/sex.csv', line: 1 } }],
      people: ['Jo Bell'],
      restored: { ...RESTORED, who: 'Kofi Brandt' },
      staleStages: ['Run contract migration'],
      previous: {
        crosswalks: [{ name: 'sex', lines: 1, place: { kind: 'file', path: 'schemas/crosswalks/sex.csv', line: 1 } }],
        id: 'r1',
        at: '2026-11-24T09:00:00Z',
        ...DIFFERENCE,
        place: { kind: 'runs', before: 'r1', after: 'r2' },
      },
    },
    trend: [
      { id: 'r1', at: '2026-11-24T09:00:00Z', rejected: 0, errors: 0, warnings: 4 },
      { id: 'r2', at: '2026-11-25T09:00:00Z', rejected: 20, errors: 21, warnings: 4 },
    ],
    ...more,
  };
}

function gate(profile: string, standing: Dashboard['gates'][number]['standing'], current: boolean) {
  const decided = standing !== 'NOT_DECIDED';
  return {
    profile,
    standing,
    decidedAt: decided ? '2026-11-25T09:00:00Z' : null,
    current,
    passed: decided ? 16 : 0,
    failed: standing === 'FAIL' ? ['safety_critical_rejects'] : [],
    notProven: standing === 'FAIL' ? ['min_patients'] : [],
    place: decided ? file('reports/release_gate_report.json') : null,
  };
}

/** A project in which nothing was run yet. */
export const EMPTY_DASHBOARD: Dashboard = {
  schema: null,
  mapping: null,
  etl: null,
  quality: null,
  unreadable: [],
  gates: ['development', 'pre_production', 'cutover_ready'].map((profile) => gate(profile, 'NOT_DECIDED', false)),
  blockers: [
    {
      id: 'undecided',
      title: 'Nothing is decided',
      verdict: 'NOT_PROVEN',
      message: 'No gate report is there; run the release gates.',
      ownerRole: 'Cutover Manager',
      people: [],
      place: { kind: 'lifecycle' },
      rows: [],
    },
  ],
  changes: { run: null, contractRows: 0, people: [], crosswalks: [], restored: null, staleStages: [], previous: null },
  trend: [],
};

export function lifecycleContent(): { lifecycle: Lifecycle; now: object; log: object[] } {
  const names = ['Extract specs', 'Generate mock data', 'Analyze semantic mapping', 'Build mapping contract'];
  const titles = [...names, 'Run contract migration', 'Run data quality rules', 'Run release gates'];
  const stages = titles.map((title, index): Lifecycle['stages'][number] => ({
    id: title.toLowerCase().replaceAll(' ', '-'),
    title,
    summary: index === 1 ? HOSTILE : 'What the stage does, in one sentence.',
    ownerRole: 'ETL Engineer',
    people: index === 0 ? ['Jo Bell'] : [],
    status: index === 5 ? 'failed' : index === 6 ? '' : 'passed',
    message: '',
    madeAt: index === 6 ? null : Date.parse('2026-11-25T09:00:00Z'),
    restored: index < 5 ? null : RESTORED,
    stale: index === 4,
    changed: index === 4 ? ['schemas/crosswalks'] : [],
    inputs: [
      { path: 'schemas/crosswalks', changedAt: Date.parse('2026-11-25T10:00:00Z'), place: file('schemas/crosswalks') },
      { path: 'reports/mapping_contract.csv', changedAt: 1, place: file('reports/mapping_contract.csv') },
    ],
    outputs: [{ path: `reports/${HOSTILE}.csv`, changedAt: null, place: file('reports/x.csv') }],
    durations: [1200, 1400, 9000].map((ms, run) => ({
      at: `2026-11-2${run}T09:00:00Z`,
      ms,
      status: run === 2 ? 'failed' : 'passed',
    })),
  }));
  return {
    lifecycle: {
      stages,
      snapshots: [
        {
          id: '20261125T090000Z-1a2b3c4d',
          at: '2026-11-25T09:00:00Z',
          kind: 'on_demand',
          reason: HOSTILE,
          files: 264,
          bytes: 4_200_000,
          verdict: 'pre_production: PASS',
          rejects: 12,
        },
      ],
      busy: { command: null, progress: null },
    },
    now: { command: null, progress: null, here: false },
    log: [
      { at: '2026-11-25T09:00:00Z', level: 'stage', text: 'Run contract migration began.' },
      { at: '2026-11-25T09:00:01Z', level: 'error', text: HOSTILE },
    ],
  };
}

const run = (id: string, at: string, more: Partial<RunLine> = {}): RunLine => ({
  id,
  name: 'run-product-lifecycle',
  at,
  durationMs: 8123,
  status: 'passed',
  returnCode: 0,
  message: '',
  options: 'rows 20, seed 42',
  gates: { profile: 'pre_production', status: 'PASS', failed: [], notProven: [] },
  rows: { read: 1482, loaded: 1404, rejected: 0, excluded: 78 },
  quality: { rules: 136, failed: 0, errors: 0, warnings: 4 },
  kept: ['reports/contract_migration_rejects.csv', 'reports/enterprise_pipeline_issues.csv'],
  ...more,
});

export const RUNS_CONTENT: Runs = {
  runs: [
    run('r3', '2026-11-25T09:00:00Z', {
      status: 'failed',
      returnCode: 1,
      message: HOSTILE,
      gates: { profile: 'pre_production', status: 'FAIL', failed: ['row_reject_rate'], notProven: ['min_patients'] },
      rows: { read: 1482, loaded: 1384, rejected: 20, excluded: 78 },
      quality: { rules: 136, failed: 2, errors: 21, warnings: 4 },
    }),
    run('r2', '2026-11-24T09:00:00Z'),
    run('x1', '2026-11-23T09:00:00Z', {
      name: 'extract-specs',
      status: 'cancelled',
      returnCode: 130,
      gates: null,
      rows: null,
      quality: null,
      kept: [],
    }),
  ],
  more: 12,
  others: [
    run('k1', '2026-11-24T09:00:30Z', {
      ...{ name: 'kpi set', status: 'error', returnCode: 2, message: 'Refused.', kept: [] },
      ...{ gates: null, rows: null, quality: null },
    }),
  ],
  moreOthers: 0,
  unread: null,
  last: ['r2', 'r3'],
};

export const COMPARISON: Comparison = {
  contract: [
    {
      targetTable: 'LOAD_PATIENT',
      targetField: HOSTILE,
      rowSet: '',
      kind: 'changed',
      impact: 'breaking',
      changes: [{ column: 'rule', before: 'a', after: HOSTILE }],
    },
  ],
  contractTotal: 2,
  impacts: { breaking: 1, additive: 0, review: 1 },
  ...DIFFERENCE,
  rejects: [{ name: 'sex', before: 0, after: 20, added: 20, gone: 0 }],
  issues: [
    {
      rule: 'SAF-01',
      table: 'LOAD_ALERT',
      field: 'CODE',
      severityBefore: 'WARN',
      severityAfter: 'ERROR',
      before: 1,
      after: 5,
      added: 3,
      fixed: 0,
      back: 1,
      worse: true,
    },
    {
      rule: 'CMP-01',
      table: HOSTILE,
      field: '',
      severityBefore: 'ERROR',
      severityAfter: null,
      before: 4,
      after: 0,
      added: 0,
      fixed: 4,
      back: 0,
      worse: false,
    },
  ],
  issuesTotal: 2,
  totals: { added: 3, fixed: 4, back: 1, worse: 1 },
  pastRuns: 1,
};

export const USERS_CONTENT: Users = {
  hasRoles: true,
  problem: null,
  gatesUnknown: null,
  people: [
    {
      name: 'Jo Bell',
      listed: true,
      roles: ['Data Mapping Analyst', 'ETL Engineer'],
      domains: ['PMI'],
      stages: ['Run contract migration'],
      may: ['lock the contract'],
      open: [
        { label: 'contract rows not approved', rows: 30, place: { kind: 'contract', only: { owner: ['Jo Bell'] } } },
      ],
    },
    { name: HOSTILE, listed: false, roles: [], domains: [], stages: [], may: [], open: [] },
  ],
  roles: [
    {
      title: 'Data Mapping Analyst',
      people: ['Jo Bell'],
      stages: ['Extract specs'],
      may: ['approve or reject contract rows', 'lock the contract'],
      openGates: [{ id: 'contract_approved', verdict: 'FAIL', place: { kind: 'gate', id: 'contract_approved' } }],
    },
    { title: 'Cutover Manager', people: [], stages: ['Run release gates'], may: ['close an incident'], openGates: [] },
  ],
  unheld: [
    {
      title: 'Information Governance Lead',
      open: [{ label: 'gate does not pass: patient_data', rows: 1, place: { kind: 'gate', id: 'patient_data' } }],
    },
  ],
  unowned: { label: 'contract rows not approved', rows: 8, place: { kind: 'contract', only: { owner: [''] } } },
  file: file('governance/roles.json'),
};

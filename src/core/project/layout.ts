import { join, relative, resolve, sep } from 'node:path';

/** Where every artefact of a project lives. All paths are project-relative with `/`; `at()` makes them absolute. */
export const ARTEFACTS = {
  sourceSpecs: 'requirement_spec/source',
  targetSpecs: 'requirement_spec/target',
  specOverrides: 'requirement_spec/overrides.json',
  sourceCatalog: 'schemas/source_schema_catalog.csv',
  targetCatalog: 'schemas/target_schema_catalog.csv',
  relationships: 'schemas/schema_relationships.csv',
  catalogSummary: 'schemas/schema_catalog_summary.json',
  crosswalks: 'schemas/crosswalks',
  crosswalkIndex: 'schemas/crosswalk_index.csv',
  /** A project's own words for the semantic mapping. */
  mappingDictionary: 'schemas/mapping_dictionary.csv',
  codeSets: 'schemas/code_sets',
  gateProfiles: 'schemas/release_gate_profiles.json',
  /** Key figures of data quality with their thresholds. */
  qualityKpis: 'schemas/quality_kpis.json',
  mockSource: 'mock_data/source',
  mockTarget: 'mock_data/target',
  mockManifest: 'mock_data/mock_data_manifest.json',
  targetContract: 'mock_data/target_contract',
  sourceProfile: 'reports/source_profile.csv',
  sourceLinks: 'reports/source_relationships.csv',
  sourceProfileReport: 'reports/source_profile.json',
  mappingMatrix: 'reports/semantic_mapping_matrix.csv',
  mappingSummary: 'reports/semantic_mapping_summary.json',
  contract: 'reports/mapping_contract.csv',
  contractTables: 'reports/mapping_contract_tables.csv',
  contractSummary: 'reports/mapping_contract_summary.json',
  migrationReport: 'reports/contract_migration_report.json',
  migrationIssues: 'reports/contract_migration_issues.csv',
  migrationRejects: 'reports/contract_migration_rejects.csv',
  migrationTableStats: 'reports/contract_migration_table_stats.csv',
  qualityReport: 'reports/enterprise_pipeline_report.json',
  qualityIssues: 'reports/enterprise_pipeline_issues.csv',
  gateReport: 'reports/release_gate_report.json',
  /** Who did what, hash-chained. */
  auditLog: 'governance/audit.jsonl',
  /** Number and hash of the log's last line, so that a log cut short is found. */
  auditHead: '.pas-migration/audit_head.json',
  /** Who is who, and who may do what. */
  roles: 'governance/roles.json',
  /** Every lock of the contract, newest last. */
  contractLock: 'governance/contract_locks.json',
  hazardLog: 'governance/hazard_log.csv',
  hazardMatrix: 'governance/hazard_matrix.json',
  /** One file for each incident. */
  incidents: 'governance/incidents',
  signOffs: 'governance/sign_offs.json',
  rehearsals: 'governance/rehearsals.json',
  /** Decisions about issues and rejects. */
  triage: 'governance/triage.csv',
  /** Data of emulated targets, by connection. */
  emulators: '.pas-migration/emulators',
  /** How the project reaches its systems; never with a secret in it. */
  connectors: 'connectors.json',
  loadReport: 'reports/load_report.json',
  loadIssues: 'reports/load_issues.csv',
  reconciliationReport: 'reports/reconciliation_report.json',
  reconciliationDifferences: 'reports/reconciliation_differences.csv',
  lifecycleRun: 'reports/product_lifecycle_run.json',
  stateDirectory: '.pas-migration',
  lock: '.pas-migration/run.lock',
  /** Files that a publication is moving to their places. */
  pendingMoves: '.pas-migration/pending_moves.json',
  /** What the run that holds the lock is doing. */
  progress: '.pas-migration/progress.json',
  /** Past runs, one JSON line each. */
  runHistory: '.pas-migration/runs.jsonl',
  /** Snapshots: one manifest each, and the files' contents by their hash. */
  snapshots: '.pas-migration/snapshots',
} as const;

/** One project folder. */
export class Project {
  /** Absolute path. */
  readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
  }

  /** Absolute path of a project-relative one; an absolute path stays as it is. */
  at(path: string): string {
    return resolve(this.root, path);
  }

  /** How a path is written in files and messages: relative to the project with `/`, or absolute when outside it. */
  name(path: string): string {
    const inside = relative(this.root, this.at(path));
    if (inside.startsWith('..') || inside === '') return inside === '' ? '.' : this.at(path);
    return inside.split(sep).join('/');
  }

  /** A scratch folder of this process, inside the project so that renames never cross a device. */
  scratch(name: string): string {
    return join(this.root, ARTEFACTS.stateDirectory, 'tmp', `${process.pid}-${name}`);
  }
}

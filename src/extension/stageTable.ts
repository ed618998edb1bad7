/**
 * The commands of the terminal as the editor offers them. Ids are the core's stage ids; a host test compares this list
 * with the core's stage table, which is too large to load when the editor starts.
 */
export interface StageCommand {
  readonly id: string;
  readonly command: string;
  readonly title: string;
  /** Options that are asked for, in order. */
  readonly asks: readonly OptionName[];
}

export type OptionName = 'rows' | 'seed' | 'min_patients' | 'profile' | 'release_profile' | 'impute_mode';

export const STAGE_COMMANDS: readonly StageCommand[] = [
  { id: 'extract-specs', command: 'pasMigration.extractSpecs', title: 'Extract Specs', asks: [] },
  {
    id: 'generate-mock-data',
    command: 'pasMigration.generateMockData',
    title: 'Generate Mock Data',
    asks: ['rows', 'seed'],
  },
  {
    id: 'analyze-semantic-mapping',
    command: 'pasMigration.analyzeSemanticMapping',
    title: 'Analyze Semantic Mapping',
    asks: [],
  },
  {
    id: 'build-mapping-contract',
    command: 'pasMigration.buildMappingContract',
    title: 'Build Mapping Contract',
    asks: [],
  },
  {
    id: 'run-contract-migration',
    command: 'pasMigration.runContractMigration',
    title: 'Run Contract Migration',
    asks: ['impute_mode'],
  },
  {
    id: 'run-enterprise-pipeline',
    command: 'pasMigration.runEnterprisePipeline',
    title: 'Run Data Quality Rules',
    asks: ['min_patients'],
  },
  { id: 'run-release-gates', command: 'pasMigration.runReleaseGates', title: 'Run Release Gates', asks: ['profile'] },
];

export const LIFECYCLE_COMMAND: StageCommand = {
  id: 'run-product-lifecycle',
  command: 'pasMigration.runAll',
  title: 'Run Product Lifecycle',
  asks: ['rows', 'seed', 'min_patients', 'release_profile'],
};

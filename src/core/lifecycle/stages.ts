import { generateMockData } from '../cohort/generateMockData.ts';
import { buildMappingContract } from '../contract/buildMappingContract.ts';
import { runReleaseGates } from '../gates/runReleaseGates.ts';
import { analyzeSemanticMapping } from '../mapping/analyzeSemanticMapping.ts';
import { runContractMigration } from '../migration/runContractMigration.ts';
import { runEnterprisePipeline } from '../quality/runEnterprisePipeline.ts';
import { extractSpecs } from '../spec/extractSpecs.ts';
import type { StageDefinition } from './stage.ts';

/**
 * The stage table: the seven stages in the order a lifecycle runs them. Terminal commands, editor commands, tasks and
 * the run manifest are derived from it.
 */
export const STAGES: readonly StageDefinition[] = [
  extractSpecs,
  generateMockData,
  analyzeSemanticMapping,
  buildMappingContract,
  runContractMigration,
  runEnterprisePipeline,
  runReleaseGates,
] as unknown as readonly StageDefinition[];

export const STAGE_IDS = STAGES.map((stage) => stage.id);

/** The gates close every lifecycle, also a broken one, so that no old verdict stays in force. */
export const LAST_STAGE = runReleaseGates.id;

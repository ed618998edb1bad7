import { verifyAuditTool } from '../audit/verifyAuditTool.ts';
import { discoverConnector } from '../connectors/discoverTool.ts';
import { extractConnector } from '../connectors/extractTool.ts';
import { listConnectors } from '../connectors/listTool.ts';
import { load } from '../connectors/loadTool.ts';
import { previewConnector, testConnector } from '../connectors/lookTools.ts';
import { removeConnector, setConnector } from '../connectors/setTool.ts';
import { lockContract } from '../contract/contractLock.ts';
import { crosswalkGaps } from '../crosswalk/crosswalkGaps.ts';
import { reviewCrosswalkTool } from '../crosswalk/reviewCrosswalkTool.ts';
import { buildEvidenceTool, verifyEvidenceTool } from '../evidence/evidenceTools.ts';
import { hazardStatusTool } from '../governance/hazardTool.ts';
import {
  closeIncidentTool,
  showIncidentTool,
  startIncidentTool,
  stepIncidentTool,
} from '../governance/incidentTools.ts';
import { recordRehearsal } from '../governance/rehearsals.ts';
import { signOffTool } from '../governance/signOffTool.ts';
import { listTriageTool, setTriageTool } from '../governance/triageTools.ts';
import { compareRunsTool, listRunsTool } from '../history/runTools.ts';
import { listKpisTool, setKpiTool } from '../kpis/kpiTools.ts';
import { planContractTool } from '../preview/planTool.ts';
import { profileSource } from '../profile/profileSource.ts';
import { reconcile } from '../reconcile/reconcileTool.ts';
import { contractStatusTool, diffContractTool, verifyContractTool } from '../review/contractTools.ts';
import { dashboardTool } from '../review/dashboardTool.ts';
import { reviewContractTool } from '../review/reviewTool.ts';
import {
  compareSnapshotsTool,
  createSnapshotTool,
  listSnapshotsTool,
  restoreSnapshotTool,
} from '../snapshots/snapshotTools.ts';
import type { StageDefinition } from './stage.ts';

/** Commands beside the lifecycle: they help people decide, and no stage waits for them. */
export const TOOLS: readonly StageDefinition[] = [
  profileSource,
  contractStatusTool,
  diffContractTool,
  planContractTool,
  crosswalkGaps,
  reviewCrosswalkTool,
  reviewContractTool,
  lockContract,
  verifyContractTool,
  verifyAuditTool,
  buildEvidenceTool,
  verifyEvidenceTool,
  startIncidentTool,
  stepIncidentTool,
  closeIncidentTool,
  showIncidentTool,
  listTriageTool,
  setTriageTool,
  signOffTool,
  hazardStatusTool,
  recordRehearsal,
  createSnapshotTool,
  listSnapshotsTool,
  compareSnapshotsTool,
  restoreSnapshotTool,
  listConnectors,
  setConnector,
  removeConnector,
  testConnector,
  discoverConnector,
  previewConnector,
  extractConnector,
  load,
  reconcile,
  listRunsTool,
  compareRunsTool,
  listKpisTool,
  setKpiTool,
  dashboardTool,
] as unknown as readonly StageDefinition[];

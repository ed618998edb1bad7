import { readdir } from 'node:fs/promises';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';

/** Without these a pack proves nothing: the eight files of the users' guide, §11, and the table statistics; each with the command that makes it. */
export const REQUIRED: readonly (readonly [path: string, command: string])[] = [
  [ARTEFACTS.lifecycleRun, 'run-product-lifecycle'],
  [ARTEFACTS.migrationReport, 'run-contract-migration'],
  [ARTEFACTS.migrationTableStats, 'run-contract-migration'],
  [ARTEFACTS.migrationIssues, 'run-contract-migration'],
  [ARTEFACTS.migrationRejects, 'run-contract-migration'],
  [ARTEFACTS.qualityReport, 'run-enterprise-pipeline'],
  [ARTEFACTS.qualityIssues, 'run-enterprise-pipeline'],
  [ARTEFACTS.gateReport, 'run-release-gates'],
  [ARTEFACTS.contract, 'build-mapping-contract'],
];

/** What else belongs to the evidence, where it is there. */
const OPTIONAL = [
  ARTEFACTS.specOverrides,
  ARTEFACTS.sourceCatalog,
  ARTEFACTS.targetCatalog,
  ARTEFACTS.relationships,
  ARTEFACTS.catalogSummary,
  ARTEFACTS.crosswalkIndex,
  ARTEFACTS.mappingDictionary,
  ARTEFACTS.gateProfiles,
  ARTEFACTS.mockManifest,
  ARTEFACTS.mappingMatrix,
  ARTEFACTS.mappingSummary,
  ARTEFACTS.contractTables,
  ARTEFACTS.contractSummary,
  ARTEFACTS.loadReport,
  ARTEFACTS.loadIssues,
  ARTEFACTS.reconciliationReport,
  ARTEFACTS.reconciliationDifferences,
  ARTEFACTS.roles,
  ARTEFACTS.signOffs,
  ARTEFACTS.contractLock,
  ARTEFACTS.rehearsals,
  ARTEFACTS.triage,
  ARTEFACTS.hazardLog,
  ARTEFACTS.hazardMatrix,
];
/** Folders whose files belong to it. */
const FOLDERS = [ARTEFACTS.crosswalks, ARTEFACTS.incidents];

/**
 * The project's files that go into a pack as they are, sorted.
 *
 * @throws UserError when one that must be there is not
 */
export async function evidenceFiles(project: Project): Promise<string[]> {
  const files: string[] = [];
  for (const [path, command] of REQUIRED) {
    if (!(await isFile(project, path)))
      throw new UserError(`${path}: is not there; run ${command}, then build the pack.`);
    files.push(path);
  }
  for (const path of OPTIONAL) if (await isFile(project, path)) files.push(path);
  for (const folder of FOLDERS)
    for (const entry of await readdir(project.at(folder), { withFileTypes: true }).catch(() => []))
      if (entry.isFile() && !entry.name.startsWith('.')) files.push(`${folder}/${entry.name}`);
  return [...new Set(files)].sort(compareText);
}

async function isFile(project: Project, path: string): Promise<boolean> {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const name = path.slice(folder.length + 1);
  const entries = await readdir(project.at(folder), { withFileTypes: true }).catch(() => []);
  return entries.some((entry) => entry.name === name && (entry.isFile() || entry.isSymbolicLink()));
}

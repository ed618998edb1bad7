import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { CONTRACT_DIFF_COLUMNS, impactWords, rowName } from '../contract/contractDiff.ts';
import { csvLine } from '../csv/csvText.ts';
import { defineStage } from '../lifecycle/stage.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { compareContracts, comparisonCsv, comparisonText } from '../snapshots/compareContracts.ts';
import { readContractVersion } from '../snapshots/contractVersion.ts';
import { contractStatus, statusText } from './contractStatus.ts';
import { verifyContract } from './verifyContract.ts';

const VERSION = z.string().min(1);
const VERSIONS = 'a snapshot id, "latest" snapshot, "locked" or "locked:NAME", "now", or a file';

/** Compares two versions of the contract row by row. */
export const diffContractTool = defineStage({
  id: 'contract diff',
  title: 'Compare contracts',
  owner: 'data_mapping_analyst',
  summary: 'Compare two versions of the contract by row key: what differs in each row, and whether it is breaking.',
  example: 'pas-migration contract diff locked now --out contract_diff.csv',
  positional: ['before', 'after'],
  paths: ['before', 'after'],
  readOnly: true,
  options: z.object({
    before: VERSION.describe(`the earlier version: ${VERSIONS}`),
    after: VERSION.default('now').describe('the later version, likewise'),
    out: z.string().min(1).optional().describe('write every cell that differs to this CSV'),
  }),
  reads: [ARTEFACTS.contract, ARTEFACTS.contractTables, ARTEFACTS.contractLock, ARTEFACTS.snapshots],
  writes: [],
  async run({ project }, options) {
    const before = await readContractVersion(project, options.before);
    const found = compareContracts(before, await readContractVersion(project, options.after));
    if (options.out !== undefined) await writeAside(project, options.out, comparisonCsv(found));
    return {
      status: 'passed',
      summary: { ...found },
      text: comparisonText(found),
      inputs: [],
      outputs: options.out === undefined ? [] : [project.name(options.out)],
    };
  },
});

/** Tells how far the contract is. */
export const contractStatusTool = defineStage({
  id: 'contract status',
  title: 'Contract status',
  owner: 'data_mapping_analyst',
  summary: 'Count the contract rows by class and review status, what is open, its problems and its lock.',
  example: 'pas-migration contract status',
  readOnly: true,
  options: z.object({}),
  reads: [ARTEFACTS.contract, ARTEFACTS.contractTables, ARTEFACTS.contractLock, ARTEFACTS.targetCatalog],
  writes: [],
  async run(context) {
    const engine = await context.openEngine();
    try {
      const status = await contractStatus(context.project, engine);
      // A contract with errors cannot run, whatever its rows say.
      const passed = status.problems.error === 0;
      return {
        status: passed ? 'passed' : 'failed',
        summary: { ...status },
        text: statusText(status),
        inputs: [],
        outputs: [],
      };
    } finally {
      await engine.close();
    }
  },
});

/** Proves that the contract is the one that was locked, and approved. */
export const verifyContractTool = defineStage({
  id: 'contract verify',
  title: 'Verify contract',
  owner: 'data_mapping_analyst',
  summary:
    'Check that contract and crosswalks are what the latest lock says and all of it is approved; names each difference.',
  example: 'pas-migration contract verify',
  readOnly: true,
  options: z.object({}),
  reads: [ARTEFACTS.contract, ARTEFACTS.contractTables, ARTEFACTS.crosswalks, ARTEFACTS.contractLock],
  writes: [],
  async run({ project }) {
    const found = await verifyContract(project);
    const { lock, open, changes } = found;
    return {
      status: found.holds ? 'passed' : 'failed',
      summary: { ...found },
      text: [
        lock === null
          ? 'There is no contract lock on record; contract lock makes one.'
          : `Locked as ${lock.name} by ${lock.locked_by} at ${lock.locked_at_utc}: ${found.matches ? 'contract and crosswalks are unchanged since.' : 'changed since.'}`,
        ...found.changed_crosswalks.map((path) => `  changed   ${path}`),
        ...changes.map((row) => `  ${row.impact.padEnd(8)}  ${rowName(row)}: ${impactWords(row)}`),
        ...(found.note === '' ? [] : [found.note]),
        open.length === 0
          ? `All ${found.rows} rows are approved.`
          : `${open.length} of ${found.rows} rows are not approved:`,
        ...open.slice(0, 20).map((row) => `  ${rowName(row)}: ${row.status}`),
        ...(open.length > 20 ? [`  and ${open.length - 20} more`] : []),
      ],
      inputs: [],
      outputs: [],
    };
  },
});

/**
 * Writes a file that a reader of the project asked for, beside whoever is writing the project: all of it or nothing. What
 * stands there and is no contract diff is not overwritten.
 */
async function writeAside(project: Project, path: string, text: string): Promise<void> {
  const there = (await readOptionalText(project, path))?.split('\n')[0] ?? null;
  if (there !== null && there !== csvLine(CONTRACT_DIFF_COLUMNS))
    throw new UserError(
      `${project.name(path)}: is there already and holds something else; name another file with --out.`,
    );
  const temporary = `${project.at(path)}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(project.at(path)), { recursive: true });
    await writeFile(temporary, text);
    await rename(temporary, project.at(path));
  } catch (error) {
    await rm(temporary, { force: true });
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new UserError(`${project.name(path)}: cannot be written (${code}); name another file with --out.`);
  }
}

import { createHash } from 'node:crypto';
import { readContractText } from '../contract/contractFile.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { readRequiredText } from '../project/readText.ts';
import { hasErrors } from '../shared/problem.ts';
import type { PlannedChange } from './contractPlan.ts';
import type { RunOptions } from './lastRun.ts';
import type { Side } from './side.ts';
import type { Pending } from './trial.ts';

/** Columns of a field row that no statement of a run is made of. */
const NOT_RUN: ReadonlySet<string> = new Set(['status', 'owner', 'notes', 'confidence']);

/**
 * True when a pending contract differs only in how it was agreed, so that migration and quality rules write what they wrote
 * before and the gates alone must decide anew. Whatever could matter says no: a row with a default (filled in a rehearsal
 * when it is approved), notes of a source table that is left out (its reason), a cell that cannot be read.
 */
export function sameOutputs(changes: readonly PlannedChange[], later: Pending, options: RunOptions): boolean {
  const [fields, tables] = [ARTEFACTS.contract, ARTEFACTS.contractTables];
  const read = readContractText(later.get(fields) ?? '', fields, later.get(tables) ?? '', tables);
  if (hasErrors(read.problems)) return false;
  const defaults = new Set(
    read.value.fields
      .filter((row) => row.defaultValue !== '')
      .map((row) => [row.targetTable, row.targetField, row.rowSet].join('\0')),
  );
  return changes.every((change) => {
    if (change.kind !== 'changed') return false;
    if (change.targetField === '') return change.changes.every(({ column }) => column === 'status');
    const fills = defaults.has([change.targetTable, change.targetField, change.rowSet].join('\0'));
    return (
      change.changes.every(({ column }) => NOT_RUN.has(column)) && !(fills && options.imputeMode === 'pre_production')
    );
  });
}

/**
 * The reports of the present side as a run of the pending texts would write them: they name the pending files' hashes.
 *
 * @returns by project-relative path
 */
export async function reportsWith(side: Side, later: Pending): Promise<Map<string, string>> {
  const hashes = new Map([...later].map(([path, text]) => [path, sha256(text)]));
  const reports = new Map<string, string>();
  for (const path of [ARTEFACTS.migrationReport, ARTEFACTS.qualityReport]) {
    const text = await readRequiredText(side.project, path, 'Run the stage that writes it.');
    const report: unknown = JSON.parse(text);
    reports.set(path, JSON.stringify(renamed(report, hashes)));
  }
  return reports;
}

/** The same value with the hash of each named file put in place of the one recorded. */
function renamed(value: unknown, hashes: ReadonlyMap<string, string>): unknown {
  if (!isRecord(value)) return value;
  const inputs = Array.isArray(value['inputs'])
    ? value['inputs'].map((input: unknown) => {
        const hash = isRecord(input) ? hashes.get(String(input['path'])) : undefined;
        return isRecord(input) && hash !== undefined ? { ...input, sha256: hash } : input;
      })
    : value['inputs'];
  const contract = hashes.get(ARTEFACTS.contract);
  return {
    ...value,
    inputs,
    ...('contract_sha256' in value && contract !== undefined ? { contract_sha256: contract } : {}),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

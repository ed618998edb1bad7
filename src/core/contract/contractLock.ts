import { z } from 'zod';
import { readApprovals } from '../audit/approvals.ts';
import { appendAudit } from '../audit/auditLog.ts';
import { actor } from '../governance/acting.ts';
import { defineStage } from '../lifecycle/stage.ts';
import { hashFileIfThere } from '../project/hashFile.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { readOptionalText, readRequiredText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { readContractText } from './contractFile.ts';

const Lock = z.object({
  schema_version: z.literal(1),
  name: z.string(),
  locked_at_utc: z.string(),
  locked_by: z.string(),
  contract_sha256: z.string(),
  tables_sha256: z.string(),
  rows: z.number(),
});
/** A version of the contract that was agreed for a release candidate. Any later change of either file voids it. */
export type ContractLock = z.infer<typeof Lock>;

/** The lock on record and whether the contract is still the one that was locked. */
export interface LockState {
  readonly lock: ContractLock;
  readonly matches: boolean;
}

/** Locks the contract as it is, for a release candidate; only a fully approved one. */
export const lockContract = defineStage({
  id: 'contract lock',
  title: 'Lock contract',
  owner: 'Mapping Lead',
  summary: 'Lock the fully approved contract for a release candidate: name, date and hashes; a later change voids it.',
  example: 'pas-migration contract lock --name "release candidate 1" --by "A. Lead"',
  options: z.object({
    name: z.string().trim().min(1).max(200).describe('name of the release candidate'),
    by: z.string().trim().min(1).max(200).optional().describe('who locks it (as --as)'),
  }),
  reads: [ARTEFACTS.contract, ARTEFACTS.contractTables],
  writes: [ARTEFACTS.contractLock],
  async run(context, options) {
    const { project } = context;
    const by = await actor(context, 'contract_lock', { as: options.by });
    const next = 'Run build-mapping-contract first.';
    const fields = await readRequiredText(project, ARTEFACTS.contract, next);
    const tables = await readRequiredText(project, ARTEFACTS.contractTables, next);
    const { value, problems } = readContractText(fields, ARTEFACTS.contract, tables, ARTEFACTS.contractTables);
    const errors = problems.filter((problem) => problem.severity === 'error');
    if (errors.length > 0) throw UserError.from(errors);
    const { contract, changed } = (await readApprovals(project)).applyTo(value);
    const open = contract.fields.filter((row) => row.status !== 'APPROVED');
    const [first] = open;
    if (first !== undefined || value.fields.length === 0) {
      throw new UserError(
        first === undefined
          ? `${ARTEFACTS.contract}: has no row; there is nothing to lock.`
          : `${ARTEFACTS.contract}:${first.line}: ${open.length} of ${value.fields.length} rows are not APPROVED (${first.targetTable}.${first.targetField} first)${changed.length === 0 ? '' : `, ${changed.length} of them changed since their approval`}; only a fully approved contract can be locked.`,
      );
    }
    const now = context.now();
    const lock: ContractLock = {
      schema_version: 1,
      name: options.name,
      locked_at_utc: now.toISOString(),
      locked_by: by.name,
      contract_sha256: await hashOf(project, ARTEFACTS.contract),
      tables_sha256: await hashOf(project, ARTEFACTS.contractTables),
      rows: value.fields.length,
    };
    await publishing(project, (publication) => publication.writeJson(ARTEFACTS.contractLock, lock));
    await appendAudit(project, { at: now, who: by.name, event: 'contract-locked', details: { ...lock } });
    return {
      status: 'passed',
      summary: { ...lock },
      text: [`${lock.rows} rows are locked as ${lock.name} by ${lock.locked_by}.`],
      inputs: [ARTEFACTS.contract, ARTEFACTS.contractTables],
      outputs: [ARTEFACTS.contractLock],
    };
  },
});

/** The lock on record; null when there is none. A file that is no lock is a `UserError`. */
export async function readContractLock(project: Project): Promise<LockState | null> {
  const text = await readOptionalText(project, ARTEFACTS.contractLock);
  if (text === null) return null;
  let lock: ContractLock;
  try {
    lock = Lock.parse(JSON.parse(text));
  } catch {
    throw new UserError(`${ARTEFACTS.contractLock}: cannot be understood; lock the contract again.`);
  }
  const matches =
    (await hashOf(project, ARTEFACTS.contract)) === lock.contract_sha256 &&
    (await hashOf(project, ARTEFACTS.contractTables)) === lock.tables_sha256;
  return { lock, matches };
}

async function hashOf(project: Project, path: string): Promise<string> {
  return (await hashFileIfThere(project.at(path)))?.sha256 ?? '';
}

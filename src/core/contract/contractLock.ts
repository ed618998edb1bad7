import { z } from 'zod';
import { type ApprovedContract, fromTheStartWords, notApprovedWords, readApprovals } from '../audit/approvals.ts';
import { verifyAudit } from '../audit/auditLog.ts';
import { crosswalkFiles, faultyLines, faultyLineWords } from '../audit/crosswalkApprovals.ts';
import { type Actor, actor } from '../governance/acting.ts';
import { NOBODY } from '../governance/identity.ts';
import { readRoles, refusal, whoIs } from '../governance/roles.ts';
import { defineStage } from '../lifecycle/stage.ts';
import { hashFileIfThere } from '../project/hashFile.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { readRequiredText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import { Contents } from '../snapshots/contents.ts';
import { readContractText } from './contractFile.ts';
import { type ContractLock, readContractLocks, withLock } from './lockFile.ts';

/** The lock on record and whether the contract is still the one that was locked. */
export interface LockState {
  readonly lock: ContractLock;
  readonly matches: boolean;
  /** Files that are not as they were locked; project-relative. */
  readonly changed: readonly string[];
  /** Why the one who locked it does not count for cutover; null when they do. */
  readonly refused: string | null;
}

/** Locks the contract as it is, for a release candidate; only a fully approved one. */
export const lockContract = defineStage({
  id: 'contract lock',
  title: 'Lock contract',
  owner: 'data_mapping_analyst',
  summary:
    'Lock the fully approved contract and its crosswalks for a release candidate: name, date and hashes; a later change voids it.',
  example: 'pas-migration contract lock --name "release candidate 1" --by "A. Lead"',
  options: z.object({
    name: z.string().trim().min(1).max(200).describe('name of the release candidate'),
    by: z.string().trim().min(1).max(200).optional().describe('who locks it (as --as)'),
  }),
  reads: [ARTEFACTS.contract, ARTEFACTS.contractTables, ARTEFACTS.crosswalks, ARTEFACTS.crosswalkIndex],
  writes: [ARTEFACTS.contractLock],
  async run(context, options) {
    const { project } = context;
    const by = await actor(context, 'contract_lock', { as: options.by });
    const earlier = await readContractLocks(project);
    requireListed(by);
    requireNewName(earlier, options.name);
    const next = 'Run build-mapping-contract first.';
    const fields = await readRequiredText(project, ARTEFACTS.contract, next);
    const tables = await readRequiredText(project, ARTEFACTS.contractTables, next);
    const { value, problems } = readContractText(fields, ARTEFACTS.contract, tables, ARTEFACTS.contractTables);
    const errors = problems.filter((problem) => problem.severity === 'error');
    if (errors.length > 0) throw UserError.from(errors);
    await requireSoundAudit(project);
    const approved = (await readApprovals(project)).applyTo(value);
    requireApproved(approved);
    await requireApprovedLines(project);
    const now = context.now();
    const lock: ContractLock = {
      name: options.name,
      locked_at_utc: now.toISOString(),
      locked_by: by.name,
      contract_sha256: await hashOf(project, ARTEFACTS.contract),
      tables_sha256: await hashOf(project, ARTEFACTS.contractTables),
      crosswalks: await crosswalkHashes(project),
      rows: value.fields.length,
    };
    await keepTexts(project, lock);
    await publishing(project, (publication) => publication.writeJson(ARTEFACTS.contractLock, withLock(earlier, lock)));
    return {
      status: 'passed',
      summary: { ...lock },
      text: [
        `${lock.rows} rows and ${lock.crosswalks.filter(({ path }) => path !== ARTEFACTS.crosswalkIndex).length} crosswalks are locked as ${lock.name} by ${lock.locked_by}.`,
        ...(approved.fromTheStart === 0 ? [] : [`${fromTheStartWords(approved.fromTheStart)}.`]),
      ],
      inputs: [ARTEFACTS.contract, ARTEFACTS.contractTables],
      outputs: [ARTEFACTS.contractLock],
      audit: {
        event: 'contract-locked',
        who: by.name,
        details: { ...lock, crosswalks: lock.crosswalks.length, role: by.role },
      },
    };
  },
});

/** The latest lock; null when there is none. A file that holds no locks is a `UserError`. */
export async function readContractLock(project: Project): Promise<LockState | null> {
  const lock = (await readContractLocks(project)).at(-1);
  if (lock === undefined) return null;
  const changed = await changedFiles(project, lock);
  return { lock, matches: changed.length === 0, changed, refused: await lockerRefused(project, lock.locked_by) };
}

/** Where the roles file names who may, a role that strangers hold is not enough: no gate would count their lock. */
function requireListed(by: Actor): void {
  if (by.rolesFile === null || by.listed) return;
  throw new UserError(refusal(by.rolesFile, { ...by, roles: [] }, 'contract_lock') ?? '');
}

/** `locked:NAME` and the gates' sentences must mean one lock. */
function requireNewName(locks: readonly ContractLock[], name: string): void {
  const known = locks.find((lock) => lock.name.toLowerCase() === name.toLowerCase());
  if (known === undefined) return;
  const names = new Set(locks.map((lock) => lock.name.toLowerCase()));
  let number = 2;
  while (names.has(`${name} (${number})`.toLowerCase())) number += 1;
  throw new UserError(
    `There is a lock named ${known.name} already, by ${known.locked_by} at ${known.locked_at_utc}; a lock is not replaced. Give another name, for example "${name} (${number})".`,
  );
}

/** Approvals are what the audit log tells: one that was changed cannot tell them. */
async function requireSoundAudit(project: Project): Promise<void> {
  const { faults } = await verifyAudit(project);
  const [first] = faults;
  if (first !== undefined)
    throw new UserError(
      `${ARTEFACTS.auditLog}:${first.line}: ${first.message}. Approvals rest on the audit log, so nothing is locked while it has faults (${faults.length}); audit verify lists them, and putting the lines back as they were mends them.`,
    );
}

/** Joins and filters decide what is loaded as much as fields do, so table rows count too. */
function requireApproved({ contract: { fields, tables }, changed, unreviewed }: ApprovedContract): void {
  if (fields.length === 0) throw new UserError(`${ARTEFACTS.contract}: has no row; there is nothing to lock.`);
  const files = [
    {
      file: ARTEFACTS.contract,
      rows: fields.map((row) => ({ ...row, name: `${row.targetTable}.${row.targetField}` })),
    },
    {
      file: ARTEFACTS.contractTables,
      rows: tables.map((row) => ({ ...row, name: row.targetTable || row.drivingTable })),
    },
  ];
  for (const { file, rows } of files) {
    const open = rows.filter((row) => row.status !== 'APPROVED');
    const [first] = open;
    if (first !== undefined)
      throw new UserError(
        `${file}:${first.line}: ${open.length} of ${rows.length} rows are not APPROVED (${first.name} first)${notApprovedWords({ changed, unreviewed })}; only a fully approved contract can be locked.`,
      );
  }
}

/** A crosswalk decides what a code becomes: a line that is not what was approved is as open as a contract row. */
async function requireApprovedLines(project: Project): Promise<void> {
  const words = faultyLineWords(await faultyLines(project));
  if (words !== '')
    throw new UserError(
      `${words}; set ${words.startsWith('1 ') ? 'it' : 'them'} to DRAFT and review again: the lock covers the crosswalks too.`,
    );
}

/** Files that are not as they were locked: changed, missing, or new. */
async function changedFiles(project: Project, lock: ContractLock): Promise<string[]> {
  const locked = new Map(lock.crosswalks.map(({ path, sha256 }) => [path, sha256]));
  locked.set(ARTEFACTS.contract, lock.contract_sha256).set(ARTEFACTS.contractTables, lock.tables_sha256);
  const now = new Map((await crosswalkHashes(project)).map(({ path, sha256 }) => [path, sha256]));
  for (const path of [ARTEFACTS.contract, ARTEFACTS.contractTables]) now.set(path, await hashOf(project, path));
  return [...new Set([...locked.keys(), ...now.keys()])]
    .filter((path) => (locked.get(path) ?? '') !== (now.get(path) ?? ''))
    .sort(compareText);
}

async function crosswalkHashes(project: Project): Promise<ContractLock['crosswalks']> {
  const hashes: ContractLock['crosswalks'] = [];
  for (const path of [...(await crosswalkFiles(project)), ARTEFACTS.crosswalkIndex]) {
    const sha256 = await hashOf(project, path);
    if (sha256 !== '') hashes.push({ path, sha256 });
  }
  return hashes;
}

/** Keeps the files as they are locked, so that a later version can be compared with them row by row. */
async function keepTexts(project: Project, { crosswalks }: ContractLock): Promise<void> {
  const contents = await Contents.open(project);
  const paths = [ARTEFACTS.contract, ARTEFACTS.contractTables, ...crosswalks.map(({ path }) => path)];
  for (const path of paths) await contents.keep(path);
  await contents.close();
}

async function hashOf(project: Project, path: string): Promise<string> {
  return (await hashFileIfThere(project.at(path)))?.sha256 ?? '';
}

/** Cutover relies on the lock: who made it must be a person of the roles file who may. */
async function lockerRefused(project: Project, by: string): Promise<string | null> {
  const roles = await readRoles(project);
  if (roles === null) return `${ARTEFACTS.roles} is not there, so nobody is known to hold a role that may lock.`;
  const person = whoIs(roles, { ...NOBODY, editor: by });
  if (!person.listed) return `${by}, who locked the contract, is not listed in ${ARTEFACTS.roles}.`;
  return refusal(roles, person, 'contract_lock');
}

import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { CONTRACT_COLUMNS, CONTRACT_TABLE_COLUMNS } from '../contract/contractFile.ts';
import { readContractLocks } from '../contract/lockFile.ts';
import { csvText, parseCsvText } from '../csv/csvText.ts';
import { tablesFileOf } from '../migration/migrationInputs.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import { Contents } from './contents.ts';
import { readSnapshot, SNAPSHOT_ID } from './snapshot.ts';

/** A version of the contract: both its files. */
export interface ContractVersion {
  /** How a person knows it: `now`, a snapshot, a lock, a file. */
  readonly name: string;
  readonly fields: string;
  /** Null when that version has no table rows to compare, as a single file may. */
  readonly tables: string | null;
  /** Rows with too many or too few cells, which cannot be compared. */
  readonly unreadable: number;
}

/**
 * Reads a version of the contract.
 *
 * @param version `now`, `latest` (snapshot), `locked` (the latest lock) or `locked:NAME`, a snapshot id, or a path
 * @throws UserError when there is no such version, or what is there is no contract
 */
export async function readContractVersion(project: Project, version: string): Promise<ContractVersion> {
  if (version === 'now') {
    const tables = await readOptionalText(project, ARTEFACTS.contractTables);
    return contractVersionOf('now', await present(project), tables);
  }
  if (version === 'locked' || version.startsWith('locked:'))
    return lockedVersion(project, version.slice('locked:'.length));
  if (version === 'latest' || SNAPSHOT_ID.test(version)) return snapshotVersion(project, version);
  const found = await stat(project.at(version)).catch(() => null);
  if (found?.isFile() !== true)
    throw new UserError(
      `${version}: is no file, no snapshot (snapshot list shows those there are), and none of now, latest and locked.`,
    );
  const fields = (await readOptionalText(project, version)) ?? '';
  const tables = await readOptionalText(project, tablesFileOf(version));
  return contractVersionOf(project.name(version), fields, tables);
}

async function present(project: Project): Promise<string> {
  const text = await readOptionalText(project, ARTEFACTS.contract);
  if (text === null) throw new UserError(`${ARTEFACTS.contract}: not found. Run build-mapping-contract first.`);
  return text;
}

async function snapshotVersion(project: Project, id: string): Promise<ContractVersion> {
  const snapshot = await readSnapshot(project, id);
  const contents = await Contents.open(project);
  const text = async (path: string): Promise<string | null> => {
    const file = snapshot.files.find((known) => known.path === path);
    if (file === undefined) return null;
    return keptText(contents, file.sha256, `${path} of ${snapshot.snapshot_id}`);
  };
  const fields = await text(ARTEFACTS.contract);
  if (fields === null) throw new UserError(`${snapshot.snapshot_id}: the snapshot holds no contract.`);
  return contractVersionOf(snapshot.snapshot_id, fields, await text(ARTEFACTS.contractTables));
}

async function lockedVersion(project: Project, name: string): Promise<ContractVersion> {
  const locks = await readContractLocks(project);
  const lock = name === '' ? locks.at(-1) : locks.findLast((known) => known.name === name);
  if (lock === undefined)
    throw new UserError(
      name === '' || locks.length === 0
        ? 'There is no contract lock on record; contract lock makes one.'
        : `There is no lock ${name}; the locks are ${locks.map((known) => known.name).join(', ')}.`,
    );
  const contents = await Contents.open(project);
  const read = (sha256: string): Promise<string> => keptText(contents, sha256, `the contract locked as ${lock.name}`);
  return contractVersionOf(`locked as ${lock.name}`, await read(lock.contract_sha256), await read(lock.tables_sha256));
}

/** A kept text that is what its hash says. */
async function keptText(contents: Contents, sha256: string, what: string): Promise<string> {
  const text = await contents.read(sha256);
  if (text === null) throw new UserError(`${what}: is missing from the snapshot store, so it cannot be compared.`);
  if (createHash('sha256').update(text, 'utf8').digest('hex') !== sha256)
    throw new UserError(`${what}: was changed in the snapshot store, so it cannot be compared.`);
  return text;
}

/**
 * A version whose texts are at hand.
 *
 * @throws UserError when the text has not the columns of a contract; rows that cannot be read are only counted
 */
export function contractVersionOf(name: string, fields: string, tables: string | null): ContractVersion {
  const read = parseCsvText(fields, name, CONTRACT_COLUMNS.slice(0, 2));
  if (
    read.value.columns.length === 0 ||
    !CONTRACT_COLUMNS.slice(0, 2).every((column) => read.value.columns.includes(column))
  )
    throw new UserError(`${name}: is no mapping contract: ${read.problems[0]?.message ?? 'it has no header.'}`);
  const unreadable = read.problems.filter((problem) => problem.code === 'csv-ragged-row').length;
  return { name, fields, tables, unreadable };
}

/**
 * The contract of a snapshot, or of `now`, as a text whose lines can be compared: rows in key order, cells quoted alike.
 * Two versions that differ only in order or quotes give the same text.
 *
 * @returns an empty text when that version has no contract
 */
export async function contractVersion(project: Project, version: string): Promise<string> {
  if (version === 'now') return inKeyOrder((await readOptionalText(project, ARTEFACTS.contract)) ?? '');
  return inKeyOrder((await readContractVersion(project, version)).fields);
}

/** A contract file, of field or table rows, with its rows in key order and its cells quoted alike. */
export function inKeyOrder(text: string): string {
  if (text === '') return '';
  const { value } = parseCsvText(text, ARTEFACTS.contract, CONTRACT_COLUMNS.slice(0, 1));
  const key = value.columns.includes('target_field')
    ? ['target_table', 'target_field', 'row_set']
    : CONTRACT_TABLE_COLUMNS.slice(0, 3);
  const rows = value.records.map(({ cells }) => ({
    key: key.map((column) => cells[column] ?? '').join('\0'),
    line: value.columns.map((column) => cells[column] ?? ''),
  }));
  rows.sort((a, b) => compareText(a.key, b.key));
  return csvText(
    value.columns,
    rows.map((row) => row.line),
  );
}

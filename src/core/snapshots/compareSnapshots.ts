import { readFile } from 'node:fs/promises';
import { type ContractRowChange, diffContracts } from '../contract/contractDiff.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteLiteral } from '../engine/sqlText.ts';
import { sourceDigest } from '../migration/dataFiles.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { compareText } from '../shared/order.ts';
import { Contents } from './contents.ts';
import type { Snapshot } from './snapshot.ts';

export interface FileChange {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
}

/** How often something was found before and after, and what of it is new or gone by its stable key. */
export interface CountChange {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly added: number;
  readonly gone: number;
}

export interface GateChange {
  readonly profile: string;
  readonly gate: string;
  /** Null when that report does not name the gate. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Something before and after. */
export interface Both<T> {
  readonly before: T;
  readonly after: T;
}

/** What changed between two snapshots. Counts and keys only: no patient value. */
export interface SnapshotComparison {
  readonly files: readonly FileChange[];
  readonly contract: readonly ContractRowChange[];
  readonly gates: readonly GateChange[];
  /** What the gate report said as a whole, before and after; null without one. */
  readonly verdict: Both<{ readonly profile: string; readonly status: string } | null>;
  /** Rows read and rejected by the migration's report; null without one. */
  readonly readRows: Both<number | null>;
  readonly rejectedRows: Both<number | null>;
  /** Whether the two read other source data or another number of rows: less is then no sign that anything was mended. */
  readonly otherInput: boolean;
  /** By crosswalk or reason. */
  readonly rejects: readonly CountChange[];
  /** By rule. */
  readonly issues: readonly CountChange[];
}

/** Compares two snapshots of one project, `before` with `after`. */
export async function compareSnapshots(
  project: Project,
  before: Snapshot,
  after: Snapshot,
  engine: Engine,
): Promise<SnapshotComparison> {
  const contents = await Contents.open(project);
  const pathIn = (snapshot: Snapshot, path: string): string | null => {
    const file = snapshot.files.find((known) => known.path === path);
    return file === undefined ? null : contents.pathOf(file.sha256);
  };
  const textIn = async (snapshot: Snapshot, path: string): Promise<string> => {
    const place = pathIn(snapshot, path);
    return place === null ? '' : readFile(place, 'utf8');
  };
  const contract = diffContracts(await textIn(before, ARTEFACTS.contract), await textIn(after, ARTEFACTS.contract));
  const both = async (path: string): Promise<Both<string>> => ({
    before: await textIn(before, path),
    after: await textIn(after, path),
  });
  const report = await both(ARTEFACTS.gateReport);
  const migration = await both(ARTEFACTS.migrationReport);
  const readRows = bothOf(migration, (text) => rowsOf(text, 'rows_read'));
  const rejects = ARTEFACTS.migrationRejects;
  const issues = ARTEFACTS.qualityIssues;
  return {
    files: fileChanges(before, after),
    contract,
    gates: gateChanges(verdictsOf(report.before), verdictsOf(report.after)),
    verdict: { before: verdictOf(report.before), after: verdictOf(report.after) },
    readRows,
    rejectedRows: bothOf(migration, (text) => rowsOf(text, 'rows_rejected')),
    otherInput: isOtherInput(
      [readRows.before, readRows.after],
      [sourceOf(migration.before), sourceOf(migration.after)],
    ),
    rejects: await rejectChanges(engine, pathIn(before, rejects), pathIn(after, rejects)),
    issues: await countChanges(engine, pathIn(before, issues), pathIn(after, issues), 'rule_id', 'issue_key'),
  };
}

function fileChanges(before: Snapshot, after: Snapshot): FileChange[] {
  const old = new Map(before.files.map((file) => [file.path, file.sha256]));
  const now = new Map(after.files.map((file) => [file.path, file.sha256]));
  return [...new Set([...old.keys(), ...now.keys()])].sort(compareText).flatMap((path): FileChange[] => {
    if (old.get(path) === now.get(path)) return [];
    return [{ path, kind: !old.has(path) ? 'added' : !now.has(path) ? 'removed' : 'changed' }];
  });
}

/** The decision of a text of the gate report. */
function verdictOf(text: string): { readonly profile: string; readonly status: string } | null {
  const { profile, status } = keysOf(text);
  return typeof profile === 'string' && typeof status === 'string' ? { profile, status } : null;
}

function bothOf<T>({ before, after }: Both<string>, of: (text: string) => T): Both<T> {
  return { before: of(before), after: of(after) };
}

function rowsOf(text: string, name: 'rows_read' | 'rows_rejected'): number | null {
  const rows = keysOf(text)[name];
  return typeof rows === 'number' ? rows : null;
}

/** Hash of the source files that a migration read by its report. */
function sourceOf(text: string): string | null {
  const { inputs } = keysOf(text);
  const files = (Array.isArray(inputs) ? inputs : []).flatMap((input: unknown) => {
    const { path, sha256 } = (input ?? {}) as Readonly<Record<string, unknown>>;
    return typeof path === 'string' && typeof sha256 === 'string' ? [{ path, sha256 }] : [];
  });
  return sourceDigest(files);
}

/** Whether two migrations read other rows, by how many and by a hash of the files; what one did not tell is not another. */
export function isOtherInput(...told: readonly (readonly [before: unknown, after: unknown])[]): boolean {
  return told.some(([before, after]) => before !== null && after !== null && before !== after);
}

function keysOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

/** What a decision said of each gate. */
export interface Verdicts {
  /** Empty where nothing was decided. */
  readonly profile: string;
  readonly verdicts: ReadonlyMap<string, string>;
}

/** Gates whose verdicts differ between two decisions. */
export function gateChanges(old: Verdicts, now: Verdicts): GateChange[] {
  // Verdicts of two profiles are decided by different thresholds; the profile is told with each.
  return [...new Set([...old.verdicts.keys(), ...now.verdicts.keys()])].sort(compareText).flatMap((gate) => {
    const [was, is] = [old.verdicts.get(gate) ?? null, now.verdicts.get(gate) ?? null];
    return was === is ? [] : [{ profile: now.profile || old.profile, gate, before: was, after: is }];
  });
}

function verdictsOf(text: string): Verdicts {
  try {
    const report = JSON.parse(text) as { profile: string; gates: { id: string; verdict: string }[] };
    return { profile: report.profile, verdicts: new Map(report.gates.map((gate) => [gate.id, gate.verdict])) };
  } catch {
    return { profile: '', verdicts: new Map() };
  }
}

/** Rejects by crosswalk or reason, before and after, from two reject files. Their numbers are those of the files' lines. */
export function rejectChanges(engine: Engine, before: string | null, after: string | null): Promise<CountChange[]> {
  const key = `concat_ws('|', target_table, target_field, source_table, source_row)`;
  return countChanges(engine, before, after, `coalesce(nullif(crosswalk, ''), reason)`, key);
}

/** Several lines may have one key, as when two row sets reject the same row: so many of them are told. */
async function countChanges(
  engine: Engine,
  before: string | null,
  after: string | null,
  name: string,
  key: string,
): Promise<CountChange[]> {
  const side = (path: string | null): string =>
    path === null
      ? `SELECT '' AS name, '' AS key, 0 AS n WHERE false`
      : `SELECT ${name} AS name, ${key} AS key, count(*) AS n FROM read_csv(${quoteLiteral(path)}, all_varchar=true, header=true, delim=',', quote='"', escape='"') GROUP BY ALL`;
  const rows = await engine.rows(`
    WITH old AS (${side(before)}), now AS (${side(after)})
    SELECT coalesce(old.name, now.name) AS name, sum(coalesce(old.n, 0))::DOUBLE AS was, sum(coalesce(now.n, 0))::DOUBLE AS now,
      sum(greatest(coalesce(now.n, 0) - coalesce(old.n, 0), 0))::DOUBLE AS added,
      sum(greatest(coalesce(old.n, 0) - coalesce(now.n, 0), 0))::DOUBLE AS gone
    FROM old FULL JOIN now ON old.name = now.name AND old.key = now.key
    GROUP BY 1 ORDER BY 1`);
  return rows.map((row) => ({
    name: String(row['name']),
    before: Number(row['was']),
    after: Number(row['now']),
    added: Number(row['added']),
    gone: Number(row['gone']),
  }));
}

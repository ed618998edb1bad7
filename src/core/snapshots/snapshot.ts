import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readGateReport, readMigrationTotals } from '../review/reports.ts';
import { throwIfCancelled, UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import { Contents } from './contents.ts';

/** The folders and files of a project that a snapshot holds; its own state folder is not among them. */
export const SNAPSHOT_ROOTS = ['requirement_spec', 'schemas', 'mock_data', 'reports'] as const;

/** Why a snapshot was made. */
export type SnapshotKind = 'on_demand' | 'before_run' | 'before_restore' | 'incident';

const SnapshotFile = z.object({
  path: z.string(),
  bytes: z.number(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** When it was last changed, in whole milliseconds since 1970. */
  modified_ms: z.number().optional(),
});
export type SnapshotFile = z.infer<typeof SnapshotFile>;
const Snapshot = z.object({
  schema_version: z.literal(1),
  snapshot_id: z.string(),
  created_at_utc: z.string(),
  kind: z.enum(['on_demand', 'before_run', 'before_restore', 'incident']),
  reason: z.string(),
  /** SHA-256 over the lines `hash  path` of all files: two snapshots with the same one hold the same project. */
  tree_sha256: z.string(),
  bytes: z.number(),
  gates: z.object({ profile: z.string(), status: z.string() }).nullable(),
  rejects: z.number().nullable(),
  files: z.array(SnapshotFile),
});
/** What a project held at one moment. Paths are project-relative and sorted. */
export type Snapshot = z.infer<typeof Snapshot>;

export interface SnapshotRequest {
  readonly kind: SnapshotKind;
  readonly reason: string;
  readonly now: Date;
  readonly signal: AbortSignal;
}

export const SNAPSHOT_ID = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;

/**
 * Keeps every file of the project. A content that an earlier snapshot holds is not copied again.
 *
 * @param given why, and the time that names the snapshot; `reason` is shown to people
 * @returns the snapshot; the same as before when nothing changed within the second
 */
export async function takeSnapshot(project: Project, given: SnapshotRequest): Promise<Snapshot> {
  const folder = project.at(ARTEFACTS.snapshots);
  const snapshot = await describeNow(project, given);
  // The same content within the same second, for another reason: a second is waited for, so that neither reason is lost.
  const earlier = await readSnapshot(project, snapshot.snapshot_id).catch(() => null);
  if (earlier !== null) {
    if (earlier.reason === snapshot.reason && earlier.kind === snapshot.kind) return earlier;
    return takeSnapshot(project, { ...given, now: new Date(given.now.getTime() + 1000) });
  }
  const path = join(folder, `${snapshot.snapshot_id}.json`);
  await writeFile(`${path}.tmp`, `${JSON.stringify(snapshot)}\n`);
  await rename(`${path}.tmp`, path);
  return snapshot;
}

/** What a snapshot of the project would be now, with its contents kept for comparing, but not listed. */
export async function describeNow(project: Project, given: SnapshotRequest): Promise<Snapshot> {
  const folder = project.at(ARTEFACTS.snapshots);
  await mkdir(folder, { recursive: true });
  const contents = await Contents.open(project);
  await contents.clear();
  const paths = await projectFiles(project);
  if (paths.length === 0)
    throw new UserError(
      `${project.root}: holds no migration project (no requirement_spec, schemas, mock_data or reports).`,
    );
  const files: SnapshotFile[] = [];
  for (const path of paths) {
    throwIfCancelled(given.signal);
    const kept = await contents.keep(path);
    if (kept !== null) files.push({ path, bytes: kept.bytes, sha256: kept.sha256, modified_ms: kept.modifiedMs });
  }
  await contents.close();
  const tree = treeHash(files);
  const gates = await readGateReport(project).catch(() => null);
  const rows = await readMigrationTotals(project).catch(() => null);
  const time = given.now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return {
    schema_version: 1,
    snapshot_id: `${time}Z-${tree.slice(0, 8)}`,
    created_at_utc: given.now.toISOString(),
    kind: given.kind,
    reason: given.reason.replaceAll(/\p{Cc}+/gu, ' '),
    tree_sha256: tree,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    gates: gates === null ? null : { profile: gates.profile, status: gates.status },
    rejects: rows?.rows_rejected ?? null,
    files,
  };
}

/** A snapshot without its file list, for lists. */
export type SnapshotHead = Omit<Snapshot, 'files'> & { readonly fileCount: number };

/** The project's snapshots, newest first, at most `limit`. A manifest that cannot be read is left out. */
export async function listSnapshots(project: Project, limit = Number.POSITIVE_INFINITY): Promise<SnapshotHead[]> {
  const names = await readdir(project.at(ARTEFACTS.snapshots)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  const heads: SnapshotHead[] = [];
  // An id begins with its time.
  for (const id of ids.filter((found) => SNAPSHOT_ID.test(found)).sort((a, b) => compareText(b, a))) {
    if (heads.length >= limit) break;
    const found = await readSnapshot(project, id).catch(() => null);
    if (found === null) continue;
    const { files, ...head } = found;
    heads.push({ ...head, fileCount: files.length });
  }
  return heads.sort((a, b) => compareText(b.created_at_utc, a.created_at_utc));
}

/**
 * One snapshot by its id, or by `latest`: the newest that was not made by a restore.
 *
 * @throws UserError when there is none of that id, or its manifest was damaged or changed
 */
export async function readSnapshot(project: Project, id: string): Promise<Snapshot> {
  if (id === 'latest') {
    // A state that a restore replaced is gone back to by its id only: a second try must not restore what it should mend.
    const newest = (await listSnapshots(project)).find((snapshot) => snapshot.kind !== 'before_restore');
    if (newest === undefined) throw new UserError('There is no snapshot yet; make one with snapshot create.');
    return readSnapshot(project, newest.snapshot_id);
  }
  const name = `${ARTEFACTS.snapshots}/${id}.json`;
  const text = SNAPSHOT_ID.test(id) ? await readFile(project.at(name), 'utf8').catch(() => null) : null;
  if (text === null) throw new UserError(`There is no snapshot ${id}; snapshot list shows those there are.`);
  let snapshot: Snapshot;
  try {
    snapshot = Snapshot.parse(JSON.parse(text));
  } catch {
    throw new UserError(`${name}: is damaged; the snapshot cannot be used.`);
  }
  const inside = snapshot.files.every(({ path }) => isSnapshotPath(path));
  if (!inside || treeHash(snapshot.files) !== snapshot.tree_sha256 || !id.endsWith(snapshot.tree_sha256.slice(0, 8)))
    throw new UserError(`${name}: was changed since it was made; the snapshot cannot be used.`);
  return snapshot;
}

/** What a project holds, as snapshots see it: project-relative paths, sorted. Files that begin with a dot are left out. */
export async function projectFiles(project: Project): Promise<string[]> {
  const found: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    if (depth > 32) throw new UserError(`${folder}: is nested too deep to be kept; does a link lead back to itself?`);
    const entries = await readdir(project.at(folder), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw new UserError(`${folder}: cannot be read (${error.code}); check that you may read it.`);
    });
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const path = `${folder}/${entry.name}`;
      const kind = entry.isSymbolicLink() ? await stat(project.at(path)).catch(() => null) : entry;
      if (kind?.isDirectory() === true) await walk(path, depth + 1);
      else if (kind?.isFile() === true) found.push(path);
    }
  };
  for (const root of SNAPSHOT_ROOTS) await walk(root, 0);
  return found.sort(compareText);
}

function isSnapshotPath(path: string): boolean {
  const parts = path.split('/');
  return (
    SNAPSHOT_ROOTS.some((root) => root === parts[0]) &&
    parts.length > 1 &&
    parts.every((part) => part !== '' && !part.startsWith('.') && !part.includes('\\') && !part.includes('\0'))
  );
}

function treeHash(files: readonly SnapshotFile[]): string {
  const hash = createHash('sha256');
  for (const { path, sha256 } of files) hash.update(`${sha256}  ${path}\n`);
  return hash.digest('hex');
}

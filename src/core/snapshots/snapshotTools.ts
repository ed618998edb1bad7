import { z } from 'zod';
import { CONTRACT_DIFF_COLUMNS, contractDiffLines } from '../contract/contractDiff.ts';
import { csvLine, csvText } from '../csv/csvText.ts';
import { actor } from '../governance/acting.ts';
import { defineStage } from '../lifecycle/stage.ts';
import { STAGE_IDS } from '../lifecycle/stages.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { shortList } from '../shared/shortList.ts';
import { compareSnapshots } from './compareSnapshots.ts';
import { type RestoreResult, restoreSnapshot } from './restore.ts';
import { isPeoplesWork } from './restorePlan.ts';
import {
  describeNow,
  listSnapshots,
  readSnapshot,
  SNAPSHOT_ROOTS,
  type SnapshotHead,
  takeSnapshot,
} from './snapshot.ts';
import { changeSentences, changesOf, otherInputNote } from './snapshotChanges.ts';

const ID = z.string().min(1);

/** Keeps the whole project as it is now. */
export const createSnapshotTool = defineStage({
  id: 'snapshot create',
  title: 'Create snapshot',
  owner: 'migration_delivery_lead',
  summary: 'Keep specs, schemas, contract, data and reports as they are now, to compare with or go back to.',
  example: 'pas-migration snapshot create --reason "before the ward list changes"',
  options: z.object({ reason: z.string().max(500).default('').describe('why, for those who read the list') }),
  reads: [...SNAPSHOT_ROOTS],
  writes: [ARTEFACTS.snapshots],
  async run(context, options) {
    const snapshot = await takeSnapshot(context.project, {
      kind: 'on_demand',
      reason: options.reason,
      now: context.now(),
      signal: context.signal,
    });
    const { files, ...head } = snapshot;
    return {
      status: 'passed',
      summary: { ...head, files: files.length },
      text: [`Snapshot ${snapshot.snapshot_id}: ${files.length} files, ${megabytes(snapshot.bytes)}.`],
      inputs: [],
      outputs: [`${ARTEFACTS.snapshots}/${snapshot.snapshot_id}.json`],
    };
  },
});

/** Lists what can be gone back to. */
export const listSnapshotsTool = defineStage({
  id: 'snapshot list',
  title: 'List snapshots',
  owner: 'migration_delivery_lead',
  summary: 'List the snapshots of the project, newest first, with their gate verdicts and rejects.',
  example: 'pas-migration snapshot list',
  options: z.object({}),
  readOnly: true,
  reads: [ARTEFACTS.snapshots],
  writes: [],
  async run(context) {
    const snapshots = await listSnapshots(context.project);
    return {
      status: 'passed',
      summary: { snapshots },
      text: snapshots.length === 0 ? ['There is no snapshot yet.'] : snapshots.map(line),
      inputs: [],
      outputs: [],
    };
  },
});

/** Says what changed between two snapshots, or since one. */
export const compareSnapshotsTool = defineStage({
  id: 'snapshot compare',
  title: 'Compare snapshots',
  owner: 'migration_delivery_lead',
  summary: 'Compare two snapshots: contract rows by key, gates, rejects and issues by their stable keys, files.',
  example: 'pas-migration snapshot compare 20261120T091500Z-1a2b3c4d now',
  positional: ['before', 'after'],
  options: z.object({
    before: ID.describe('the earlier snapshot, or "latest"'),
    after: ID.default('now').describe('the later snapshot, or "now" for the project as it is'),
    out: z.string().optional().describe('write the contract differences to this CSV'),
  }),
  reads: [ARTEFACTS.snapshots],
  writes: [],
  async run(context, options) {
    const { project } = context;
    const before = await readSnapshot(project, options.before);
    const after =
      options.after === 'now'
        ? await describeNow(project, {
            kind: 'on_demand',
            reason: `to compare with ${before.snapshot_id}`,
            now: context.now(),
            signal: context.signal,
          })
        : await readSnapshot(project, options.after);
    const engine = await context.openEngine();
    const found = await compareSnapshots(project, before, after, engine).finally(() => engine.close());
    const outputs: string[] = [];
    if (options.out !== undefined) {
      const path = options.out;
      const there = (await readOptionalText(project, path))?.split('\n')[0] ?? null;
      if (there !== null && there !== csvLine(CONTRACT_DIFF_COLUMNS))
        throw new UserError(
          `${project.name(path)}: is there already and holds something else; name another file with --out.`,
        );
      await publishing(project, (publication) =>
        publication.writeText(path, csvText(CONTRACT_DIFF_COLUMNS, contractDiffLines(found.contract))),
      );
      outputs.push(project.name(path));
    }
    const changes = changesOf(found);
    const [files, contract, gates, rejected] = changeSentences(changes);
    const note = otherInputNote(changes);
    return {
      status: 'passed',
      summary: { before: before.snapshot_id, after: after.snapshot_id, ...found, changes },
      text: [
        `From ${before.snapshot_id} to ${after.snapshot_id}:`,
        ...(note === '' ? [] : [`  ${note}`]),
        `  ${files}`,
        `  ${contract}`,
        ...found.contract
          .slice(0, 20)
          .map(
            (row) =>
              `    ${row.targetTable}.${row.targetField}${row.rowSet === '' ? '' : ` (${row.rowSet})`}: ${row.kind}, ${row.impact}: ${row.changes.map((cell) => cell.column).join(', ')}`,
          ),
        ...(found.contract.length > 20 ? [`    and ${found.contract.length - 20} more; --out FILE.csv has all`] : []),
        `  ${gates}`,
        ...changes.gates.map((gate) => `    gate ${gate.gate}: ${gate.before ?? 'none'} → ${gate.after ?? 'none'}`),
        `  ${rejected}`,
        ...changes.rejects.map((count) => `    rejects ${countLine(count)}`),
        ...changes.issues.map((count) => `  issues ${countLine(count)}`),
      ],
      inputs: [],
      outputs,
    };
  },
});

/** Goes back to a snapshot. */
export const restoreSnapshotTool = defineStage({
  id: 'snapshot restore',
  title: 'Restore snapshot',
  owner: 'migration_delivery_lead',
  summary:
    'Put the project back to a snapshot, all of it or what a stage and the later ones write; keeps the present first.',
  example: 'pas-migration snapshot restore latest',
  positional: ['snapshot'],
  options: z.object({
    snapshot: ID.describe('the id of the snapshot, or "latest"'),
    from: z
      .enum(STAGE_IDS as [string, ...string[]])
      .optional()
      .describe('put back only what this stage and the later ones write'),
    key_figures: z
      .enum(['keep', 'restore'])
      .default('keep')
      .describe('restore: put back the key figures too, whose thresholds carry notes of people'),
  }),
  reads: [ARTEFACTS.snapshots],
  writes: [...SNAPSHOT_ROOTS],
  async run(context, options) {
    await actor(context, 'snapshot_restore');
    const done = await restoreSnapshot(context.project, {
      snapshot: options.snapshot,
      fromStage: options.from ?? null,
      keyFigures: options.key_figures === 'restore',
      now: context.now(),
      signal: context.signal,
    });
    return {
      status: 'passed',
      summary: {
        snapshot_id: done.restored.snapshot_id,
        before_snapshot_id: done.before.snapshot_id,
        written: done.written.length,
        removed: done.removed.length,
      },
      text: [
        `Restored ${done.restored.snapshot_id}: ${done.written.length} files written, ${done.removed.length} removed.`,
        ...lostWork(done),
        `To take it back: snapshot restore ${done.before.snapshot_id}`,
      ],
      inputs: [],
      outputs: done.written,
      restored: done.told,
    };
  },
});

/** What people wrote and the snapshot did not have, or had otherwise. */
function lostWork({ removed, written, before }: RestoreResult): string[] {
  const present = new Set(before.files.map(({ path }) => path));
  const lines: readonly (readonly [what: string, paths: readonly string[]])[] = [
    ['Removed, made after the snapshot', removed.filter(isPeoplesWork)],
    ['Put back as they were', written.filter((path) => isPeoplesWork(path) && present.has(path))],
  ];
  return lines.flatMap(([what, paths]) => (paths.length === 0 ? [] : [`${what}: ${shortList(paths)}.`]));
}

function line(snapshot: SnapshotHead): string {
  const gates = snapshot.gates === null ? 'no gates' : `${snapshot.gates.profile} ${snapshot.gates.status}`;
  const rejects = snapshot.rejects === null ? '' : `, ${snapshot.rejects} rejected rows`;
  return `${snapshot.snapshot_id}  ${snapshot.kind.padEnd(14)}  ${gates}${rejects}  ${snapshot.fileCount} files, ${megabytes(snapshot.bytes)}  ${snapshot.reason}`;
}

function countLine(count: { name: string; before: number; after: number; added: number; gone: number }): string {
  const [before, after, added, gone] = [count.before, count.after, count.added, count.gone].map((number) =>
    number.toLocaleString('en-GB'),
  );
  return `${count.name}: ${before} → ${after} (${added} new, ${gone} gone)`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

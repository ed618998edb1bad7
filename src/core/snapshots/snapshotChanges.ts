import * as z from 'zod/mini';
import { inputNote } from '../history/differenceWords.ts';
import { counted, said, share } from '../shared/counted.ts';
import type { SnapshotComparison } from './compareSnapshots.ts';

const Verdict = z.nullable(z.object({ profile: z.string(), status: z.string() }));
const Counts = z.object({
  name: z.string(),
  before: z.number(),
  after: z.number(),
  added: z.number(),
  gone: z.number(),
});

const Rows = z.object({ before: z.nullable(z.number()), after: z.nullable(z.number()) });

/** What changed since a snapshot, as the panel shows it and the first lines of the terminal tell it. Counts and names only. */
export const SnapshotChanges = z.object({
  files: z.number(),
  contractRows: z.number(),
  breaking: z.number(),
  /** Of the gate report before and after; null where there was none. */
  verdict: z.object({ before: Verdict, after: Verdict }),
  gates: z.array(z.object({ gate: z.string(), before: z.nullable(z.string()), after: z.nullable(z.string()) })),
  /** Rows read and rejected by the migration's report; null where there was none. */
  readRows: Rows,
  rejectedRows: Rows,
  /** Whether the two read other source data or another number of rows. */
  otherInput: z.boolean(),
  /** Reject lines by crosswalk or reason, and quality issues by rule, where they differ. */
  rejects: z.array(Counts),
  issues: z.array(Counts),
});
export type SnapshotChanges = z.infer<typeof SnapshotChanges>;

/** The changes in numbers. */
export function changesOf(found: SnapshotComparison): SnapshotChanges {
  const differs = (one: { readonly added: number; readonly gone: number }): boolean => one.added > 0 || one.gone > 0;
  return {
    files: found.files.length,
    contractRows: found.contract.length,
    breaking: found.contract.filter((row) => row.impact === 'breaking').length,
    verdict: found.verdict,
    gates: found.gates.map(({ gate, before, after }) => ({ gate, before, after })),
    readRows: found.readRows,
    rejectedRows: found.rejectedRows,
    otherInput: found.otherInput,
    rejects: found.rejects.filter(differs),
    issues: found.issues.filter(differs),
  };
}

/** That the files now are of other rows than the snapshot's, which must be known before anything is compared; empty otherwise. */
export function otherInputNote({ otherInput, readRows, rejectedRows, issues }: SnapshotChanges): string {
  const of = (pick: (counts: { before: number; after: number }) => number): number =>
    issues.reduce((sum, counts) => sum + pick(counts), 0);
  return inputNote(
    {
      otherInput,
      read: [readRows.before, readRows.after],
      rejected: [rejectedRows.before, rejectedRows.after],
      // Of rules of any severity, in one sum.
      errors: [of(({ before }) => before), of(({ after }) => after)],
      warnings: [null, null],
    },
    ['The later migration', 'the earlier'],
  );
}

/** Rejected rows then and now, each of the rows read. */
export function rejectedWords({ readRows, rejectedRows }: SnapshotChanges): string {
  const words = (rejected: number | null, read: number | null): string =>
    rejected === null ? 'not known' : read === null ? said(rejected) : share(rejected, read);
  const [then, now] = [words(rejectedRows.before, readRows.before), words(rejectedRows.after, readRows.after)];
  return then === now ? `${now} as before` : `${then} → ${now}`;
}

/** One sentence a part, without the rows: for a message, and to head what the terminal lists. */
export function changeSentences(changes: SnapshotChanges): string[] {
  const { files, contractRows, breaking, gates } = changes;
  return [
    `${counted(files, 'file')} differ${files === 1 ? 's' : ''}`,
    `contract: ${counted(contractRows, 'row')} differ${contractRows === 1 ? 's' : ''}, ${said(breaking)} of them breaking`,
    `gates: ${verdictWords(changes.verdict)}, ${counted(gates.length, 'verdict')} differ${gates.length === 1 ? 's' : ''}`,
    `rejected rows: ${rejectedWords(changes)}`,
  ];
}

/** `development PASS → FAIL`; with both profiles where they differ. */
export function verdictWords({ before, after }: SnapshotChanges['verdict']): string {
  const one = (verdict: typeof before): string =>
    verdict === null ? 'not decided' : `${verdict.profile} ${verdict.status}`;
  if (before?.profile === after?.profile && before?.status === after?.status)
    return after === null ? one(after) : `${one(after)} as before`;
  if (before !== null && after !== null && before.profile === after.profile) return `${one(before)} → ${after.status}`;
  return `${one(before)} → ${one(after)}`;
}

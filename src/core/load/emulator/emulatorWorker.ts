import { writeFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import type { PGlite } from '@electric-sql/pglite';
import { recordBatches } from '../recordBatches.ts';
import { type TargetError, type TextRow, targetError } from '../sqlSession.ts';

/** What the emulator's thread is asked to do, one thing at a time. */
export type EmulatorTask =
  | { readonly kind: 'open'; readonly folder: string }
  | { readonly kind: 'sql'; readonly sql: string }
  /** Sends the rows of a CSV from a place on. */
  | { readonly kind: 'copyIn'; readonly sql: string; readonly path: string; readonly start: number }
  /** Writes what a COPY TO gives into a file. */
  | { readonly kind: 'copyOut'; readonly sql: string; readonly path: string }
  | { readonly kind: 'close' };

export type EmulatorAnswer =
  | { readonly id: number; readonly rows: readonly TextRow[] }
  | { readonly id: number; readonly refused: Pick<TargetError, 'code' | 'message' | 'constraint' | 'column' | 'row'> }
  | { readonly id: number; readonly failed: string };

/** COPY takes its rows from memory, so many bytes at a time. */
const COPY_BYTES = 8 << 20;

/**
 * The thread in which the emulator's PostgreSQL runs: its statements never yield, so that neither an editor nor a cancel
 * could be heard beside them. Ending the thread is its cancel; nothing it had not committed is then there.
 */
let database: PGlite | null = null;

const port = parentPort;
port?.on('message', ({ id, task }: { id: number; task: EmulatorTask }) => {
  perform(task).then(
    (rows) => port.postMessage({ id, rows }),
    (error: unknown) => port.postMessage({ id, ...told(error) }),
  );
});

async function perform(task: EmulatorTask): Promise<readonly TextRow[]> {
  if (task.kind === 'open') {
    const { PGlite } = await import('@electric-sql/pglite');
    database = await PGlite.create(task.folder);
    return [];
  }
  if (database === null) throw new Error('The emulator is not open.');
  switch (task.kind) {
    case 'sql':
      return run(database, task.sql);
    case 'copyIn':
      return copyIn(database, task.sql, task.path, task.start);
    case 'copyOut': {
      const { blob } = await database.query(task.sql);
      await writeFile(task.path, new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0)));
      return [];
    }
    case 'close':
      await database.close();
      database = null;
      return [];
  }
}

async function run(open: PGlite, sql: string): Promise<readonly TextRow[]> {
  const results = await open.exec(sql);
  const rows = (results.at(-1)?.rows ?? []) as Record<string, unknown>[];
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)])),
  );
}

async function copyIn(open: PGlite, sql: string, path: string, start: number): Promise<readonly TextRow[]> {
  // Of their own memory: a piece of a shared one is no part of a blob.
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let rows = 0;
  const send = async (): Promise<void> => {
    const result = await open.query(sql, [], { blob: new Blob(pieces.map((piece) => new Uint8Array(piece))) });
    rows += result.affectedRows ?? 0;
    pieces = [];
  };
  for await (const { bytes, endsBatch } of recordBatches(path, start, COPY_BYTES)) {
    pieces.push(new Uint8Array(bytes));
    if (endsBatch) await send();
  }
  if (pieces.length > 0) await send();
  return [{ rows: String(rows) }];
}

function told(error: unknown): Omit<EmulatorAnswer, 'id'> {
  const coded = typeof error === 'object' && error !== null && 'severity' in error;
  if (!coded) return { failed: error instanceof Error ? error.message.slice(0, 200) : 'unknown error' };
  const { code, message, constraint, column, row } = targetError(error);
  return { refused: { code, message, constraint, column, row } };
}

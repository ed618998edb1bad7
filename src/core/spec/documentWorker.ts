import { parentPort, workerData } from 'node:worker_threads';
import type { Meaning } from './headers.ts';
import { readDocument } from './readDocument.ts';

/** What the thread is given: one document, already in memory. */
export interface DocumentTask {
  readonly bytes: Uint8Array;
  readonly file: string;
  readonly decided: ReadonlyMap<string, Meaning | ''>;
}

/** The thread in which documents are read: a large or hostile one never holds or brings down the process. */
const port = parentPort;
port?.on('message', (task: DocumentTask) => {
  readDocument(task.bytes, task.file, task.decided).then(
    (read) => port.postMessage({ read }),
    (error: unknown) => port.postMessage({ failed: error instanceof Error ? error.message : String(error) }),
  );
});
port?.postMessage({ ready: workerData ?? null });

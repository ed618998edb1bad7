import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Cancelled } from '../shared/errors.ts';
import type { DocumentTask } from './documentWorker.ts';
import { oneProblem, type SpecFile } from './specFile.ts';

/** Reading one document takes at most so long; the largest dictionaries known take a few seconds. */
const MOST_SECONDS = 60;
/** Memory of the thread. A workbook of 5,000 fields takes some 60 MB. */
const MOST_MEGABYTES = 700;

/**
 * Reads documents one after the other in a worker thread, so that the process stays responsive, and a document that
 * takes too long or too much memory costs only itself. Call `close` at the end.
 */
export class DocumentReader {
  readonly #signal: AbortSignal;
  #worker: Worker | null = null;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  async read(task: DocumentTask): Promise<SpecFile> {
    if (this.#signal.aborted) throw new Cancelled();
    const worker = this.#worker ?? startWorker();
    this.#worker = worker;
    try {
      return await this.#answer(worker, task);
    } catch (error) {
      this.#worker = null;
      await worker.terminate();
      if (error instanceof Cancelled) throw error;
      const reason =
        error instanceof TimedOut
          ? `takes longer than ${MOST_SECONDS} seconds to read`
          : (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? `takes more than ${MOST_MEGABYTES} MB of memory to read`
            : `cannot be read (${(error as Error).message.slice(0, 120)})`;
      const message = `The document ${reason}; split it, or save only its field lists.`;
      return oneProblem(task.file, 'unknown', 'spec-unreadable', 'error', message);
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = null;
  }

  #answer(worker: Worker, task: DocumentTask): Promise<SpecFile> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => done(() => reject(new TimedOut())), MOST_SECONDS * 1000);
      const stop = (): void => done(() => reject(new Cancelled()));
      const failed = (error: Error): void => done(() => reject(error));
      const heard = (answer: { read?: SpecFile; failed?: string }): void => {
        if (answer.read !== undefined) done(() => resolve(answer.read as SpecFile));
        else if (answer.failed !== undefined) done(() => reject(new Error(answer.failed)));
      };
      const done = (then: () => void): void => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', stop);
        worker.off('message', heard).off('error', failed);
        then();
      };
      this.#signal.addEventListener('abort', stop, { once: true });
      worker.on('message', heard).on('error', failed);
      worker.postMessage(task);
    });
  }
}

class TimedOut extends Error {}

/** The bundle lies beside the worker's bundle; from sources it is the module next door. */
function startWorker(): Worker {
  const bundled = new URL('./documentWorker.js', import.meta.url);
  const source = new URL('./documentWorker.ts', import.meta.url);
  const resourceLimits = { maxOldGenerationSizeMb: MOST_MEGABYTES };
  if (existsSync(bundled)) return new Worker(bundled, { resourceLimits });
  // Tests and benchmarks run from sources; a thread must register the TypeScript loader for itself.
  const start = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(source.href)}); });`;
  return new Worker(start, { eval: true, resourceLimits });
}

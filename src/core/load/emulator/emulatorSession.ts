import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Cancelled } from '../../shared/errors.ts';
import { type SqlSession, TargetError, type TextRow } from '../sqlSession.ts';
import type { EmulatorAnswer, EmulatorTask } from './emulatorWorker.ts';

interface Waiting {
  readonly resolve: (rows: readonly TextRow[]) => void;
  readonly reject: (error: Error) => void;
}

/** A PostgreSQL in a thread of this process, over a data folder of its own. A raised signal ends the thread. */
export class EmulatorSession implements SqlSession {
  readonly #worker: Worker;
  readonly #signal: AbortSignal;
  readonly #waiting = new Map<number, Waiting>();
  readonly #stop: () => void;
  #last = 0;
  #ended: Error | null = null;

  private constructor(worker: Worker, signal: AbortSignal) {
    this.#worker = worker;
    this.#signal = signal;
    this.#stop = () => void worker.terminate();
    worker.on('message', (answer: EmulatorAnswer) => this.#hear(answer));
    worker.on('error', (error) => this.#end(new Error(`The emulator stopped: ${error.message}`)));
    worker.on('exit', () => this.#end(signal.aborted ? new Cancelled() : new Error('The emulator ended.')));
    signal.addEventListener('abort', this.#stop, { once: true });
  }

  /** @param folder its data; made when it is not there */
  static async open(folder: string, signal: AbortSignal): Promise<EmulatorSession> {
    if (signal.aborted) throw new Cancelled();
    const session = new EmulatorSession(startWorker(), signal);
    try {
      await session.#ask({ kind: 'open', folder });
      // Nothing is taken from elsewhere, and dates come as ISO.
      await session.rows(
        `SET search_path = pg_catalog; SET datestyle = 'ISO, YMD'; SET standard_conforming_strings = on; SET client_min_messages = warning`,
      );
      return session;
    } catch (error) {
      await session.kill();
      throw error;
    }
  }

  async rows(sql: string): Promise<readonly TextRow[]> {
    return this.#ask({ kind: 'sql', sql });
  }

  /** Gives the rows that were taken. */
  async copyIn(sql: string, path: string, start: number): Promise<number> {
    const [row] = await this.#ask({ kind: 'copyIn', sql, path, start });
    return Number(row?.['rows']);
  }

  async copyOut(sql: string, path: string): Promise<void> {
    await this.#ask({ kind: 'copyOut', sql, path });
  }

  /** Writes everything to its folder and ends. */
  async close(): Promise<void> {
    await this.#ask({ kind: 'close' });
    await this.kill();
  }

  /** Ends at once; what was not committed is gone. */
  async kill(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#stop);
    await this.#worker.terminate();
  }

  #ask(task: EmulatorTask): Promise<readonly TextRow[]> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, task });
    });
  }

  #hear(answer: EmulatorAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('rows' in answer) waiting?.resolve(answer.rows);
    else if ('failed' in answer) waiting?.reject(new Error(`The emulator failed: ${answer.failed}`));
    else waiting?.reject(new TargetError(answer.refused.code, answer.refused.message, answer.refused));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}

/** The bundle lies beside the worker's bundle; from sources it is the module next door. */
function startWorker(): Worker {
  const bundled = new URL('./emulatorWorker.js', import.meta.url);
  const source = new URL('./emulatorWorker.ts', import.meta.url);
  if (existsSync(bundled)) return new Worker(bundled);
  // Tests and benchmarks run from sources; a thread must register the TypeScript loader for itself.
  const start = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(source.href)}); });`;
  return new Worker(start, { eval: true });
}

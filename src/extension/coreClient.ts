import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { StageEvent } from '../core/lifecycle/events.ts';
import type { CoreAnswers, CoreRequest, FromCore, ToCore } from './protocol.ts';

/** The core said what is wrong in one sentence for the user. Anything else is a bug and says so. */
export class CoreError extends Error {
  readonly mendable: boolean;

  constructor(message: string, mendable: boolean) {
    super(message);
    this.mendable = mendable;
  }
}

/** The editor waits five seconds for an extension that leaves. */
const LAST_WORDS_MS = 3500;

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  readonly onEvent: (event: StageEvent) => void;
}

export interface AskOptions {
  readonly onEvent?: (event: StageEvent) => void;
  readonly signal?: AbortSignal;
}

/** Talks to the core's thread, which starts with the first question and is started anew should it ever die. */
export class CoreClient {
  readonly #folder: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #last = 0;
  #closing = false;

  /** @param folder where the bundles lie */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Starts the thread now: what will ask it soon need not wait for it then. */
  wake(): void {
    if (!this.#closing && this.#worker === null) this.#start();
  }

  ask<K extends CoreRequest['kind']>(
    request: Extract<CoreRequest, { kind: K }>,
    options: AskOptions = {},
  ): Promise<CoreAnswers[K]> {
    if (this.#closing) return Promise.reject(new CoreError('The extension was closed.', false));
    this.#last += 1;
    const id = this.#last;
    const worker = this.#worker ?? this.#start();
    return new Promise<CoreAnswers[K]>((resolve, reject) => {
      const cancel = (): void => this.#post(worker, { type: 'cancel', id });
      const done = (): void => options.signal?.removeEventListener('abort', cancel);
      this.#waiting.set(id, {
        resolve: (answer) => {
          done();
          resolve(answer);
        },
        reject: (error) => {
          done();
          reject(error);
        },
        onEvent: options.onEvent ?? (() => undefined),
      });
      this.#post(worker, { type: 'request', id, request });
      if (options.signal?.aborted === true) cancel();
      else options.signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  /** Stops what runs, gives it a moment to leave the project as it was, and ends the thread. */
  async dispose(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    this.#worker = null;
    this.#closing = true;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#post(worker, { type: 'close' });
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS))]);
    this.#failAll('The extension was closed.');
    await worker.terminate();
  }

  #post(worker: Worker, message: ToCore): void {
    worker.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(join(this.#folder, 'coreThread.js'));
    this.#worker = worker;
    worker.on('message', (message: FromCore) => {
      const waiting = this.#waiting.get(message.id);
      if (waiting === undefined) return;
      if (message.type === 'event') {
        waiting.onEvent(message.event);
        return;
      }
      this.#waiting.delete(message.id);
      if (message.type === 'answer') waiting.resolve(message.answer as never);
      else waiting.reject(new CoreError(message.message, message.mendable));
    });
    const gone = (reason: string): void => {
      if (this.#worker === worker) this.#worker = null;
      this.#failAll(reason);
    };
    worker.on('error', (error) => gone(`The migration core stopped: ${error.message}`));
    worker.on('exit', (code) => gone(`The migration core ended with code ${code}.`));
    return worker;
  }

  #failAll(reason: string): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new CoreError(reason, false));
  }
}

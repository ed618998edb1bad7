import type { Box, Layout } from './layout.ts';
import type { LayoutAnswer, LayoutRequest } from './layoutWorker.ts';

/** Asks the layout thread. It starts with the first drawing; a panel's page may only start one from a blob. */
export class LayoutClient {
  #worker: Promise<Worker> | null = null;
  #last = 0;
  readonly #waiting = new Map<number, { resolve: (layout: Layout) => void; reject: (error: Error) => void }>();

  /** Where the boxes go. Rejects when the thread cannot work. */
  async place(boxes: readonly Box[], links: readonly (readonly [string, string])[]): Promise<Layout> {
    this.#worker ??= this.#start();
    const worker = await this.#worker;
    this.#last += 1;
    const request: LayoutRequest = { id: this.#last, boxes, links };
    return new Promise<Layout>((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      worker.postMessage(request);
    });
  }

  async #start(): Promise<Worker> {
    const source = await fetch(new URL('./erdLayout.js', import.meta.url));
    if (!source.ok) throw new Error(`The layout could not be loaded (${source.status}).`);
    const blob = URL.createObjectURL(new Blob([await source.text()], { type: 'text/javascript' }));
    const worker = new Worker(blob);
    URL.revokeObjectURL(blob);
    worker.addEventListener('message', ({ data }: MessageEvent<LayoutAnswer>) => {
      this.#waiting.get(data.id)?.resolve(data.layout);
      this.#waiting.delete(data.id);
    });
    worker.addEventListener('error', (event) => {
      this.#worker = null;
      const error = new Error(`The layout stopped: ${event.message}`);
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
      worker.terminate();
    });
    return worker;
  }
}

import type { CatalogSide } from '../../src/core/catalog/catalog.ts';
import type { ErdView } from '../../src/core/erd/view.ts';
import type { Canvas } from './canvas.ts';
import { drawBoxes, measureBoxes } from './drawBoxes.ts';
import type { Drawing } from './drawing.ts';
import { drawMermaid, suitsMermaid } from './drawMermaid.ts';
import { LayoutClient } from './layoutClient.ts';
import type { Position } from './look.ts';
import type { Renderer } from './state.ts';

/** What the page hears of its drawings. */
export interface DrawingListener {
  readonly drawing: (is: boolean) => void;
  /** @param number counts the drawings; @param ms from asking to the drawing in its place */
  readonly drawn: (drawing: Drawing, number: number, ms: number) => void;
  readonly failed: (error: unknown) => void;
  /** Mermaid failed, and boxes show the same view. */
  readonly mermaidFailed: (error: unknown) => void;
}

/** Has views drawn into the canvas: each once, the newest wins, and what was looked at stays where it is. */
export class ViewDrawer {
  readonly #canvas: Canvas;
  readonly #listener: DrawingListener;
  readonly #layout = new LayoutClient();
  /** What is drawn or being drawn. */
  #key = '';
  #number = 0;
  /** Where the page looked before it was hidden; for the first drawing. */
  #restored: Position | null;
  #lookAnew = false;

  constructor(canvas: Canvas, restored: Position | null, listener: DrawingListener) {
    this.#canvas = canvas;
    this.#restored = restored;
    this.#listener = listener;
  }

  /** The next view is looked at as a whole: another view or another kind of drawing was chosen. */
  lookAnew(): void {
    this.#lookAnew = true;
  }

  /** What is drawn does not look right any more: the colours changed. */
  forget(): void {
    this.#key = '';
  }

  /** There is nothing to draw. */
  clear(): void {
    this.#key = '';
    this.#number += 1;
    this.#listener.drawing(false);
    this.#canvas.put(null, 'keep');
  }

  /** Draws a view unless it is there already. */
  show(side: CatalogSide, view: ErdView, renderer: Renderer): void {
    const kind = renderer === 'auto' ? (suitsMermaid(view) ? 'mermaid' : 'boxes') : renderer;
    const key = JSON.stringify([side, kind, view]);
    if (key !== this.#key) {
      this.#key = key;
      void this.#draw(view, kind);
    } else if (this.#lookAnew) {
      this.#lookAnew = false;
      this.#canvas.fit();
    }
  }

  async #draw(view: ErdView, kind: Drawing['kind']): Promise<void> {
    this.#number += 1;
    const number = this.#number;
    const started = performance.now();
    this.#listener.drawing(true);
    try {
      const drawing = await this.#drawingOf(view, kind);
      // Another view was asked for meanwhile.
      if (number !== this.#number) return;
      this.#canvas.put(drawing, this.#restored ?? (this.#lookAnew ? 'fit' : 'keep'), hubOf(view));
      this.#restored = null;
      this.#lookAnew = false;
      this.#listener.drawn(drawing, number, performance.now() - started);
    } catch (error) {
      if (number !== this.#number) return;
      this.clear();
      this.#listener.failed(error);
    } finally {
      if (number === this.#number) this.#listener.drawing(false);
    }
  }

  async #drawingOf(view: ErdView, kind: Drawing['kind']): Promise<Drawing> {
    if (kind === 'mermaid') {
      try {
        return await drawMermaid(view);
      } catch (error) {
        this.#listener.mermaidFailed(error);
      }
    }
    const boxes = measureBoxes(view);
    const layout = await this.#layout.place(
      boxes,
      view.links.map(({ from, to }) => [from, to] as const),
    );
    return drawBoxes(view, layout);
  }
}

/** The table with the most links of a view. */
function hubOf(view: ErdView): string | null {
  const degrees = new Map<string, number>();
  for (const end of view.links.flatMap(({ from, to }) => [from, to])) degrees.set(end, (degrees.get(end) ?? 0) + 1);
  let hub: string | null = null;
  for (const { name } of view.tables) if ((degrees.get(name) ?? 0) > (degrees.get(hub ?? '') ?? 0)) hub = name;
  return hub;
}

import { html } from '../shared/dom.ts';
import type { Drawing } from './drawing.ts';
import type { Rect } from './layout.ts';

const WIDTH = 180;
const HEIGHT = 120;

/** The whole drawing, small, with a frame around what is in sight. A press moves there. */
export class Minimap {
  readonly element: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #frame = html('div', { class: 'minimap-frame' });
  #drawing: Drawing | null = null;
  #scale = 1;
  /** Where the drawing's corner lies in the map: a long one lies in its middle. */
  #left = 0;
  #top = 0;

  constructor(moveTo: (x: number, y: number) => void) {
    const ratio = Math.max(1, Math.min(3, devicePixelRatio));
    this.#canvas = html('canvas', { width: WIDTH * ratio, height: HEIGHT * ratio });
    // The keyboard moves the canvas itself; this is the mouse's way.
    this.element = html('div', { class: 'minimap', 'aria-hidden': 'true' }, this.#canvas, this.#frame);
    let pressed = false;
    const go = (event: PointerEvent): void => {
      const rect = this.#canvas.getBoundingClientRect();
      const [x, y] = [event.clientX - rect.left - this.#left, event.clientY - rect.top - this.#top];
      moveTo(x / this.#scale, y / this.#scale);
    };
    this.element.addEventListener('pointerdown', (event) => {
      pressed = true;
      this.element.setPointerCapture(event.pointerId);
      go(event);
      event.preventDefault();
    });
    this.element.addEventListener('pointermove', (event) => {
      if (pressed) go(event);
    });
    for (const type of ['pointerup', 'pointercancel'] as const)
      this.element.addEventListener(type, () => {
        pressed = false;
      });
  }

  /** Draws the boxes anew. */
  draw(drawing: Drawing | null): void {
    this.#drawing = drawing;
    this.element.hidden = drawing === null || drawing.boxes.size < 2;
    const context = this.#canvas.getContext('2d');
    if (drawing === null || context === null) return;
    this.#scale = Math.min(WIDTH / Math.max(1, drawing.width), HEIGHT / Math.max(1, drawing.height));
    this.#left = (WIDTH - drawing.width * this.#scale) / 2;
    this.#top = (HEIGHT - drawing.height * this.#scale) / 2;
    const pixels = this.#canvas.width / WIDTH;
    const ratio = pixels * this.#scale;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    context.translate(this.#left * pixels, this.#top * pixels);
    context.fillStyle = getComputedStyle(this.element).color;
    for (const { x, y, width, height } of drawing.boxes.values())
      context.fillRect(x * ratio, y * ratio, Math.max(1, width * ratio), Math.max(1, height * ratio));
  }

  /** Moves the frame to what is in sight. */
  look(seen: Rect): void {
    if (this.#drawing === null) return;
    const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value));
    const left = clamp(this.#left + seen.x * this.#scale, WIDTH);
    const top = clamp(this.#top + seen.y * this.#scale, HEIGHT);
    const right = clamp(this.#left + (seen.x + seen.width) * this.#scale, WIDTH);
    const bottom = clamp(this.#top + (seen.y + seen.height) * this.#scale, HEIGHT);
    const { style } = this.#frame;
    style.transform = `translate(${left}px, ${top}px)`;
    style.width = `${Math.max(4, right - left)}px`;
    style.height = `${Math.max(4, bottom - top)}px`;
  }
}

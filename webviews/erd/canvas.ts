import { html, prefersStillness, svg } from '../shared/dom.ts';
import type { Drawing } from './drawing.ts';
import type { Rect } from './layout.ts';
import {
  firstLook,
  isInSight,
  lookAt,
  nextTable,
  type Position,
  type Room,
  sameLook,
  wholeOf,
  zoomed,
} from './look.ts';
import { Minimap } from './minimap.ts';

const STEP = 60;
const ZOOM = 1.25;
const MOVE_MS = 160;
/** A press that moves less is a click. */
const CLICK = 4;

/** What the canvas tells the page. */
export interface CanvasListener {
  readonly select: (table: string | null) => void;
  /** Double click, or Enter. */
  readonly open: (table: string) => void;
  readonly moved: () => void;
}

/** The area in which a drawing is moved and zoomed, by mouse, touch pad and keyboard, with its minimap. */
export class Canvas {
  readonly element: HTMLElement;
  readonly #listener: CanvasListener;
  readonly #stage = svg('g');
  readonly #surface = svg('svg', { 'aria-hidden': 'true', focusable: 'false' });
  readonly #minimap: Minimap;
  #drawing: Drawing | null = null;
  #position: Position = { x: 0, y: 0, scale: 1 };
  #selected: string | null = null;
  #frame = 0;
  #moving = 0;

  constructor(listener: CanvasListener) {
    this.#listener = listener;
    this.#surface.append(this.#stage);
    this.#minimap = new Minimap((x, y) => this.centre(x, y));
    this.element = html(
      'div',
      {
        class: 'canvas',
        tabindex: 0,
        role: 'application',
        'aria-roledescription': 'diagram',
        'aria-describedby': 'canvas-help',
        'aria-label': 'Diagram',
      },
      this.#surface as unknown as Node,
      this.#minimap.element,
    );
    this.#listenToPointer();
    this.element.addEventListener('keydown', (event) => this.#key(event));
    new ResizeObserver(() => this.#changed()).observe(this.element);
  }

  get position(): Position {
    return this.#position;
  }

  get drawing(): Drawing | null {
    return this.#drawing;
  }

  /**
   * Puts a new drawing in place. What was looked at stays where it is: the selected table, or else the one nearest to the
   * middle that both drawings have, keeps its place and the scale stays.
   *
   * @param position where to look instead, or `fit`
   * @param hub the table to look at when the whole drawing would be too small to read
   */
  put(drawing: Drawing | null, position: Position | 'keep' | 'fit', hub: string | null = null): void {
    const before = this.#drawing;
    this.#drawing = drawing;
    this.#stage.replaceChildren(...(drawing === null ? [] : [drawing.root]));
    this.#minimap.draw(drawing);
    if (drawing === null) return;
    drawing.select(this.#selected);
    const size = this.#size();
    const kept =
      position === 'keep' && before !== null ? sameLook(before, drawing, this.#position, size, this.#selected) : null;
    this.#move(typeof position === 'object' ? position : (kept ?? firstLook(drawing, size, hub)));
  }

  /** Shows the whole drawing; a small one is not blown up. */
  fit(): void {
    if (this.#drawing !== null && this.#size().width > 0) this.#glide(wholeOf(this.#drawing, this.#size()));
  }

  /** Zooms by a factor around a point of the canvas, its middle when not given. */
  zoom(factor: number, at?: { x: number; y: number }): void {
    const { width, height } = this.#size();
    this.#move(zoomed(this.#position, factor, at ?? { x: width / 2, y: height / 2 }));
  }

  /** Brings a point of the drawing into the middle. */
  centre(x: number, y: number): void {
    const { width, height } = this.#size();
    this.#move({
      ...this.#position,
      x: width / 2 - x * this.#position.scale,
      y: height / 2 - y * this.#position.scale,
    });
  }

  /** Marks a table. */
  select(table: string | null): void {
    this.#selected = table;
    this.#drawing?.select(table);
  }

  /** Brings a table into the middle, readable. */
  locate(table: string): void {
    const box = this.#drawing?.boxes.get(table);
    if (box !== undefined) this.#glide(lookAt(box, this.#position, this.#size()));
  }

  #size(): Room {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  #glide(to: Position): void {
    const from = this.#position;
    if (prefersStillness() || this.#drawing === null || document.hidden) {
      this.#move(to);
      return;
    }
    cancelAnimationFrame(this.#moving);
    const started = performance.now();
    const step = (): void => {
      const part = Math.min(1, (performance.now() - started) / MOVE_MS);
      const eased = 1 - (1 - part) ** 3;
      const mix = (a: number, b: number): number => a + (b - a) * eased;
      this.#position = { scale: mix(from.scale, to.scale), x: mix(from.x, to.x), y: mix(from.y, to.y) };
      this.#changed();
      if (part < 1) this.#moving = requestAnimationFrame(step);
    };
    step();
  }

  #move(to: Position): void {
    cancelAnimationFrame(this.#moving);
    this.#position = to;
    this.#changed();
  }

  /** Draws in the next frame what is now in sight. */
  #changed(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const { x, y, scale } = this.#position;
      const { width, height } = this.#size();
      this.#stage.setAttribute('transform', `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${scale.toFixed(5)})`);
      const margin = 100;
      const seen = { x: -x / scale, y: -y / scale, width: width / scale, height: height / scale };
      const part: Rect = {
        x: seen.x - margin,
        y: seen.y - margin,
        width: seen.width + 2 * margin,
        height: seen.height + 2 * margin,
      };
      this.#drawing?.show(part, scale);
      this.#minimap.look(seen);
      this.#listener.moved();
    });
  }

  #listenToPointer(): void {
    let pressed: { x: number; y: number; from: Position; moved: boolean } | null = null;
    const surface = this.#surface;
    surface.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 && event.button !== 1) return;
      pressed = { x: event.clientX, y: event.clientY, from: this.#position, moved: false };
      surface.setPointerCapture(event.pointerId);
      this.element.focus({ preventScroll: true });
      event.preventDefault();
    });
    surface.addEventListener('pointermove', (event) => {
      if (pressed === null) return;
      const [dx, dy] = [event.clientX - pressed.x, event.clientY - pressed.y];
      if (!pressed.moved && Math.hypot(dx, dy) < CLICK) return;
      pressed.moved = true;
      this.element.classList.add('is-dragged');
      this.#move({ ...pressed.from, x: pressed.from.x + dx, y: pressed.from.y + dy });
    });
    const end = (event: PointerEvent): void => {
      if (pressed !== null && !pressed.moved && event.type === 'pointerup') this.#listener.select(this.#at(event));
      pressed = null;
      this.element.classList.remove('is-dragged');
    };
    surface.addEventListener('pointerup', end);
    surface.addEventListener('pointercancel', end);
    surface.addEventListener('dblclick', (event) => {
      const table = this.#at(event);
      if (table !== null) this.#listener.open(table);
    });
    surface.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        const rect = this.element.getBoundingClientRect();
        const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
        if (event.shiftKey) {
          const { x, y, scale } = this.#position;
          this.#move({ scale, x: x - (event.deltaX || event.deltaY) * unit, y });
          return;
        }
        const strength = Math.max(-1, Math.min(1, (event.deltaY * unit) / 120));
        this.zoom(ZOOM ** -strength, { x: event.clientX - rect.left, y: event.clientY - rect.top });
      },
      { passive: false },
    );
  }

  #at(event: MouseEvent): string | null {
    const rect = this.element.getBoundingClientRect();
    const { x, y, scale } = this.#position;
    const [px, py] = [(event.clientX - rect.left - x) / scale, (event.clientY - rect.top - y) / scale];
    for (const [name, box] of this.#drawing?.boxes ?? [])
      if (px >= box.x && px <= box.x + box.width && py >= box.y && py <= box.y + box.height) return name;
    return null;
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrows: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const arrow = arrows[event.key];
    const { x, y, scale } = this.#position;
    if (arrow !== undefined && event.shiftKey) this.#step(arrow);
    else if (arrow !== undefined) this.#move({ scale, x: x - arrow[0] * STEP, y: y - arrow[1] * STEP });
    else if (event.key === '+' || event.key === '=') this.zoom(ZOOM);
    else if (event.key === '-') this.zoom(1 / ZOOM);
    else if (event.key === '0') this.fit();
    else if (event.key === 'Escape') this.#listener.select(null);
    else if (event.key === 'Enter' && this.#selected !== null) this.#listener.open(this.#selected);
    else return;
    event.preventDefault();
  }

  /** Selects the nearest table in a direction; the one nearest to the middle when none is selected. */
  #step(direction: readonly [number, number]): void {
    const drawing = this.#drawing;
    if (drawing === null) return;
    const { width, height } = this.#size();
    const { x, y, scale } = this.#position;
    const selected = this.#selected !== null && drawing.boxes.has(this.#selected) ? this.#selected : null;
    const from = selected ?? { x: (width / 2 - x) / scale, y: (height / 2 - y) / scale };
    const next = nextTable(drawing.boxes, from, direction);
    const box = drawing.boxes.get(next ?? '');
    if (next === null || box === undefined) return;
    this.#listener.select(next);
    if (!isInSight(box, this.#position, this.#size())) this.centre(box.x + box.width / 2, box.y + box.height / 2);
  }
}

import { html, prefersStillness, svg } from '../shared/dom.ts';
import type { Drawing } from './drawing.ts';
import type { Rect } from './layout.ts';
import { Minimap } from './minimap.ts';

/** Where the page looks: the drawing's point at the canvas's upper left corner times scale, negated. */
export interface Position {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

const SMALLEST = 0.02;
const LARGEST = 4;
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
    if (position !== 'keep' && position !== 'fit') this.#move(position);
    else if (position === 'fit' || before === null || !this.#keep(before, drawing)) this.#firstLook(drawing, hub);
    this.#changed();
  }

  /** Shows the whole drawing; a small one is not blown up. */
  fit(): void {
    if (this.#drawing !== null && this.#size().width > 0) this.#glide(this.#fitting(this.#drawing));
  }

  #fitting(drawing: Drawing): Position {
    const { width, height } = this.#size();
    const room = 32;
    const wanted = Math.min(
      1,
      (width - 2 * room) / Math.max(1, drawing.width),
      (height - 2 * room) / Math.max(1, drawing.height),
    );
    const scale = Math.max(SMALLEST, wanted);
    return { scale, x: (width - drawing.width * scale) / 2, y: (height - drawing.height * scale) / 2 };
  }

  /** Zooms by a factor around a point of the canvas, its middle when not given. */
  zoom(factor: number, at?: { x: number; y: number }): void {
    const { width, height } = this.#size();
    const { x, y, scale } = this.#position;
    const next = Math.min(LARGEST, Math.max(SMALLEST, scale * factor));
    const point = at ?? { x: width / 2, y: height / 2 };
    this.#move({
      scale: next,
      x: point.x - ((point.x - x) * next) / scale,
      y: point.y - ((point.y - y) * next) / scale,
    });
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
    if (box === undefined) return;
    const { width, height } = this.#size();
    const scale = Math.max(this.#position.scale, 0.7);
    this.#glide({
      scale,
      x: width / 2 - (box.x + box.width / 2) * scale,
      y: height / 2 - (box.y + Math.min(box.height, height / scale) / 2) * scale,
    });
  }

  #firstLook(drawing: Drawing, hub: string | null): void {
    const fitting = this.#fitting(drawing);
    const box = hub === null ? undefined : drawing.boxes.get(hub);
    if (fitting.scale >= drawing.readableFrom || box === undefined) {
      this.#move(fitting);
      return;
    }
    const { width, height } = this.#size();
    const scale = drawing.readableFrom;
    // The middle of the table, but no more empty ground than needed.
    const place = (room: number, length: number, middle: number): number =>
      length * scale <= room
        ? (room - length * scale) / 2
        : Math.min(24, Math.max(room - length * scale - 24, room / 2 - middle * scale));
    this.#move({
      scale,
      x: place(width, drawing.width, box.x + box.width / 2),
      y: place(height, drawing.height, box.y + box.height / 2),
    });
  }

  #keep(before: Drawing, after: Drawing): boolean {
    const { width, height } = this.#size();
    const { x, y, scale } = this.#position;
    const anchor = this.#anchor(before, after, { x: (width / 2 - x) / scale, y: (height / 2 - y) / scale });
    if (anchor === null) return false;
    const old = before.boxes.get(anchor);
    const now = after.boxes.get(anchor);
    if (old === undefined || now === undefined) return false;
    // A table keeps its upper left corner: it grows down and to the right.
    this.#move({ scale, x: x + (old.x - now.x) * scale, y: y + (old.y - now.y) * scale });
    return true;
  }

  #anchor(before: Drawing, after: Drawing, middle: { x: number; y: number }): string | null {
    if (this.#selected !== null && before.boxes.has(this.#selected) && after.boxes.has(this.#selected))
      return this.#selected;
    let best: string | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const [name, box] of before.boxes) {
      if (!after.boxes.has(name)) continue;
      const distance = Math.hypot(box.x + box.width / 2 - middle.x, box.y + box.height / 2 - middle.y);
      if (distance >= least) continue;
      least = distance;
      best = name;
    }
    return best;
  }

  #size(): { width: number; height: number } {
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
  #step([dx, dy]: readonly [number, number]): void {
    const drawing = this.#drawing;
    if (drawing === null) return;
    const middleOf = (box: Rect): { x: number; y: number } => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    const chosen = this.#selected === null ? undefined : drawing.boxes.get(this.#selected);
    const { width, height } = this.#size();
    const { x, y, scale } = this.#position;
    const from = chosen === undefined ? { x: (width / 2 - x) / scale, y: (height / 2 - y) / scale } : middleOf(chosen);
    let best: string | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const [name, box] of drawing.boxes) {
      if (name === this.#selected) continue;
      const { x: bx, y: by } = middleOf(box);
      const along = (bx - from.x) * dx + (by - from.y) * dy;
      const across = Math.abs((bx - from.x) * dy) + Math.abs((by - from.y) * dx);
      if (chosen !== undefined && along <= 1) continue;
      const distance = chosen === undefined ? Math.hypot(bx - from.x, by - from.y) : along + 2 * across;
      if (distance >= least) continue;
      least = distance;
      best = name;
    }
    if (best === null) return;
    this.#listener.select(best);
    this.#bringIntoSight(best);
  }

  #bringIntoSight(table: string): void {
    const box = this.#drawing?.boxes.get(table);
    if (box === undefined) return;
    const { width, height } = this.#size();
    const { x, y, scale } = this.#position;
    const left = box.x * scale + x;
    const top = box.y * scale + y;
    const inside =
      left >= 0 && top >= 0 && left + box.width * scale <= width && top + Math.min(box.height * scale, 60) <= height;
    if (!inside) this.centre(box.x + box.width / 2, box.y + box.height / 2);
  }
}

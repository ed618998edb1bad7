import type { Rect } from './layout.ts';

/** Where the page looks: the drawing's point at the canvas's upper left corner times scale, negated. */
export interface Position {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** The canvas in pixels. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

/** What of a drawing matters here. */
interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Rect>;
  /** A first look is not from farther away than this scale. */
  readonly readableFrom: number;
}

export const SMALLEST = 0.02;
export const LARGEST = 4;
/** Empty ground around a whole drawing. */
const MARGIN = 32;

/** The whole drawing in the middle; a small one is not blown up. */
export function wholeOf(drawing: Drawn, { width, height }: Room): Position {
  const across = (width - 2 * MARGIN) / Math.max(1, drawing.width);
  const down = (height - 2 * MARGIN) / Math.max(1, drawing.height);
  const scale = Math.max(SMALLEST, Math.min(1, across, down));
  return { scale, x: (width - drawing.width * scale) / 2, y: (height - drawing.height * scale) / 2 };
}

/**
 * The first look at a drawing: the whole, or a table's surroundings when the whole would be too small to read.
 *
 * @param hub the table
 */
export function firstLook(drawing: Drawn, room: Room, hub: string | null): Position {
  const whole = wholeOf(drawing, room);
  const box = hub === null ? undefined : drawing.boxes.get(hub);
  if (whole.scale >= drawing.readableFrom || box === undefined) return whole;
  const scale = drawing.readableFrom;
  // The middle of the table, but no more empty ground than needed.
  const place = (space: number, length: number, middle: number): number =>
    length * scale <= space
      ? (space - length * scale) / 2
      : Math.min(24, Math.max(space - length * scale - 24, space / 2 - middle * scale));
  return {
    scale,
    x: place(room.width, drawing.width, box.x + box.width / 2),
    y: place(room.height, drawing.height, box.y + box.height / 2),
  };
}

/**
 * The same look at another drawing: the selected table, or else the one nearest to the middle that both drawings have,
 * keeps its upper left corner (it grows down and to the right), and the scale stays.
 *
 * @returns null when the drawings have no table in common
 */
export function sameLook(
  before: Drawn,
  after: Drawn,
  { x, y, scale }: Position,
  { width, height }: Room,
  selected: string | null,
): Position | null {
  const middle = { x: (width / 2 - x) / scale, y: (height / 2 - y) / scale };
  const common = new Map([...before.boxes].filter(([name]) => after.boxes.has(name)));
  const anchor = selected !== null && common.has(selected) ? selected : nearest(common, middle);
  const old = common.get(anchor ?? '');
  const now = after.boxes.get(anchor ?? '');
  if (old === undefined || now === undefined) return null;
  return { scale, x: x + (old.x - now.x) * scale, y: y + (old.y - now.y) * scale };
}

/** A table brought into the middle, readable; of a tall one its upper part. */
export function lookAt(box: Rect, position: Position, { width, height }: Room): Position {
  const scale = Math.max(position.scale, 0.7);
  return {
    scale,
    x: width / 2 - (box.x + box.width / 2) * scale,
    y: height / 2 - (box.y + Math.min(box.height, height / scale) / 2) * scale,
  };
}

/** A zoom by a factor around a point of the canvas. */
export function zoomed({ x, y, scale }: Position, factor: number, at: { x: number; y: number }): Position {
  const next = Math.min(LARGEST, Math.max(SMALLEST, scale * factor));
  return { scale: next, x: at.x - ((at.x - x) * next) / scale, y: at.y - ((at.y - y) * next) / scale };
}

/** True when a table's head is in the canvas. */
export function isInSight(box: Rect, { x, y, scale }: Position, { width, height }: Room): boolean {
  const [left, top] = [box.x * scale + x, box.y * scale + y];
  const bottom = top + Math.min(box.height * scale, 60);
  return left >= 0 && top >= 0 && left + box.width * scale <= width && bottom <= height;
}

/**
 * The table to go to from a table in a direction: near, and rather straight on than aside.
 *
 * @param from the table, or a point to take the nearest table of
 * @returns null when there is none that way
 */
export function nextTable(
  boxes: Drawn['boxes'],
  from: string | { x: number; y: number },
  [dx, dy]: readonly [number, number],
): string | null {
  if (typeof from !== 'string') return nearest(boxes, from);
  const start = boxes.get(from);
  if (start === undefined) return null;
  const begin = middleOf(start);
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [name, box] of boxes) {
    const { x, y } = middleOf(box);
    const along = (x - begin.x) * dx + (y - begin.y) * dy;
    const across = Math.abs((x - begin.x) * dy) + Math.abs((y - begin.y) * dx);
    if (name === from || along <= 1 || along + 2 * across >= least) continue;
    least = along + 2 * across;
    best = name;
  }
  return best;
}

function nearest(boxes: Drawn['boxes'], point: { x: number; y: number }): string | null {
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [name, box] of boxes) {
    const { x, y } = middleOf(box);
    const distance = Math.hypot(x - point.x, y - point.y);
    if (distance >= least) continue;
    least = distance;
    best = name;
  }
  return best;
}

function middleOf(box: Rect): { x: number; y: number } {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

import type { Rect } from './layout.ts';

/** One end of a link: the box, and the height of the column in it. */
export interface LinkEnd {
  readonly box: Rect;
  readonly y: number;
}

/** A link as an SVG path, where its label goes, and the ground that it covers. */
export interface LinkPath {
  readonly d: string;
  readonly x: number;
  readonly y: number;
  readonly ground: Rect;
}

/**
 * A curve from the referring column to the key. The referring end has a crow's foot, or a bar when at most one row
 * refers; the key's end has a bar, or a ring when the reference may be empty.
 */
export function linkPath(from: LinkEnd, to: LinkEnd, mandatory: boolean, unique: boolean): LinkPath {
  const [fromSide, toSide] = sides(from.box, to.box);
  const x1 = fromSide > 0 ? from.box.x + from.box.width : from.box.x;
  const x2 = toSide > 0 ? to.box.x + to.box.width : to.box.x;
  const [y1, y2] = [from.y, to.y];
  const bend = fromSide === toSide ? 46 : Math.min(160, Math.max(36, Math.abs(x2 - x1) / 2));
  const c1 = x1 + fromSide * bend;
  const c2 = x2 + toSide * bend;
  const curve = `M${n(x1)} ${n(y1)}C${n(c1)} ${n(y1)} ${n(c2)} ${n(y2)} ${n(x2)} ${n(y2)}`;
  const foot = x1 + fromSide * 10;
  const many = unique
    ? `M${n(x1 + fromSide * 7)} ${n(y1 - 5)}v10`
    : `M${n(foot)} ${n(y1)}L${n(x1)} ${n(y1 - 5)}M${n(foot)} ${n(y1)}L${n(x1)} ${n(y1 + 5)}`;
  const bar = `M${n(x2 + toSide * 7)} ${n(y2 - 5)}v10`;
  const ring = `M${n(x2 + toSide * 12)} ${n(y2)}m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0`;
  // A curve stays within its control points.
  const left = Math.min(x1, x2, c1, c2);
  return {
    d: curve + many + (mandatory ? bar : ring),
    x: (x1 + 3 * c1 + 3 * c2 + x2) / 8,
    y: (y1 + 3 * y1 + 3 * y2 + y2) / 8,
    ground: {
      x: left,
      y: Math.min(y1, y2) - 6,
      width: Math.max(x1, x2, c1, c2) - left,
      height: Math.abs(y2 - y1) + 12,
    },
  };
}

/** Facing sides when the boxes stand beside each other, the same side when one is above the other. */
function sides(from: Rect, to: Rect): [1 | -1, 1 | -1] {
  if (from.x + from.width < to.x) return [1, -1];
  if (to.x + to.width < from.x) return [-1, 1];
  return [1, 1];
}

function n(value: number): number {
  return Math.round(value * 10) / 10;
}

import { layout as dagre, graphlib } from '@dagrejs/dagre';

/** A table's box before it has a place. */
export interface Box {
  readonly name: string;
  /** Domain; boxes of one are kept together where there are many. */
  readonly group: string;
  readonly width: number;
  readonly height: number;
}

/** A rectangle by its upper left corner. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where everything is. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Rect>;
  /** Frames around the boxes of a domain; none when the boxes are in layers. */
  readonly groups: readonly { readonly name: string; readonly rect: Rect; readonly titleSize: number }[];
}

/** Up to here boxes stand in layers, keys to the left of what refers to them; measured: 250 take about 0.7 s. */
export const LAYERED_BOXES = 250;

const GAP = { x: 40, y: 24 };
/** Between layers, where the links run. */
const LAYER_GAP = 80;
/** Room in a frame. */
const FRAME = 20;
/** A screen is wider than high. */
const ASPECT = 1.4;

/** Places boxes: in layers along their links, or, when there are many, packed by domain. */
export function placeBoxes(boxes: readonly Box[], links: readonly (readonly [from: string, to: string])[]): Layout {
  if (boxes.length > LAYERED_BOXES) return packByGroup(boxes, links);
  const linked = new Set(links.flatMap(([from, to]) => (from === to ? [] : [from, to])));
  const layered = inLayers(
    boxes.filter(({ name }) => linked.has(name)),
    links,
  );
  const loose = boxes.filter(({ name }) => !linked.has(name));
  if (loose.length === 0) return layered;
  const below = shelves(loose, Math.max(layered.width, widthFor(loose)));
  const top = layered.height === 0 ? 0 : layered.height + 2 * GAP.y;
  const placed = new Map(layered.boxes);
  for (const [name, rect] of below.boxes) placed.set(name, { ...rect, y: rect.y + top });
  return { width: Math.max(layered.width, below.width), height: top + below.height, boxes: placed, groups: [] };
}

/** Dagre says in which layer and order; a layer that would be much too high goes on in a column beside it. */
function inLayers(boxes: readonly Box[], links: readonly (readonly [string, string])[]): Layout {
  if (boxes.length === 0) return { width: 0, height: 0, boxes: new Map(), groups: [] };
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: GAP.y, ranksep: LAYER_GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  const byName = new Map(boxes.map((box) => [box.name, box]));
  for (const { name, width, height } of boxes) graph.setNode(name, { width, height });
  for (const [from, to] of links)
    if (from !== to && byName.has(from) && byName.has(to)) graph.setEdge(to, from, { weight: 1 });
  dagre(graph);
  const layers = new Map<number, { box: Box; y: number }[]>();
  for (const box of boxes) {
    const { x, y } = graph.node(box.name) as { x: number; y: number };
    // Boxes of a layer share their middle.
    const key = Math.round(x);
    const layer = layers.get(key);
    if (layer === undefined) layers.set(key, [{ box, y }]);
    else layer.push({ box, y });
  }
  const area = boxes.reduce((sum, { width, height }) => sum + (width + LAYER_GAP) * (height + GAP.y), 0);
  const tallest = Math.max(Math.sqrt(area / ASPECT), ...boxes.map(({ height }) => height));
  const columns: { boxes: Box[]; height: number; gap: number }[] = [];
  for (const [, layer] of [...layers].sort(([a], [b]) => a - b)) {
    layer.sort((a, b) => a.y - b.y);
    const own = fold(
      layer.map(({ box }) => box),
      tallest,
    );
    own.forEach((column, index) => {
      columns.push({ ...column, gap: index === own.length - 1 ? LAYER_GAP : LAYER_GAP / 2 });
    });
  }
  const height = Math.max(...columns.map((column) => column.height));
  const placed = new Map<string, Rect>();
  let x = 0;
  let width = 0;
  for (const column of columns) {
    const columnWidth = Math.max(...column.boxes.map((box) => box.width));
    let y = (height - column.height) / 2;
    for (const box of column.boxes) {
      placed.set(box.name, { x: x + (columnWidth - box.width) / 2, y, width: box.width, height: box.height });
      y += box.height + GAP.y;
    }
    width = x + columnWidth;
    x = width + column.gap;
  }
  return { width, height, boxes: placed, groups: [] };
}

/** Cuts a layer into columns of about equal height, none much higher than `tallest`. */
function fold(boxes: readonly Box[], tallest: number): { boxes: Box[]; height: number }[] {
  const total = boxes.reduce((sum, { height }) => sum + height + GAP.y, 0);
  const wanted = total / Math.max(1, Math.ceil(total / tallest - 0.25));
  const columns: { boxes: Box[]; height: number }[] = [];
  for (const box of boxes) {
    const last = columns.at(-1);
    if (last === undefined || last.height + GAP.y + box.height / 2 > wanted)
      columns.push({ boxes: [box], height: box.height });
    else {
      last.boxes.push(box);
      last.height += GAP.y + box.height;
    }
  }
  return columns;
}

/** A frame for each domain, its tables in the order in which they are linked, the frames on shelves. */
function packByGroup(boxes: readonly Box[], links: readonly (readonly [string, string])[]): Layout {
  const groups = new Map<string, Box[]>();
  for (const box of inOrderOfLinks(boxes, links)) {
    const own = groups.get(box.group);
    if (own === undefined) groups.set(box.group, [box]);
    else own.push(box);
  }
  if (groups.size === 1) return shelves([...groups.values()].flat(), widthFor(boxes));
  const packed = [...groups].map(([name, own]) => {
    const inner = shelves(own, widthFor(own));
    // Titles are read from afar, where the frame is small.
    return { name, inner, titleSize: Math.max(18, Math.round(inner.width / 14)) };
  });
  const frames = shelves(
    packed
      .map(({ name, inner, titleSize }) => ({
        name,
        group: '',
        width: inner.width + 2 * FRAME,
        height: inner.height + FRAME + 1.5 * titleSize,
      }))
      .sort((a, b) => b.height - a.height),
    Math.sqrt(packed.reduce((sum, { inner }) => sum + inner.width * inner.height, 0) * ASPECT) * 1.2,
  );
  const placed = new Map<string, Rect>();
  for (const { name, inner, titleSize } of packed) {
    const frame = frames.boxes.get(name);
    if (frame === undefined) continue;
    for (const [box, rect] of inner.boxes)
      placed.set(box, { ...rect, x: rect.x + frame.x + FRAME, y: rect.y + frame.y + 1.5 * titleSize });
  }
  return {
    width: frames.width,
    height: frames.height,
    boxes: placed,
    groups: packed.flatMap(({ name, titleSize }) => {
      const rect = frames.boxes.get(name);
      return rect === undefined ? [] : [{ name, rect, titleSize }];
    }),
  };
}

/** Boxes breadth first from the most linked one, so that what is linked lies near. */
function inOrderOfLinks(boxes: readonly Box[], links: readonly (readonly [string, string])[]): Box[] {
  const near = new Map<string, string[]>();
  for (const [from, to] of links) {
    near.set(from, [...(near.get(from) ?? []), to]);
    near.set(to, [...(near.get(to) ?? []), from]);
  }
  const byName = new Map(boxes.map((box) => [box.name, box]));
  const starts = [...boxes].sort((a, b) => (near.get(b.name)?.length ?? 0) - (near.get(a.name)?.length ?? 0));
  const order = new Set<Box>();
  for (const start of starts) {
    const queue = [start];
    for (const box of queue) {
      if (order.has(box)) continue;
      order.add(box);
      for (const name of near.get(box.name) ?? []) {
        const other = byName.get(name);
        if (other !== undefined && !order.has(other)) queue.push(other);
      }
    }
  }
  return [...order];
}

function widthFor(boxes: readonly Box[]): number {
  const area = boxes.reduce((sum, { width, height }) => sum + (width + GAP.x) * (height + GAP.y), 0);
  return Math.max(Math.sqrt(area * ASPECT), ...boxes.map(({ width }) => width));
}

/** Rows from left to right, a new one when the width is used up. */
function shelves(boxes: readonly Box[], width: number): Layout {
  const placed = new Map<string, Rect>();
  let x = 0;
  let y = 0;
  let shelf = 0;
  let used = 0;
  for (const box of boxes) {
    if (x > 0 && x + box.width > width) {
      y += shelf + GAP.y;
      x = 0;
      shelf = 0;
    }
    placed.set(box.name, { x, y, width: box.width, height: box.height });
    used = Math.max(used, x + box.width);
    x += box.width + GAP.x;
    shelf = Math.max(shelf, box.height);
  }
  return { width: used, height: y + shelf, boxes: placed, groups: [] };
}

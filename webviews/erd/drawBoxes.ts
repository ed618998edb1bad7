import type { ErdColumn, ErdLink } from '../../src/core/erd/model.ts';
import type { ErdView, ErdViewTable } from '../../src/core/erd/view.ts';
import { visibleText } from '../../src/core/erd/visibleText.ts';
import { svg } from '../shared/dom.ts';
import { type Drawing, svgFile } from './drawing.ts';
import type { Box, Layout, Rect } from './layout.ts';
import { linkPath } from './linkPath.ts';
import { COLOURS, type Colour, drawingFont, resolvedColours } from './theme.ts';

const HEAD = 28;
const ROW = 20;
const PAD = 10;
const MARK = 28;
const WIDEST = 340;
const NARROWEST = 110;
/** Below this scale rows cannot be read; below the second not even names are drawn. */
const ROWS_FROM = 0.38;
const NAMES_FROM = 0.16;

/** From so many links on each is drawn lighter. */
const DENSE = 300;
/** Dashes of a longer link are left out among so many: to make them takes a browser seconds, in sight or not. */
const LONG = 1500;

type Level = 'rows' | 'name' | 'bare';

interface DrawnLink {
  readonly link: ErdLink;
  readonly path: SVGPathElement;
  readonly label: { readonly x: number; readonly y: number };
  readonly ground: Rect;
}

/** The box of each table of a view, sized for its text. */
export function measureBoxes(view: ErdView): Box[] {
  const measure = textMeasure();
  return view.tables.map((table) => {
    const badge = table.moreNeighbours === 0 ? 0 : measure(`+${table.moreNeighbours}`) + PAD;
    let width = Math.max(NARROWEST, measure(visibleText(table.name), true) + badge + 2 * PAD + 4);
    for (const column of table.columns)
      width = Math.max(width, MARK + measure(columnText(column), column.key !== null) + measure(column.type) + 3 * PAD);
    const rows = table.columns.length * ROW + (table.columns.length === 0 ? 0 : 6);
    return {
      name: table.name,
      group: table.domain,
      width: Math.ceil(Math.min(WIDEST, width)),
      height: HEAD + rows,
    };
  });
}

/** Draws a view by its layout. Only what is in sight is made, so that 1,000 tables move as lightly as ten. */
export function drawBoxes(view: ErdView, layout: Layout): Drawing {
  return new BoxDrawing(view, layout);
}

class BoxDrawing implements Drawing {
  readonly kind = 'boxes';
  readonly readableFrom = 0;
  readonly root = svg('g', { class: 'erd-drawing' });
  readonly width: number;
  readonly height: number;
  readonly boxes: Layout['boxes'];
  readonly #tables: ReadonlyMap<string, ErdViewTable>;
  readonly #links: readonly DrawnLink[];
  readonly #made = new Map<string, { level: Level; group: SVGGElement }>();
  readonly #tableLayer = svg('g');
  readonly #labelLayer = svg('g', { class: 'erd-labels' });
  readonly #groups: readonly SVGGElement[];
  readonly #measure = textMeasure();
  #selected: string | null = null;

  constructor(view: ErdView, layout: Layout) {
    this.width = layout.width;
    this.height = layout.height;
    this.boxes = layout.boxes;
    this.#tables = new Map(view.tables.map((table) => [table.name, table]));
    this.#groups = layout.groups.map(frame);
    this.#links = this.#drawLinks(view.links);
    if (view.links.length > DENSE) this.root.classList.add('is-dense');
    const style = svg('style');
    style.textContent = drawingStyle((colour) => `var(--erd-${colour})`, 'var(--erd-font)');
    const links = svg('g', {}, ...this.#links.map(({ path }) => path));
    this.root.append(style, ...this.#groups, links, this.#tableLayer, this.#labelLayer);
  }

  show(part: Rect, scale: number): void {
    const level: Level = scale >= ROWS_FROM ? 'rows' : scale >= NAMES_FROM ? 'name' : 'bare';
    // To paint thousands of long curves out of sight takes a second.
    for (const { path, ground } of this.#links) path.style.display = meets(ground, part) ? '' : 'none';
    this.root.classList.toggle('is-far', level !== 'rows');
    for (const [name, box] of this.boxes) {
      const made = this.#made.get(name);
      if (!meets(box, part)) {
        if (made !== undefined) {
          made.group.remove();
          this.#made.delete(name);
        }
        continue;
      }
      if (made?.level === level) continue;
      const table = this.#tables.get(name);
      if (table === undefined) continue;
      const group = this.#table(table, box, level);
      if (made === undefined) this.#tableLayer.append(group);
      else made.group.replaceWith(group);
      this.#made.set(name, { level, group });
    }
  }

  select(table: string | null): void {
    const before = this.#made.get(this.#selected ?? '');
    before?.group.classList.remove('is-selected');
    this.#selected = table;
    this.#made.get(table ?? '')?.group.classList.add('is-selected');
    const labels: SVGElement[] = [];
    for (const { link, path, label } of this.#links) {
      const on = table !== null && (link.from === table || link.to === table);
      path.classList.toggle('is-selected', on);
      if (!on) continue;
      path.parentNode?.append(path);
      const score = link.origin === 'declared' ? '' : ` (${link.score.toFixed(2)})`;
      labels.push(svg('text', { x: label.x, y: label.y + 4 }, `${visibleText(link.fromField)}${score}`));
    }
    this.#labelLayer.replaceChildren(...labels);
    this.root.classList.toggle('has-selection', labels.length > 0);
  }

  toSvg(): string {
    const colours = resolvedColours();
    const all = svg('g', { class: 'erd-drawing' });
    all.append(...this.#groups.map((group) => group.cloneNode(true)));
    for (const { path } of this.#links) {
      const copy = path.cloneNode(true) as SVGPathElement;
      copy.classList.remove('is-selected');
      all.append(copy);
    }
    for (const [name, table] of this.#tables) {
      const box = this.boxes.get(name);
      if (box !== undefined) all.append(this.#table(table, box, 'rows'));
    }
    const style = drawingStyle((colour) => colours[colour], drawingFont());
    const content = new XMLSerializer().serializeToString(all);
    return svgFile(this.width, this.height, colours.canvas, style, content);
  }

  #table(table: ErdViewTable, box: Rect, level: Level): SVGGElement {
    const name = visibleText(table.name);
    const group = svg('g', {
      class: `erd-table${table.chosen ? ' is-chosen' : ''}${table.name === this.#selected ? ' is-selected' : ''}`,
      transform: `translate(${box.x} ${box.y})`,
    });
    const outline = svg('rect', { class: 'outline', width: box.width, height: box.height, rx: 4 });
    if (level === 'bare') {
      group.append(outline);
      return group;
    }
    group.append(svg('title', {}, table.domain === '' ? name : `${name} · ${visibleText(table.domain)}`), outline);
    if (level === 'name') {
      const fitting = (11.8 * (box.width - 12)) / Math.max(1, this.#measure(name, true));
      const size = Math.max(12, Math.min(34, (box.height - 6) * 0.8, fitting));
      const text = svg('text', { class: 'name', x: box.width / 2, y: box.height / 2 + size * 0.35 });
      text.setAttribute('text-anchor', 'middle');
      text.style.fontSize = `${size.toFixed(1)}px`;
      text.textContent = this.#cut(name, (box.width - 12) * (12 / size), true);
      group.append(text);
      return group;
    }
    const rows = table.columns.length;
    const badge = table.moreNeighbours === 0 ? '' : `+${table.moreNeighbours}`;
    const badgeWidth = badge === '' ? 0 : this.#measure(badge) + PAD;
    group.append(
      svg('path', {
        class: 'head',
        d:
          rows === 0
            ? `M4 0H${box.width - 4}a4 4 0 0 1 4 4V${box.height - 4}a4 4 0 0 1 -4 4H4a4 4 0 0 1 -4 -4V4a4 4 0 0 1 4 -4z`
            : `M4 0H${box.width - 4}a4 4 0 0 1 4 4V${HEAD}H0V4a4 4 0 0 1 4 -4z`,
      }),
      svg('text', { class: 'name', x: PAD, y: 18.5 }, this.#cut(name, box.width - 2 * PAD - badgeWidth, true)),
    );
    if (badge !== '') {
      const more = svg('text', { class: 'muted', x: box.width - PAD, y: 18.5, 'text-anchor': 'end' }, badge);
      more.append(svg('title', {}, `${table.moreNeighbours} linked tables are not in this view`));
      group.append(more);
    }
    // The outline goes over the head's edges.
    group.append(svg('rect', { class: 'edge', width: box.width, height: box.height, rx: 4 }));
    table.columns.forEach((column, index) => {
      group.append(...this.#row(column, box.width, HEAD + 3 + index * ROW + 14.5));
    });
    return group;
  }

  #row(column: ErdColumn, width: number, y: number): SVGElement[] {
    const parts: SVGElement[] = [];
    const marks = markOf(column);
    if (marks !== '') parts.push(svg('text', { class: 'mark', x: PAD, y }, marks));
    const typeWidth = this.#measure(column.type);
    const room = width - MARK - typeWidth - 3 * PAD;
    const whole = columnText(column);
    const name = svg('text', { class: column.key === null ? 'column' : 'column key', x: PAD + MARK, y });
    const shown = this.#cut(whole, room, column.key !== null);
    name.textContent = shown;
    if (shown !== whole) name.append(svg('title', {}, whole));
    parts.push(name, svg('text', { class: 'muted', x: width - PAD, y, 'text-anchor': 'end' }, column.type));
    return parts;
  }

  #drawLinks(links: readonly ErdLink[]): DrawnLink[] {
    const heights = new Map<string, number>();
    for (const table of this.#tables.values())
      table.columns.forEach((column, index) => {
        heights.set(`${table.name}\u0000${column.name}`, HEAD + 3 + index * ROW + ROW / 2);
      });
    const end = (table: string, field: string): { box: Rect; y: number } | null => {
      const box = this.boxes.get(table);
      return box === undefined ? null : { box, y: box.y + (heights.get(`${table}\u0000${field}`) ?? HEAD / 2) };
    };
    return links.flatMap((link) => {
      const from = end(link.from, link.fromField);
      const to = end(link.to, link.toField);
      if (from === null || to === null) return [];
      const { d, ground, ...label } = linkPath(from, to, link.mandatory, link.unique);
      const long = ground.width + ground.height > LONG ? ' long' : '';
      const path = svg('path', { class: `erd-link ${link.origin}${long}`, d }, svg('title', {}, linkText(link)));
      return [{ link, path, label, ground }];
    });
  }

  /** As much of a text as fits, with an ellipsis. */
  #cut(text: string, width: number, bold: boolean): string {
    if (this.#measure(text, bold) <= width) return text;
    const chars = [...text];
    let low = 0;
    let high = chars.length;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#measure(`${chars.slice(0, middle).join('')}…`, bold) <= width) low = middle;
      else high = middle - 1;
    }
    return `${chars.slice(0, low).join('')}…`;
  }
}

/** A link in words. */
export function linkText(link: ErdLink): string {
  const ends = `${visibleText(link.from)}.${visibleText(link.fromField)} → ${visibleText(link.to)}.${visibleText(link.toField)}`;
  return link.origin === 'declared'
    ? `${ends}: ${link.reason}`
    : `${ends}: inferred, score ${link.score.toFixed(2)}, ${link.reason}`;
}

/** The marks of a column: what is not declared has a question mark. */
export function markOf(column: ErdColumn): string {
  const key = column.key === null ? '' : column.key === 'declared' ? 'PK' : 'PK?';
  if (key !== '' && column.link !== null) return 'PFK';
  return key !== '' ? key : column.link === null ? '' : column.link === 'declared' ? 'FK' : 'FK?';
}

function columnText(column: ErdColumn): string {
  return visibleText(column.name);
}

function frame({ name, rect, titleSize }: Layout['groups'][number]): SVGGElement {
  const title = svg('text', { x: 20, y: titleSize * 1.1 }, name === '' ? 'No domain' : visibleText(name));
  title.style.fontSize = `${titleSize}px`;
  const group = svg('g', { class: 'erd-frame', transform: `translate(${rect.x} ${rect.y})` });
  group.append(svg('rect', { width: rect.width, height: rect.height, rx: 6 }), title);
  return group;
}

function meets(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Widths of texts in the drawing's font, remembered. */
function textMeasure(): (text: string, bold?: boolean) => number {
  const context = document.createElement('canvas').getContext('2d');
  const font = drawingFont();
  const known = new Map<string, number>();
  let current = '';
  return (text, bold = false) => {
    const key = `${bold ? 'b' : ' '}${text}`;
    let width = known.get(key);
    if (width === undefined) {
      const wanted = `${bold ? '600 ' : ''}12px ${font}`;
      if (context !== null && wanted !== current) {
        context.font = wanted;
        current = wanted;
      }
      width = context?.measureText(text).width ?? text.length * 7;
      known.set(key, width);
    }
    return width;
  };
}

/** The drawing's own style: with the theme's variables in the page, with plain colours in a file. */
function drawingStyle(colour: (name: Colour) => string, font: string): string {
  const c = Object.fromEntries(COLOURS.map((name) => [name, colour(name)])) as Record<Colour, string>;
  return `
.erd-drawing text { font: 12px ${font}; fill: ${c.text}; unicode-bidi: isolate; }
.erd-drawing text.name { font-weight: 600; }
.erd-table .outline { fill: ${c.box}; stroke: ${c.border}; }
.erd-table .edge { fill: none; stroke: ${c.border}; }
.erd-table .outline, .erd-table .edge { vector-effect: non-scaling-stroke; }
.erd-table .head { fill: ${c.header}; }
.erd-table.is-chosen .edge, .erd-table.is-chosen .outline { stroke: ${c.link}; stroke-width: 1.5; }
.erd-table.is-selected .edge, .erd-table.is-selected .outline { stroke: ${c.selected}; stroke-width: 2.5; }
.erd-drawing text.muted { fill: ${c.muted}; }
.erd-drawing text.mark { fill: ${c.link}; font-size: 10px; font-weight: 600; }
.erd-drawing text.key { font-weight: 600; }
.erd-link { fill: none; stroke: ${c.link}; stroke-width: 1.3; }
.erd-link.inferred { stroke: ${c.inferred}; stroke-dasharray: 5 4; }
.is-dense .erd-link { stroke-opacity: 0.5; }
.has-selection .erd-link:not(.is-selected) { stroke-opacity: 0.3; }
.is-far.is-dense .erd-link, .is-dense .erd-link.long:not(.is-selected) { stroke-dasharray: none; }
.is-dense .erd-link.inferred { stroke-width: 0.9; }
.erd-link.is-selected { stroke-width: 2.2; stroke-opacity: 1; }
.erd-labels text { text-anchor: middle; stroke: ${c.canvas}; stroke-width: 4px; paint-order: stroke; }
.erd-frame rect { fill: ${c.frame}; stroke: ${c.border}; stroke-opacity: 0.6; }
.erd-drawing .erd-frame text { font-weight: 600; fill: ${c.muted}; }`;
}

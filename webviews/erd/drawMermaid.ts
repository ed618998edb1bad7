import { mermaidOf } from '../../src/core/erd/mermaidText.ts';
import type { ErdView } from '../../src/core/erd/view.ts';
import type { Drawing } from './drawing.ts';
import { svgFile } from './drawing.ts';
import type { Rect } from './layout.ts';
import { drawingFont, isDark, resolvedColours } from './theme.ts';

/**
 * What mermaid draws well and in less than about a second on a small machine; it holds the page while it does. Measured:
 * 25 tables with their keys 0.4 s, 40 tables 0.7 s, 630 columns 1.7 s, 200 tables 3.6 s. With more links than this its
 * lines run over each other for several screens.
 */
export const MERMAID_TABLES = 40;
export const MERMAID_ROWS = 320;
export const MERMAID_LINKS = 45;

/** True when mermaid draws a view quickly enough. */
export function suitsMermaid(view: ErdView): boolean {
  const rows = view.tables.reduce((sum, { columns }) => sum + columns.length, 0);
  return view.tables.length <= MERMAID_TABLES && view.links.length <= MERMAID_LINKS && rows <= MERMAID_ROWS;
}

type Mermaid = typeof import('./mermaidBundle.ts')['mermaid'];

let loading: Promise<Mermaid> | null = null;
let drawings = 0;

/** Loads mermaid, once. A page that will probably draw with it need not wait for its schemas first. */
export function loadMermaid(): Promise<Mermaid> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** Draws a view with mermaid, in the theme's colours. */
export async function drawMermaid(view: ErdView): Promise<Drawing> {
  const mermaid = await loadMermaid();
  // It holds the page while it draws; what is new around the diagram is seen before.
  await nextFrame();
  const colours = resolvedColours();
  const font = drawingFont();
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    // Texts are SVG texts: a picture of HTML could not leave the page.
    htmlLabels: false,
    suppressErrorRendering: true,
    maxTextSize: 10_000_000,
    maxEdges: 100_000,
    theme: 'base',
    fontFamily: font,
    er: { useMaxWidth: false, nodeSpacing: 40, rankSpacing: 72, entityPadding: 8, minEntityHeight: 30 },
    themeCSS: `.edgeLabel text, .edgeLabel tspan { font-size: 11px; } .node.is-selected .outer-path path, .node.is-selected > rect.basic { stroke: ${colours.selected}; stroke-width: 2.5px; }`,
    themeVariables: {
      darkMode: isDark(),
      fontFamily: font,
      fontSize: '12px',
      background: colours.canvas,
      mainBkg: colours.header,
      primaryColor: colours.header,
      primaryTextColor: colours.text,
      primaryBorderColor: colours.border,
      nodeBorder: colours.border,
      textColor: colours.text,
      lineColor: colours.link,
      tertiaryColor: colours.canvas,
      edgeLabelBackground: colours.canvas,
      rowOdd: colours.box,
      rowEven: colours.box,
      attributeBackgroundColorOdd: colours.box,
      attributeBackgroundColorEven: colours.box,
    },
  });
  drawings += 1;
  const id = `erd-mermaid-${drawings}`;
  const { text, ids } = mermaidOf(view);
  const rendered = await mermaid.render(id, text);
  const parsed = new DOMParser().parseFromString(rendered.svg, 'text/html').querySelector('svg');
  if (parsed === null) throw new Error('Mermaid drew nothing.');
  const drawn = document.importNode(parsed, true);
  decodeTexts(drawn);
  const [left = 0, top = 0, width = 1, height = 1] = (drawn.getAttribute('viewBox') ?? '').split(/\s+/).map(Number);
  drawn.removeAttribute('style');
  drawn.setAttribute('width', String(width));
  drawn.setAttribute('height', String(height));
  // The page describes the drawing itself; an SVG inside another needs no role.
  for (const name of ['role', 'aria-roledescription']) drawn.removeAttribute(name);
  const nodes = new Map<string, SVGGElement>();
  const names = new Map([...ids].map(([name, known]) => [known, name]));
  for (const node of drawn.querySelectorAll<SVGGElement>('g.node')) {
    const known = /-entity-(\w+)-\d+$/.exec(node.id)?.[1];
    const name = names.get(known ?? '');
    if (name !== undefined) nodes.set(name, node);
  }
  const root = document.createElementNS('http://www.w3.org/2000/svg', 'g');
  root.setAttribute('class', 'erd-mermaid');
  root.append(drawn);
  return {
    kind: 'mermaid',
    readableFrom: 0.6,
    root,
    width,
    height,
    boxes: boxesOf(nodes, left, top),
    show: () => undefined,
    select: (table) => {
      for (const [name, node] of nodes) node.classList.toggle('is-selected', name === table);
    },
    toSvg: () => {
      const copy = drawn.cloneNode(true) as SVGSVGElement;
      for (const node of copy.querySelectorAll('.is-selected')) node.classList.remove('is-selected');
      return svgFile(width, height, colours.canvas, '', new XMLSerializer().serializeToString(copy));
    },
  };
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

async function load(): Promise<Mermaid> {
  const address = new URL('./mermaid.js', import.meta.url).href;
  const bundle: typeof import('./mermaidBundle.ts') = await import(address);
  return bundle.mermaid;
}

/** Mermaid writes character codes as they are into SVG texts; here they become the characters, still as text. */
function decodeTexts(drawn: SVGSVGElement): void {
  const walker = document.createTreeWalker(drawn, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.parentElement?.closest('style') !== null || node.nodeValue?.includes('&#') !== true) continue;
    node.nodeValue = node.nodeValue.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  }
}

/** Boxes stand around the point they are moved to. */
function boxesOf(nodes: ReadonlyMap<string, SVGGElement>, left: number, top: number): Map<string, Rect> {
  const boxes = new Map<string, Rect>();
  for (const [name, node] of nodes) {
    const [, x = '0', y = '0'] =
      /translate\(([-\d.e]+)[, ]+([-\d.e]+)\)/.exec(node.getAttribute('transform') ?? '') ?? [];
    const size = sizeOf(node);
    boxes.set(name, {
      x: Number(x) - size.width / 2 - left,
      y: Number(y) - size.height / 2 - top,
      ...size,
    });
  }
  return boxes;
}

function sizeOf(node: SVGGElement): { width: number; height: number } {
  const rect = node.querySelector(':scope > rect');
  if (rect !== null) return { width: Number(rect.getAttribute('width')), height: Number(rect.getAttribute('height')) };
  const [, x = '60', y = '20'] =
    /^M-([\d.]+) -([\d.]+)/.exec(node.querySelector('.outer-path path')?.getAttribute('d') ?? '') ?? [];
  return { width: 2 * Number(x), height: 2 * Number(y) };
}

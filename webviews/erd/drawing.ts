import type { Layout, Rect } from './layout.ts';

/** A view drawn: by our own boxes or by mermaid. The canvas moves, zooms and selects in both the same way. */
export interface Drawing {
  readonly kind: 'boxes' | 'mermaid';
  readonly root: SVGGElement;
  readonly width: number;
  readonly height: number;
  /** A first look is not from farther away than this scale. */
  readonly readableFrom: number;
  /** Where each table is. */
  readonly boxes: Layout['boxes'];
  /** Draws what this part of the drawing needs at this scale. */
  show(part: Rect, scale: number): void;
  /** Marks a table and its links; null marks none. */
  select(table: string | null): void;
  /** The whole drawing as an SVG file that needs nothing else. */
  toSvg(): string;
}

/** The start of an SVG file of this size, with room around the drawing and a filled ground. */
export function svgFile(width: number, height: number, ground: string, style: string, content: string): string {
  const margin = 24;
  const box = [-margin, -margin, Math.ceil(width) + 2 * margin, Math.ceil(height) + 2 * margin];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.join(' ')}" width="${box[2]}" height="${box[3]}">`,
    `<style>${style}</style>`,
    `<rect x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}" fill="${ground}"/>`,
    content,
    '</svg>',
    '',
  ].join('\n');
}

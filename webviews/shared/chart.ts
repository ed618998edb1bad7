import type { Chart, ChartDataset } from 'chart.js';
import { html, prefersStillness } from './dom.ts';
import { count } from './format.ts';
import { table } from './ui.ts';

/** The theme's own colours for charts, high contrast included. */
export type ChartColour = 'blue' | 'green' | 'orange' | 'purple' | 'red' | 'yellow';

export interface ChartSeries {
  readonly name: string;
  /** One a label; null where nothing was measured. */
  readonly values: readonly (number | null)[];
  readonly colour: ChartColour;
}

export interface ChartContent {
  readonly title: string;
  /** What the numbers count, e.g. `rows`. */
  readonly unit: string;
  /** What the labels are, e.g. `Run`. */
  readonly axis: string;
  readonly labels: readonly string[];
  readonly series: readonly ChartSeries[];
  readonly kind: 'line' | 'bar';
  /** Parts of a whole on top of each other. */
  readonly stacked?: boolean;
  /** How a number is written, with its unit. */
  readonly format?: (value: number) => string;
}

type Library = typeof import('./chartLibrary.ts');

let library: Promise<Library> | null = null;
const drawn = new Map<HTMLCanvasElement, { readonly chart: Chart; readonly content: ChartContent }>();
let watching = false;

/**
 * A chart with the same numbers as a table behind it. The picture is drawn when the library is there; series differ by
 * dash, point and hatching as well as by colour.
 */
export function chart(content: ChartContent): HTMLElement {
  const canvas = html('canvas', { role: 'img', 'aria-label': `${content.title}. ${summary(content)}` });
  void draw(canvas, content);
  return html(
    'figure',
    { class: 'chart' },
    html('figcaption', {}, content.title),
    html('div', { class: 'canvas' }, canvas),
    html('details', {}, html('summary', {}, 'Numbers as a table'), numbers(content)),
  );
}

function numbers(content: ChartContent): HTMLElement {
  const write = writer(content);
  return table(
    content.title,
    [
      { title: content.axis, cell: (row: number) => content.labels[row] ?? '' },
      ...content.series.map((one) => ({
        title: one.name,
        number: true,
        cell: (row: number) => write(one.values[row] ?? null),
      })),
    ],
    content.labels.map((_, row) => row),
  );
}

/** First and last of each series: what a glance at the chart tells. */
function summary(content: ChartContent): string {
  const write = writer(content);
  const told = content.series.map(({ name, values }) => {
    const known = values.filter((value) => value !== null);
    const [first, last] = [known[0] ?? null, known.at(-1) ?? null];
    return `${name}: ${first === last ? write(last) : `from ${write(first)} to ${write(last)}`}`;
  });
  return told.join('; ');
}

function writer(content: ChartContent): (value: number | null) => string {
  const { format } = content;
  return (value) => (value === null ? '–' : format === undefined ? `${count(value)} ${content.unit}` : format(value));
}

async function draw(canvas: HTMLCanvasElement, content: ChartContent): Promise<void> {
  library ??= import(new URL('./chartLibrary.js', import.meta.url).href);
  const { Chart } = await library;
  sweep();
  if (!canvas.isConnected) return;
  drawn.set(canvas, { chart: new Chart(canvas, settings(content)), content });
  if (watching) return;
  watching = true;
  // The editor changes the body's classes and the variables with the theme.
  const changed = new MutationObserver(() => redraw());
  changed.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  changed.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}

/** Charts whose part of the page is gone. */
function sweep(): void {
  for (const [canvas, { chart: old }] of drawn) {
    if (canvas.isConnected) continue;
    old.destroy();
    drawn.delete(canvas);
  }
}

function redraw(): void {
  sweep();
  for (const { chart: one, content } of drawn.values()) {
    const { data, options } = settings(content);
    one.data = data;
    one.options = options;
    one.update('none');
  }
}

const DASHES = [[], [6, 4], [2, 3], [8, 3, 2, 3]];
const POINTS = ['circle', 'rectRot', 'triangle', 'rect'] as const;

function settings(content: ChartContent) {
  const style = getComputedStyle(document.body);
  const colour = (name: string): string => style.getPropertyValue(name).trim() || style.color;
  const text = style.color;
  const font = { family: style.fontFamily, size: 12 };
  const quiet = style.getPropertyValue('--vscode-contrastBorder').trim() || colour('--vscode-charts-lines');
  const write = writer(content);
  const datasets = content.series.map((one, index): ChartDataset<'line' | 'bar', (number | null)[]> => {
    const own = colour(`--vscode-charts-${one.colour}`);
    const shared = { label: one.name, data: [...one.values], borderColor: own, borderWidth: 2 };
    return content.kind === 'line'
      ? {
          ...shared,
          type: 'line',
          backgroundColor: own,
          borderDash: DASHES[index % DASHES.length] ?? [],
          pointStyle: POINTS[index % POINTS.length] ?? 'circle',
          pointRadius: content.labels.length > 60 ? 0 : 3,
          spanGaps: true,
        }
      : { ...shared, type: 'bar', borderWidth: 1, backgroundColor: hatched(own, index), maxBarThickness: 40 };
  });
  const stacked = content.stacked === true;
  const scale = {
    stacked,
    ticks: { color: text, font },
    grid: { color: quiet, lineWidth: 0.5 },
    border: { color: quiet },
  };
  return {
    type: content.kind,
    data: { labels: [...content.labels], datasets },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: prefersStillness() ? (false as const) : { duration: 200 },
      interaction: { mode: 'index' as const, intersect: false },
      scales: {
        x: { ...scale, grid: { display: false }, ticks: { ...scale.ticks, maxRotation: 0, autoSkipPadding: 16 } },
        y: {
          ...scale,
          beginAtZero: true,
          title: { display: true, text: content.unit, color: text, font },
          ticks: { ...scale.ticks, precision: 0, callback: (value: number | string) => count(Number(value)) },
        },
      },
      plugins: {
        legend: {
          display: content.series.length > 1,
          position: 'bottom' as const,
          labels: { color: text, font, usePointStyle: content.kind === 'line' },
        },
        tooltip: {
          callbacks: {
            label: (item: { dataset: { label?: string | undefined }; parsed: { y: number | null } }) =>
              `${item.dataset.label ?? ''}: ${write(item.parsed.y)}`,
          },
        },
      },
    },
  };
}

/** Every other series is hatched, each in another direction. */
function hatched(colour: string, index: number): string | CanvasPattern {
  if (index % 3 === 0) return colour;
  const tile = document.createElement('canvas');
  tile.width = 8;
  tile.height = 8;
  const pen = tile.getContext('2d');
  if (pen === null) return colour;
  pen.strokeStyle = colour;
  pen.lineWidth = 2;
  for (const offset of [-8, 0, 8]) {
    pen.beginPath();
    pen.moveTo(offset, index % 3 === 1 ? 8 : 0);
    pen.lineTo(offset + 8, index % 3 === 1 ? 0 : 8);
    pen.stroke();
  }
  return pen.createPattern(tile, 'repeat') ?? colour;
}

import { html, svg } from '../shared/dom.ts';
import { counted } from '../shared/format.ts';

const [WIDTH, HEIGHT] = [120, 28];

/** Past values in words: first and last, and the least and the most where these hide them. Empty without any. */
export function trendInWords(values: readonly (number | null)[], write: (value: number) => string): string {
  const known = values.filter((value) => value !== null);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return '';
  if (known.length === 1) return `one run: ${write(first)}`;
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const runs = `${counted(known.length, 'run')}: `;
  if (least === most) return `${runs}${write(first)} in each`;
  const low = least < Math.min(first, last) ? `, least ${write(least)}` : '';
  const high = most > Math.max(first, last) ? `, most ${write(most)}` : '';
  return `${runs}from ${write(first)} to ${write(last)}${low}${high}`;
}

/**
 * A line of past values, small enough for a card or a table. The eye sees the shape; the words beside it say the numbers.
 *
 * @param words what a screen reader says in its place
 */
export function spark(values: readonly (number | null)[], words: string): HTMLElement {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return html('span', { class: 'note' }, known.length === 0 ? 'no runs yet' : 'one run');
  const [low, high] = [Math.min(0, ...known), Math.max(...known)];
  const span = high - low || 1;
  const step = (WIDTH - 6) / Math.max(1, values.length - 1);
  const points = values.flatMap((value, index) =>
    value === null ? [] : [[3 + index * step, HEIGHT - 4 - ((value - low) / span) * (HEIGHT - 8)] as const],
  );
  const [lastX, lastY] = points.at(-1) ?? [0, 0];
  return html(
    'span',
    { class: 'spark' },
    svg(
      'svg',
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: 'img', 'aria-label': words },
      svg('polyline', { points: points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ') }),
      svg('circle', { cx: lastX.toFixed(1), cy: lastY.toFixed(1), r: 2.5 }),
    ),
  );
}

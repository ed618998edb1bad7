/** How numbers, shares and times are written in panels: as the NHS writes them, always with their unit and of how many. */

import { counted } from '../../src/core/shared/counted.ts';

export { counted, percent, share } from '../../src/core/shared/counted.ts';

const COUNT = new Intl.NumberFormat('en-GB');
const SECONDS = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** `1,234`; a dash where there is no number. */
export function count(value: number | null): string {
  return value === null || !Number.isFinite(value) ? '–' : COUNT.format(value);
}

/** `+3`, `−2`, `no change`. */
export function change(value: number): string {
  return value === 0 ? 'no change' : value > 0 ? `+${count(value)}` : `−${count(-value)}`;
}

/** `420 ms`, `3.2 s`, `4 min 05 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${count(Math.floor(seconds / 60))} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** `25 Nov 2026, 14:05`, in the person's own time zone. */
export function when(utc: string | number): string {
  const time = new Date(utc);
  return Number.isNaN(time.getTime()) ? String(utc) : TIME.format(time);
}

/** Each moment as `when` writes it, and those that share a minute with another with their seconds. */
export function moments(all: readonly string[]): ReadonlyMap<string, string> {
  const each = [...new Set(all)];
  const minutes = new Map<string, number>();
  for (const utc of each) minutes.set(when(utc), (minutes.get(when(utc)) ?? 0) + 1);
  return new Map(each.map((utc) => [utc, (minutes.get(when(utc)) ?? 0) > 1 ? withSeconds(utc) : when(utc)]));
}

function withSeconds(utc: string): string {
  const time = new Date(utc);
  return Number.isNaN(time.getTime()) ? utc : SECONDS.format(time);
}

/** `3 min ago`. */
export function ago(utc: string | number, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - new Date(utc).getTime()) / 1000));
  if (Number.isNaN(seconds)) return '';
  if (seconds < 60) return 'just now';
  const units: readonly (readonly [name: string, size: number])[] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  const [name, size] = units.find(([, length]) => seconds >= length) ?? ['minute', 60];
  return `${counted(Math.floor(seconds / size), name)} ago`;
}

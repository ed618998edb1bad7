const PERCENT = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 1 });

/** `1,200`: a number as people read it. */
export function said(value: number): string {
  return value.toLocaleString('en-GB');
}

/** `1 row`, `2 rows`, `1,200 rows`: a number with its noun, as sentences for people have it. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${said(value)} ${value === 1 ? one : many}`;
}

/** `12 of 340 (3.5%)`, `12 of 340 rows (3.5%)`; a small share is never written as none, nor a nearly whole one as all. */
export function share(part: number, whole: number, one = ''): string {
  const of = `${said(part)} of ${one === '' ? said(whole) : counted(whole, one)}`;
  return whole === 0 ? of : `${of} (${percent(part, whole)})`;
}

/** `3.5%`; `<0.1%` and `>99.9%` where rounding would say none or all. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const ratio = part / whole;
  if (ratio > 0 && ratio < 0.001) return '<0.1%';
  if (ratio < 1 && ratio > 0.999) return '>99.9%';
  return PERCENT.format(ratio);
}

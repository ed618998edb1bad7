/** The colours of a drawing; `erd.css` takes them from the editor's theme. */
export const COLOURS = [
  'canvas',
  'box',
  'header',
  'text',
  'muted',
  'border',
  'link',
  'inferred',
  'selected',
  'frame',
] as const;
export type Colour = (typeof COLOURS)[number];

/** The colours as they are now, as solid `#rrggbb`: for what leaves the page and for mermaid, which calculates with them. */
export function resolvedColours(): Record<Colour, string> {
  const styles = getComputedStyle(document.body);
  const under = parse(styles.getPropertyValue('--erd-canvas').trim()) ?? [255, 255, 255, 1];
  const found = {} as Record<Colour, string>;
  for (const colour of COLOURS) {
    const [red, green, blue, alpha] = parse(styles.getPropertyValue(`--erd-${colour}`).trim()) ?? [128, 128, 128, 1];
    const mixed = [red, green, blue].map((value, at) => Math.round(value * alpha + (under[at] ?? 0) * (1 - alpha)));
    found[colour] = `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
  }
  return found;
}

/** True for dark and dark high-contrast themes. */
export function isDark(): boolean {
  const { classList } = document.body;
  return (
    classList.contains('vscode-dark') ||
    (classList.contains('vscode-high-contrast') && !classList.contains('vscode-high-contrast-light'))
  );
}

/** Font of the drawing. */
export function drawingFont(): string {
  return getComputedStyle(document.body).getPropertyValue('--erd-font').trim() || 'sans-serif';
}

let probe: CanvasRenderingContext2D | null = null;

/** Any CSS colour as red, green, blue and alpha. */
function parse(text: string): [number, number, number, number] | null {
  if (text === '') return null;
  probe ??= Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', {
    willReadFrequently: true,
  });
  if (probe === null) return null;
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = text;
  probe.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = probe.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
}

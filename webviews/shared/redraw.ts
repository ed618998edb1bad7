const CONTROLS =
  'button, vscode-button, vscode-text-field, vscode-checkbox, input, select, textarea, summary, [tabindex]';

/** A control that cannot be pressed for a while, and what has the focus in its place until the person goes on. */
let waiting: { readonly part: HTMLElement; readonly name: string; readonly standIn: HTMLElement } | null = null;
const goesOn = (): void => {
  waiting = null;
};
addEventListener('keydown', goesOn, { capture: true });
addEventListener('pointerdown', goesOn, { capture: true });

/**
 * Draws a part of the page anew; where the person was stays. The focus goes to the control of the same key or, without
 * one, of the same words; where that is gone or cannot be pressed, to what is nearest to its place, until it can be
 * pressed again. What was unfolded stays so.
 */
export function redraw(part: HTMLElement, draw: () => void): void {
  const { activeElement } = document;
  const focused = activeElement instanceof HTMLElement ? activeElement : document.body;
  const at = controlsOf(part).indexOf(focused);
  const kept = waiting?.part === part && waiting.standIn === focused ? waiting.name : null;
  const name = kept ?? (at < 0 ? null : nameOf(focused));
  const unfolded = new Set(summariesOf(part, 'details[open]').map(foldName));
  draw();
  for (const summary of summariesOf(part, 'details'))
    if (unfolded.has(foldName(summary))) summary.parentElement?.setAttribute('open', '');
  // Only a focus that the drawing took away is given back.
  if (name === null || document.activeElement !== document.body) return;
  const controls = controlsOf(part);
  const same = controls.findIndex((control) => nameOf(control) === name);
  const place = same < 0 ? at : same;
  const usable = controls
    .map((control, index) => ({ control, away: Math.abs(index - place) }))
    .filter(({ control }) => !control.matches('[tabindex="-1"], [disabled], [hidden] *'));
  const next = usable.sort((one, other) => one.away - other.away)[0]?.control ?? document.body;
  next.focus();
  waiting = next === controls[same] ? null : { part, name, standIn: next };
}

function controlsOf(part: HTMLElement): HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>(CONTROLS)];
}

function summariesOf(part: HTMLElement, of: string): HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>(`${of} > summary`)];
}

/** The key under which a control is found again, or its words. */
function nameOf(control: HTMLElement): string {
  const { key } = control.dataset;
  if (key !== undefined) return `key ${key}`;
  const words = control.ariaLabel ?? control.closest('label')?.firstChild?.textContent ?? control.textContent ?? '';
  return `${control.tagName} ${words}`;
}

function foldName(summary: HTMLElement): string {
  return summary.parentElement?.dataset['key'] ?? summary.textContent ?? '';
}
